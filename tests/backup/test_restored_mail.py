"""The e-mail archive after a restore: erasures, holds and restrictions stand again, and the proof counts from what came back."""

from __future__ import annotations

import pytest
from backup_world import OWNER, RIGHTS

from archive_house import mail, way
from backup.test_restoring import destroyed
from gestand.doors.house import world_of
from gestand.evidence.controls.archive import archive_receives_all
from gestand.evidence.model import Finding
from gestand.kernel.errors import RefusedError


@pytest.fixture
def letters(firm):
    """Six messages: four in the backup, of which one is then erased, one held, one restricted; two came after it."""
    archive = firm.house.archive
    names = [archive.admit(mail(f"Bericht {n}", number=n), way()).message for n in range(4)]
    firm.back_up()
    archive.erase(names[:1], ground="Article 17", actor=OWNER)
    hold = archive.holds.place(names[1:2], reason="a claim", until=None, actor=OWNER)
    lifted = archive.holds.place(names[3:4], reason="another claim", until=None, actor=OWNER)
    archive.holds.lift(lifted.id, reason="settled", actor=OWNER)
    archive.restrictions.place(names[2:3], reason="contested", actor=OWNER)
    late = [archive.admit(mail(f"Later {n}", number=n), way()).message for n in (7, 8)]
    assert hold.messages == (names[1],)
    return names, late


def verdict(house):
    return archive_receives_all(world_of(house))


def test_what_was_done_to_messages_after_the_backup_is_done_again_and_the_proof_is_kept(firm, letters):
    names, late = letters
    assert verdict(firm.house).finding is Finding.KEPT
    before = firm.house.archive.counts()[0]
    restored = firm.restore(ledger=destroyed(firm))
    assert restored.lost["message.admitted"] == 2
    with firm.reopened() as house:
        assert house.archive.counts()[0] == before - 2
        assert house.archive.still_here(names[:1]) == 0
        assert house.archive.still_here(late) == 0
        today = house.clock().date()
        assert house.archive.holds.of(house.archive.kept(names[1]), today) == ("a claim", None)
        assert house.archive.holds.of(house.archive.kept(names[3]), today) is None
        with pytest.raises(RefusedError, match="hold"):
            house.archive.erase(names[1:2], ground="test", actor=OWNER)
        assert house.archive.restrictions.on(names[2])
        found = verdict(house)
        assert found.finding is Finding.KEPT
        assert found.figures["lost_with_a_restore"] == 2
        assert house.archive.search("bericht", RIGHTS, actor=OWNER, reason="t")
        house.archive.admit(mail("Nieuw", number=9), way())
        assert verdict(house).finding is Finding.KEPT


def test_a_message_that_vanishes_after_a_restore_is_noticed(firm, letters):
    names, _ = letters
    firm.restore(ledger=destroyed(firm))
    with firm.reopened() as house:
        number = house.archive.kept(names[3]).number
        for table in ("archive_part", "archive_way", "archive_message"):
            house.engine.execute(f"DELETE FROM {table} WHERE number = ?", (number,))  # noqa: S608 - names of tables
        assert verdict(house).finding is Finding.BROKEN


def test_restored_twice_the_proof_is_kept(firm, letters):
    assert letters
    firm.restore("een", ledger=destroyed(firm))
    firm.restore("twee", ledger=firm.folder / "een")
    with firm.reopened("twee") as house:
        assert verdict(house).finding is Finding.KEPT
