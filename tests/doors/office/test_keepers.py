"""No keeper puts another one out alone: who is alone gives every second look from then on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from doors.api.asking import program
from doors.api.test_api import code
from gestand.doors.office.pages import staff
from gestand.kernel.errors import RefusedError
from gestand.staff.model import Act
from staff_house import colleague, keeper


@pytest.mark.parametrize("act", [staff.roles, staff.revoke])
def test_a_keeper_is_put_out_only_after_a_second_look(visit, act):
    house = visit.house
    koos, mies = keeper(house, "Koos Koper"), keeper(house, "Mies Meijer")
    mine = replace(visit, person=koos, params={"person": mies.id}, form={"role": "owner"}, many={"role": ("owner",)})
    assert act(mine).location == "/office/nl/staff"
    assert {one.id for one in house.staff.keepers()} == {koos.id, mies.id}  # asked, not done
    [asked] = [one for one in house.staff.approvals.open(visit.now) if one.act is Act.STAFF]
    with pytest.raises(RefusedError) as own:
        house.staff.give_approval(asked.id, giver=koos)
    assert own.value.code == "approval-own"
    with pytest.raises(RefusedError):
        act(mine)
    house.staff.give_approval(asked.id, giver=mies)
    act(mine)
    assert {one.id for one in house.staff.keepers()} == {koos.id}


def test_who_goes_of_their_own_and_who_is_no_keeper_needs_no_second_look(visit):
    house = visit.house
    koos, mies, harm = keeper(house, "Koos Koper"), keeper(house, "Mies Meijer"), colleague(house, "Harm Helper")
    form = {"form": {"role": "owner"}, "many": {"role": ("owner",)}}
    staff.revoke(replace(visit, person=koos, params={"person": harm.id}))
    assert not house.staff.person(harm.id).active
    staff.roles(replace(visit, person=mies, params={"person": mies.id}, **form))
    assert {one.id for one in house.staff.keepers()} == {koos.id}


def test_a_program_puts_no_keeper_out_by_itself(place):
    house = place.open()
    koos, mies, harm = keeper(house, "Koos Koper"), keeper(house, "Mies Meijer"), colleague(house, "Harm Helper")
    with program(house) as client:
        assert client.post(f"staff/{mies.id}/revoke").status_code == 202
        assert {one.id for one in house.staff.keepers()} == {koos.id, mies.id}
        assert client.post(f"staff/{harm.id}/revoke").status_code == 200
        assert code(client.post("staff/stf_unknown/revoke"))[1] == "staff-unknown"
