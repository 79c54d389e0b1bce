"""Sealed records on both engines: written, found, replaced, gone; and never another's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engines import open_store
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ActorId, RecipientId
from gestand.ledger.service import open_ledger
from gestand.sharing.model import How, Telling, What
from gestand.sharing.records import Records

pytestmark = pytest.mark.on_both_engines
OWNER = ActorId("owner")
NOW = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
def records(tmp_path: Path):
    engine = open_store(tmp_path / "data.db", bytes(32))
    drawn = iter(range(10_000))

    def entropy(size: int) -> bytes:
        return next(drawn).to_bytes(size, "big")

    ledger = open_ledger(
        tmp_path / "ledger",
        engine,
        clock=lambda: NOW,
        entropy=entropy,
        remembered=tmp_path / "remembered",
        origin="gestand/test",
    )
    yield Records(engine, ledger, bytes(32), clock=lambda: NOW, entropy=entropy)
    ledger.close()
    engine.close()


def telling(name: str, **other) -> Telling:
    asked = {"disclosure": "shr_d", "leaves": date(2030, 1, 1), "how": None} | other
    return Telling(
        id=name, recipient=RecipientId("bookkeeper"), name="B", what=What.ERASED, numbers=(1, 2), entry=4, at=NOW, due=date(2026, 12, 21),
        **asked,
    )  # fmt: skip


def test_what_is_put_comes_back_and_is_found_by_what_it_is_about(records: Records):
    first, second = telling("shr_a"), telling("shr_b", disclosure="shr_e")
    records.put(first, actor=OWNER)
    records.put(second, actor=OWNER)
    assert records.one("shr_a") == first
    assert records.tellings_of("shr_e") == [second]
    assert list(records.tellings()) == [first, second]
    assert list(records.disclosures()) == list(records.orders()) == []
    assert records.one("shr_z") is None


def test_a_record_that_changes_takes_the_place_of_the_old_one_and_the_ledger_has_both_digests(records: Records):
    records.put(telling("shr_a"), actor=OWNER)
    before = records.digests()["shr_a"]
    records.put(telling("shr_a", how=How.TOLD), actor=OWNER)
    noted = [e.event.facts["digest"] for e in records.ledger.entries() if e.event.name == "sharing.noted"]
    assert noted == [before, records.digests()["shr_a"]]
    assert [one.how for one in records.tellings()] == [How.TOLD]


def test_what_leaves_is_gone_with_its_tokens_and_only_when_its_time_is_over(records: Records):
    records.put(telling("shr_a", leaves=date(2027, 1, 1)), actor=OWNER)
    records.put(telling("shr_b"), actor=OWNER)
    assert list(records.due(date(2026, 12, 31))) == []
    assert list(records.due(date(2027, 1, 1))) == [("shr_a", date(2027, 1, 1))]
    records.leave(["shr_a"], actor=OWNER)
    assert [one.id for one in records.tellings_of("shr_d")] == ["shr_b"]
    assert records.store.count() == 1


def test_a_record_put_in_the_place_of_another_does_not_open(records: Records):
    records.put(telling("shr_a"), actor=OWNER)
    sealed = records.store.one("shr_a")
    assert sealed is not None
    with records.engine.transaction():
        records.store.put("shr_b", None, sealed, [])
    with pytest.raises(DamagedError) as damaged:
        records.one("shr_b")
    assert damaged.value.code == "sealed-damaged"
