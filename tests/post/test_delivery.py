"""The outbox against a real mail server on loopback: each message once, and what was in flight at a kill says so."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message

import pytest

from gestand.doors.demonstration.mailserver import MailServer, mail_server
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.ledger.recovery import TAKEN_AGAIN
from gestand.post.model import Attachment, Letter, Mail, MailKind, State
from gestand.post.outbox import token_of

OWNER = ActorId("owner")
ANNA, BRAM = "anna@example.nl", "bram@example.nl"


def mail(to: str = ANNA, **more) -> Mail:
    return Mail(
        **{"to": to, "subject": "Uw vraag", "text": "Beste Anna,\n\nHierbij.\n", "reference": "req_test", **more}
    )


def read(server: MailServer, at: int = -1) -> Message:
    return message_from_bytes(server.received[at].content)


def test_a_mail_is_sealed_until_it_is_sent_and_leaves_only_its_proof(place: Place):
    house = place.open()
    message_id = house.post.send(mail(attachments=(Attachment("antwoord.pdf", "application/pdf", b"%PDF-x"),)))
    rows = [bytes(v) if isinstance(v, bytes) else str(v).encode() for row in house.engine.execute(
        "SELECT * FROM post_message") for v in row]  # fmt: skip
    assert not any(ANNA.encode() in value or b"Hierbij" in value for value in rows)
    with mail_server() as server:
        done = house.post.deliver(server.courier())
    assert done.counts == {State.SENT: 1}
    assert done.stopped == ""
    got = read(server)
    assert got["Message-ID"] == message_id
    assert got["Auto-Submitted"] is None
    assert server.received[0].recipient == ANNA
    proof = house.post.one(message_id)
    assert proof.state is State.SENT
    assert proof.answer == "250 2.0.0 Ok: queued"
    assert not proof.waits
    assert house.post.was_sent_to(message_id, "Anna@Example.nl")
    assert not house.post.was_sent_to(message_id, BRAM)
    assert house.engine.execute("SELECT sealed FROM post_message") == [(None,)]
    assert house.vault.stores()[1].execute("SELECT * FROM post_key") == []
    assert [e.event.facts["message"] for e in house.ledger.entries() if e.event.name == "mail.sent"][-1:] == [
        token_of(message_id)
    ]


def test_the_ledger_hears_of_nothing_that_a_power_cut_may_undo(place: Place, monkeypatch: pytest.MonkeyPatch):
    house = place.open()
    house.post.send(mail())
    waits: list[bool] = []
    told: dict[str, bool] = {}
    transaction, stage = house.engine.transaction, house.ledger.stage

    @contextmanager
    def watched(*, durable: bool = True):
        waits.append(durable)
        try:
            with transaction(durable=durable):
                yield
        finally:
            waits.pop()

    def heard(*events):
        told.update({event.name: waits[0] for event in events})
        stage(*events)

    monkeypatch.setattr(house.engine, "transaction", watched)
    monkeypatch.setattr(house.ledger, "stage", heard)
    with mail_server() as server:
        house.post.deliver(server.courier())
    assert told["mail.sent"]
    assert {name for name, durable in told.items() if not durable} <= TAKEN_AGAIN


def test_what_was_sent_cannot_be_read_from_an_older_copy_once_its_key_is_gone(place: Place):
    house = place.open()
    message_id = house.post.send(mail())
    [(sealed,)] = house.engine.execute("SELECT sealed FROM post_message")
    with mail_server() as server:
        house.post.deliver(server.courier())
    house.engine.execute("UPDATE post_message SET sealed = ?, state = 'failed'", (sealed,))
    with pytest.raises(GestandError) as gone:
        house.post.content(message_id, actor=OWNER, reason="test")
    assert gone.value.code == "post-key-missing"


@pytest.mark.parametrize("step", ["in-flight", "answered"])
def test_killed_in_flight_it_is_in_doubt_and_keeps_its_message_id(place: Place, step: str):
    house = place.open()
    ids = [house.post.send(mail(f"klant{n}@example.nl")) for n in range(4)]
    place.close()
    with mail_server() as server:
        reached = {"n": 0}

        def die(name: str) -> None:
            reached["n"] += name == step
            if reached["n"] == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        child = os.fork()
        if child == 0:
            try:
                place.open().post.deliver(server.courier(), failpoint=die)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status)
        house = place.open()
        assert house.post.recover() == (ids[2],)
        assert house.post.counts() == {State.SENT: 2, State.IN_DOUBT: 1, State.QUEUED: 1}
        house.post.deliver(server.courier())
        assert house.post.one(ids[2]).state is State.IN_DOUBT
        assert len(server.received) == (3 if step == "in-flight" else 4)
        house.post.retry(ids[2], actor=OWNER)
        house.post.deliver(server.courier())
        assert house.post.counts() == {State.SENT: 4}
        got = [read(server, at)["Message-ID"] for at in range(len(server.received))]
        assert set(got) == set(ids)
        assert got.count(ids[2]) == (1 if step == "in-flight" else 2)
    events = [e.event for e in house.ledger.entries() if e.event.name == "mail.doubt"]
    assert [event.facts["message"] for event in events] == [token_of(ids[2])]


def test_a_server_that_dies_half_way_forgets_nobody_and_writes_to_nobody_twice(place: Place):
    house = place.open()
    ids = [house.post.send(mail(f"klant{n}@example.nl")) for n in range(6)]
    with mail_server() as server:
        server.answer = lambda _to, number: "" if number == 3 else "250 Ok"
        done = house.post.deliver(server.courier())
        courier = server.courier()
    assert done.counts == {State.SENT: 5, State.IN_DOUBT: 1}
    assert house.post.one(ids[2]).state is State.IN_DOUBT
    assert [r.recipient for r in server.received] == [f"klant{n}@example.nl" for n in range(6)]
    last = house.post.send(mail("laat@example.nl"))
    stopped = house.post.deliver(courier)  # nobody listens there any more
    assert stopped.counts == {}
    assert "cannot be used" in stopped.stopped
    assert house.post.one(last).state is State.QUEUED
    house.post.arrived(ids[2], actor=OWNER)
    assert house.post.counts() == {State.SENT: 6, State.QUEUED: 1}


def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(place: Place):
    house = place.open()
    later, never = house.post.send(mail(ANNA)), house.post.send(mail(BRAM))
    with mail_server() as server:
        server.refuse = lambda to: "450 4.2.0 later <anna@example.nl>" if to == ANNA else "550 5.1.1 no such user"
        assert house.post.deliver(server.courier()).counts == {State.WAITING: 1, State.FAILED: 1}
        waiting = house.post.one(later)
        assert waiting.answer == "450 4.2.0 later <…>"
        assert house.post.deliver(server.courier()).counts == {}
        place.clock.move_to(waiting.retry_at)
        server.refuse = lambda _to: ""
        assert house.post.deliver(server.courier()).counts == {State.SENT: 1}
    assert house.post.one(never).state is State.FAILED
    assert house.post.content(never, actor=OWNER, reason="what was in it").startswith(b"From:")
    with pytest.raises(UsageError) as again:
        house.post.retry(later, actor=OWNER)
    assert again.value.code == "post-no-retry"


def test_one_process_at_a_time_delivers_and_what_is_for_one_goes_first(place: Place):
    house = place.open()
    house.post.send(mail())
    seen = []
    with mail_server() as server:

        def other(outgoing, _state):
            seen.append(outgoing)
            with pytest.raises(GestandError) as busy:
                house.post.deliver(server.courier())
            assert busy.value.code == "post-busy"

        house.post.deliver(server.courier(), each=other)
    assert len(seen) == 1


def test_the_rate_is_kept(place: Place):
    house = place.open()
    for n in range(3):
        house.post.send(mail(f"klant{n}@example.nl"))
    waited: list[float] = []
    object.__setattr__(house.post, "_rate", 120)
    with mail_server() as server:
        house.post.deliver(server.courier(), wait=waited.append)
    assert waited == [0.5, 0.5, 0.5]


def test_without_a_server_nothing_is_lost(place: Place):
    house = place.open()
    house.post.send(mail())
    with pytest.raises(UsageError) as unset:
        house.post.deliver()
    assert unset.value.code == "smtp-not-set"
    assert house.post.counts() == {State.QUEUED: 1}


def test_a_receipt_answers_no_machine_and_one_address_once_an_hour(place: Place):
    house = place.open()
    receipt = mail(kind=MailKind.RECEIPT)
    assert house.post.receipt(receipt, [("From", ANNA), ("Auto-Submitted", "auto-replied")]) == ""
    assert house.post.receipt(receipt, [("From", ANNA), ("List-Id", "<x.example.org>")]) == ""
    assert house.post.receipt(receipt, [("From", ANNA)], return_path="<>") == ""
    assert house.post.receipt(receipt, [("From", ANNA)])
    assert house.post.receipt(receipt, [("From", ANNA)]) == ""
    assert house.post.receipt(mail(BRAM, kind=MailKind.RECEIPT), [("From", BRAM)])
    with mail_server() as server:
        house.post.deliver(server.courier())
    assert [read(server, at)["Auto-Submitted"] for at in (0, 1)] == ["auto-replied"] * 2


def test_a_letter_on_paper_is_marked_as_posted(place: Place):
    house = place.open()
    pdf = house.post.letter(
        "receipt", "nl", {"received": "2 december", "asked": "inzage", "due": "2 januari", "request": "req_1"}
    )
    letter = house.post.print_letter(Letter(pdf, reference="req_1"))
    assert house.post.content(letter, actor=OWNER, reason="to print") == pdf
    done = house.post.posted(letter, on=place.clock().date(), by="Eva", actor=OWNER)
    assert (done.state, done.posted_by, done.waits) == (State.POSTED, "Eva", False)
    with pytest.raises(UsageError):
        house.post.posted(letter, on=place.clock().date(), by="Eva", actor=OWNER)


@pytest.mark.parametrize("headers", [(("X-Note", "a\r\nBcc: mallory@example.org"),), (("Bcc", "mallory@example.org"),),
                                     (("X:Y", "z"),), (("X-Nul", "a\0b"),)])  # fmt: skip
def test_no_value_can_become_a_header(place: Place, headers: tuple[tuple[str, str], ...]):
    house = place.open()
    with pytest.raises(RefusedError) as refused:
        house.post.send(mail(headers=headers))
    assert refused.value.code == "mail-header"
    assert house.post.counts() == {}


@pytest.mark.parametrize(
    "to", ["anna@example.nl\r\nRCPT TO:<x@example.org>", "anna", "a@b@c", "<>", "anna @example.nl"]
)
def test_no_address_can_become_a_command(place: Place, to: str):
    with pytest.raises(RefusedError) as refused:
        place.open().post.send(mail(to))
    assert refused.value.code == "mail-address"


def test_proof_of_sending_leaves_with_its_shelf(place: Place):
    house = place.open()
    message_id = house.post.send(mail())
    assert house.post.forget([message_id, "<unknown@example.nl>"]) == 1
    assert house.post.counts() == {}
    house.post.send(mail())
    with mail_server() as server:
        house.post.deliver(server.courier())
    later = place.clock().replace(year=place.clock().year + 6)
    place.clock.move_to(later)
    run = house.retention.run(actor=OWNER)
    assert run.found_afterwards == 0
    assert house.post.counts() == {}
    assert [e for e in house.ledger.entries() if e.event.name == "mail.expired"]
