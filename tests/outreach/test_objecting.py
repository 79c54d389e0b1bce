"""An objection to marketing stops it while it waits for an answer, is never refused, and what was sent meanwhile is found out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.evidence.model import Finding, Verdict
from gestand.evidence.registry import controls
from gestand.evidence.service import run_control
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import PurposeId
from gestand.outreach.model import Why
from gestand.rights.circumstances import Circumstance, Shown
from gestand.rights.model import Channel, Closing, Exempt, IdentityLevel, Right, State, SubjectRequest
from gestand.system import System
from outreach.people import NEWSLETTER, OFFERS, OWNER, consenting, newsletter, seen, subscribe


def objected(house: System, contact: str = "abonnee0@example.nl") -> SubjectRequest:
    return house.requests.receive(Right.OBJECTION, contact=contact, channel=Channel.EMAIL, actor=OWNER)


def left_out(sandbox: DemonstrationSandbox) -> set[str]:
    house = sandbox.place.open()
    audience = house.outreach.audience(newsletter(sandbox.place).id)
    return {one.subject for one in audience.judged if one.why is Why.OBJECTING}


def sent(sandbox: DemonstrationSandbox) -> None:
    house = sandbox.place.open()
    campaign = newsletter(sandbox.place)
    seen(sandbox.place, campaign)
    house.outreach.send(campaign.id, actor=OWNER)
    with mail_server() as server:
        house.post.deliver(server.courier())


def verdict(sandbox: DemonstrationSandbox) -> Verdict:
    return run_control(controls()["marketing-only-with-consent"], sandbox.world()).verdict


def purposes(house: System) -> list[PurposeId]:
    return [PurposeId(name) for name, one in house.statements.in_force().policy.purposes.items() if one.marketing]


def test_who_asked_to_stop_gets_nothing_before_that_is_dealt_with(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    first, second = consenting(house, 2)
    request = objected(house)
    assert left_out(sandbox) == {first}
    campaign = newsletter(sandbox.place)
    found = house.outreach.why(campaign.id, first)
    assert (found.allowed, found.why) == (False, Why.OBJECTING)
    assert "GDPR 21(3)" in found.articles
    assert house.outreach.why(campaign.id, second).allowed
    sent(sandbox)
    assert verdict(sandbox).finding is Finding.KEPT
    house.requests.close(request.id, Closing.WITHDRAWN, actor=OWNER)
    assert left_out(sandbox) == set()


def test_what_was_queued_before_they_asked_does_not_leave_after(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    consenting(house, 2)
    campaign = newsletter(sandbox.place)
    seen(sandbox.place, campaign)
    house.outreach.send(campaign.id, actor=OWNER)
    objected(house)
    with mail_server() as server:
        house.post.deliver(server.courier())
    assert [one.recipient for one in server.received] == ["abonnee1@example.nl"]


def test_who_cannot_be_told_apart_yet_is_passed_over_with_all_who_have_the_address(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    both = {*consenting(house, 1), *consenting(house, 1)}
    request = objected(house)
    assert request.ambiguous
    assert left_out(sandbox) == both
    house.requests.confirm(request.id, IdentityLevel.CONTACT_POINT, actor=OWNER, subject=min(both))
    assert left_out(sandbox) == {min(both)}


def test_who_consents_after_they_asked_gets_what_they_consented_to(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    [first] = consenting(house, 1)
    objected(house)
    house.clock.advance(timedelta(hours=1))
    house.choices.consent(first, NEWSLETTER, channel="web", actor=OWNER)
    assert left_out(sandbox) == set()
    sent(sandbox)
    assert verdict(sandbox).finding is Finding.KEPT


def test_another_right_that_is_asked_stops_nothing(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    consenting(house, 1)
    house.requests.receive(Right.ACCESS, contact="abonnee0@example.nl", channel=Channel.EMAIL, actor=OWNER)
    assert left_out(sandbox) == set()


def test_an_objection_to_marketing_is_never_refused(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    [first] = consenting(house, 1)
    request = objected(house)
    with pytest.raises(RefusedError) as refused:
        house.requests.reject(request.id, "Wij vinden dat u de nieuwsbrief nodig hebt", actor=OWNER)
    assert refused.value.code == "objection-absolute"
    assert house.requests.one(request.id).open
    house.choices.object_to(first, purposes(house), actor=OWNER, reason="as asked")
    assert house.requests.reject(request.id, "AVG 21(1): dwingend belang", actor=OWNER).state is State.REJECTED


@pytest.mark.parametrize("exempt", Exempt)
def test_what_is_no_objection_to_marketing_or_not_theirs_may_be_refused(sandbox: DemonstrationSandbox, exempt: Exempt):
    house = sandbox.place.open()
    consenting(house, 1)
    request = objected(house)
    assert house.requests.reject(request.id, "AVG 12(6)", actor=OWNER, exempt=exempt).state is State.REJECTED
    last = [entry.event for entry in house.ledger.entries() if entry.event.name == "request.rejected"][-1]
    assert last.facts["exempt"] == str(exempt)


def test_who_asks_for_another_without_showing_it_may_be_refused(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    consenting(house, 1)
    request = objected(house)
    house.requests.judge(request.id, Circumstance.ABOUT_OTHER, Shown.NOTHING, actor=OWNER)
    assert house.requests.reject(request.id, "AVG 12(6)", actor=OWNER).state is State.REJECTED


def sent_meanwhile(sandbox: DemonstrationSandbox, monkeypatch: pytest.MonkeyPatch) -> SubjectRequest:
    """Send a newsletter while an objection waits, as an older release did."""
    house = sandbox.place.open()
    consenting(house, 1)
    request = objected(house)
    with monkeypatch.context() as patch:
        patch.setattr("gestand.outreach.judging.Judging._objecting", lambda _self, _campaign: {})
        sent(sandbox)
    return request


def test_what_was_sent_while_an_objection_waited_is_found_out(
    sandbox: DemonstrationSandbox, monkeypatch: pytest.MonkeyPatch
):
    request = sent_meanwhile(sandbox, monkeypatch)
    assert verdict(sandbox).figures["deviations"] == 1
    sandbox.place.open().requests.close(request.id, Closing.WITHDRAWN, actor=OWNER)
    found = verdict(sandbox)
    assert found.finding is Finding.BROKEN
    assert "while an objection waited" in found.evidence[0]


@pytest.mark.parametrize("against", [NEWSLETTER, OFFERS])
def test_it_counts_for_what_they_turned_out_to_object_to(
    sandbox: DemonstrationSandbox, monkeypatch: pytest.MonkeyPatch, against: PurposeId
):
    request = sent_meanwhile(sandbox, monkeypatch)
    house = sandbox.place.open()
    house.requests.confirm(request.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    house.choices.object_to(request.subject, [against], actor=OWNER, reason="as asked")
    house.requests.close(request.id, Closing.CARRIED_OUT, actor=OWNER)
    assert verdict(sandbox).figures["deviations"] == (against == NEWSLETTER)


def test_it_does_not_count_where_who_asked_was_not_that_person(
    sandbox: DemonstrationSandbox, monkeypatch: pytest.MonkeyPatch
):
    request = sent_meanwhile(sandbox, monkeypatch)
    house = sandbox.place.open()
    house.requests.reject(request.id, "AVG 12(6)", actor=OWNER, exempt=Exempt.OTHER_PERSON)
    assert verdict(sandbox).finding is Finding.KEPT


def test_a_message_of_service_goes_on(sandbox: DemonstrationSandbox):
    from gestand.outreach.model import CampaignKind, Via
    from outreach.people import SERVICE

    house = sandbox.place.open()
    subscribe(house, 1, purpose=SERVICE)
    objected(house)
    campaign = house.outreach.new(
        CampaignKind.SERVICE, Via.MAIL, SERVICE, title="Uw afspraak", template="Morgen om tien uur.", actor=OWNER
    )
    assert Why.OBJECTING not in house.outreach.audience(campaign.id).counts(allowed=False)
