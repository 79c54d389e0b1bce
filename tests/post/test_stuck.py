"""What the outbox does while others queue, and with a message that cannot leave: it loses none and holds up none."""

from __future__ import annotations

import threading

import pytest

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import ActorId, PurposeId
from gestand.post.keys import ContentKeys
from gestand.post.model import Bulk, Letter, Mail, MailKind, State, Withheld
from gestand.post.service import Post
from gestand.system.opening import open_system

OWNER = ActorId("owner")
SOON = 2.0
"""Seconds that one waits for the other, where the other may be waiting for it."""


def mail(to: str = "anna@example.nl") -> Mail:
    return Mail(to=to, subject="Uw vraag", text="Beste Anna,\n\nHierbij.\n", reference="req_test")


def by_mail(post: Post) -> str:
    return post.send(mail())


def on_paper(post: Post) -> str:
    return post.print_letter(Letter(b"%PDF-1.7 verzonnen", "req_test"))


@pytest.mark.parametrize("queue", [by_mail, on_paper])
def test_who_clears_the_outbox_leaves_the_key_of_a_message_that_is_being_queued(place: Place, monkeypatch, queue):
    """It looks for keys without rows while the key is there, and the row not yet."""
    house, other = place.open(), open_system(place.folder, clock=place.clock)
    looking, sealed = threading.Event(), threading.Event()
    clearing = threading.Thread(target=other.post.recover)
    seal, every = ContentKeys.seal, ContentKeys.all

    def all_of(keys: ContentKeys) -> list[str]:
        looking.set()
        sealed.wait(SOON)
        return every(keys)

    def sealing(keys: ContentKeys, message_id: str, content: bytes) -> bytes:
        found = seal(keys, message_id, content)
        sealed.set()
        clearing.join(SOON)
        return found

    monkeypatch.setattr(ContentKeys, "all", all_of)
    monkeypatch.setattr(ContentKeys, "seal", sealing)
    clearing.start()
    assert looking.wait(30)
    message = queue(house.post)
    clearing.join()
    other.close()
    assert house.post.content(message, actor=OWNER, reason="test")


def test_a_message_without_its_key_holds_up_no_other(place: Place):
    house = place.open()
    lost, sound = house.post.send(mail()), house.post.send(mail("bram@example.nl"))
    with house.vault.stores()[1].transaction():
        house.vault.stores()[1].execute("DELETE FROM post_key WHERE message = ?", (lost,))
    with mail_server() as server:
        assert house.post.deliver(server.courier()).counts == {State.FAILED: 1, State.SENT: 1}
        assert house.post.deliver(server.courier()).counts == {}
    assert [one.recipient for one in server.received] == ["bram@example.nl"]
    found = house.post.one(lost)
    assert (found.state, found.tries) == (State.FAILED, 0)
    assert found.answer.startswith("post-key-missing: ")
    assert house.post.one(sound).state is State.SENT


def test_a_store_that_is_damaged_fails_not_all_that_waits_in_one_run(place: Place):
    house = place.open()
    for n in range(5):
        house.post.send(mail(f"klant{n}@example.nl"))
    with house.vault.stores()[1].transaction():
        house.vault.stores()[1].execute("DELETE FROM post_key")
    with mail_server() as server:
        done = house.post.deliver(server.courier())
    assert done.counts == {State.FAILED: 3}
    assert "nobody can read it" in done.stopped


def test_an_address_that_no_server_takes_holds_up_no_other_of_a_bulk(place: Place):
    house = place.open()
    subject = next(house.vault.subjects())
    shelf = house.publication.in_force().policy.purposes[PurposeId("newsletter")].shelf
    to = iter(("jörg@example.nl", "bram@example.nl", "joerg@example.nl"))

    class Composer:
        def compose(self, _outgoing: object) -> Mail | Withheld:
            return mail(next(to))

    house.post.composed_by(Composer(), [MailKind.NEWSLETTER])
    house.post.send_many(Bulk(subject, MailKind.NEWSLETTER, "cmp_test", shelf) for _ in range(2))
    with mail_server() as server:
        assert house.post.deliver(server.courier()).counts == {State.FAILED: 1, State.SENT: 1}
        [failed] = house.post.all(state=State.FAILED)
        assert failed.answer == "mail-address: no mail server takes its address; mend that, or send a letter"
        house.post.retry(failed.message_id, actor=OWNER)
        assert house.post.deliver(server.courier()).counts == {State.SENT: 1}
    assert [one.recipient for one in server.received] == ["bram@example.nl", "joerg@example.nl"]
