"""The lever 'revoke access' ends what lets somebody in, in the room of staff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gestand.breach.containing import Pull
from gestand.breach.model import Lever, Reporter
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId
from staff_house import begin, keeper

OWNER = ActorId("owner")


def test_the_lever_ends_every_session_and_key_of_one_person(place):
    house = place.open()
    koos, bram = keeper(house, "Koos Koper"), keeper(house, "Bram Jansen")
    stays, ends = begin(house, koos), begin(house, bram)
    breach = house.breaches.report("een telefoon is weg", reporter=Reporter.STAFF, actor=OWNER)
    step = house.breaches.contain(breach.id, Pull(Lever.REVOKE_ACCESS, target=bram.id), actor=koos.id)
    assert step.count == 2  # his password and his session
    assert [one.id for one in house.staff.sessions.running()] == [stays]
    assert ends != stays
    gone = house.staff.person(bram.id)
    assert (gone.active, gone.password, gone.passkeys) == (False, False, 0)
    with pytest.raises(UsageError) as unknown:
        house.breaches.contain(breach.id, Pull(Lever.REVOKE_ACCESS, target="stf_nobody"), actor=koos.id)
    assert unknown.value.code == "staff-unknown"
    with pytest.raises(RefusedError) as last:
        house.breaches.contain(breach.id, Pull(Lever.REVOKE_ACCESS, target=koos.id), actor=koos.id)
    assert last.value.code == "last-keeper"


def test_without_a_name_everybody_is_out_but_who_pulls_it(place):
    house = place.open()
    koos, bram = keeper(house, "Koos Koper"), keeper(house, "Bram Jansen")
    own = begin(house, koos)
    begin(house, bram)
    place.clock.advance(timedelta(seconds=1))
    breach = house.breaches.report("iemand kijkt mee", reporter=Reporter.STAFF, actor=OWNER)
    step = house.breaches.contain(breach.id, Pull(Lever.REVOKE_ACCESS), actor=koos.id)
    assert step.count == 1
    assert [one.id for one in house.staff.sessions.running()] == [own]
    assert house.staff.person(bram.id).active  # signs in again with his own key
