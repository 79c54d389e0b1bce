"""kill -9 of the receiver under load: every message that was acknowledged is there, once."""

from __future__ import annotations

import os
import random
import signal
import smtplib
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from archive_house import house, mail, way
from ways_house import stored

SENDERS = 6
HERE = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join(str(path) for path in (HERE, HERE / "vault", HERE / "intake", HERE.parent / "src"))


class Load:
    """Sends without pause from several connections; ``acknowledged`` holds the numbers that got a 250."""

    def __init__(self) -> None:
        self.acknowledged: list[int] = []
        self.sent = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        with self._lock:
            self.sent += 1
            return self.sent

    def send(self, port: int) -> None:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
                while True:
                    number = self.next()
                    client.sendmail("a@example.nl", ["b@example.org"], numbered(number))
                    self.acknowledged.append(number)
        except (OSError, smtplib.SMTPException):
            return

    def wait_for(self, acknowledged: int) -> None:
        """Wait until so many were acknowledged: a busy machine takes its time."""
        until = time.monotonic() + 60
        while len(self.acknowledged) < acknowledged and time.monotonic() < until:
            time.sleep(0.005)

    def run(self, port: int) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.send, args=(port,)) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        return threads


def numbered(number: int) -> bytes:
    return mail(f"Bericht {number}", number=number)


def kill_under_load(folder: Path, kills: int) -> Load:
    load, chance = Load(), random.Random(kills)
    parent = subprocess.Popen(
        [sys.executable, "-m", "archive.ways.receiving_child", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": PATHS},
    )  # fmt: skip
    assert parent.stdin is not None
    assert parent.stdout is not None
    try:
        for _ in range(kills):
            parent.stdin.write("again\n")
            parent.stdin.flush()
            told = parent.stdout.readline()
            assert told, parent.stderr.read() if parent.stderr else ""
            pid, port = (int(word) for word in told.split())
            threads = load.run(port)
            if chance.random() < 0.9:  # else it is killed before it has said anything
                load.wait_for(len(load.acknowledged) + chance.randint(1, 6))
            time.sleep(chance.uniform(0, 0.1))
            os.kill(pid, signal.SIGKILL)
            assert parent.stdout.readline() == "gone\n"
            for thread in threads:
                thread.join(30)
    finally:
        parent.kill()
        parent.communicate()
    return load


@pytest.mark.parametrize("kills", [15, pytest.param(200, marks=pytest.mark.long)])
def test_every_acknowledged_message_is_there_once(tmp_path, kills):
    load = kill_under_load(tmp_path, kills)
    assert len(load.acknowledged) >= kills  # it was under load
    assert len(set(load.acknowledged)) == len(load.acknowledged)
    with house(tmp_path) as found:
        before = stored(found)
        assert len(load.acknowledged) <= before <= load.sent
        told = [found.archive.admit(numbered(number), way()) for number in load.acknowledged]
        assert not any(one.new for one in told)
        assert len({one.message for one in told}) == len(load.acknowledged)
        assert stored(found) == before
