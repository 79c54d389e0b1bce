import errno
import os
import threading
import time
from dataclasses import replace

import pytest

from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.ledger import log as log_module
from gestand.ledger import service
from gestand.ledger.merkle import consistent, leaf_hash, root_of
from gestand.ledger.model import Event
from gestand.ledger.outbox import Outbox
from gestand.ledger.rules import leaf_of
from gestand.ledger.service import open_to_read
from gestand.ledger.state import Slot
from ledger.world import NOON, World, opening

pytestmark = pytest.mark.on_both_engines


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def reasons(ledger):
    return [entry.event.facts["reason"] for entry in ledger.entries()]


def test_entries_come_back_in_order_with_their_bytes(world):
    with world.open() as ledger:
        assert [ledger.append(opening(number)) for number in range(600)] == list(range(600))
        assert [entry.leaf for entry in ledger.entries()] == [leaf_of(opening(number)) for number in range(600)]
        assert [entry.index for entry in ledger.entries(255, 258)] == [255, 256, 257, 258]
        assert [entry.index for entry in ledger.entries(598)] == [598, 599]
        assert not list(ledger.entries(600))
        hashes = [leaf_hash(leaf_of(opening(number))) for number in range(600)]
        assert ledger.head().root == root_of(hashes)
    with world.open() as ledger:
        assert ledger.append(opening(600)) == 600
        assert ledger.verify().size == 601


def test_an_unknown_event_leaves_nothing_behind(world):
    with world.open() as ledger:
        ledger.append(opening(0))
        length = world.log.stat().st_size
        with pytest.raises(RefusedError):
            ledger.append(Event("data.leaked", NOON, opening(0).actor))
        assert world.log.stat().st_size == length
        assert ledger.head().size == 1


def test_staged_events_follow_the_transaction(world):
    engine = world.engine()
    with world.open(engine) as ledger:
        with engine.transaction():
            ledger.stage(opening(1))
            with engine.transaction():
                ledger.stage(opening(2))
            assert ledger.head().size == 0
        with pytest.raises(ZeroDivisionError), engine.transaction():  # noqa: PT012 - the transaction must break after it
            ledger.stage(opening(3))
            _ = 1 / 0
        ledger.append(opening(4))
        with engine.transaction():
            ledger.stage(opening(5), opening(7))
            ledger.stage(opening(8))
        with pytest.raises(RefusedError), engine.transaction():
            ledger.stage(opening(9), replace(opening(10), name="nothing.known"))
        assert reasons(ledger) == ["call 1", "call 2", "call 4", "call 5", "call 7", "call 8"]
        with pytest.raises(RefusedError, match="outside a transaction"):
            ledger.stage(opening(6))
    engine.close()


def test_the_outbox_is_emptied_only_of_what_is_on_stable_storage(world, monkeypatch):
    monkeypatch.setattr(service, "SYNC_WITHIN", 60.0)
    engine = world.engine()
    with world.open(engine) as ledger:
        for number in range(3):
            with engine.transaction():
                ledger.stage(opening(number))
        assert len(engine.execute("SELECT number FROM ledger_outbox WHERE number > 0")) == 3
        ledger._sync()
        with engine.transaction():
            ledger.stage(opening(3))
        assert engine.execute("SELECT number FROM ledger_outbox") == [(4,)]
    engine.close()


def test_what_a_crash_left_in_the_outbox_is_moved_once(world, monkeypatch):
    engine = world.engine()
    ledger = world.open(engine)
    monkeypatch.setattr(Outbox, "_committed", lambda *_: None)  # as if killed between the commit and the move
    with engine.transaction():
        ledger.stage(opening(1))
        ledger.stage(opening(2))
    assert ledger.head().size == 0
    for _ in range(3):
        with world.open(engine) as after:
            assert reasons(after) == ["call 1", "call 2"]
    engine.close()


def test_a_store_put_back_from_an_older_copy_uses_no_number_twice(world):
    engine = world.engine()
    with world.open(engine) as ledger, engine.transaction():
        ledger.stage(opening(1))
    with engine.transaction():
        engine.execute("DELETE FROM ledger_outbox")
        engine.execute("UPDATE ledger_outbox_number SET number = 0")
    with pytest.raises(DamagedError) as damage:
        world.open(engine)
    assert (damage.value.code, damage.value.exit_status) == ("store-behind-ledger", 4)
    with world.open(engine, older_store=True) as ledger:
        with engine.transaction():
            ledger.stage(opening(2))
        assert reasons(ledger) == ["call 1", "call 2"]
    engine.close()


def test_threads_share_a_ledger(world):
    engine = world.engine()
    with world.open(engine) as ledger:
        indices: list[int] = []

        def work(start):
            for number in range(start, start + 60):
                if number % 3 == 0:
                    with engine.transaction():
                        ledger.stage(opening(number))
                else:
                    indices.append(ledger.append(opening(number), durable=number % 10 == 1))

        threads = [threading.Thread(target=work, args=(start,)) for start in (0, 60, 120, 180)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(indices)) == len(indices) == 160
        assert sorted(reasons(ledger)) == sorted(f"call {number}" for number in range(240))
        ledger.verify()
    engine.close()


def test_an_append_reaches_stable_storage_by_itself(world):
    assert service.SYNC_WITHIN <= 0.05
    ledger = world.open()
    ledger.append(opening(1))
    for _ in range(200):
        if ledger._log.state.read(Slot.SYNCED).size == 1:
            break
        time.sleep(0.01)
    assert ledger._log.state.read(Slot.SYNCED).size == 1
    ledger.close()


def test_durable_waits_for_it(world):
    with world.open() as ledger:
        ledger.append(opening(1), durable=True)
        assert ledger._log.state.read(Slot.SYNCED).size == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_does_not_take_it_refuses_the_reading(world, monkeypatch, number):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    with world.open() as ledger:
        ledger.append(opening(0))
        with monkeypatch.context() as patch:
            patch.setattr(log_module, "put", fail)
            with pytest.raises(RefusedError) as refused:
                ledger.append(opening(1))
        assert refused.value.code == "ledger-cannot-record"
        assert ledger.append(opening(2)) == 1
        assert ledger.verify().size == 2


def test_after_a_failed_sync_nothing_more_is_recorded(world, monkeypatch):
    def fail(_):
        raise OSError(errno.EIO, "input/output error")

    ledger = world.open()
    with monkeypatch.context() as patch:
        patch.setattr(log_module.os, "fdatasync", fail)
        with pytest.raises(RefusedError) as refused:
            ledger.append(opening(0), durable=True)
    assert refused.value.code == "ledger-not-durable"
    with pytest.raises(RefusedError):
        ledger.append(opening(1))
    with pytest.raises(RefusedError):
        ledger.close()


def test_a_sync_that_fails_in_the_background_is_told_to_the_next_caller(world, monkeypatch):
    def fail(_):
        raise OSError(errno.EIO, "input/output error")

    ledger = world.open()
    monkeypatch.setattr(log_module.os, "fdatasync", fail)
    ledger.append(opening(0))
    with pytest.raises(RefusedError):  # noqa: PT012 - whichever of the next appends comes after the sync
        for _ in range(200):
            ledger.append(opening(1))
            time.sleep(0.01)
    monkeypatch.undo()
    with pytest.raises(RefusedError):
        ledger.close()


def no_room(*_):
    raise OSError(errno.ENOSPC, "no space left on device")


def test_a_disk_that_is_full_at_the_commit_loses_nothing(world, monkeypatch):
    engine = world.engine()
    with world.open(engine) as ledger:
        with monkeypatch.context() as patch:
            patch.setattr(log_module, "put", no_room)
            with engine.transaction():
                ledger.stage(opening(1))
            assert ledger.head().size == 0
        with engine.transaction():
            ledger.stage(opening(2))
        assert reasons(ledger) == ["call 1", "call 2"]
    engine.close()


def test_a_checkpoint_is_made_once_for_one_size_and_extends_the_last(world):
    with world.open() as ledger:
        ledger.append(opening(0))
        first = ledger.checkpoint()
        assert ledger.checkpoint() == first
        for number in range(1, 300):
            ledger.append(opening(number))
        second = ledger.checkpoint()
        assert ledger.checkpoints() == (first, second)
        assert consistent(1, 300, first.head.root, second.head.root, ledger.consistency(1, 300))
        with pytest.raises(UsageError):
            ledger.consistency(5, 301)
    assert world.remembered.read_text() == second.text


def test_a_checkpoint_comes_by_itself_after_so_many_entries_or_so_long(world, monkeypatch):
    monkeypatch.setattr(service, "SEAL_LOOK", 0.01)
    monkeypatch.setattr(service, "SEAL_ENTRIES", 50)
    ledger = world.open()

    def signed(size):
        for _ in range(300):
            if ledger.checkpoints() and ledger.checkpoints()[-1].head.size >= size:
                return True
            time.sleep(0.01)
        return False

    for number in range(50):
        ledger.append(opening(number))
    assert signed(50)
    ledger.append(opening(50))
    time.sleep(0.05)
    assert ledger.checkpoints()[-1].head.size == 50
    world.clock.advance(service.SEAL_AFTER)
    assert signed(51)
    ledger.close()


def test_the_key_belongs_to_the_ledger(world):
    world.filled(2)
    key = world.remembered.with_name("ledger.key")
    assert key.stat().st_mode & 0o777 == 0o600
    assert not [path for path in world.data.rglob("*") if path.is_file() and b"PRIVATE" in path.read_bytes()]
    key.chmod(0o644)
    with pytest.raises(UsageError, match="others than its owner"):
        world.open()
    key.chmod(0o600)
    text = key.read_text()
    key.unlink()
    with pytest.raises(DamagedError, match="signing key is gone"):
        world.open()
    key.write_text(text)
    key.chmod(0o600)
    with world.open() as ledger:
        assert ledger.verify().size == 2


def test_opening_a_long_ledger_does_not_read_it_all(world, monkeypatch):
    world.filled(3000)
    read = []
    true_pread = os.pread

    def counting(descriptor, size, offset):
        raw = true_pread(descriptor, size, offset)
        read.append(len(raw))
        return raw

    monkeypatch.setattr(os, "pread", counting)
    world.open().close()
    monkeypatch.undo()
    assert sum(read) < world.log.stat().st_size // 20


def test_reading_a_ledger_that_does_not_exist(world):
    with pytest.raises(UsageError, match="no ledger yet"):
        open_to_read(world.data, clock=world.clock, entropy=os.urandom, remembered=world.remembered)


def test_reading_does_not_sign(world):
    ledger = world.open()
    ledger.append(opening(0))
    with open_to_read(world.data, clock=world.clock, entropy=os.urandom, remembered=world.remembered) as other:
        assert other.verify().size == 1
    assert not world.remembered.exists()
    ledger.close()
    assert world.remembered.exists()


def test_a_ledger_keeps_its_name_when_its_folder_gets_another(world):
    world.filled(2)
    with service.open_ledger(
        world.data, None, clock=world.clock, entropy=os.urandom, remembered=world.remembered, origin="example.org/moved"
    ) as ledger:
        assert ledger.key.name == "example.org/ledger"
        assert ledger.verify().size == 2


def test_a_name_that_the_format_forbids_is_wrong_use(world):
    with pytest.raises(UsageError):
        service.open_ledger(
            world.data, None, clock=world.clock, entropy=os.urandom, remembered=world.remembered, origin="two words"
        )


def test_while_the_ledger_owes_an_entry_nothing_more_is_changed(world, monkeypatch):
    """One change of a process may be acknowledged that only the store knows of; its next is refused, and undone."""

    engine = world.engine()
    engine.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY)")
    with world.open(engine) as ledger:

        def change(number):
            with engine.transaction():
                engine.execute("INSERT INTO kept VALUES (?)", (number,))
                ledger.stage(opening(number))

        with monkeypatch.context() as patch:
            patch.setattr(log_module, "put", no_room)
            change(1)
            for number in (2, 3):
                with pytest.raises(RefusedError) as refused:
                    change(number)
                assert refused.value.code == "ledger-cannot-record"
            assert engine.execute("SELECT number FROM kept") == [(1,)]
            assert ledger.head().size == 0
        with engine.transaction():  # two in one change, of which the first tells what is owed
            ledger.stage(opening(4))
            ledger.stage(opening(5))
        assert reasons(ledger) == ["call 1", "call 4", "call 5"]
        change(6)
        assert reasons(ledger) == ["call 1", "call 4", "call 5", "call 6"]
    engine.close()


def test_a_change_that_was_undone_is_not_told_with_what_is_owed(world, monkeypatch):
    engine = world.engine()
    with world.open(engine) as ledger:
        with monkeypatch.context() as patch:
            patch.setattr(log_module, "put", no_room)
            with engine.transaction():
                ledger.stage(opening(1))
        with pytest.raises(ValueError, match="no"), engine.transaction():  # noqa: PT012 - staged, then undone
            ledger.stage(opening(2))
            ledger.stage(opening(3))
            raise ValueError("no")
        assert reasons(ledger) == ["call 1"]
    with world.open(engine) as ledger:
        assert reasons(ledger) == ["call 1"]
    engine.close()


def test_after_a_failed_sync_nothing_more_is_changed(world, monkeypatch):
    def fail(_):
        raise OSError(errno.EIO, "input/output error")

    engine = world.engine()
    ledger = world.open(engine)
    with monkeypatch.context() as patch:
        patch.setattr(log_module.os, "fdatasync", fail)
        with pytest.raises(RefusedError) as refused:  # noqa: PT012 - whichever of the next changes comes after the sync
            for _ in range(200):
                with engine.transaction():
                    ledger.stage(opening(1))
                time.sleep(0.01)
    assert refused.value.code == "ledger-not-durable"
    with pytest.raises(RefusedError):
        ledger.close()
    engine.close()
