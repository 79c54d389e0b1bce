"""What people were promised in the rooms beside the vault stands after a restore beside the newest ledger."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backup.backup_world import OWNER, Firm
from backup.test_restoring import destroyed
from gestand.backup.recipients import new_identity
from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.outreach.model import CampaignState
from gestand.post.model import Letter
from gestand.statement.policy import FieldKind
from outreach.people import NEWSLETTER, consenting, newsletter, seen


@pytest.fixture
def firm(place: Place, tmp_path: Path) -> Firm:
    """The firm of the demonstration, that has mailings; with a backup folder of its own."""
    lived = Firm(place, tmp_path, tmp_path / "data.txt", tmp_path / "sleutels.txt")
    for file in lived.identities:
        file.write_text(new_identity())
    return lived


def test_who_objected_or_was_erased_is_not_approached_again(firm):
    house = firm.house
    one, two, three = consenting(house, 3)
    firm.back_up()
    house.choices.object_to(one, [NEWSLETTER], actor=OWNER, reason="Article 21(2)")
    house.vault.erase_subject(one, ground="5(1)(e)", actor=OWNER)
    house.requests.erase_now(two, actor=OWNER)
    house.choices.object_to(three, [NEWSLETTER], actor=OWNER, reason="Article 21(2)")
    marks = [house.outreach.suppression.marked(FieldKind.EMAIL, f"abonnee{n}@example.nl") for n in range(3)]
    assert all(marks)
    firm.restore(ledger=destroyed(firm))
    with firm.reopened() as again:
        kept = [again.outreach.suppression.marked(FieldKind.EMAIL, f"abonnee{n}@example.nl") for n in range(3)]
        assert [set(mark) for mark in kept] == [set(mark) for mark in marks]
        assert again.outreach.suppression.asks([(FieldKind.EMAIL, "abonnee1@example.nl")])
        assert not again.vault.find(FieldKind.EMAIL, "abonnee0@example.nl")


def test_a_campaign_that_was_stopped_sends_nothing(firm):
    house = firm.house
    consenting(house, 3)
    campaign = newsletter(firm.place)
    seen(firm.place, campaign)
    house.outreach.send(campaign.id, actor=OWNER)
    firm.back_up()
    assert house.outreach.stop(campaign.id, actor=OWNER) == 3
    firm.restore(ledger=destroyed(firm))
    with firm.reopened() as again, mail_server() as server:
        assert again.outreach.one(campaign.id).state is CampaignState.STOPPED
        again.post.deliver(server.courier())
        assert not server.received


def test_a_letter_that_was_posted_is_not_on_the_pile_again(firm):
    house = firm.house
    letter = house.post.print_letter(Letter(b"%PDF-1.4 x", reference="r"))
    firm.back_up()
    house.post.posted(letter, on=firm.clock().date(), by="post", actor=OWNER)
    firm.restore(ledger=destroyed(firm))
    with firm.reopened() as again:
        assert letter not in {one.message_id for one in again.post.all(state="to-print")}


def test_a_breach_that_retention_removed_is_gone(firm):
    house = firm.house
    firm.back_up()
    before = len(house.engine.execute("SELECT id FROM breach"))
    firm.clock.advance(timedelta(days=365 * 8))
    house.retention.run(actor=OWNER)
    left = {row[0] for row in house.engine.execute("SELECT id FROM breach")}
    assert len(left) < before
    firm.restore(ledger=destroyed(firm))
    with firm.reopened() as again:
        assert {row[0] for row in again.engine.execute("SELECT id FROM breach")} == left
