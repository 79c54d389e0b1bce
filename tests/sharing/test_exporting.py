"""Nobody carries data of people out of the firm alone, sealed to a key of their own."""

from __future__ import annotations

import pyrage
import pytest

from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import RefusedError
from gestand.sharing import disclosing
from gestand.sharing.agreements import FILE
from gestand.staff.model import Act
from gestand.system import System
from sharing.test_disclosing import ANNA, CHAIMA, give
from sharing.test_orders import VERIFIED, demand
from staff_house import colleague, keeper


def a_key() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


def refused(act) -> str:
    with pytest.raises(RefusedError) as fault:
        act()
    return fault.value.code


def without_keys(place: Place) -> System:
    """Take the agreed keys out of the register."""
    place.close()
    file = place.folder / FILE
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("sealed_to")]
    file.write_text("\n".join(lines), "utf-8")
    return place.open()


def waiting(house: System, act: Act):
    return [one for one in house.staff.approvals.open(house.clock()) if one.act is act and one.used_at is None]


def test_a_key_in_place_of_the_agreed_one_is_refused(place: Place):
    house = place.open()
    before = house.ledger.head().size
    assert refused(lambda: give(house, sealed_to=a_key())) == "key-not-agreed"
    assert house.ledger.head().size == before
    give(house)


def test_to_a_key_that_was_not_agreed_nothing_goes_before_a_second_look_at_that_key_and_those_people(place: Place):
    house = without_keys(place)
    koos, harm, key = keeper(house, "Koos Koper"), colleague(house, "Harm Helper"), a_key()
    mine = {"sealed_to": key, "actor": harm.id}
    assert refused(lambda: give(house, **mine)) == "approval-missing"
    [asked] = waiting(house, Act.EXPORT)
    assert asked.asked_by == harm.id
    house.staff.give_approval(asked.id, giver=koos)
    assert refused(lambda: give(house, ANNA, CHAIMA, **mine)) == "approval-missing"
    assert refused(lambda: give(house, **(mine | {"sealed_to": a_key()}))) == "approval-missing"
    assert give(house, **mine).disclosure.values
    assert refused(lambda: give(house, **mine)) == "approval-missing"  # a yes is to one giving


def test_one_keeper_alone_waits_before_data_go_to_a_new_key(place: Place):
    house = without_keys(place)
    koos = keeper(house, "Koos Koper")
    mine = {"sealed_to": a_key(), "actor": koos.id}
    assert refused(lambda: give(house, **mine)) == "approval-missing"
    house.staff.give_approval(waiting(house, Act.EXPORT)[0].id, giver=koos)
    assert refused(lambda: give(house, **mine)) == "approval-waiting"
    place.clock.advance(house.staff.approvals.waiting)
    give(house, **mine)


def test_of_many_at_once_a_second_look_is_asked_for_an_agreed_key_too(place: Place, monkeypatch):
    monkeypatch.setattr(disclosing, "FEW", 1)
    house = place.open()
    koos, harm = keeper(house, "Koos Koper"), colleague(house, "Harm Helper")
    give(house, actor=harm.id)
    assert refused(lambda: give(house, ANNA, CHAIMA, actor=harm.id)) == "approval-missing"
    house.staff.give_approval(waiting(house, Act.EXPORT)[0].id, giver=koos)
    give(house, ANNA, CHAIMA, actor=harm.id)


def test_a_yes_to_an_order_is_to_the_key_and_the_people_it_was_asked_for(place: Place):
    house = without_keys(place)
    koos, bram, key = keeper(house, "Koos Koper"), keeper(house, "Bram Jansen"), a_key()
    order = house.sharing.receive_order(demand(place, house), actor=koos.id)

    def carried_out(sealed_to: str):
        return house.sharing.carry_out(order.id, actor=koos.id, proof=order.id, facts=VERIFIED, sealed_to=sealed_to)

    assert refused(lambda: carried_out(key)) == "order-second-person"
    house.staff.give_approval(waiting(house, Act.ORDER)[0].id, giver=bram)
    assert refused(lambda: carried_out(a_key())) == "order-second-person"
    carried_out(key)
