"""The outbox, the list of marks and a campaign on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.doors.demonstration.mailserver import mail_server
from gestand.kernel.entropy import system_entropy
from gestand.kernel.ids import PurposeId
from gestand.outreach.store import OutreachStore
from gestand.outreach.suppression import Suppression
from gestand.post.model import Bulk, Mail, MailKind, State, Withheld
from gestand.post.service import Post
from gestand.statement.policy import FieldKind
from intake_house import OWNER, ROOT, open_house

pytestmark = pytest.mark.on_both_engines


class Composing:
    def compose(self, outgoing):
        return Mail("bulk@example.nl", "x", "y") if outgoing.reference == "cam_a" else Withheld("objected")


def test_an_outbox_on_either_engine(tmp_path: Path):
    with open_house(tmp_path) as house:
        post = Post(house.engine, house.vault, house.ledger, house.statements, root_key=ROOT, clock=house.clock,
                    entropy=system_entropy, lock=tmp_path / "outbox.lock")  # fmt: skip
        post.composed_by(Composing(), [MailKind.NEWSLETTER])
        first = post.send(Mail("anna@example.nl", "x", "y", reference="req_1"))
        person = house.admit(contact__name="Anna de Vries", contact__email="anna@example.nl")
        post.send_many(Bulk(person, MailKind.NEWSLETTER, name, "subscription") for name in ("cam_a", "cam_b"))
        with mail_server() as server:
            assert post.deliver(server.courier()).counts == {State.SENT: 2, State.WITHHELD: 1}
        assert [one.recipient for one in server.received] == ["anna@example.nl", "bulk@example.nl"]
        assert post.one(first).state is State.SENT
        assert post.counts("cam_b") == {State.WITHHELD: 1}
        assert post.was_sent_to(first, "anna@example.nl")
        suppression = Suppression(OutreachStore(house.engine), house.engine, house.vault, house.statements, house.clock)
        assert suppression.keep(person) == 1
        assert list(suppression.people(PurposeId("newsletter"))) == [person]
        assert suppression.marked(FieldKind.EMAIL, "anna@example.nl").keys() == {""}
        [choice] = house.vault.choices(PurposeId("service"), ["contact.email"])
        assert (choice.subject, choice.objected, choice.consent) == (person, False, None)
        house.vault.consent(person, PurposeId("newsletter"), text_digest="a" * 64, channel="web", actor=OWNER)
        house.vault.object_to(person, [PurposeId("newsletter")], actor=OWNER, reason="test")
        chosen = house.vault.choice(person, PurposeId("newsletter"))
        assert chosen.objected
        assert chosen.consent.channel == "web"
        assert list(house.register.involvements()) == []
        assert house.register.firms() == frozenset()
