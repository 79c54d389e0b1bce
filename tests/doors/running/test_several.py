"""Several processes on one organisation in PostgreSQL: due work is done by one of them, also when one is killed; sessions,
tokens and what may be used once are of all of them.
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import RefusedError
from gestand.relocation import move
from gestand.staff.dpop import verify_proof
from gestand.staff.model import How
from postgres_server import running_server
from staff.test_staff import ADDRESS, Key
from staff_house import keeper

pytestmark = pytest.mark.slow

TICKS = """
import json, os, sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from gestand.doors.running.due_work import WORK, Work
from gestand.doors.running.lease import Lease
from gestand.doors.running.ticking import tick
from gestand.doors.running.timing import Every
from gestand.statement.policy import Text
from gestand.system import open_system

folder, ahead, log, how = sys.argv[1:]

def do(house):
    with open(log, "a") as told:
        told.write(f"{os.getpid()}\\n")
    time.sleep(600 if how == "hangs" else 0.3)
    return {}

table = WORK if how == "real" else (Work("one", Text(nl="Proef", en="Trial"), Every(minutes=60), do),)
with open_system(Path(folder), clock=lambda: datetime.now(UTC) + timedelta(seconds=float(ahead))) as house:
    print("ready", flush=True)
    for _ in sys.stdin:
        found = tick(house, work=table, lease=Lease(timedelta(seconds=3), timedelta(seconds=0.5)))
        print(json.dumps([(one.name, one.state, one.code) for one in found]), flush=True)
"""
LEASE = 3.0


@pytest.fixture
def shared(place, monkeypatch):
    """The lived organisation, moved to a real PostgreSQL."""
    server = running_server()
    monkeypatch.setenv("GESTAND_DSN", server.dsn())
    monkeypatch.setenv("GESTAND_KEYS_DSN", server.keys_dsn)
    settings = {"dsn": "env:GESTAND_DSN", "keys_dsn": "env:GESTAND_KEYS_DSN", "schema": server.schema()}
    place.close()
    move(place.folder, "postgres", settings=settings, actor="owner", clock=place.clock, entropy=system_entropy)
    return place


@contextlib.contextmanager
def ticking(place, log, *hows):
    """Start a process for each of ``hows``; each ticks once for a line that it gets, and says what came of it."""
    ahead = (place.clock() - datetime.now(UTC)).total_seconds()  # one clock for all of them, that runs
    command = [sys.executable, "-c", TICKS, str(place.folder), str(ahead), str(log)]
    started = [
        subprocess.Popen([*command, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for how in hows
    ]
    try:
        for process in started:
            assert process.stdout.readline() == "ready\n"
        yield started
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
            process.communicate()


def go(*processes):
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def said(process):
    return {name: (state, code) for name, state, code in json.loads(process.stdout.readline())}


def test_four_processes_at_once_do_it_once(shared, tmp_path):
    log = tmp_path / "log"
    log.touch()
    with ticking(shared, log, *["works"] * 4) as processes:
        for _ in range(3):
            go(*processes)
        states = Counter(said(process)["one"][0] for _ in range(3) for process in processes)
    assert len(log.read_text().split()) == 1
    assert states["done"] == 1
    assert set(states) <= {"done", "elsewhere", "not-due"}


def test_who_lives_keeps_it_and_who_was_killed_is_taken_over_soon(shared, tmp_path):
    log = tmp_path / "log"
    log.touch()
    with ticking(shared, log, "hangs", "works", "works") as (first, second, third):
        go(first)
        until = time.monotonic() + 30
        while not log.read_text():
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(LEASE + 1)  # longer than a lease: it lives, and keeps it
        go(second, third)
        assert {said(second)["one"][0], said(third)["one"][0]} == {"elsewhere"}
        first.send_signal(signal.SIGKILL)
        first.wait(10)
        states, until = [], time.monotonic() + LEASE + 20
        while "done" not in states:
            assert time.monotonic() < until
            go(second, third)
            states += [said(second)["one"][0], said(third)["one"][0]]
            time.sleep(0.2)
    ran = log.read_text().split()
    assert len(ran) == 2
    assert ran[0] == str(first.pid)
    assert ran[1] in {str(second.pid), str(third.pid)}


def test_real_due_work_in_three_processes_with_one_killed_in_the_middle_harms_nothing(shared, tmp_path):
    shared.clock.advance(timedelta(days=400))  # a year of it
    with ticking(shared, tmp_path / "log", *["real"] * 3) as (first, second, third):
        go(first, second, third)
        time.sleep(0.4)
        first.kill()
        found = [said(second), said(third)]
        for _ in range(6):  # until what the first one had is free again
            if not any(state == "elsewhere" for one in found[-2:] for state, _ in one.values()):
                break
            time.sleep(LEASE / 2)
            go(second, third)
            found += [said(second), said(third)]
    done = Counter(name for one in found for name, (state, _) in one.items() if state == "done")
    assert {n for name, n in done.items() if name != "proof"} == {1}, done  # promises are proven again after a change
    assert not [(name, code) for one in found for name, (state, code) in one.items() if code == "internal"]
    shared.clock.advance(timedelta(minutes=5))
    house = shared.open()
    assert house.ledger.verify().size > 0
    house.vault.verify()
    assert house.retention.plan().leaving == ()  # all of it left, and each of it once
    erased = [entry.event.facts["erasure"] for entry in house.ledger.entries() if entry.event.name == "erasure.done"]
    assert len(erased) == len(set(erased)) > 0


VISITS = """
import json, sys
from datetime import datetime
from pathlib import Path
from gestand.kernel.clock import SettableClock
from gestand.kernel.errors import RefusedError
from gestand.system import open_system

with open_system(Path(sys.argv[1]), clock=SettableClock(datetime.fromisoformat(sys.argv[2]))) as house:
    print("ready", flush=True)
    for line in sys.stdin:
        what, *words = json.loads(line)
        try:
            if what == "session":
                told = house.staff.session(words[0], words[1], method="GET", address=words[2])[1].id
            elif what == "token":
                told = house.programs.known(words[0]).id
            elif what == "revoke":
                told = house.programs.revoke(words[0], actor="owner") or "revoked"
            elif what == "spend":
                told = str(house.once.spend("trial", words[0].encode(), now=house.clock(), until=house.clock()))
            else:
                told = str(house.staff.end_all(actor="owner"))
        except RefusedError as fault:
            told = fault.code
        print(told, flush=True)
"""


def test_sessions_tokens_and_what_is_used_once_are_of_all_processes(shared):
    house = shared.open()
    koos, key = keeper(house, "Koos Koper"), Key()
    proof = verify_proof(key.proof(house.clock()), method="GET", address=ADDRESS, now=house.clock())
    token = house.staff.begin(koos, proof, How.PASSWORD).token
    policy = house.publication.in_force().policy
    program, text = house.programs.admit("webshop", ["subjects:read"], [], days=9, policy=policy, actor="owner")
    command = [sys.executable, "-c", VISITS, str(shared.folder), house.clock().isoformat()]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def there(*words):
        other.stdin.write(json.dumps(words) + "\n")
        other.stdin.flush()
        return other.stdout.readline().strip()

    def shown(**more):
        return key.proof(house.clock(), token=token, **more)

    try:
        assert other.stdout.readline() == "ready\n"
        once = shown()
        assert house.staff.session(token, once, method="GET", address=ADDRESS)[1].id == koos.id
        assert there("session", token, once, ADDRESS) == "session"  # a proof that the first process took
        assert there("session", token, shown(), ADDRESS) == koos.id
        assert there("token", text) == program.id
        assert house.once.spend("trial", b"mark", now=house.clock(), until=house.clock() + timedelta(hours=1))
        assert there("spend", "mark") == "False"
        assert there("revoke", program.id) == "revoked"
        with pytest.raises(RefusedError):
            house.programs.known(text)
        assert there("end") == "1"
        with pytest.raises(RefusedError):
            house.staff.session(token, shown(), method="GET", address=ADDRESS)
    finally:
        other.stdin.close()
        other.wait(20)
        other.stdout.close()
