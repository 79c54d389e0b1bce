"""A drill proves a backup, or says that it cannot be brought back; either way it is on record, and the control follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from backup_world import OWNER

from gestand.doors.house import world_of
from gestand.evidence.controls.restoring import restore_drilled
from gestand.evidence.model import Finding
from gestand.kernel.errors import UsageError


def drill(firm, identities=None):
    return firm.house.backups.drill(identities or firm.identities, actor=OWNER, settings=firm.settings())


def finding(firm):
    return restore_drilled(world_of(firm.house)).finding


def test_a_drill_proves_replays_and_leaves_nothing(firm):
    assert finding(firm) is Finding.UNPROVEN
    firm.back_up()
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    outcome = drill(firm)
    assert (outcome.verified, outcome.items, outcome.replayed) == (True, firm.house.vault.counts().items, 1)
    assert not (firm.place.folder / ".drill").exists()
    facts = [e.event.facts for e in firm.house.ledger.entries() if e.event.name == "drill.done"]
    assert [(f["verified"], f["replayed"]) for f in facts] == [(True, 1)]
    names = [e.event.name for e in firm.house.ledger.entries()]
    assert "restore.done" not in names, "what happens in the scratch folder stays there"
    assert names.count("erasure.done") == 1
    assert finding(firm) is Finding.KEPT
    firm.clock.advance(timedelta(days=101))
    assert finding(firm) is Finding.UNPROVEN


def test_a_failed_drill_is_on_record_and_breaks_the_promise(firm):
    firm.back_up()
    assert drill(firm).verified
    victim = max((firm.backups / "parts").iterdir(), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-1])
    outcome = drill(firm)
    assert (outcome.verified, outcome.fault, outcome.damaged) == (False, "backup-damaged", True)
    assert finding(firm) is Finding.BROKEN
    firm.back_up(full=True)
    assert drill(firm).verified
    assert finding(firm) is Finding.KEPT


def test_identities_that_open_nothing_fail_the_drill_and_a_mistyped_file_tries_nothing(firm):
    firm.back_up()
    assert drill(firm, [firm.data_identity]).fault == "backup-identity"
    assert finding(firm) is Finding.BROKEN
    before = firm.house.ledger.head().size
    with pytest.raises(UsageError):
        drill(firm, [firm.folder / "nergens.txt"])
    assert firm.house.ledger.head().size == before
