"""A stream for each writer: recorded without waiting, joined once and only once, whoever is killed, wherever it is cut."""

import shutil
import subprocess
import sys
import time

import pytest

from gestand.kernel.errors import DamagedError
from gestand.ledger import service
from gestand.ledger.model import Event
from gestand.ledger.receipt import verify_receipt
from gestand.ledger.streams import Streams
from ledger.test_crash import HERE, start
from ledger.world import BRAM, NOON, World, opening

WRITER = """
import os, sys
from pathlib import Path
from ledger.world import World, opening
ledger = World(Path(sys.argv[1])).open(spread=True)
number = int(sys.argv[2])
os.write(1, b"ready\\n")
last = number + int(sys.argv[3])
while number < last:
    number += 1
    ledger.record(opening(number), durable=number % 50 == 0)
    os.write(1, b"%d\\n" % number)
    if number % 400 == 0:
        ledger.checkpoint()
os.write(1, b"done\\n")
sys.stdin.read()
ledger.close()
"""


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "koper")
    made.folder.mkdir()
    return made


def numbers(ledger):
    return [entry.event.facts["items"] for entry in ledger.entries()]


def streams(world):
    folder = world.data / "streams"
    return [path.name for path in folder.iterdir() if path.is_dir()] if folder.exists() else []


def test_what_was_recorded_is_seen_at_once_and_knows_its_place(world):
    with world.open(spread=True) as ledger, world.open(spread=True) as other:
        places = [(ledger if number % 2 else other).record(opening(number)) for number in range(10)]
        assert world.log.stat().st_size == 0, "nobody touched what all share"
        assert len(streams(world)) == 2
        assert sorted(numbers(other)) == list(range(10))
        found = numbers(ledger)
        assert [found[place()] for place in places] == list(range(10))
        assert ledger.verify() == other.verify() == ledger.head()
    assert streams(world) == []
    with world.open() as plain:
        assert plain.verify().size == 10


def test_whoever_asks_for_the_head_or_the_last_entries_first_sees_all_that_was_recorded(world):
    with world.open(spread=True) as ledger, world.open(spread=True) as other:
        for number in range(3):
            other.record(opening(number))
        assert ledger.head().size == 3
        other.record(opening(3))
        assert len(ledger.last(10)) == 4


def test_appended_staged_and_recorded_stand_in_one_tree(world):
    engine = world.engine()
    with world.open(engine, spread=True) as ledger:
        for number in range(0, 30, 3):
            ledger.record(opening(number))
            ledger.append(opening(number + 1))
            with engine.transaction():
                ledger.stage(opening(number + 2))
        assert sorted(numbers(ledger)) == list(range(30))
        ledger.verify()
    engine.close()


def test_what_is_appended_stands_after_what_others_recorded_before_it(world):
    with world.open(spread=True) as ledger, world.open(spread=True) as other:
        other.record(opening(0))
        ledger.append(opening(1))
        other.record(opening(2))
        ledger.append(opening(3))
        assert numbers(ledger) == [0, 1, 2, 3]


def test_joined_in_the_order_of_their_instants(world):
    from datetime import timedelta

    def at(second):
        return Event("data.opened", NOON + timedelta(seconds=second), BRAM, {"items": second}, "0" * 32)

    with world.open(spread=True) as one, world.open(spread=True) as two:
        for second in range(20):
            (one if second % 3 else two).record(at(second))
        assert numbers(one) == list(range(20))


def test_proofs_receipts_and_checkpoints_are_over_the_joined_order(world):
    with world.open(spread=True) as one, world.open(spread=True) as two:
        for number in range(7):
            one.record(opening(number))
        first = one.checkpoint()
        for number in range(7, 20):
            (one if number % 2 else two).record(opening(number))
        place = two.record(opening(20))
        second = two.checkpoint()
        assert (first.head.size, second.head.size) == (7, 21)
        assert one.consistency(7, 21)
        text = one.receipt(place(), second).to_text()
        assert b'"items":20' in verify_receipt(text, one.key).leaf
        assert [checkpoint.head.size for checkpoint in one.checkpoints()] == [7, 21]
        assert one.verify().size == 21


@pytest.mark.parametrize("writers", [4, pytest.param(8, marks=pytest.mark.long)])
def test_killed_writers_lose_nothing_that_was_acknowledged(world, writers):
    world.open(spread=True).close()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(world.folder), str(one * 1_000_000), "1500"],
            cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        )
        for one in range(writers)
    ]  # fmt: skip
    for writer in running:
        assert writer.stdout.readline() == b"ready\n"
    time.sleep(0.1)
    for writer in running[::2]:
        writer.kill()
    said = [writer.communicate() for writer in running]
    assert [complained.decode()[-3000:] for _, complained in said if complained] == []
    acknowledged = [int(line) for out, _ in said for line in out.split(b"\n")[:-1] if line.isdigit()]
    assert len(acknowledged) > 1500 * (writers // 2)
    with world.open(spread=True) as ledger:
        found = numbers(ledger)
        assert len(set(found)) == len(found)
        assert set(acknowledged) <= set(found)
        assert len(found) <= len(acknowledged) + writers
        assert ledger.verify().size == len(found)
        ledger.record(opening(9_999_999))
    assert streams(world) == []


class KilledError(BaseException):
    pass


def cut_off(patch, ledger, step):
    """Let the next join end where ``step`` says, as a kill would."""

    def stop(*_given, **_named):
        raise KilledError

    def after(act):
        def both(*given, **named):
            act(*given, **named)
            raise KilledError

        return both

    owner, name, then = {
        "intended": (Streams, "_intend", after(Streams._intend)),
        "half-written": (ledger._log.state, "write", stop),
        "acknowledged": (ledger._log, "join", after(ledger._log.join)),
        "folded": (Streams, "confirm", stop),
        "confirmed": (Streams, "confirm", after(Streams.confirm)),
        "trusted": (Streams, "clear", stop),
    }[step]
    patch.setattr(owner, name, then)


@pytest.mark.parametrize("boot", [b"", b"another boot...."], ids=["same-boot", "next-boot"])
@pytest.mark.parametrize("step", ["intended", "half-written", "acknowledged", "folded", "confirmed", "trusted"])
def test_a_join_that_is_cut_off_anywhere_takes_each_entry_once(world, monkeypatch, step, boot):
    ledger = world.open(spread=True)
    ledger.record(opening(0))
    ledger.checkpoint()
    for number in range(1, 8):
        ledger.record(opening(number), durable=True)

    with monkeypatch.context() as patch:
        cut_off(patch, ledger, step)
        with pytest.raises(KilledError):
            ledger.checkpoint()
    still = World(world.folder.with_name("still"))
    shutil.copytree(world.folder, still.folder)
    if boot:
        monkeypatch.setattr(service, "boot_of_machine", lambda: boot)
    with still.open(spread=True) as again:
        assert numbers(again) == list(range(8))
        again.record(opening(8))
        assert numbers(again) == list(range(9))
        again.verify()
    with still.open() as again:
        assert numbers(again) == list(range(9))
    ledger._streams.leave()


def test_power_that_fails_takes_at_most_what_was_not_synced(world, monkeypatch):
    monkeypatch.setattr(service, "SYNC_WITHIN", 60.0)
    ledger = world.open(spread=True)
    for number in range(3):
        ledger.record(opening(number), durable=True)
    synced = (world.data / "streams" / streams(world)[0] / "log").stat().st_size
    for number in range(3, 6):
        ledger.record(opening(number))
    [name] = streams(world)
    whole = (world.data / "streams" / name / "log").read_bytes()
    monkeypatch.setattr(service, "boot_of_machine", lambda: b"another boot....")
    for cut in range(0, len(whole), 31):
        still = World(world.folder.with_name(f"still{cut}"))
        shutil.copytree(world.folder, still.folder)
        (still.data / "streams" / name / "log").write_bytes(whole[:cut])
        if cut < synced:
            with pytest.raises(DamagedError) as damage:
                still.open(spread=True)
            assert damage.value.exit_status == 4
        else:
            with still.open(spread=True) as again:
                assert numbers(again) == list(range(3 + (cut - synced) * 3 // (len(whole) - synced)))
    ledger.close()


@pytest.mark.parametrize("boot", [b"", b"another boot...."], ids=["same-boot", "next-boot"])
def test_a_flip_of_any_byte_of_a_stream_is_found(world, monkeypatch, boot):
    ledger = world.open(spread=True)
    for number in range(3):
        ledger.record(opening(number), durable=True)
    [name] = streams(world)
    whole = (world.data / "streams" / name / "log").read_bytes()
    if boot:
        monkeypatch.setattr(service, "boot_of_machine", lambda: boot)
    for at in range(0, len(whole), 7):
        still = World(world.folder.with_name("still"))
        shutil.copytree(world.folder, still.folder)
        bent = bytearray(whole)
        bent[at] ^= 1 << at % 8
        (still.data / "streams" / name / "log").write_bytes(bent)
        with pytest.raises(DamagedError), still.open(spread=True) as again:
            again.verify()
        shutil.rmtree(still.folder)
    ledger.close()


def test_no_writer_waits_for_a_lock_of_another(world):
    with world.open(spread=True) as ledger, world.open(spread=True) as other:
        ledger.record(opening(0))
        other.record(opening(1))
        with ledger._streams.alone(), ledger._log.alone(), ledger._tree.alone():
            other.record(opening(2), durable=True)
        assert sorted(numbers(ledger)) == [0, 1, 2]


def test_a_ledger_without_streams_never_makes_any(world):
    with world.open() as ledger:
        assert ledger.record(opening(0))() == 0
    assert not (world.data / "streams").exists()


def test_side_by_side_processes_that_only_read_join_too(world):
    with world.open(spread=True) as ledger:
        ledger.record(opening(0))
        reader = start(
            "import sys; from pathlib import Path; from ledger.world import World\n"
            "with World(Path(sys.argv[1])).open() as ledger: print(ledger.verify().size)",
            world.folder,
        )
        said, complained = reader.communicate()
        assert (said.strip(), complained) == ("1", "")
        assert ledger.verify().size == 1
