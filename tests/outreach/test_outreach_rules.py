"""The judgement of one person, as properties: no consent and no custom ever weighs against an objection."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import PurposeId, SubjectId
from gestand.outreach.model import Campaign, CampaignId, CampaignKind, CampaignState, Person, Via, Why
from gestand.outreach.rendering import Foot, check_rendered, render
from gestand.outreach.rules import judge_person
from gestand.outreach.tokens import asks_to_stop, token_in
from gestand.statement.policy import LawfulBasis
from gestand.vault.model import ConsentGiven
from intake_house import koper

TODAY = date(2026, 12, 7)
NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)
POLICY = koper().policy
NEWSLETTER = POLICY.purposes["newsletter"]
CUSTOMERS = NEWSLETTER.model_copy(update={"basis": LawfulBasis.LEGITIMATE_INTERESTS, "consent_text": None})
KNOWN = {"a" * 64: "2026-12-01"}
GIVEN = ConsentGiven("a" * 64, "web", NOW - timedelta(days=3))
FOOT = Foot("Koper", "Bergen", "omdat", "stop:", "Afmelden", "https://example.nl/afmelden/x", "mail ons")


def campaign(kind=CampaignKind.NEWSLETTER, via=Via.MAIL, **more) -> Campaign:
    stated = {"own_similar": None, "stop_at_collection": None} | more
    return Campaign(CampaignId("cam_x"), kind, via, PurposeId("newsletter"), "t", "t", "nl", state=CampaignState.DRAFT,
                    made_at=NOW, **stated)  # fmt: skip


people = st.builds(
    Person,
    st.just(SubjectId("sub_aaaaaaaaaaaaaaaa")),
    firm=st.booleans(),
    objected=st.booleans(),
    suppressed_at=st.none()
    | st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 7)).map(lambda d: d.replace(tzinfo=UTC)),  # noqa: DTZ001 - made aware below
    consent=st.none() | st.just(GIVEN) | st.just(ConsentGiven("b" * 64, "web", NOW)),
    customer=st.booleans(),
    since=st.just(date(2020, 1, 1)),
    until=st.none() | st.dates(date(2018, 1, 1), TODAY),
    prospect=st.booleans(),
    objecting_at=st.none() | st.sampled_from([NOW - timedelta(days=9), NOW]),
)


@given(people, st.sampled_from([CampaignKind.NEWSLETTER, CampaignKind.OFFER]), st.sampled_from(Via), st.booleans())
def test_who_objected_or_is_suppressed_without_a_later_consent_gets_nothing(person, kind, via, promised):
    found = judge_person(campaign(kind, via), NEWSLETTER if promised else CUSTOMERS, person, KNOWN, TODAY)
    stops = [at for at in (person.suppressed_at, person.objecting_at) if at is not None]
    if person.objected or (stops and not (person.consent is not None and person.consent.at > max(stops))):
        assert not found.allowed
        assert found.why in {Why.OBJECTED, Why.OBJECTING, Why.SUPPRESSED}


@given(people, st.sampled_from([CampaignKind.NEWSLETTER, CampaignKind.OFFER]), st.sampled_from(Via))
def test_where_the_statement_promises_consent_nothing_else_carries_a_message(person, kind, via):
    found = judge_person(
        campaign(kind, via, own_similar=True, stop_at_collection=True), NEWSLETTER, person, KNOWN, TODAY
    )
    if found.allowed:
        assert found.why is Why.CONSENT
        assert found.ground.version == "2026-12-01"
        assert person.consent == GIVEN


@pytest.mark.parametrize(
    ("stated", "person", "why"),
    [
        ({"own_similar": True, "stop_at_collection": True}, {"customer": True}, Why.CUSTOMER),
        ({"own_similar": True, "stop_at_collection": True}, {"customer": True, "until": TODAY}, Why.NOT_BY_LAW),
        ({"own_similar": True, "stop_at_collection": False}, {"customer": True}, Why.NOT_BY_LAW),
        ({"own_similar": True}, {"customer": True}, Why.TO_BE_JUDGED),
        ({"stop_at_collection": True}, {"customer": True}, Why.TO_BE_JUDGED),
        ({"own_similar": True, "stop_at_collection": True}, {"prospect": True}, Why.NOT_BY_LAW),
        ({}, {}, Why.NOT_BY_LAW),
    ],
)
def test_custom_carries_an_offer_only_as_the_law_says(stated, person, why):
    somebody = Person(SubjectId("sub_aaaaaaaaaaaaaaaa"), **person)
    assert judge_person(campaign(CampaignKind.OFFER, **stated), CUSTOMERS, somebody, KNOWN, TODAY).why is why


def test_a_call_to_a_customer_needs_consent_since_july_2026():
    customer = Person(SubjectId("sub_aaaaaaaaaaaaaaaa"), customer=True)
    stated = campaign(CampaignKind.OFFER, Via.TELEPHONE, own_similar=True)
    assert judge_person(stated, CUSTOMERS, customer, KNOWN, date(2026, 6, 30)).why is Why.CUSTOMER
    assert judge_person(stated, CUSTOMERS, customer, KNOWN, date(2026, 7, 1)).why is Why.NOT_BY_LAW


@given(st.text(max_size=60))
def test_no_value_becomes_markup(value: str):
    made = render("Beste {{ contact.name }},", {"contact.name": value}, title="t", language="nl", foot=FOOT)
    check_rendered(made.html)
    assert "<script" not in made.html.lower()


@pytest.mark.parametrize(
    "inner",
    ['<img src="https://example.org/p.gif">', '<p style="background:url(https://example.org)">x</p>', "<script>1</script>",
     '<a href="javascript:x">y</a>', '<link rel="stylesheet" href="https://example.org/a.css">', '<body background="x">',
     '<video poster="https://example.org/x"></video>', '<p onclick="x">y</p>', '<iframe src="x"></iframe>',
     '<a ping="https://example.org" href="https://example.org">x</a>', "<style>@import 'x'</style>",
     '<meta http-equiv="refresh" content="0;url=https://example.org">'],
)  # fmt: skip
def test_a_message_in_which_anything_is_fetched_is_refused(inner: str):
    with pytest.raises(RefusedError) as refused:
        check_rendered(f"<html><body>{inner}</body></html>")
    assert refused.value.code == "message-remote"


@pytest.mark.parametrize(
    ("text", "asks"),
    [("afmelden", True), ("Re: AFMELDEN graag", True), ("Unsubscribe", True), ("Stop", True), ("Fwd: Re: uitschrijven", True),
     ("Ik wil niet afmelden", False), ("", False), ("vraag over stoppen", False)],
)  # fmt: skip
def test_what_asks_to_stop(text: str, asks: bool):
    assert asks_to_stop(text) is asks


def test_a_token_is_read_from_a_subject_and_nothing_else_is_one():
    assert token_in("afmelden " + "a" * 43) == "a" * 43
    assert token_in("afmelden graag") == ""
