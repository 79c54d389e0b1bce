"""kill -9 of a process that seals and erases: at each durable step, and at any moment under load. Nothing acknowledged is
lost or doubled, what was erased stays away, no key is left over, index and ledger agree with the store."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive_house import ARCHIVE, OWNER, House, house, mail, way

BATCH = 7
STEPS = {
    "admit": ("admit.keys", "admit.rows", "admit.committed", "admit.index"),
    "erase": ("erase.begun", "erase.index", "erase.keys", "erase.rows"),
}


def in_a_process(work: Callable[[], None]) -> int:
    """Run something in a process of its own and return its pid."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def killed(work: Callable[[Callable[[str], None]], None], at: str) -> None:
    """Run something in a process that kills itself at a step."""

    def failpoint(step: str) -> None:
        if step == at:
            os.kill(os.getpid(), signal.SIGKILL)

    _, status = os.waitpid(in_a_process(lambda: work(failpoint)), 0)
    assert os.WIFSIGNALED(status), "it was not killed: the step was not reached"


def sound(found: House) -> None:
    """The store, the keys, the index and the ledger say the same."""
    stored, indexed = found.archive.coverage()
    assert stored == indexed == found.vault.lockers.count()
    assert found.archive.numbers_without_key() == []
    admitted = sum(int(str(event["messages"])) for event in found.events("message.admitted"))
    erased = sum(int(str(event["messages"])) for event in found.events("message.erased"))
    assert admitted - erased == stored
    found.ledger.verify()


@pytest.mark.parametrize("step", STEPS["admit"])
def test_killed_while_sealing_all_or_nothing_is_there(tmp_path, step):
    with house(tmp_path) as found:
        first = found.archive.admit(mail(number=1), way()).message

    def work(failpoint):
        with house(tmp_path, failpoint=failpoint) as found:
            list(found.archive.admit_many([(mail(number=n), way()) for n in range(2, 6)]))

    killed(work, step)
    with house(tmp_path) as found:
        sound(found)
        assert found.archive.counts()[0] == (1 if step in {"admit.keys", "admit.rows"} else 5)
        again = list(found.archive.admit_many([(mail(number=n), way()) for n in range(1, 6)]))
        assert len({one.message for one in again}) == 5
        assert again[0].message == first
        assert len(found.archive.search("printer", ARCHIVE, actor=OWNER, reason="t")) == 5


@pytest.mark.parametrize("step", STEPS["erase"])
def test_killed_while_erasing_it_is_finished(tmp_path, step):
    with house(tmp_path) as found:
        gone, stays = (found.archive.admit(mail(number=n), way()).message for n in (1, 2))

    def work(failpoint):
        with house(tmp_path, failpoint=failpoint) as found:
            found.archive.erase([gone], ground="Article 17", actor=OWNER)

    killed(work, step)
    with house(tmp_path) as found:
        sound(found)
        assert found.archive.still_here([gone]) == 0
        assert [kept.message for kept in found.archive.search("printer", ARCHIVE, actor=OWNER, reason="t")] == [stays]
        assert list(found.archive.containing(b"printer")) == [found.archive.kept(stays)]


def seal_and_erase(folder: Path, told: int, first: int) -> None:
    """Seal batch after batch and erase one of each, telling what is done on a pipe, until somebody kills this."""
    with house(folder) as found:
        number = first
        while True:
            batch = [(mail(f"Bericht {n}", number=n), way()) for n in range(number, number + BATCH)]
            names = []
            for at, done in enumerate(found.archive.admit_many(batch)):
                names.append(done.message)
                os.write(told, f"sealed {done.message} {number + at}\n".encode())
            os.write(told, f"erasing {names[0]}\n".encode())
            found.archive.erase(names[:1], ground="Article 17", actor=OWNER)
            os.write(told, f"erased {names[0]}\n".encode())
            number += BATCH


def lives(folder: Path, kills: int) -> dict[str, dict[str, int]]:
    """Let processes live and be killed; return what they told: by word, the messages and their numbers."""
    said: dict[str, dict[str, int]] = {"sealed": {}, "erasing": {}, "erased": {}}
    chance, first = random.Random(kills), 1
    for _ in range(kills):
        reading, writing = os.pipe()
        child = in_a_process(lambda told=writing, at=first: seal_and_erase(folder, told, at))
        os.close(writing)
        head = os.read(reading, 1)  # it has sealed something
        time.sleep(chance.uniform(0, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as pipe:
            lines = (head + pipe.read()).decode().splitlines()
        for line in lines:
            word, message, *number = line.split()
            said[word][message] = int(number[0]) if number else 0
        first += 10_000
    return said


@pytest.mark.slow
@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.long)])
def test_killed_at_any_moment_nothing_acknowledged_is_lost_or_doubled_and_nothing_erased_returns(tmp_path, kills):
    said = lives(tmp_path, kills)
    assert len(said["sealed"]) >= kills * BATCH // 2
    assert said["erased"]
    with house(tmp_path) as found:
        sound(found)
        assert found.archive.still_here(list(said["erased"])) == 0
        there = {message: number for message, number in said["sealed"].items() if message not in said["erasing"]}
        assert found.archive.still_here(list(there)) == len(there)
        again = [found.archive.admit(mail(f"Bericht {number}", number=number), way()) for number in there.values()]
        assert [one.message for one in again] == list(there)
        assert not any(one.new for one in again)
        opened = [m for m in said["erasing"] if m not in said["erased"] and found.archive.still_here([m])]
        assert all(found.archive.open(message, ARCHIVE, actor=OWNER, reason="t").raw for message in opened)
