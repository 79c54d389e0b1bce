"""What a person chooses works at once, and what was kept for it begins to leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.rights.model import Channel, Closing, IdentityLevel, Right
from gestand.statement.policy import FieldKind
from gestand.system import System
from gestand.vault.model import Holding

OWNER = ActorId("owner")
NEWS, OFFERS, PHONE = PurposeId("newsletter"), PurposeId("offers-mail"), PurposeId("offers-phone")


def subscriber(house: System) -> SubjectId:
    values = {FieldPath("contact.email"): "hugo@example.org"}
    who = house.intake.admit(None, values, NEWS, source="web", actor=OWNER)
    house.choices.consent(who, NEWS, channel="web", actor=OWNER)
    return who


def subscription(house: System, who: SubjectId) -> Holding:
    [found] = [h for h in house.vault.holdings(who) if h.shelf == "subscription"]
    return found


def test_a_subscription_has_no_end_until_consent_does_and_then_leaves_in_a_week(place: Place):
    house = place.open()
    who = subscriber(house)
    assert subscription(house, who).due is None
    assert house.vault.open(who, NEWS, actor=OWNER, reason="newsletter").items
    house.choices.withdraw_consent(who, NEWS, channel="email", actor=OWNER)
    assert not house.vault.open(who, NEWS, actor=OWNER, reason="newsletter").items
    assert subscription(house, who).due == local_date(place.clock()) + timedelta(days=8)
    place.clock.advance(timedelta(days=8))
    house.retention.run(actor=OWNER)
    assert not house.vault.exists(who)


def test_who_consents_again_stays(place: Place):
    house = place.open()
    who = subscriber(house)
    house.choices.withdraw_consent(who, NEWS, channel="email", actor=OWNER)
    house.choices.consent(who, NEWS, channel="web", actor=OWNER)
    assert subscription(house, who).due is None


def test_the_end_of_another_consent_ends_nothing_here(place: Place):
    house = place.open()
    who = subscriber(house)
    house.choices.consent(who, PHONE, channel="telephone", actor=OWNER)
    house.choices.withdraw_consent(who, PHONE, channel="telephone", actor=OWNER)
    assert subscription(house, who).due is None


def test_who_objects_withdraws_the_consent_too_and_the_note_of_it_begins_its_own_time(place: Place):
    house = place.open()
    who = subscriber(house)
    note = {FieldPath("contact.email"): "hugo@example.org"}
    house.intake.admit(who, note, PurposeId("no-offers"), source="email", actor=OWNER)
    house.choices.object_to(who, [NEWS], actor=OWNER, reason="Article 21(2)")
    assert NEWS not in house.vault.consents(who)
    assert NEWS in house.vault.objections(who)
    assert subscription(house, who).due is not None
    [kept] = [h for h in house.vault.holdings(who) if h.shelf == "suppression"]
    assert kept.trigger_on == local_date(place.clock())
    assert kept.due is not None
    assert kept.due.year == kept.trigger_on.year + 10
    house.choices.withdraw_objection(who, [NEWS], actor=OWNER, reason="own word")
    assert house.vault.objections(who) == ()


def test_the_text_that_was_consented_to_stands_in_the_ledger_as_a_digest(place: Place):
    house = place.open()
    subscriber(house)
    last = [e.event.facts for e in house.ledger.entries() if e.event.name == "consent.recorded"][-1]
    assert len(str(last["text_digest"])) == 64
    assert last["text_digest"] != "0" * 64


@pytest.mark.parametrize(
    ("act", "code"),
    [  # the house, who it is about, one datum of theirs
        (lambda h, who, item: h.choices.consent(who, PurposeId("service"), channel="web", actor=OWNER), "consent-not-asked"),  # noqa: ARG005
        (lambda h, who, item: h.choices.consent(who, PurposeId("nope"), channel="web", actor=OWNER), "consent-not-asked"),  # noqa: ARG005
        (lambda h, who, item: h.choices.object_to(who, [PurposeId("nope")], actor=OWNER, reason="x"), "purpose-unknown"),  # noqa: ARG005
        (lambda h, who, item: h.choices.object_to(who, [NEWS], actor=OWNER, reason=" "), "reason"),  # noqa: ARG005
        (lambda h, who, item: h.choices.rectify(item, "not a number", actor=OWNER, reason="x"), "value-unsound"),  # noqa: ARG005
        (lambda h, who, item: h.choices.restrict([item], actor=OWNER, reason=""), "reason"),  # noqa: ARG005
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(place: Place, act, code: str):
    house = place.open()
    [who] = house.vault.find(FieldKind.EMAIL, CAST[4].email)
    phone = next(h.item for h in house.vault.holdings(who) if h.field == "contact.phone")
    before = (house.vault.holdings(who), house.vault.consents(who), house.vault.objections(who))
    with pytest.raises(GestandError) as refused:
        act(house, who, phone)
    assert refused.value.code == code
    assert refused.value.remedy
    assert (house.vault.holdings(who), house.vault.consents(who), house.vault.objections(who)) == before


# Article 21 covers Article 6(1)(e) and (f), and direct marketing


def test_an_objection_to_what_an_agreement_or_the_law_asks_is_refused_and_not_recorded(place: Place):
    house = place.open()
    who = subscriber(house)
    for purposes in (["service"], ["administration"], ["newsletter", "service"]):
        with pytest.raises(RefusedError) as refused:
            house.choices.object_to(who, list(map(PurposeId, purposes)), actor=OWNER, reason="own word")
        assert refused.value.code == "objection-without-effect"
        assert "Article 21" in refused.value.message
        assert "erasure" in refused.value.remedy
    assert house.vault.objections(who) == ()
    assert NEWS in house.vault.consents(who)


def test_an_objection_without_effect_that_was_recorded_before_carries_no_request_out(place: Place):
    house = place.open()
    who = subscriber(house)
    house.vault.object_to(who, [PurposeId("service")], actor=OWNER, reason="before it was refused")
    asked = house.requests.receive(Right.OBJECTION, contact="hugo@example.org", channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    with pytest.raises(RefusedError) as refused:
        house.requests.close(asked.id, Closing.CARRIED_OUT, actor=OWNER)
    assert refused.value.code == "request-not-carried-out"
    house.choices.object_to(who, [NEWS], actor=OWNER, reason="own word")
    assert house.requests.close(asked.id, Closing.CARRIED_OUT, actor=OWNER).outcome == "carried-out"


def test_a_legitimate_interest_is_objected_to_as_before(place: Place):
    house = place.open()
    who = subscriber(house)
    house.choices.object_to(who, [PurposeId("service-firm")], actor=OWNER, reason="own word")
    assert house.vault.objections(who) == ("service-firm",)


@pytest.mark.parametrize("channel", ["", "onzin", "objection"])
def test_a_consent_is_given_or_ended_in_a_way_that_is_known(place: Place, channel: str):
    house = place.open()
    who = subscriber(house)
    for act in (house.choices.consent, house.choices.withdraw_consent):
        with pytest.raises(UsageError) as refused:
            act(who, NEWS, channel=channel, actor=OWNER)
        assert refused.value.code == "consent-channel"
        assert "telephone" in refused.value.remedy
    assert NEWS in house.vault.consents(who)
