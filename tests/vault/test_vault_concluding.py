"""An erasure is told once, when the death of its keys is on stable storage; whoever reads the ledger sees it told."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from vault_world import EMAIL, OWNER, World, anna, bram

from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ItemId


def erased(world: World) -> str:
    """Erase one datum of Anna and return the erasure's id; the logs are not cut by themselves."""
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    found = [holding for holding in world.vault.holdings(subject) if holding.field == EMAIL]
    return world.vault.erase([ItemId(found[0].item)], ground="17", actor=OWNER).id


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, within=3600)


def jobs(world: World) -> int:
    found = world.engine.execute("SELECT count(*) FROM vault_erasure")[0][0]
    assert isinstance(found, int)
    return found


def test_until_it_is_told_the_job_stands_and_reading_tells_it(world: World) -> None:
    erasure = erased(world)
    assert jobs(world) == 1
    told = [event for event in world.ledger.events if event.facts.get("erasure") == erasure]
    assert [event.name for event in told] == ["erasure.begun", "key.destroyed", "erasure.done"]
    assert told[-1].facts["absent"] is True
    assert jobs(world) == 0
    world.close()


def test_the_keys_are_dead_on_stable_storage_before_it_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    erased(world)
    keys = world.vault._room.keys
    steps: list[str] = []
    harden, stage = keys.harden, world.ledger.stage
    monkeypatch.setattr(keys, "harden", lambda: (steps.append("harden"), harden())[1])
    monkeypatch.setattr(world.ledger, "stage", lambda *events: (steps.append("told"), stage(*events))[1])
    world.vault.cut_residue()
    assert steps == ["harden", "told"]
    world.close()


def test_hardening_writes_something_to_be_synced_only_where_something_waits(world: World) -> None:
    erased(world)
    keys = world.vault._room.keys
    changes = "SELECT seq FROM sqlite_sequence WHERE name = 'vault_unsettled'"
    before = keys.engine.execute(changes) if not keys.engine.remote else []
    keys.harden()
    after = keys.engine.execute(changes) if not keys.engine.remote else [(1,)]
    assert after != before
    keys.harden()
    assert (keys.engine.execute(changes) if not keys.engine.remote else [(1,)]) == after
    assert keys.unsettled() == []
    world.close()


def test_what_another_process_finished_meanwhile_is_not_told_again(world: World) -> None:
    erasure = erased(world)
    other = World(world.folder)  # opens the same files and takes up what it finds
    assert [event.name for event in other.ledger.events] == ["key.destroyed", "erasure.done"]
    assert [event.name for event in world.ledger.events if event.facts.get("erasure") == erasure] == ["erasure.begun"]
    other.close()
    world.close()


def test_a_store_that_cannot_be_written_stops_no_reader_and_is_told_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased(world)
    keys = world.vault._room.keys

    def away() -> None:
        raise GestandError("store-lost", "the server is away")

    with monkeypatch.context() as patch:
        patch.setattr(keys, "harden", away)
        assert world.ledger.names() == ["data.sealed", "erasure.begun"]
        with pytest.raises(GestandError, match="away"):
            world.vault.cut_residue()
        assert world.ledger.names()[-1] == "erasure.begun"
    assert jobs(world) == 1
    assert world.ledger.names()[-1] == "erasure.begun", "readers do not each wait for a store that is away"
    world.vault.cut_residue()
    assert world.ledger.names() == ["data.sealed", "erasure.begun", "key.destroyed", "erasure.done"]
    world.close()


def test_within_a_transaction_nothing_is_told_and_undone_with_it(world: World) -> None:
    erased(world)

    def undone() -> None:
        with world.engine.transaction():
            assert world.ledger.names()[-1] == "erasure.begun"
            world.vault.add([bram()], actor=OWNER, reason="order")
            raise GestandError("undone", "changed my mind")

    with pytest.raises(GestandError, match="changed my mind"):
        undone()
    assert world.ledger.names()[-1] == "erasure.done"
    world.close()


def test_a_reader_that_comes_while_it_is_being_told_finds_it_told(world: World) -> None:
    erased(world)
    concluding = world.vault._room.concluding
    begun, told = threading.Event(), threading.Event()

    def failpoint(step: str) -> None:
        if step == "erase.concluded":
            begun.set()
            told.wait(0.2)  # the reader has come by then, and waits

    world.failpoint = failpoint
    teller = threading.Thread(target=concluding.conclude)
    teller.start()
    assert begun.wait(5)
    assert world.ledger.names()[-1] == "erasure.done"
    teller.join()
    world.close()
