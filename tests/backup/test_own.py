"""Only a manifest made with the organisation's root key counts: for what is newest, what may leave, what is built upon."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pyrage
import pytest
from backup_world import OWNER, make_firm, read

from gestand.backup.archives import Archives
from gestand.backup.manifest import SUFFIX
from gestand.backup.recipients import read_identities, read_recipients
from gestand.kernel.canonical import canonical
from gestand.kernel.errors import DamagedError, UsageError


def manifest_of(firm, backup):
    return firm.backups / (backup.id + SUFFIX)


def changed(firm, backup, old: bytes, new: bytes) -> None:
    path = manifest_of(firm, backup)
    sound = path.read_bytes()
    assert old in sound
    path.write_bytes(sound.replace(old, new))


def erase_a_number(firm) -> None:
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    firm.house.ledger.tell()


def test_a_manifest_that_bit_rot_dates_later_costs_the_new_backup_nothing(firm):
    old = firm.back_up().manifest
    changed(firm, old, b'"made":"2026', b'"made":"2036')
    firm.clock.advance(timedelta(days=1))
    made = firm.back_up(expire_keys=True)
    assert made.unproven == (old.id + SUFFIX,)
    assert made.keys_expired == ()
    assert (firm.backups / made.manifest.keys.file).exists()
    assert firm.house.backups.drill(firm.identities, actor=OWNER, settings=firm.settings()).backup == made.manifest.id
    found = firm.house.backups.inventory(firm.settings())
    assert found.unproven == made.unproven
    assert str(found.oldest_backup_still_open) == "2026-12-03"


def test_a_clock_that_was_ahead_once_neither_costs_the_new_keys_nor_keeps_the_old_ones(firm):
    start = firm.clock()
    firm.clock.advance(timedelta(days=3650))
    ahead = firm.back_up().manifest
    firm.clock._now = start + timedelta(days=1)
    erase_a_number(firm)
    first = firm.back_up(expire_keys=True)
    assert first.keys_expired == (ahead.id,)
    assert (firm.backups / first.manifest.keys.file).exists()
    assert firm.restore(ledger=None, nothing_newer=True).manifest.id == first.manifest.id
    firm.clock.advance(timedelta(days=91))
    assert set(firm.back_up().expired) == {ahead.id, first.manifest.id}


def test_the_newest_ledger_is_the_longest_whatever_the_clock_said(firm):
    old = firm.back_up().manifest
    now = firm.clock()
    firm.clock.advance(timedelta(days=20))
    firm.back_up()
    firm.clock._now = now + timedelta(days=2)
    erase_a_number(firm)
    firm.back_up()
    assert firm.restore(backup=old.id, ledger=None, nothing_newer=True).erased_again == 1


@pytest.mark.parametrize("expire_keys", [False, True])
def test_two_organisations_in_one_folder_leave_each_other_alone(firm, tmp_path, expire_keys):
    other = make_firm(tmp_path / "ander")
    mine = firm.back_up().manifest
    other.clock.advance(timedelta(days=400))
    theirs = other.house.backups.make(
        actor=OWNER, settings=other.settings(folder=firm.backups), expire_keys=expire_keys
    )  # fmt: skip
    other.place.close()
    assert (theirs.keys_expired, theirs.expired) == ((), ())
    assert theirs.unproven == (mine.id + SUFFIX,)
    assert firm.house.backups.drill(firm.identities, actor=OWNER, settings=firm.settings()).backup == mine.id
    assert firm.restore(backup=mine.id).items == mine.items


def test_where_backups_of_several_lie_a_restore_asks_which(firm):
    first = firm.back_up().manifest
    firm.back_up()
    changed(firm, first, first.origin.encode(), b"example.org/ander")
    with pytest.raises(UsageError) as refused:
        firm.restore()
    assert refused.value.code == "backup-several"


def test_a_forged_manifest_lends_no_parts(firm):
    first = firm.back_up().manifest
    forged = json.loads(manifest_of(firm, first).read_bytes())
    name = "bak_aaaaaaaaaaaaaaaa"
    fake = pyrage.encrypt(b"not the data", read_recipients(firm.settings().recipients, "x"))
    forged |= {"id": name, "mac": "00" * 32, "entries": first.entries + 1}
    forged["index"]["file"], forged["keys"]["file"] = f"{name}.index.age", f"{name}.keys.age"
    for part in forged["parts"]:
        part |= {"file": f"parts/{part['mac'][:32]}-zzzzzzzz.age", "size": len(fake)}
        part["sha256"] = hashlib.sha256(fake).hexdigest()
        (firm.backups / part["file"]).write_bytes(fake)
    (firm.backups / (name + SUFFIX)).write_bytes(canonical(forged) + b"\n")
    made = firm.back_up()
    assert made.unproven == (name + SUFFIX,)
    assert firm.restore(backup=made.manifest.id).items == made.manifest.items


def test_one_damaged_manifest_stops_no_further_backup_and_loses_no_part(firm):
    old = firm.back_up().manifest
    path = manifest_of(firm, old)
    sound = path.read_bytes()
    path.write_bytes(b"[" + sound[1:])
    for full in (False, True):
        made = firm.back_up(full=full)
        assert made.unproven == (path.name,)
    assert firm.restore(backup=made.manifest.id).items == made.manifest.items
    path.write_bytes(sound)
    assert firm.restore("oud", backup=old.id).items == old.items


def test_what_was_erased_stays_away_with_a_ledger_older_than_the_folder_proves(firm):

    old = firm.back_up().manifest
    firm.place.close()
    saved = firm.folder / "ouder"
    saved.mkdir()
    for name in ("log", "checkpoints"):
        (saved / name).write_bytes((firm.place.folder / "data" / "ledger" / name).read_bytes())
    erase_a_number(firm)
    new = firm.back_up().manifest
    firm.place.close()
    with pytest.raises(DamagedError) as refused:
        firm.restore(backup=old.id, ledger=saved)
    assert refused.value.code == "restore-ledger-older"
    assert new.id in refused.value.message
    restored = firm.restore(backup=old.id, ledger=saved, nothing_newer=True)
    assert (restored.erased_again, restored.unseen) == (1, True)
    with firm.reopened() as house:
        assert "contact.phone" not in read(house, "anna")


def test_a_remembered_checkpoint_is_no_proof_that_nothing_came_after(firm):
    made = firm.back_up().manifest
    note = (firm.place.folder / "keys" / "ledger.checkpoint").read_text()
    erase_a_number(firm)
    firm.place.close()
    restored = firm.restore(backup=made.id, ledger=None, remembered=[note])
    assert restored.unseen


def test_a_newer_ledger_that_is_damaged_costs_the_older_one_nothing(firm):

    old = firm.back_up().manifest
    erase_a_number(firm)
    new = firm.back_up().manifest
    [log] = [
        one for one in Archives(firm.backups, read_identities(firm.identities)).index(new) if one.path.endswith("/log")
    ]
    [part] = [one for one in new.parts if one.mac == log.parts[0]]
    path = firm.backups / part.sealed.file
    path.write_bytes(path.read_bytes()[:-5])
    firm.place.close()
    restored = firm.restore(backup=old.id, ledger=None, nothing_newer=True)
    assert (restored.items, restored.unseen) == (old.items, True)
    with firm.reopened() as house:
        house.ledger.verify()
    assert not [*(firm.folder / "nieuw" / "data").glob("ledger.*")]
