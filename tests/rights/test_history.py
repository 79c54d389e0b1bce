"""When data were opened: one alone from the ledger's index, many at once from beside the subject; gone with the subject."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import ActorId, PurposeId
from gestand.ledger.model import Entry
from gestand.rights.history import openings_of
from gestand.statement.policy import FieldKind
from gestand.vault.subject_rows import SubjectRows

OWNER = ActorId("owner")


def test_openings_of_one_and_among_many_are_both_told_and_counted_once(place: Place) -> None:
    house = place.open()
    [eva] = house.vault.find(FieldKind.EMAIL, CAST[4].email)
    everybody = list(house.vault.subjects())
    policies = [house.statements.in_force().policy]

    def told() -> int:
        found = openings_of(house.ledger, house.vault.reference(eva), policies, house.vault.shown_among_many(eva))
        return sum(items for _, _, items in found)

    before = told()
    alone = len(house.vault.open(eva, PurposeId("rights"), actor=OWNER, reason="test").items)
    assert told() == before + alone
    among = [
        len(one.items)
        for one in house.vault.open_many(everybody, PurposeId("rights"), actor=OWNER, reason="test")
        if one.subject == eva
    ]
    assert told() == before + alone + sum(among)
    assert sum(among) > 0
    found = openings_of(house.ledger, house.vault.reference(eva), policies, house.vault.shown_among_many(eva))
    assert sum(n for _, said, n in found if "samen met gegevens van anderen" in said.nl) >= sum(among)
    assert any("samen met" not in said.nl for _, said, _ in found)
    list(house.vault.open_many([eva], PurposeId("rights"), actor=OWNER, reason="test"))
    assert told() == before + 2 * alone + sum(among)


def test_only_the_entries_of_the_person_are_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    house = place.open()
    [eva] = house.vault.find(FieldKind.EMAIL, CAST[4].email)
    reference = house.vault.reference(eva)
    policies = [house.statements.in_force().policy]
    openings_of(house.ledger, reference, policies)
    house.vault.open(eva, PurposeId("rights"), actor=OWNER, reason="test")
    read: list[int] = []
    entries = house.ledger._entries

    def counting(first: int, last: int | None) -> Iterator[Entry]:
        for entry in entries(first, last):
            read.append(entry.index)
            yield entry

    monkeypatch.setattr(house.ledger, "_entries", counting)
    openings_of(house.ledger, reference, policies)
    own = [entry.index for entry in entries(0, None) if entry.event.subject == reference]
    assert set(read) == set(own) != set(range(house.ledger.head().size))


def test_what_was_opened_among_many_dies_with_the_subject(place: Place) -> None:
    house = place.open()
    list(house.vault.open_many(list(house.vault.subjects()), PurposeId("rights"), actor=OWNER, reason="test"))
    [eva] = house.vault.find(FieldKind.EMAIL, CAST[4].email)
    shown = house.vault.shown_among_many(eva)
    with house.engine.transaction():
        SubjectRows(house.engine).divide_shown()
    assert house.vault.shown_among_many(eva) == shown != ()
    list(house.vault.open_many(list(house.vault.subjects()), PurposeId("rights"), actor=OWNER, reason="test"))
    before = house.engine.execute("SELECT COUNT(DISTINCT subject) FROM vault_shown")[0][0]
    house.vault.erase([held.item for held in house.vault.holdings(eva)], ground="Article 17(1)", actor=OWNER)
    assert not house.vault.exists(eva)
    assert house.engine.execute("SELECT COUNT(DISTINCT subject) FROM vault_shown")[0][0] == int(str(before)) - 1
    assert house.engine.execute("SELECT COUNT(*) FROM vault_shown_together") == [(0,)]
