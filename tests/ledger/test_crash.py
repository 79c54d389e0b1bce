"""Processes that are killed, that write at once, and that meet the end of the disk."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.world import World, opening

HERE = Path(__file__).parents[1]

WRITER = """
import os, sys
from pathlib import Path
from ledger.world import World, opening
world = World(Path(sys.argv[1]))
engine = world.engine()
ledger = world.open(engine)
os.write(1, b"ready\\n")
number = int(sys.argv[2])
while True:
    number += 1
    if number % 3 == 0:
        with engine.transaction():
            ledger.stage(opening(number))
    else:
        ledger.append(opening(number), durable=number % 7 == 0)
    if number % 50 == 0:
        ledger.checkpoint()
    os.write(1, b"%d\\n" % number)
"""

SIDE_BY_SIDE = """
import sys
from pathlib import Path
from ledger.world import World, opening
with World(Path(sys.argv[1])).open() as ledger:
    for number in range(int(sys.argv[2])):
        print(ledger.append(opening(number), durable=number % 20 == 0))
        if number % 40 == 0:
            ledger.checkpoint()
"""

END_OF_DISK = """
import resource, sys
from pathlib import Path
from gestand.kernel.errors import RefusedError
from ledger.world import World, opening
world = World(Path(sys.argv[1]))
with world.open() as ledger:
    for number in range(100):
        ledger.append(opening(number))
    ledger.checkpoint()
    length = world.log.stat().st_size
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (length + 500, hard))
    written = 0
    try:
        while True:
            ledger.append(opening(200))
            written += 1
    except RefusedError as refused:
        print(refused.code, written)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print(ledger.append(opening(300)), ledger.verify().size)
"""


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_while_writing(world, after, first):
    """Return the numbers that a writer acknowledged before it was killed."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(world.folder), str(first)],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # a line read ahead here would be lost to communicate, and an acknowledgement with it
    )
    assert writer.stdout.readline() == b"ready\n"
    time.sleep(after)
    writer.kill()
    said, complained = writer.communicate()
    assert not complained
    return [int(line) for line in re.findall(r"^(\d+)\n", said.decode(), re.MULTILINE)]


@pytest.mark.parametrize("kills", [10, pytest.param(60, marks=pytest.mark.slow)])
def test_whatever_was_acknowledged_survives_kill_9_once(tmp_path, kills):
    world = World(tmp_path)
    acknowledged: list[int] = []
    for kill in range(kills):
        first = kill * 1_000_000
        acknowledged += kill_while_writing(world, 0.003 + 0.017 * (kill % 10), first)
        engine = world.engine()
        with world.open(engine) as ledger:
            found = [entry.event.facts["items"] for entry in ledger.entries()]
            assert ledger.verify().size == len(found)
        engine.close()
        assert len(set(found)) == len(found)
        assert set(acknowledged) <= set(found)
        # Beside the acknowledged at most the one that was under way at each kill.
        assert len(found) <= len(acknowledged) + kill + 1
    assert len(acknowledged) > kills


def test_processes_take_turns(tmp_path):
    world = World(tmp_path)
    writers = [start(SIDE_BY_SIDE, world.folder, 200) for _ in range(4)]
    said = [writer.communicate() for writer in writers]
    assert [complained for _said, complained in said] == [""] * 4
    indices = sorted(int(line) for out, _complained in said for line in out.split())
    assert indices == list(range(800))
    with world.open() as ledger:
        assert ledger.verify().size == 800
        assert ledger.checkpoints()[-1].head.size == 800


def test_a_writer_that_died_is_followed_by_another_while_a_third_has_it_open(tmp_path):
    world = World(tmp_path)
    engine = world.engine()
    with world.open(engine) as ledger:
        acknowledged = kill_while_writing(world, 0.05, 0)
        ledger.append(opening(999_999))
        found = [entry.event.facts["items"] for entry in ledger.entries()]
        assert set(acknowledged) <= set(found)
        assert found[-1] == 999_999
        ledger.verify()
    engine.close()


def test_at_the_end_of_the_disk_the_ledger_refuses_and_forgets_nothing(tmp_path):
    said, complained = start(END_OF_DISK, tmp_path).communicate()
    assert not complained
    assert said.split("\n")[0] == "ledger-cannot-record 2"
    assert said.split("\n")[1] == "102 103"


def test_killed_between_the_two_places_of_a_checkpoint_the_ledger_still_opens(tmp_path, monkeypatch):
    world = World(tmp_path)
    with world.open() as ledger:
        ledger.append(opening(1), durable=True)
        kept = ledger.checkpoint()
    checkpoints = tmp_path / "data" / "ledger" / "checkpoints"
    assert checkpoints.exists()
    checkpoints.unlink()  # as it is after a kill: remembered already, not yet listed
    with world.open() as ledger:
        assert ledger.verify().size == 1
        ledger.append(opening(2))
        assert ledger.checkpoint().head.size == kept.head.size + 1
