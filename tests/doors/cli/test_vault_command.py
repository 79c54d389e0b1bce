"""'gestand vault': a set is counted, restricted, released, dated and erased from the command line; a damaged store is said."""

from __future__ import annotations

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import SubjectId
from gestand.statement.policy import FieldKind, LawfulBasis
from gestand.vault.model import Where


@pytest.fixture
def eva(place: Place) -> SubjectId:
    [who] = place.open().vault.find(FieldKind.EMAIL, CAST[4].email)
    return who


def shelf_of(place: Place, who: SubjectId) -> str:
    """A shelf of hers that no legal obligation keeps."""
    house = place.open()
    return next(h.shelf for h in house.vault.holdings(who) if h.shelf not in obliged(place))


def obliged(place: Place) -> set[str]:
    policy = place.open().statements.in_force().policy
    return {one.shelf for one in policy.purposes.values() if one.basis is LawfulBasis.LEGAL_OBLIGATION}


def test_a_set_is_counted_and_nothing_changes(gestand, place, eva):
    held = place.open().vault.holdings(eva)
    ran = gestand("vault", "count", "--subject", eva, "--json")
    assert (ran.document["done"], ran.document["subjects"], ran.document["items"]) == (False, 1, len(held))
    for verb in (
        ["erase", "--ground", "Article 17"],
        ["restrict", "--reason", "x"],
        ["due", "--trigger", "job-closed"],
    ):
        assert gestand("vault", *verb, "--subject", eva, "--dry-run", "--json").document == ran.document
    assert [h.item for h in place.open().vault.holdings(eva)] == [h.item for h in held]


def test_a_set_is_restricted_released_and_dated(gestand, place, eva):
    shelf = shelf_of(place, eva)
    ran = gestand("vault", "restrict", "--subject", eva, "--shelf", shelf, "--reason", "contested", "--json")
    mine = [h for h in place.open().vault.holdings(eva) if h.shelf == shelf]
    assert ran.document["items"] == len(mine) > 0
    assert all(h.restricted for h in mine)
    assert gestand("vault", "release", "--shelf", shelf, "--reason", "settled").status == 0
    assert not any(h.restricted for h in place.open().vault.holdings(eva) if h.shelf == shelf)
    words = ("--trigger", "job-closed", "--trigger-on", "2026-01-05", "--due", "2031-02-03")
    assert gestand("vault", "due", "--subject", eva, "--shelf", shelf, *words).status == 0
    assert {str(h.due) for h in place.open().vault.holdings(eva) if h.shelf == shelf} == {"2031-02-03"}


def test_a_set_is_erased_and_only_that(gestand, place, eva):
    shelf = shelf_of(place, eva)
    before = place.open().vault.counts().items
    reach = place.open().vault.count_where(Where(subjects=(eva,), shelf=shelf))
    ran = gestand("vault", "erase", "--subject", eva, "--shelf", shelf, "--ground", "Article 17(1)(a)", "--json")
    assert ran.document == {"done": True, "subjects": 1, "items": reach.items, "held": 0, "found_afterwards": 0}
    house = place.open()
    assert house.vault.counts().items == before - reach.items
    assert gestand("vault", "verify", "--json").document["ok"]


def test_what_the_law_obliges_to_keep_is_not_erased_with_a_set(gestand, place):
    house = place.open()
    kept = next(name for name in sorted(obliged(place)) if house.vault.count_where(Where(shelf=name)).items)
    ran = gestand("vault", "erase", "--shelf", kept, "--ground", "Article 17")
    assert ran.status == 3
    assert "set-kept-by-law" in ran.err


def test_a_set_without_bounds_is_refused(gestand):
    for verb in (["count"], ["erase", "--ground", "x"], ["release", "--reason", "x"]):
        ran = gestand("vault", *verb)
        assert ran.status == 2
        assert "set-without-bounds" in ran.err


def test_a_damaged_store_is_said_with_status_4(gestand, place):
    place.close()
    path = place.folder / "data" / "keys.db"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 4
    path.write_bytes(raw)
    ran = gestand("vault", "verify")
    assert ran.status == 4
    assert "store-damaged" in ran.err
