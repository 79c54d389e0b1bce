"""Letters about requests leave: by mail where there is an address and a server, on paper else; never with the answer in a mail."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pypdfium2
import pytest

from gestand.breach.affected import Reach
from gestand.breach.model import Reporter
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId
from gestand.ledger.receipt import verify_receipt
from gestand.post.model import MailKind, State
from gestand.post.salutation import opening
from gestand.rights.circumstances import Circumstance, Shown
from gestand.rights.model import Channel, Closing, ErasureOutcome, IdentityLevel, Right, SubjectRequest
from gestand.rights.postbook import What
from gestand.rights.sending import Sent, Way
from gestand.statement.policy import FieldKind
from gestand.system import System
from rights.test_casework import Refusing

OWNER = ActorId("owner")
ANNA, BRAM, _, DAAN, EVA = CAST[:5]


@pytest.fixture
def house(place: Place) -> System:
    house = place.open()
    house.post.forget([one.message_id for one in list(house.post.all())])
    house.post._courier = Refusing  # as the settings would, with a server named
    return house


def ask(house: System, right: Right, contact: str = EVA.email, channel: Channel = Channel.EMAIL) -> SubjectRequest:
    return house.requests.receive(right, contact=contact, channel=channel, actor=OWNER)


def sure(house: System, right: Right, contact: str = EVA.email, channel: Channel = Channel.EMAIL) -> SubjectRequest:
    made = ask(house, right, contact, channel)
    return house.requests.confirm(made.id, IdentityLevel.SECOND_FACT, actor=OWNER)


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def read(house: System, sent: Sent) -> tuple[str, str]:
    """Whom a mail goes to, and what it says."""
    message = message_from_bytes(house.post.content(sent.message, actor=OWNER, reason="test"), policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(message["To"]), str(body.get_content())


def test_an_extension_a_refusal_and_a_judgement_go_by_mail_in_both_languages(house: System) -> None:
    first = ask(house, Right.ACCESS)
    house.requests.extend(first.id, "veel archieven", actor=OWNER)
    second = ask(house, Right.RESTRICTION)
    house.requests.reject(second.id, "AVG 12(5)", actor=OWNER)
    third = ask(house, Right.ACCESS)
    house.requests.judge(third.id, Circumstance.REPRESENTATIVE, Shown.NOTHING, actor=OWNER)
    letters = house.requests.letters
    for sent, words in (
        (letters.extended(first.id, actor=OWNER), ("veel archieven", "meer tijd", "more time")),
        (letters.rejected(second.id, actor=OWNER), ("AVG 12(5)", "klacht", "complain")),
        (
            letters.judged(third.id, Circumstance.REPRESENTATIVE, actor=OWNER),
            ("UAVG 5(4)", "machtiging", "authorisation"),
        ),
    ):
        assert sent.way is Way.MAIL
        to, said = read(house, sent)
        assert to == EVA.email
        assert all(word in said for word in words)
        assert house.post.one(sent.message).kind is MailKind.ANSWER


def test_a_letter_that_says_what_did_not_happen_is_refused(house: System) -> None:
    request = ask(house, Right.ACCESS)
    letters = house.requests.letters
    for send in (letters.extended, letters.rejected, letters.closed):
        with pytest.raises(RefusedError) as early:
            send(request.id, actor=OWNER)
        assert early.value.code == "letter-early"
    assert not [one for one in house.post.all(reference=request.id) if one.kind is MailKind.ANSWER]


def test_who_is_erased_is_told_at_the_address_that_is_gone_by_then(house: System) -> None:
    request = sure(house, Right.ERASURE, DAAN.email)
    house.requests.plan(request.id, actor=OWNER)
    told: list[Sent] = []

    def deliver(outcome: ErasureOutcome) -> None:
        told.append(house.requests.letters.erased(outcome, actor=OWNER))

    house.requests.erase(request.id, actor=OWNER, deliver=deliver)
    assert not house.vault.find(FieldKind.EMAIL, DAAN.email)
    to, said = read(house, told[0])
    assert to == DAAN.email
    assert "gewist" in said
    assert "kreeg: onze boekhouder" in said
    assert house.engine.execute("SELECT COUNT(*) FROM request_reach") == [(0,)]


def test_every_letter_of_an_answer_greets_by_the_name_that_is_held_also_when_it_is_gone_by_then(house: System) -> None:
    request = sure(house, Right.ERASURE, DAAN.email)
    house.requests.plan(request.id, actor=OWNER)
    letters, shown, files = house.requests.letters, [], []

    def deliver(outcome: ErasureOutcome) -> None:
        shown.append(letters.erasure(outcome, actor=OWNER))
        files.append(letters.erasure_files(outcome, actor=OWNER))

    house.requests.erase(request.id, actor=OWNER, deliver=deliver)
    first = opening(DAAN.name, "nl")
    assert DAAN.name.split()[-1] in first
    assert first in shown[0]["nl"]
    assert files[0]["letter.nl.txt"].decode() == shown[0]["nl"]
    copy: dict[str, bytes] = {}
    taken = sure(house, Right.PORTABILITY)
    house.requests.port(taken.id, actor=OWNER, deliver=lambda one: copy.update(letters.packages.of_copy(one)))
    for pdf, text, who in ((files[0], shown[0]["nl"], DAAN), (copy, copy["letter.nl.txt"].decode(), EVA)):
        assert text.count(opening(who.name, "nl")) == 1
        assert opening(who.name, "nl") in words_of(pdf["letter.nl.pdf"])


def test_a_name_is_not_shown_before_it_is_sure_who_asks(house: System) -> None:
    request = ask(house, Right.ACCESS)
    house.requests.extend(request.id, "veel archieven", actor=OWNER)
    letters = house.requests.letters
    assert letters.extended(request.id, actor=OWNER).name == ""
    house.requests.confirm(request.id, IdentityLevel.SECOND_FACT, actor=OWNER)
    sent = letters.extended(request.id, actor=OWNER)
    assert opening(EVA.name, "nl") in letters.extension(request.id, sent.name)["nl"]


def test_an_erasure_whose_letter_fails_stays_open_and_knows_the_address_when_it_goes_on(
    house: System, place: Place
) -> None:
    request = sure(house, Right.ERASURE, DAAN.email)
    house.requests.plan(request.id, actor=OWNER)

    def fail(_outcome: ErasureOutcome) -> None:
        raise UsageError("letter-values", "x")

    with pytest.raises(UsageError):
        house.requests.erase(request.id, actor=OWNER, deliver=fail)
    assert house.requests.one(request.id).open
    assert not house.vault.find(FieldKind.EMAIL, DAAN.email)
    [(sealed,)] = house.engine.execute("SELECT sealed FROM request_reach")
    assert DAAN.email.encode() not in bytes(sealed)
    place.close()
    again = place.open()
    again.post._courier = Refusing
    told: list[Sent] = []
    again.requests.erase(
        request.id,
        actor=OWNER,
        deliver=lambda outcome: told.append(again.requests.letters.erased(outcome, actor=OWNER)),
    )
    assert read(again, told[0])[0] == DAAN.email


@pytest.mark.parametrize("server", [True, False])
def test_who_wrote_on_paper_or_cannot_be_mailed_gets_paper_and_the_post_book_says_when(
    house: System, *, server: bool
) -> None:
    request = sure(house, Right.ACCESS, EVA.email, Channel.POST if server else Channel.EMAIL)
    house.post._courier = Refusing if server else None
    sent = house.requests.letters.receipt(request.id, actor=OWNER)
    ready = house.requests.letters.ready(request.id, house.clock().date(), actor=OWNER)
    assert (sent.way, ready.way) == (Way.PAPER, Way.PAPER)
    assert house.post.one(sent.message).state is State.TO_PRINT
    assert house.post.content(sent.message, actor=OWNER, reason="printed").startswith(b"%PDF-")
    posted = house.post.posted(sent.message, on=house.clock().date(), by="Koos", actor=OWNER)
    house.post_book.sent(posted, actor=OWNER, on=house.clock().date())
    piece = next(one for one in house.post_book.all() if one.what is What.SENT)
    assert (piece.request, piece.way) == (request.id, Channel.POST)


def test_that_an_answer_waits_is_mailed_and_never_the_answer_or_its_code(house: System) -> None:
    request = sure(house, Right.ACCESS)
    files: dict[str, bytes] = {}
    house.requests.answer(
        request.id, actor=OWNER, deliver=lambda one: files.update(house.requests.letters.packages.of_access(one))
    )
    code = house.parcels.put(request.id, files, actor=OWNER)
    expires = house.parcels.expires(request.id)
    assert expires is not None
    to, said = read(house, house.requests.letters.ready(request.id, expires.date(), actor=OWNER))
    assert to == EVA.email
    assert code not in said
    assert EVA.street not in said
    assert request.id in said
    receipt = house.requests.letters.packages.receipt(request.id)["receipt.tlog-proof"].decode()
    assert verify_receipt(receipt, house.ledger.key).event.facts["request"] == request.id


def test_a_whole_answer_is_printed_and_destroyed_when_it_was_posted(house: System) -> None:
    request = sure(house, Right.ACCESS)
    told: list[Sent] = []
    house.requests.answer(
        request.id, actor=OWNER, deliver=lambda one: told.append(house.requests.letters.printed(one, actor=OWNER))
    )
    assert house.post.content(told[0].message, actor=OWNER, reason="printed").startswith(b"%PDF-")
    house.post.posted(told[0].message, on=house.clock().date(), by="Koos", actor=OWNER)
    with pytest.raises(UsageError) as gone:
        house.post.content(told[0].message, actor=OWNER, reason="again")
    assert gone.value.code == "post-sent"


def test_a_correction_a_restriction_and_an_objection_are_told_with_who_got_the_data(house: System) -> None:
    [eva] = house.vault.find(FieldKind.EMAIL, EVA.email)
    fields = [FieldPath("contact.name"), FieldPath("contact.town")]
    house.sharing.disclose(RecipientId("bookkeeper"), [eva], fields, PurposeId("administration"), "AWR 52", actor=OWNER)
    corrected, restricted, objected = (
        sure(house, right) for right in (Right.RECTIFICATION, Right.RESTRICTION, Right.OBJECTION)
    )
    town = next(one for one in house.vault.holdings(eva) if one.field == "contact.town")
    house.choices.rectify(town.item, "Bergen", actor=OWNER, reason="own word")
    house.choices.restrict([town.item], actor=OWNER, reason="own word")
    house.choices.object_to(eva, [PurposeId("newsletter")], actor=OWNER, reason="own word")
    said = {}
    for request in (corrected, restricted, objected):
        house.requests.close(request.id, Closing.CARRIED_OUT, actor=OWNER)
        sent = house.requests.letters.closed(request.id, actor=OWNER)
        assert sent is not None
        said[request.right] = read(house, sent)[1]
    assert "boekhoud" in said[Right.RECTIFICATION]
    assert "- woonplaats" in said[Right.RECTIFICATION].lower()
    assert "- woonplaats" in said[Right.RESTRICTION].lower()
    assert "nieuwsbrief" in said[Right.OBJECTION].lower()


def test_what_was_taken_back_or_held_nothing_has_no_letter_of_its_own(house: System) -> None:
    request = sure(house, Right.RESTRICTION)
    house.requests.close(request.id, Closing.WITHDRAWN, actor=OWNER)
    assert house.requests.letters.closed(request.id, actor=OWNER) is None


def test_a_question_is_answered_in_own_words_and_closed_with_that(house: System) -> None:
    question, access = ask(house, Right.QUESTION), ask(house, Right.ACCESS)
    letters = house.requests.letters
    for request, words, code in ((question, "  ", "reply-empty"), (access, "Ja.", "request-right")):
        with pytest.raises(UsageError) as refused:
            letters.replied(request.id, words, actor=OWNER)
        assert refused.value.code == code
    closed, sent = letters.replied(question.id, "Wij zijn op zaterdag open.", actor=OWNER)
    assert not closed.open
    assert "Wij zijn op zaterdag open." in read(house, sent)[1]


def test_an_access_answer_names_the_breaches_of_this_person_and_no_rehearsal(house: System) -> None:
    [eva] = house.vault.find(FieldKind.EMAIL, EVA.email)
    breach = house.breaches.report("een laptop is weg", reporter=Reporter.STAFF, actor=OWNER)
    drill = house.breaches.report("oefening", reporter=Reporter.STAFF, actor=OWNER, rehearsal=True)
    for one in (breach, drill):
        house.breaches.count_people(one.id, Reach(subjects=(eva,)), actor=OWNER)
    request = sure(house, Right.ACCESS)
    answer = house.requests.answer(request.id, actor=OWNER)
    said = [record.said.nl for record in answer.records if "datalek" in record.title.nl]
    assert [breach.id in one for one in said if breach.id in one or drill.id in one] == [True]


def test_a_code_of_nobody_asks_the_store_as_much_as_a_wrong_one(house: System, monkeypatch: pytest.MonkeyPatch) -> None:
    known, unknown = ask(house, Right.ACCESS), ask(house, Right.ACCESS, "nadia@example.org")
    for request in (known, unknown):
        house.requests.send_code(request.id, actor=OWNER)
    asked: list[str] = []
    execute = type(house.engine).execute

    def counted(engine: object, statement: str, *more: object) -> object:
        asked.append(statement.split(" WHERE", maxsplit=1)[0][:40])
        return execute(engine, statement, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(house.engine), "execute", counted)
    steps = []
    for request in (known.id, unknown.id, "req_none"):
        asked.clear()
        assert not house.requests.prove(request, "0000 0000", actor=OWNER)
        steps.append(list(asked))
    assert steps[0] == steps[1] == steps[2]
    found = []
    for code in ("AAAA-BBBB-CCCC-DDDD", "0" * 16, "x"):
        asked.clear()
        assert house.parcels.found(code) is None
        found.append(list(asked))
    assert found[0] == found[1] == found[2]
