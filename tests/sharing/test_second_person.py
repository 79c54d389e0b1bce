"""Where there are two keepers an order waits for the other one's yes, at once and only once; with one keeper the wait stays."""

from __future__ import annotations

import pytest

from gestand.doors.house import world_of
from gestand.evidence.controls.sharing import orders_checked
from gestand.evidence.model import Finding
from gestand.kernel.errors import RefusedError
from gestand.sharing.model import SECOND_PERSON
from gestand.staff.model import Act
from sharing.test_orders import VERIFIED, demand
from staff_house import keeper


def carried_out(house, order, actor):
    return house.sharing.carry_out(order.id, actor=actor.id, proof=order.id, facts=VERIFIED)


def test_the_other_keeper_says_yes_and_it_goes_at_once(place):
    house = place.open()
    koos, bram = keeper(house, "Koos Koper"), keeper(house, "Bram Jansen")
    order = house.sharing.receive_order(demand(place, house), actor=koos.id)
    for _ in range(2):  # asked once, however often it is tried
        with pytest.raises(RefusedError) as refused:
            carried_out(house, order, koos)
        assert refused.value.code == "order-second-person"
    [asked] = [one for one in house.staff.approvals.open(house.clock()) if one.act is Act.ORDER]
    assert (asked.digest, asked.asked_by) == (order.id, koos.id)
    with pytest.raises(RefusedError) as own:
        house.staff.give_approval(asked.id, giver=koos)
    assert own.value.code == "approval-own"
    house.staff.give_approval(asked.id, giver=bram)
    carried_out(house, order, koos)
    [done] = [one for one in house.sharing.orders() if one.id == order.id]
    assert done.approval is not None
    assert (done.approval.by, done.approval.how) == (bram.id, SECOND_PERSON)
    assert orders_checked(world_of(house)).finding is Finding.KEPT
    assert [one for one in house.staff.approvals.open(house.clock()) if one.act is Act.ORDER] == []


def test_who_took_it_in_never_approves_it_whoever_carries_it_out(place):
    house = place.open()
    koos, bram = keeper(house, "Koos Koper"), keeper(house, "Bram Jansen")
    order = house.sharing.receive_order(demand(place, house), actor=koos.id)
    with pytest.raises(RefusedError):
        carried_out(house, order, bram)
    [asked] = [one for one in house.staff.approvals.open(house.clock()) if one.act is Act.ORDER]
    with pytest.raises(RefusedError) as own:
        house.staff.give_approval(asked.id, giver=koos)
    assert own.value.code == "approval-own"
    with pytest.raises(RefusedError):
        carried_out(house, order, bram)


def test_an_approval_of_one_order_is_none_of_another(place):
    house = place.open()
    koos, bram = keeper(house, "Koos Koper"), keeper(house, "Bram Jansen")
    first, second = (house.sharing.receive_order(demand(place, house), actor=koos.id) for _ in range(2))
    given = house.staff.ask_approval(Act.ORDER, first.id, actor=koos.id)
    house.staff.give_approval(given.id, giver=bram)
    with pytest.raises(RefusedError) as refused:
        carried_out(house, second, koos)
    assert refused.value.code == "order-second-person"


def test_one_keeper_alone_waits(place):
    house = place.open()
    koos = keeper(house, "Koos Koper")
    order = house.sharing.receive_order(demand(place, house), actor=koos.id)
    with pytest.raises(RefusedError) as refused:
        carried_out(house, order, koos)
    assert refused.value.code == "order-waiting"
