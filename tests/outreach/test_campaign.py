"""Campaigns against a real mail server: who gets a message, who does not and why, and how people stop it."""

from __future__ import annotations

import asyncio
import re
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import httpx
import pytest

from gestand.doors.demonstration.mailserver import MailServer, mail_server
from gestand.doors.demonstration.place import Place
from gestand.doors.house import pages_of
from gestand.intake.model import ImportOrder
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import PurposeId
from gestand.outreach.model import CampaignKind, CampaignState, Outcome, Via, Why
from gestand.outreach.tokens import token_in
from gestand.post.model import Mail, MailKind, State
from gestand.statement.policy import FieldKind
from gestand.system import System
from outreach.people import (
    NEWSLETTER,
    OFFERS,
    OWNER,
    PHONE,
    SERVICE,
    WORDS,
    consenting,
    newsletter,
    seen,
    subject_of,
    subscribe,
)


def read(server: MailServer) -> dict[str, Message]:
    return {one.recipient: message_from_bytes(one.content) for one in server.received}


def sent(place: Place, campaign) -> tuple[MailServer, dict]:
    house = place.open()
    seen(place, campaign)
    house.outreach.send(campaign.id, actor=OWNER)
    with mail_server() as server:
        done = house.post.deliver(server.courier())
    return server, done.counts


def test_everyone_who_consented_gets_one_message_and_everyone_else_is_left_out_with_a_reason(place: Place):
    house = place.open()
    consenting(house, 3)
    never = subscribe(house, 1, first=10)[0]
    against = consenting(house, 1, first=20)[0]
    house.choices.object_to(against, [NEWSLETTER], actor=OWNER, reason="Article 21(2)")
    doubtful = subscribe(house, 1, first=30)[0]
    house.vault.consent(doubtful, NEWSLETTER, text_digest="0" * 64, channel="web", actor=OWNER)
    campaign = newsletter(place)
    audience = house.outreach.audience(campaign.id)
    assert audience.counts(allowed=True) == {Why.CONSENT: 3}
    why = {one.subject: one.why for one in audience.judged if not one.allowed}
    assert (why[never], why[against], why[doubtful]) == (Why.NO_CONSENT, Why.OBJECTED, Why.NOT_PROVEN)
    ground = audience.allowed[0].ground
    assert ground.version == "2026-12-01"
    assert (ground.consent.channel, ground.consent.at) == ("web", place.clock())
    server, counts = sent(place, campaign)
    assert counts == {State.SENT: 3}
    assert sorted(read(server)) == [f"abonnee{n}@example.nl" for n in range(3)]
    with pytest.raises(RefusedError) as again:
        house.outreach.send(campaign.id, actor=OWNER)
    assert again.value.code == "campaign-started"
    assert house.outreach.status(campaign.id).messages[State.SENT] == 3


def test_a_message_names_its_sender_and_reason_fetches_nothing_and_can_be_stopped(place: Place):
    house = place.open()
    consenting(house, 1)
    server, _ = sent(place, newsletter(place))
    message = read(server)["abonnee0@example.nl"]
    raw = server.received[0].content
    text, page = (part.get_payload(decode=True).decode() for part in message.walk() if not part.is_multipart())
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.search(rb"\r\nList-Unsubscribe: <https://www.kopercom.nl/afmelden/[A-Za-z0-9_-]{43}>, <mailto:", raw)
    assert message["List-Id"] == "<newsletter.kopercom.nl>"
    assert message["Auto-Submitted"] == "auto-generated"
    for part in (text, page):
        assert "Beste Abonnee Nummer 0" in part
        assert "Koper Computer Support" in part
        assert "toestemming" in part
        assert "https://www.kopercom.nl/afmelden/" in part
    assert "<img" not in page
    assert "src=" not in page
    assert message["To"] == "abonnee0@example.nl"


def test_one_click_stops_at_once_the_page_tells_nothing_and_twice_is_once(place: Place):
    house = place.open()
    people = consenting(house, 2)
    server, _ = sent(place, newsletter(place))
    header = read(server)["abonnee0@example.nl"]["List-Unsubscribe"]
    token = token_in(header.replace("%20", " "))
    unsubscribing = house.outreach.unsubscribing
    assert [bytes(row[0]) for row in house.engine.execute("SELECT hash FROM outreach_token")]
    assert token.encode() not in b"".join(row[0] for row in house.engine.execute("SELECT hash FROM outreach_token"))
    known, unknown = unsubscribing.unsubscribe(token), unsubscribing.unsubscribe("x" * 43)
    assert known == unknown
    unsubscribing.unsubscribe(token)
    stopped = subject_of(house, 0)
    assert house.vault.objections(stopped) == (NEWSLETTER,)
    assert house.vault.consents(stopped) == ()
    mine = house.vault.reference(stopped)
    told = [e.event for e in house.ledger.entries() if e.event.name == "outreach.unsubscribed"]
    assert len([event for event in told if event.subject == mine]) == 1
    assert [moment.what for moment in house.outreach.history(stopped)] == [
        "consent.recorded", "objection.recorded", "consent.withdrawn", "outreach.unsubscribed"]  # fmt: skip
    audience = house.outreach.audience(newsletter(place).id)
    assert [one.subject for one in audience.allowed] == [one for one in people if one != stopped]


def test_a_mail_that_says_afmelden_works_with_and_without_its_token(place: Place):
    house = place.open()
    object.__setattr__(house.outreach._desk.tokens, "_url", "")  # a firm without a page
    consenting(house, 3)
    server, _ = sent(place, newsletter(place))
    mailto = read(server)["abonnee0@example.nl"]["List-Unsubscribe"]
    assert "List-Unsubscribe-Post" not in read(server)["abonnee0@example.nl"]
    subject = re.search(r"subject=([^>]*)", mailto)[1].replace("%20", " ")
    by_mail = house.outreach.unsubscribing.by_mail
    assert by_mail(f"From: other@example.org\r\nSubject: {subject}\r\n\r\n".encode())
    assert by_mail(b"From: Abonnee <ABONNEE1@example.nl>\r\nSubject: Re: Nieuws\r\n\r\nAfmelden graag.\r\n")
    assert not by_mail(b"From: abonnee2@example.nl\r\nSubject: vraag\r\n\r\nKan ik mij afmelden voor de cursus?\r\n")
    assert house.vault.objections(subject_of(house, 0)) == (NEWSLETTER,)
    assert set(house.vault.objections(subject_of(house, 1))) == {NEWSLETTER, OFFERS, PHONE}
    assert house.vault.objections(subject_of(house, 2)) == ()


def test_an_objection_stops_the_running_campaign_in_the_same_second(place: Place):
    house = place.open()
    consenting(house, 4)
    campaign = newsletter(place)
    seen(place, campaign)
    house.outreach.send(campaign.id, actor=OWNER)
    waiting = [one.subject_id for one in house.post.all(reference=campaign.id, state="queued")]
    with mail_server() as server:

        def object_meanwhile(outgoing, state):
            if len(server.received) == 2:
                house.choices.object_to(waiting[2], [NEWSLETTER], actor=OWNER, reason="called us")

        done = house.post.deliver(server.courier(), each=object_meanwhile)
    assert done.counts == {State.SENT: 3, State.WITHHELD: 1}
    assert {one.answer for one in house.post.all(state="withheld")} == {"objected"}


def test_a_stopped_campaign_sends_nothing_more(place: Place):
    house = place.open()
    consenting(house, 5)
    campaign = newsletter(place)
    seen(place, campaign)
    house.outreach.send(campaign.id, actor=OWNER)
    with mail_server() as server:
        house.post.deliver(server.courier(), limit=2)
        assert house.outreach.stop(campaign.id, actor=OWNER) == 3
        assert house.post.deliver(server.courier()).counts == {}
    assert len(server.received) == 2


def test_two_who_send_a_campaign_at_once_send_it_once(place: Place, monkeypatch):
    house = place.open()
    consenting(house, 3)
    campaign = newsletter(place)
    seen(place, campaign)
    judge = house.outreach.audience

    def meanwhile(wanted):
        found = judge(wanted)
        monkeypatch.setattr(house.outreach, "audience", judge)
        house.outreach.send(campaign.id, actor=OWNER)
        return found

    monkeypatch.setattr(house.outreach, "audience", meanwhile)
    with pytest.raises(RefusedError) as refused:
        house.outreach.send(campaign.id, actor=OWNER)
    assert refused.value.code == "campaign-started"
    with mail_server() as server:
        assert house.post.deliver(server.courier()).counts == {State.SENT: 3}
    assert len(server.received) == 3


def test_what_is_stopped_while_its_audience_is_judged_stays_stopped(place: Place, monkeypatch):
    house = place.open()
    consenting(house, 3)
    campaign = newsletter(place)
    seen(place, campaign)
    judge = house.outreach.audience

    def stopped(wanted):
        found = judge(wanted)
        house.outreach.stop(campaign.id, actor=OWNER)
        return found

    monkeypatch.setattr(house.outreach, "audience", stopped)
    with pytest.raises(RefusedError) as refused:
        house.outreach.send(campaign.id, actor=OWNER)
    assert refused.value.code == "campaign-started"
    assert house.outreach.one(campaign.id).state is CampaignState.STOPPED


def test_a_campaign_to_people_who_objected_is_refused(place: Place):
    house = place.open()
    people = consenting(house, 2)
    campaign = newsletter(place)
    seen(place, campaign)
    for person in people:
        house.choices.object_to(person, [NEWSLETTER], actor=OWNER, reason="Article 21(2)")
    chaima = [one for one in house.outreach.audience(campaign.id).judged if one.subject not in people]
    with pytest.raises(RefusedError) as refused:
        house.outreach.send(campaign.id, actor=OWNER)
    assert refused.value.code == "campaign-nobody"
    assert "3 objected" in refused.value.message  # with the reader of the demonstration, who unsubscribed
    assert not any(one.allowed for one in chaima)


def test_nobody_sends_what_nobody_has_seen(place: Place):
    house = place.open()
    consenting(house, 1)
    campaign = newsletter(place)
    with pytest.raises(RefusedError) as refused:
        house.outreach.send(campaign.id, actor=OWNER)
    assert refused.value.code == "campaign-not-tested"
    house.outreach.test(campaign.id, "info@example.nl", actor=OWNER)
    with mail_server() as server:
        house.post.deliver(server.courier())
    [trial] = server.received
    assert trial.recipient == "info@example.nl"
    assert b"Abonnee Nummer" not in trial.content


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Beste {{ contact.iban }}", "template-field"),
        ("![](https://example.org/pixel.gif)", "template-picture"),
        ("![x][y]\n\n[y]: https://example.org/a.png", "template-picture"),
        ("[klik](https://example.org/?wie={{ contact.email }})", "template-link"),
        ("[klik](http:evil)", "template-link"),
        ("   ", "template-empty"),
    ],
)
def test_a_template_that_follows_people_is_refused(place: Place, words: str, code: str):
    with pytest.raises(RefusedError) as refused:
        newsletter(place, words)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "via", "purpose", "words", "code"),
    [
        ("newsletter", "mail", "reklame", WORDS, "purpose-unknown"),
        ("offer", "mail", "service-messages", WORDS, "campaign-purpose"),
        ("service", "mail", "newsletter", WORDS, "campaign-purpose"),
        ("offer", "telephone", "offers-mail", WORDS, "campaign-channel"),
        ("service", "mail", "service-messages", "Uw storing is weg. Nu met 20% korting!", "service-with-offer"),
    ],
)
def test_a_campaign_that_the_statement_does_not_promise_is_refused(place: Place, kind, via, purpose, words, code):
    with pytest.raises(RefusedError) as refused:
        place.open().outreach.new(
            CampaignKind(kind), Via(via), PurposeId(purpose), title="x", template=words, actor=OWNER
        )
    assert refused.value.code == code


def test_a_service_message_reaches_who_objected_to_offers(place: Place):
    house = place.open()
    person = subscribe(house, 1, purpose=SERVICE)[0]
    house.choices.object_to(person, [OFFERS], actor=OWNER, reason="Article 21(2)")
    campaign = house.outreach.new(
        CampaignKind.SERVICE, Via.MAIL, SERVICE, title="Storing", template="De storing is verholpen.", actor=OWNER
    )
    server, counts = sent(place, campaign)
    assert counts == {State.SENT: 1}
    message = read(server)["abonnee0@example.nl"]
    assert message["List-Unsubscribe"] is None


def test_an_erased_person_is_not_approached_again_until_they_ask(place: Place):
    house = place.open()
    [person] = consenting(house, 1)
    assert house.outreach.suppression.keep(person) == 1
    house.vault.erase_subject(person, ground="Article 17(1)", actor=OWNER)
    assert not house.vault.exists(person)
    marks = house.engine.execute("SELECT mark FROM outreach_suppression")
    assert not any(b"abonnee0" in mark for (mark,) in marks)
    contact = (FieldKind.EMAIL, "ABONNEE0@example.nl")
    assert house.outreach.suppression.asks([contact, (FieldKind.EMAIL, "nieuw@example.nl")]) == (contact[1],)
    # a new agreement is never blocked
    again = subscribe(house, 1, purpose=SERVICE)[0]
    campaign = house.outreach.new(CampaignKind.SERVICE, Via.MAIL, SERVICE, title="x", template="Welkom.", actor=OWNER)
    assert house.outreach.why(campaign.id, again).allowed
    # an old list that says they consented long ago is
    back = subscribe(house, 1, purpose=OFFERS)[0]
    offer = house.outreach.new(CampaignKind.OFFER, Via.MAIL, OFFERS, title="x", template="Korting!", actor=OWNER)
    assert house.outreach.why(offer.id, back).why is Why.SUPPRESSED
    assert [one.why for one in house.outreach.audience(offer.id).judged if one.subject == back] == [Why.SUPPRESSED]
    # their own new consent lifts it, and the mark goes if they insist
    place.clock.move_to(place.clock().replace(day=8))
    house.choices.consent(back, OFFERS, channel="web", actor=OWNER)
    assert house.outreach.why(offer.id, back).why is Why.CONSENT
    assert house.outreach.suppression.forget("abonnee0@example.nl")
    assert not house.outreach.suppression.forget("abonnee0@example.nl")


def test_an_erasure_request_and_an_objection_keep_a_mark(place: Place):
    house = place.open()
    before = len(house.engine.execute("SELECT * FROM outreach_suppression"))
    assert before > 0  # the demonstration's erased customer
    [person] = consenting(house, 1)
    house.choices.object_to(person, [NEWSLETTER], actor=OWNER, reason="Article 21(2)")
    kept = house.engine.execute("SELECT purpose FROM outreach_suppression WHERE purpose <> ''")
    assert ("newsletter",) in kept


def test_calls_show_whom_the_law_allows_and_every_call_offers_the_right_to_object(place: Place):
    house = place.open()
    people = consenting(house, 3, purpose=PHONE)
    subscribe(house, 1, purpose=PHONE, first=9)
    campaign = house.outreach.new(
        CampaignKind.OFFER, Via.TELEPHONE, PHONE, title="Onderhoud", template="Vraag naar de printer.", actor=OWNER
    )
    lines = house.outreach.calls(campaign.id, actor=OWNER)
    lines = [line for line in lines if line.name.startswith("Abonnee")]
    assert {line.subject for line in lines} == set(people)
    assert lines[0].numbers[0].startswith("0485")
    first, second, third = people
    with pytest.raises(RefusedError) as unsaid:
        house.outreach.record(campaign.id, first, Outcome.SPOKEN, offered=False, objected=False, actor=OWNER)
    assert unsaid.value.code == "call-without-objection"
    house.outreach.record(campaign.id, first, Outcome.SPOKEN, offered=True, objected=True, actor=OWNER)
    house.outreach.record(campaign.id, second, Outcome.NO_ANSWER, offered=False, objected=False, actor=OWNER)
    assert house.vault.objections(first) == (PHONE,)
    left = {line.subject for line in house.outreach.calls(campaign.id, actor=OWNER)}
    assert left & set(people) == {second, third}
    stranger = subscribe(house, 1, purpose=PHONE, first=8)[0]
    with pytest.raises(RefusedError) as never:
        house.outreach.record(campaign.id, stranger, Outcome.SPOKEN, offered=True, objected=False, actor=OWNER)
    assert never.value.code == "call-not-allowed"
    assert house.outreach.status(campaign.id).calls == {"spoken": 1, "no-answer": 1}
    with pytest.raises(UsageError):
        house.outreach.send(campaign.id, actor=OWNER)


def test_an_address_that_came_back_is_not_written_to_again(place: Place):
    house = place.open()
    consenting(house, 1)
    house.post.send(Mail("abonnee0@example.nl", "x", "y", kind=MailKind.ANSWER))
    with mail_server() as server:
        house.post.deliver(server.courier())
    [message] = list(house.post.all())[-1:]
    house.engine.execute("UPDATE post_message SET state = 'bounced' WHERE id = ?", (message.message_id,))
    server, counts = sent(place, newsletter(place))
    assert counts == {State.WITHHELD: 1}


def test_what_outreach_keeps_leaves_with_its_person_and_its_shelf(place: Place):
    house = place.open()
    [person] = consenting(house, 1)
    sent(place, newsletter(place))
    assert (person, NEWSLETTER) in house.outreach.tokens()
    house.vault.erase_subject(person, ground="Article 17(1)", actor=OWNER)
    house.retention.run(actor=OWNER)
    assert (person, NEWSLETTER) not in house.outreach.tokens()
    assert house.engine.execute("SELECT 1 FROM outreach_suppression")
    place.clock.move_to(place.clock().replace(year=2037))
    house.retention.run(actor=OWNER)
    assert house.engine.execute("SELECT 1 FROM outreach_suppression") == []


@pytest.mark.parametrize(("purpose", "added", "refused"), [("offers-mail", 1, 1), ("service-messages", 2, 0)])
def test_an_import_asks_about_who_wants_nothing_but_never_blocks_an_agreement(
    place: Place, tmp_path: Path, purpose: str, added: int, refused: int
):
    house = place.open()
    [person] = consenting(house, 1)
    house.outreach.suppression.keep(person)
    house.vault.erase_subject(person, ground="Article 17(1)", actor=OWNER)
    file = tmp_path / "oude-lijst.csv"
    file.write_text("naam;e-mail\nAbonnee Nul;Abonnee0@example.nl\nGijs Mol;gijs@example.nl\n", "utf-8")
    order = ImportOrder(file, None, PurposeId(purpose), "old list")
    assert house.intake.plan_import(order).unsound == refused
    outcome = house.intake.import_file(order, actor=OWNER)
    assert (outcome.added, outcome.refused) == (added, refused)
    if refused:
        assert "who want no offers" in outcome.errors_file.read_text("utf-8")


def test_the_page_asks_on_get_stops_on_post_and_knows_nobody(place: Place):
    house = place.open()
    consenting(house, 1)
    server, _ = sent(place, newsletter(place))
    link = re.search(
        r"<https://www.kopercom.nl(/afmelden/[^>]+)>", read(server)["abonnee0@example.nl"]["List-Unsubscribe"]
    )[1]
    shown = visit(house, "GET", link)
    assert (shown.status_code, "<form" in shown.text) == (200, True)
    assert house.vault.objections(subject_of(house, 0)) == ()
    clicked = visit(house, "POST", link, content="List-Unsubscribe=One-Click")
    assert clicked.status_code == 200
    assert house.vault.objections(subject_of(house, 0)) == (NEWSLETTER,)
    assert visit(house, "POST", "/afmelden/" + "x" * 43).text == clicked.text
    assert visit(house, "GET", "/afmelden/" + "x" * 43).text == shown.text
    assert "Unsubscribe" in visit(house, "GET", link.replace("afmelden", "unsubscribe")).text
    assert "set-cookie" not in clicked.headers


def visit(house: System, method: str, path: str, **more) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=pages_of(house))
        async with httpx.AsyncClient(transport=transport, base_url="https://www.kopercom.nl") as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())
