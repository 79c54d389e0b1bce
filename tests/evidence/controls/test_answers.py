"""The controls of answers: what never left or came back is none, and the ledger says until when a request runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.controls.answers import answered_in_time, refusals_explained
from gestand.evidence.model import Finding, World
from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId
from gestand.post.model import State as Sent
from gestand.rights.giving import Given
from gestand.rights.model import AccessAnswer, Channel, Closing, IdentityLevel, Right, SubjectRequest
from gestand.system import System
from post.test_bounces import report

OWNER = ActorId("owner")
SMTP = '\n[mail.smtp]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\nnear = true\nfrom = "info@kopercom.nl"\n'
TERM = timedelta(days=40)


@pytest.fixture
def house(place: Place) -> System:
    """The organisation of the example, where every request was answered; ``place.clock`` is its clock."""
    with (place.folder / "gestand.toml").open("a") as settings:
        settings.write(SMTP)
    house = place.open()
    for request in list(house.requests.all()):
        if request.open:
            house.requests.reject(request.id, "Artikel 12, lid 5", actor=OWNER)
        house.requests.given(request.id, Given.ANSWER, Channel.COUNTER, actor=OWNER)
    assert time(house) == refusals(house) == Finding.KEPT
    return house


def time(house: System) -> Finding:
    return answered_in_time(world(house)).finding


def refusals(house: System) -> Finding:
    return refusals_explained(world(house)).finding


def world(house: System) -> World:
    return world_of(house)


def asked(house: System, right: Right, contact: str = "bezoeker@example.org") -> SubjectRequest:
    found = house.requests.receive(right, contact=contact, channel=Channel.EMAIL, actor=OWNER)
    return house.requests.confirm(found.id, IdentityLevel.CONTACT_POINT, actor=OWNER)


def deliver(house: System) -> None:
    with mail_server() as server:
        house.post.deliver(server.courier())


def posted(house: System, request: SubjectRequest) -> None:
    for letter in list(house.post.all(state=Sent.TO_PRINT, reference=request.id)):
        house.post.posted(letter.message_id, on=local_date(house.clock()), by="Koos", actor=OWNER)


def came_back(house: System, request: SubjectRequest) -> None:
    for mail in list(house.post.all(state=Sent.SENT, reference=request.id)):
        house.post.note_bounce(report(mail.message_id))


def printed(house: System, request: SubjectRequest) -> None:
    """Answer on the pile of letters to print, as ``fulfil --paper`` does."""

    def deliver(answer: AccessAnswer) -> None:
        house.requests.letters.printed(answer, actor=OWNER)

    house.requests.answer(request.id, actor=OWNER, deliver=deliver)


def refused(house: System, ground: str = "Artikel 17, lid 3, onder b") -> SubjectRequest:
    request = asked(house, Right.ERASURE)
    house.requests.reject(request.id, ground, actor=OWNER)
    house.requests.letters.rejected(request.id, actor=OWNER)
    return request


def test_a_letter_that_was_posted_is_an_answer_and_one_that_lies_on_the_pile_is_none(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    printed(house, request)
    assert time(house) == Finding.KEPT  # there is time left
    posted(house, request)
    lies = asked(house, Right.ACCESS)
    printed(house, lies)
    place.clock.advance(TERM)
    verdict = answered_in_time(world(house))
    assert (verdict.finding, len(verdict.evidence)) == (Finding.BROKEN, 1)
    assert lies.id in verdict.evidence[0]
    house.requests.given(lies.id, Given.ANSWER, Channel.COUNTER, on=local_date(lies.received_at), actor=OWNER)
    assert time(house) == Finding.KEPT


def test_a_letter_that_was_posted_after_the_term_is_late(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    printed(house, request)
    place.clock.advance(TERM)
    posted(house, request)
    assert time(house) == Finding.BROKEN


def test_an_earlier_letter_about_the_request_is_no_answer(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    house.requests.letters.receipt(request.id, actor=OWNER)
    house.requests.extend(request.id, "druk", actor=OWNER)
    house.requests.letters.extended(request.id, actor=OWNER)
    house.requests.answer(request.id, actor=OWNER)
    posted(house, request)
    deliver(house)
    place.clock.advance(3 * TERM)
    assert time(house) == Finding.UNPROVEN


def test_a_refusal_that_came_back_or_never_left_explains_nothing(house: System, place: Place):
    sent = refused(house)
    deliver(house)
    waits = refused(house)
    place.clock.advance(TERM)
    assert (time(house), refusals(house)) == (Finding.BROKEN, Finding.BROKEN)
    house.requests.given(waits.id, Given.ANSWER, Channel.TELEPHONE, on=local_date(waits.received_at), actor=OWNER)
    assert (time(house), refusals(house)) == (Finding.KEPT, Finding.KEPT)
    came_back(house, sent)
    assert (time(house), refusals(house)) == (Finding.BROKEN, Finding.BROKEN)


def test_an_answer_of_which_nothing_is_recorded_is_unproven_until_a_person_says_how_it_was_given(
    house: System, place: Place
):
    answered, request = asked(house, Right.ACCESS), asked(house, Right.ERASURE)
    house.requests.answer(answered.id, actor=OWNER)
    house.requests.reject(request.id, "Artikel 12, lid 5", actor=OWNER)
    place.clock.advance(TERM)
    assert (time(house), refusals(house)) == (Finding.UNPROVEN, Finding.UNPROVEN)
    for one in (answered, request):
        house.requests.given(one.id, Given.ANSWER, Channel.COUNTER, on=local_date(one.received_at), actor=OWNER)
    assert (time(house), refusals(house)) == (Finding.KEPT, Finding.KEPT)


def test_an_extension_counts_only_once_who_asked_was_told_of_it(house: System, place: Place):
    silent, told, lost, by_hand = (asked(house, Right.ACCESS) for _ in range(4))
    for request in (told, lost):
        house.requests.extend(request.id, "druk", actor=OWNER)
        house.requests.letters.extended(request.id, actor=OWNER)
    deliver(house)
    house.requests.extend(by_hand.id, "druk", actor=OWNER)
    house.requests.given(by_hand.id, Given.EXTENSION, Channel.TELEPHONE, actor=OWNER)
    place.clock.advance(TERM)
    assert overdue(house) == {silent.id}
    came_back(house, lost)
    assert overdue(house) == {silent.id, lost.id}


def overdue(house: System) -> set[str]:
    verdict = answered_in_time(world(house))
    assert verdict.figures["unproven"] == 0
    return {word for line in verdict.evidence for word in line.replace(",", " ").split() if word.startswith("req_")}


def test_an_extension_of_which_nothing_is_recorded_is_unproven(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    house.requests.extend(request.id, "druk", actor=OWNER)
    assert time(house) == Finding.KEPT
    place.clock.advance(TERM)
    assert time(house) == Finding.UNPROVEN


@pytest.mark.parametrize("fetches", [True, False])
def test_an_answer_that_waits_counts_when_it_was_told_or_fetched(house: System, place: Place, fetches: bool):
    from gestand.doors.handing import hand_over

    request = asked(house, Right.ACCESS)
    handed = hand_over(house, request.id, actor=OWNER)
    deliver(house)
    if fetches:
        house.parcels.fetch(request.id, handed.code)
    assert handed.sent.message
    came_back(house, request)
    place.clock.advance(TERM)
    assert time(house) == (Finding.KEPT if fetches else Finding.BROKEN)


def test_an_answer_whose_code_was_told_by_voice_was_handed_over(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    house.requests.answer(
        request.id, actor=OWNER, deliver=lambda _: house.parcels.put(request.id, {"a": b"b"}, actor=OWNER) and None
    )
    place.clock.advance(TERM)
    assert time(house) == Finding.KEPT


def test_what_was_answered_in_the_portal_was_fetched(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    house.requests.answer(request.id, actor=SYSTEM)
    place.clock.advance(TERM)
    assert time(house) == Finding.KEPT


def test_what_was_taken_back_and_a_plain_question_need_no_letter(house: System, place: Place):
    house.requests.close(asked(house, Right.ACCESS).id, Closing.WITHDRAWN, actor=OWNER)
    question = house.requests.receive(Right.QUESTION, contact="x@example.org", channel=Channel.EMAIL, actor=OWNER)
    house.requests.close(question.id, Closing.ANSWERED, actor=OWNER)
    place.clock.advance(TERM)
    assert time(house) == Finding.KEPT


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE request SET state = 'closed', outcome = 'carried-out', closed_at = received_at WHERE id = ?",
        "UPDATE request SET state = 'rejected', outcome = 'rejected', ground = 'nee', closed_at = received_at WHERE id = ?",
        "UPDATE request SET conservative = '2099-11-01T23:59:59+01:00', due = '2099-11-01T23:59:59+01:00' WHERE id = ?",
    ],
)
def test_a_request_that_was_ticked_off_or_moved_in_the_table_is_as_due_as_it_was(house: System, place: Place, sql: str):
    request = asked(house, Right.RECTIFICATION)
    house.engine.execute(sql, (request.id,))
    assert time(house) == Finding.KEPT  # there is time left
    place.clock.advance(TERM)
    assert overdue(house) == {request.id}


@pytest.mark.parametrize("what", ["outcome = 'withdrawn'", "right_asked = 'question'"])
def test_what_a_table_says_of_an_answer_that_lies_there_excuses_nothing(house: System, place: Place, what: str):
    request = asked(house, Right.ACCESS)
    printed(house, request)
    house.engine.execute(f"UPDATE request SET {what} WHERE id = ?", (request.id,))  # noqa: S608 - the words above
    place.clock.advance(TERM)
    assert overdue(house) == {request.id}


def test_an_extended_request_that_was_moved_in_the_table_is_due_when_the_ledger_says(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    house.requests.extend(request.id, "druk", actor=OWNER)
    house.requests.given(request.id, Given.EXTENSION, Channel.TELEPHONE, actor=OWNER)
    house.engine.execute("UPDATE request SET conservative = '2099-11-01T23:59:59+01:00' WHERE id = ?", (request.id,))
    place.clock.advance(2 * TERM)
    assert time(house) == Finding.KEPT
    place.clock.advance(TERM)
    assert overdue(house) == {request.id}


@pytest.mark.parametrize(
    ("ground", "found"),
    [
        ("Artikel 17, lid 3, onder b: de Belastingdienst", Finding.KEPT),
        ("AVG 12 lid 5: het vierde verzoek dit jaar", Finding.KEPT),
        ("geen zin", Finding.UNPROVEN),
    ],
)
def test_nothing_is_erased_only_on_a_ground_that_the_law_has(house: System, ground: str, found: Finding):
    refused(house, ground)
    deliver(house)
    assert refusals(house) == found


def test_a_ground_that_was_changed_or_wiped_afterwards_is_seen(house: System):
    request = refused(house)
    for ground in ("Artikel 17, lid 3, onder e", ""):
        house.engine.execute("UPDATE request SET ground = ? WHERE id = ?", (ground, request.id))
        assert refusals(house) == Finding.BROKEN


def test_what_an_earlier_release_sent_counts_by_when_it_left(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    house.requests.extend(request.id, "druk", actor=OWNER)
    house.requests.letters.extended(request.id, actor=OWNER)
    nameless(house)
    deliver(house)
    place.clock.advance(TERM)
    assert time(house) == Finding.KEPT
    printed(house, request)
    nameless(house)
    posted(house, request)
    place.clock.advance(2 * TERM)
    assert time(house) == Finding.KEPT


def nameless(house: System) -> None:
    """Let what waits be as an earlier release queued it."""
    house.engine.execute("UPDATE post_message SET letter = ''")


def test_only_a_person_records_what_was_given_and_only_of_what_there_is(house: System, place: Place):
    request = asked(house, Right.ACCESS)
    for what in Given:
        with pytest.raises(RefusedError) as early:
            house.requests.given(request.id, what, Channel.POST, actor=OWNER)
        assert early.value.code == "given-early"
    house.requests.answer(request.id, actor=OWNER)
    with pytest.raises(RefusedError):
        house.requests.given(request.id, Given.ANSWER, Channel.POST, actor=SYSTEM)
    for on in (local_date(place.clock()) + timedelta(days=1), date(2020, 1, 1)):
        with pytest.raises(UsageError) as day:
            house.requests.given(request.id, Given.ANSWER, Channel.POST, on=on, actor=OWNER)
        assert day.value.code == "given-date"
