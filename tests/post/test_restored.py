"""A backup from before a message was sent: the ledger says it was, and a restore does not send it again."""

from __future__ import annotations

from gestand.backup.restoring import Copy
from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.post.model import Mail, State
from gestand.post.outbox import token_of
from gestand.post.store import OutboxStore
from gestand.system import forget_requests


def test_a_restore_does_not_send_again_what_was_sent_since(place: Place):
    house = place.open()
    sent, waits = (house.post.send(Mail(f"{name}@example.nl", "x", "y")) for name in ("anna", "bram"))
    with mail_server() as server:
        house.post.deliver(server.courier(), limit=1)
    house.engine.execute("UPDATE post_message SET state = 'queued' WHERE id = ?", (sent,))  # as it stood in the backup
    told = [str(e.event.facts["message"]) for e in house.ledger.entries() if e.event.name == "mail.sent"]
    assert token_of(sent) in told
    assert (
        forget_requests(
            Copy(house.engine, house.vault, house.publication, house.clock),
            house.ledger.entries(),
            house.ledger.head().size,
        )
        == 1
    )
    assert OutboxStore(house.engine).one(sent) is None
    with mail_server() as server:
        assert house.post.deliver(server.courier()).counts == {State.SENT: 1}
    assert [one.recipient for one in server.received] == ["bram@example.nl"]
    assert house.post.one(waits).state is State.SENT
