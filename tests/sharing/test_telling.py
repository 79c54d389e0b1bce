"""Who got data is told what was put right, erased or restricted; nothing of it is forgotten, and nobody is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.controls.sharing import recipients_told
from gestand.evidence.model import Finding
from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.sharing.model import How, Package, What
from gestand.statement.policy import FieldKind
from gestand.system import System

OWNER = ActorId("owner")
ANNA, _, CHAIMA = CAST[:3]
FIELDS = tuple(map(FieldPath, ("contact.name", "contact.town")))


def subject(house: System, person=ANNA) -> SubjectId:
    [found] = house.vault.find(FieldKind.EMAIL, person.email)
    return found


def give(house: System, *people) -> Package:
    return house.sharing.disclose(
        RecipientId("bookkeeper"), [subject(house, one) for one in people], FIELDS, PurposeId("administration"), "AWR 52",
        actor=OWNER,
    )  # fmt: skip


def item(house: System, person, field: str):
    return next(h.item for h in house.vault.holdings(subject(house, person)) if h.field == field)


def test_a_correction_makes_something_to_tell_about_that_person_alone(place: Place):
    house = place.open()
    made = give(house, CHAIMA, ANNA)
    house.vault.rectify(item(house, ANNA, "contact.town"), "Waterland", reason="own word", actor=OWNER)
    [due] = house.sharing.to_tell()
    assert (due.disclosure, due.what, due.numbers) == (made.disclosure.id, What.RECTIFIED, (2,))
    assert due.due == local_date(place.clock()) + timedelta(weeks=2)
    assert house.sharing.to_tell() == [due]
    letter = house.sharing.telling_letter(due.id)
    assert f"{made.disclosure.id}/2" in letter
    assert ANNA.name not in letter
    assert "Artikel 19 AVG" in letter


def test_what_was_not_given_or_changed_before_makes_nothing_to_tell(place: Place):
    house = place.open()
    house.vault.rectify(item(house, ANNA, "contact.town"), "Waterland", reason="own word", actor=OWNER)
    place.clock.advance(timedelta(minutes=1))
    give(house, ANNA)
    house.vault.rectify(item(house, ANNA, "contact.phone"), "0485-340888", reason="own word", actor=OWNER)
    house.vault.rectify(item(house, CHAIMA, "contact.town"), "Waterland", reason="own word", actor=OWNER)
    assert house.sharing.to_tell() == []


def test_a_restriction_and_an_erasure_on_request_are_told_too(place: Place):
    house = place.open()
    give(house, ANNA)
    house.vault.restrict([item(house, ANNA, "contact.town")], reason="Article 18(1)(a)", actor=OWNER)
    asked = house.requests.receive(Right.ERASURE, contact=ANNA.email, channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    house.requests.plan(asked.id, actor=OWNER)
    house.requests.erase(asked.id, actor=OWNER)
    assert {one.what for one in house.sharing.to_tell()} == {What.RESTRICTED, What.ERASED}


def test_what_leaves_because_its_time_is_over_is_not_told(place: Place):
    house = place.open()
    give(house, ANNA)
    house.vault.erase([item(house, ANNA, "contact.town")], ground="storage limitation, Article 5(1)(e)", actor=OWNER)
    assert house.sharing.to_tell() == []


def test_telling_is_settled_once_with_proof_and_the_person_is_told_of_it(place: Place):
    house = place.open()
    give(house, ANNA)
    house.vault.rectify(item(house, ANNA, "contact.town"), "Waterland", reason="own word", actor=OWNER)
    [due] = house.sharing.to_tell()
    with pytest.raises(UsageError) as empty:
        house.sharing.told(due.id, How.TOLD, proof=" ", actor=OWNER)
    assert empty.value.code == "telling-proof"
    house.sharing.told(due.id, How.TOLD, proof="confirmed by telephone", actor=OWNER)
    with pytest.raises(RefusedError) as again:
        house.sharing.told(due.id, How.DISPROPORTIONATE, proof="too many", actor=OWNER)
    assert again.value.code == "telling-done"
    [shown] = house.sharing.shared_with(subject(house))
    assert shown.told == ((What.RECTIFIED, local_date(place.clock()), How.TOLD),)
    assert recipients_told(world_of(house)).finding is Finding.KEPT


@pytest.mark.parametrize("how", [How.IMPOSSIBLE, How.DISPROPORTIONATE])
def test_what_cannot_be_told_is_excused_with_its_reason(place: Place, how: How):
    house = place.open()
    give(house, ANNA)
    house.vault.rectify(item(house, ANNA, "contact.town"), "Waterland", reason="own word", actor=OWNER)
    [due] = house.sharing.to_tell()
    house.sharing.told(due.id, how, proof="the office was closed down in November", actor=OWNER)
    place.clock.advance(timedelta(weeks=3))
    assert recipients_told(world_of(house)).finding is Finding.KEPT


def test_a_change_that_nobody_looked_at_is_noticed_when_its_day_has_passed(place: Place):
    house = place.open()
    give(house, ANNA)
    house.vault.rectify(item(house, ANNA, "contact.town"), "Waterland", reason="own word", actor=OWNER)
    place.clock.advance(timedelta(weeks=2))
    assert recipients_told(world_of(house)).finding is Finding.KEPT
    place.clock.advance(timedelta(days=1))
    verdict = recipients_told(world_of(house))
    assert verdict.finding is Finding.BROKEN
    assert "'bookkeeper' was not told" in verdict.evidence[0]


def test_an_authority_that_asked_by_order_is_no_recipient_to_tell(place: Place):
    house = place.open()
    [order] = [one for one in house.sharing.disclosures() if one.order]
    eva = order.given[0].subject
    street = next(h.item for h in house.vault.holdings(eva) if h.field == "contact.street")
    house.vault.rectify(street, "Beukenhof 7", reason="own word", actor=OWNER)
    assert house.sharing.to_tell() == []
