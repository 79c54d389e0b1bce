"""Who shares a key with what changes: all of it opens afterwards, also where a key stands in the way whose rows were rolled back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from vault_house import House
from vault_world import EMAIL, JOB, NOTE, OWNER, PHONE, SUPPORT

from gestand.vault.model import NewItem, NewSubject
from gestand.vault.place import subject_bytes

pytestmark = pytest.mark.on_both_engines


def values(house: House, who) -> dict[str, str]:
    return {
        str(one.holding.field): one.value for one in house.vault.open(who, SUPPORT, actor=OWNER, reason="test").items
    }


def test_a_correction_after_an_addition_that_was_undone_loses_nothing(tmp_path: Path) -> None:
    house = House(tmp_path)
    vault = house.vault
    data = (NewItem(PHONE, "06 12345678", JOB, "customer"), NewItem(EMAIL, "anna@example.nl", JOB, "customer"))
    who, other = vault.add([NewSubject(data), NewSubject(data)], actor=OWNER, reason="order")

    def undone() -> None:
        with house.engine.transaction():
            later = NewItem(NOTE, "Notitie", JOB, "customer", due=date(2028, 7, 1))
            vault.add([NewSubject((later,), id=who)], actor=OWNER, reason="order")
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    place = subject_bytes(who)
    row = vault._room.store.subject(place)
    assert row is not None
    assert max(vault._room.keys.numbers(place)) > row.last_bucket  # an orphan stands there
    (phone,) = [one.item for one in vault.holdings(who) if one.field == PHONE]
    vault.rectify(phone, "06 87654321", actor=OWNER, reason="moved")
    expected = {str(PHONE): "06 87654321", str(EMAIL): "anna@example.nl"}
    assert values(house, who) == expected
    vault.erase_subject(other, ground="17(1)(b)", actor=OWNER)
    vault.cut_residue()
    assert values(house, who) == expected
    house.close()
    house = House(tmp_path)
    house.vault.resume()
    assert values(house, who) == expected
    assert set(house.vault._room.keys.numbers(place)) == house.vault._room.store.buckets(place) | {0}
    house.close()


@pytest.mark.parametrize("beside", [0, 1, 2, 3, 6, 7, 8, 9, 16, 23])
def test_however_many_stand_beside_what_is_corrected_all_of_them_open(tmp_path: Path, beside: int) -> None:
    house = House(tmp_path)
    data = tuple(NewItem(NOTE, f"Notitie {number}", JOB, "customer") for number in range(beside))
    (who,) = house.vault.add(
        [NewSubject((*data, NewItem(PHONE, "06 12345678", JOB, "customer")))], actor=OWNER, reason="order"
    )
    for turn in range(2):
        (phone,) = [one.item for one in house.vault.holdings(who) if one.field == PHONE]
        house.vault.rectify(phone, f"06 8765432{turn}", actor=OWNER, reason="moved")
        house.vault.cut_residue()
        opened = house.vault.open(who, SUPPORT, actor=OWNER, reason="test").items
        assert [one.value for one in opened] == [
            *(f"Notitie {number}" for number in range(beside)),
            f"06 8765432{turn}",
        ]
    house.close()
