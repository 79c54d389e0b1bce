"""Whoever knows the recipient can make a backup that opens; the identity file says whose backups it is for."""

from __future__ import annotations

import pytest
from backup_world import OWNER, make_firm

from gestand.backup.recipients import known_ledgers, make_identity
from gestand.kernel.errors import DamagedError


@pytest.fixture
def forged(firm, tmp_path):
    """A stranger's organisation, backed up for the firm's recipients into the firm's folder, where nothing else lies any more."""
    stranger = make_firm(tmp_path / "vreemd")
    stranger.house.backups.make(actor=OWNER, settings=firm.settings())
    stranger.place.close()
    return stranger


def name_ledger(firm) -> None:
    firm.data_identity.write_text(f"# ledger: {firm.house.ledger.key}\n{firm.data_identity.read_text()}")


def test_a_backup_of_another_organisation_is_refused(firm, forged):
    name_ledger(firm)
    with pytest.raises(DamagedError) as refused:
        firm.restore(ledger=None, nothing_newer=True)
    assert refused.value.code == "restore-not-yours"
    assert not (firm.folder / "nieuw").exists()


def test_named_by_its_id_it_is_refused_too_also_by_a_drill_that_knows_its_own_ledger(firm, forged):
    [backup] = [path.name.partition(".")[0] for path in firm.backups.glob("*.manifest.json")]
    drilled = firm.house.backups.drill(firm.identities, actor=OWNER, settings=firm.settings(), backup=backup)
    assert (drilled.verified, drilled.fault) == (False, "restore-not-yours")
    name_ledger(firm)
    with pytest.raises(DamagedError) as refused:
        firm.restore(backup=backup, ledger=None, nothing_newer=True)
    assert refused.value.code == "restore-not-yours"


def test_the_own_backup_is_recognised_and_without_the_remark_the_restore_says_that_it_is_not(firm):
    firm.back_up()
    without = firm.restore("een")
    assert (without.recognised, without.ledger) == (False, str(firm.house.ledger.key))
    name_ledger(firm)
    assert firm.restore("twee").recognised


def test_a_new_identity_names_the_ledger(firm):
    file = firm.folder / "nieuw.txt"
    assert make_identity(file, firm.house.ledger.key).startswith("age1")
    assert known_ledgers([file]) == (firm.house.ledger.key,)
