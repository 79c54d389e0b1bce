"""Outreach in the office: who is left out is named with the reason, nothing goes unseen, and a call without the right to object is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gestand.doors.office.pages import outreach
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId
from gestand.outreach.model import CampaignKind, CampaignState, Via
from gestand.statement.policy import FieldKind

OWNER = ActorId("owner")
NEWSLETTER, PHONE = PurposeId("newsletter"), PurposeId("offers-phone")


def at(visit, campaign, **form: str):
    return replace(visit, params={"campaign": campaign.id}, form=form)


def by_mail(house):
    """Make a newsletter that Chaima may get and Eva may not: she took her consent back."""
    for address in ("chaima@example.org", "eva@example.org"):
        [person] = house.vault.find(FieldKind.EMAIL, address)
        house.intake.admit(person, {FieldPath("contact.email"): address}, NEWSLETTER, source="web", actor=OWNER)
        house.choices.consent(person, NEWSLETTER, channel="web", actor=OWNER)
    house.choices.withdraw_consent(person, NEWSLETTER, channel="web", actor=OWNER)
    return house.outreach.new(
        CampaignKind.NEWSLETTER, Via.MAIL, NEWSLETTER, title="Nieuws", template="Dag {{ contact.name }}", actor=OWNER
    ), person


def by_telephone(house):
    [daan] = house.vault.find(FieldKind.EMAIL, "daan@example.nl")
    house.intake.admit(daan, {FieldPath("contact.mobile"): "06 12345678"}, PHONE, source="counter", actor=OWNER)
    house.choices.consent(daan, PHONE, channel="counter", actor=OWNER)
    return house.outreach.new(
        CampaignKind.OFFER, Via.TELEPHONE, PHONE, title="Onderhoud", template="Hoe bevalt de laptop?", actor=OWNER
    ), daan


def test_a_campaign_says_who_is_left_out_and_why_and_opens_nothing(visit):
    made, eva = by_mail(visit.house)
    before = visit.house.ledger.head().size
    shown = outreach.campaign(at(visit, made)).body.decode()
    assert "gaf hiervoor toestemming" in shown
    assert f"/office/nl/people/{eva}" in shown
    assert "eva@example.org" not in shown
    assert "Verstuur" not in shown  # nobody has seen the trial
    assert visit.house.ledger.head().size == before
    assert "Nieuws" in outreach.outreach(visit).body.decode()


def test_a_campaign_is_prepared_from_its_words_and_only_as_the_statement_lets_it(visit):
    words = {
        "kind": "newsletter",
        "via": "mail",
        "purpose": "newsletter",
        "title": "Nieuws van mei",
        "template": "Dag {{ contact.name }},\r\n\r\nNieuws.",
        "letter": "nl",
    }
    before = len(visit.house.outreach.all())
    answer = outreach.make(replace(visit, form=words))
    [*_, made] = visit.house.outreach.all()
    assert answer.location == f"/office/nl/outreach/{made.id}"
    assert (made.title, made.template, made.state) == (
        "Nieuws van mei",
        "Dag {{ contact.name }},\n\nNieuws.",
        CampaignState.DRAFT,
    )
    for wrong, code in (({"purpose": "service"}, "campaign-purpose"), ({"template": "U bent {{ finance.iban }}"}, "template-field"),
                        ({"template": "![](https://example.org/p.gif)"}, "template-picture"), ({"title": ""}, "field-empty"),
                        ({"kind": "spam"}, "choice"), ({"template": "x" * 50_001}, "template-unreadable")):  # fmt: skip
        with pytest.raises((RefusedError, UsageError)) as refused:
            outreach.make(replace(visit, form={**words, **wrong}))
        assert refused.value.code == code
    assert len(visit.house.outreach.all()) == before + 1
    shown = outreach.outreach(visit).body.decode()
    assert 'action="/office/nl/outreach/new"' in shown
    assert "{{ contact.name }}" in shown


def test_it_goes_only_after_a_trial_and_stops_at_a_word(visit):
    made, _ = by_mail(visit.house)
    with pytest.raises(RefusedError) as refused:
        outreach.start(at(visit, made))
    assert refused.value.code == "campaign-not-tested"
    outreach.trial(at(visit, made, to=visit.house.post.sender))
    assert "Verstuur" in outreach.campaign(at(visit, made)).body.decode()
    assert outreach.start(at(visit, made)).location == f"/office/nl/outreach/{made.id}"
    assert visit.house.outreach.one(made.id).state is CampaignState.RUNNING
    outreach.stop(at(visit, made))
    assert visit.house.outreach.one(made.id).state is CampaignState.STOPPED
    assert "teruggehaald" in outreach.campaign(at(visit, made)).body.decode().lower()


def test_a_call_is_recorded_only_with_the_right_to_object_and_an_objection_works_at_once(visit):
    made, daan = by_telephone(visit.house)
    shown = outreach.calls(at(visit, made)).body.decode()
    assert f'value="{daan}"' in shown
    with pytest.raises(RefusedError) as refused:
        outreach.record(at(visit, made, subject=daan, outcome="spoken"))
    assert refused.value.code == "call-without-objection"
    with pytest.raises(UsageError):
        outreach.record(at(visit, made, subject=daan, outcome="", offered="on"))
    after = outreach.record(at(visit, made, subject=daan, outcome="spoken", offered="on", objected="on"))
    assert daan not in after.body.decode()
    assert PHONE in visit.house.vault.objections(daan)
    called = [entry.event for entry in visit.house.ledger.entries() if entry.event.name == "outreach.called"][-1]
    assert (called.actor, called.facts["offered"], called.facts["objected"]) == (visit.actor, True, True)


def test_whoever_has_no_role_for_the_purpose_starts_and_calls_nothing(visit):
    made, daan = by_telephone(visit.house)
    stranger = replace(at(visit, made, subject=daan, outcome="spoken", offered="on"), person=replace(visit.person, roles=()))  # fmt: skip
    for view in (outreach.trial, outreach.start, outreach.stop, outreach.calls, outreach.record):
        with pytest.raises(RefusedError) as refused:
            view(stranger)
        assert refused.value.code == "role-purpose"
    assert "Uw rol mag niet" in outreach.campaign(stranger).body.decode()
