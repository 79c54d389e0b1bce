"""Data of last month with the keys of today: what was destroyed in between stays closed, the rest comes back, and is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from backup_world import MAILS, OWNER, RIGHTS, SERVICE, read, who

from archive_house import mail, way
from backup.test_restoring import destroyed
from gestand.doors.demonstration.place import Place
from gestand.kernel.crypto import Sealer
from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.kernel.ids import FieldPath
from gestand.statement.policy import FieldKind
from gestand.vault.place import item_place
from gestand.vault.ring import heir_key
from gestand.vault.sealing import bound_value

NAME, EMAIL, PHONE = (FieldPath(f"contact.{one}") for one in ("name", "email", "phone"))


@pytest.fixture
def month(firm):
    """A backup, a month of work, and a backup; the first one's keys have expired. Returns both."""
    house = firm.house
    house.register.enter_firm(firm.who("bram"))
    old = firm.back_up(full=True).manifest
    house.vault.erase([firm.item("anna", PHONE)], ground="Article 17", actor=OWNER)  # her others are sealed again
    house.vault.erase_subject(firm.who("bram"), ground="Article 17", actor=OWNER)
    house.vault.object_to(firm.who("chaima"), [SERVICE], actor=OWNER, reason="Article 21(1)")
    house.intake.admit(
        None, {NAME: "Daan Smit", EMAIL: "daan@example.nl"}, purpose=SERVICE, source="office", actor=OWNER
    )
    house.vault.rotate(actor=OWNER)
    firm.clock.advance(timedelta(days=31))
    new = firm.back_up(expire_keys=True).manifest
    return old, new


def test_erased_stays_closed_the_rest_opens_and_what_was_sealed_again_is_told(firm, month):
    old, new = month
    chaima = read(firm.house, "chaima")
    saved = destroyed(firm)
    with pytest.raises(UsageError) as refused:
        firm.restore(backup=old.id, ledger=saved)
    assert refused.value.code == "backup-keys-expired"
    assert "later backup" in refused.value.remedy
    restored = firm.restore(backup=old.id, ledger=saved, keys=firm.backups / new.keys.file)
    assert restored.keys_of == new.id
    assert restored.closed == 4, "a telephone number and a whole person"
    assert restored.sealed_again == {NAME: 1, EMAIL: 1}, "Anna's, by the erasure beside them"
    assert restored.items == 3
    with firm.reopened() as house:
        assert read(house, "chaima") == chaima
        assert house.vault.objections(who(house, "chaima")) == (SERVICE,)
        for gone in ("anna", "bram"):
            assert house.vault.find(FieldKind.EMAIL, MAILS[gone]) == ()
        assert house.vault.find(FieldKind.EMAIL, "daan@example.nl") == (), "came after the copy"
        assert house.register.firms() == frozenset(), "nor stands in the register who is gone"
        house.vault.verify()
        assert house.vault.verify_seals() == 3
        keys = house.vault._room.keys
        assert keys.subjects() == list(house.vault._room.store.subjects()), "no key of what is not there"
        [done] = [e.event.facts for e in house.ledger.entries() if e.event.name == "restore.done"]
        assert (done["keys_of"], done["closed"]) == (new.id, 6)
        house.ledger.verify()
        house.intake.admit(who(house, "chaima"), {PHONE: "0485-341234"}, purpose=SERVICE, source="office", actor=OWNER)
        house.vault.rotate(actor=OWNER)
        assert house.vault.verify_seals() == 4


def test_a_changed_manifest_lends_no_keys(firm, month):
    old, new = month
    path = firm.backups / f"{new.id}.manifest.json"
    sound = path.read_bytes()
    path.write_bytes(sound.replace(f'"items":{new.items}'.encode(), b'"items":8'))
    with pytest.raises(DamagedError):
        firm.restore(backup=old.id, keys=firm.backups / new.keys.file)
    path.write_bytes(sound)
    assert firm.restore(backup=old.id, keys=firm.backups / new.keys.file).items == 3


def test_an_older_ledger_than_the_keys_know_is_refused(firm, month):
    old, new = month
    firm.place.close()
    log = firm.place.folder / "data" / "ledger" / "log"
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])
    with pytest.raises(DamagedError):
        firm.restore(backup=old.id, keys=firm.backups / new.keys.file)


def test_old_keys_open_in_a_later_copy_what_is_sealed_under_keys_made_from_them(firm):
    """What 'gestand keys show' says of an old archive of keys (ADR 33): it opens more than its own backup."""
    house = firm.house
    room = house.vault._room
    subject, _ = item_place(firm.item("anna", EMAIL))
    then = {number: room.keys.ring(subject).key(number) for number in room.keys.numbers(subject) if number}
    house.vault.rectify(firm.item("anna", PHONE), "06-87654321", actor=OWNER, reason="new number")
    house.vault.rectify(firm.item("anna", PHONE), "06-87654322", actor=OWNER, reason="new number")
    kin = room.store.heirs([subject])[subject]
    [row] = [one for one in room.store.items(subject) if room.catalogue.activity(one.activity).field == PHONE]
    [(start, key)] = then.items()
    assert kin[kin[row.bucket]] == start
    bound = bound_value(subject, row.number, row.bucket, PHONE)
    assert key is not None
    assert Sealer(heir_key(heir_key(key))).open(row.sealed, bound, "").decode().endswith("87654322")
    with pytest.raises(DamagedError):
        Sealer(key).open(row.sealed, bound, "")


def lives_on(firm, name: str) -> None:
    """The firm works on in what was restored."""
    firm.place.close()
    firm.place = Place(firm.folder / name, firm.clock)
    firm.clock.advance(timedelta(hours=1))


def test_with_keys_of_another_life_people_and_messages_are_found_as_they_are(firm):
    first = firm.back_up().manifest
    message = firm.house.archive.admit(mail("Eerste leven", number=1), way()).message
    firm.house.vault.rotate(actor=OWNER)
    second = firm.back_up().manifest
    firm.restore("een", backup=first.id)
    lives_on(firm, "een")
    firm.house.vault.rotate(actor=OWNER)
    third = firm.back_up().manifest
    assert third.epoch == second.epoch
    restored = firm.restore("twee", backup=second.id, keys=firm.backups / third.keys.file)
    assert restored.lost["message.admitted"]
    with firm.reopened("twee") as house:
        assert sorted(read(house, "bram")) == [EMAIL, NAME, PHONE]
        assert house.archive.counts()[0] == 0
        house.archive.reindex()
        with pytest.raises(GestandError):
            house.archive.open(message, RIGHTS, actor=OWNER, reason="test")


def test_keys_under_which_nobody_is_left_open_an_empty_organisation(firm):
    old = firm.back_up().manifest
    for name in MAILS:
        firm.house.vault.erase_subject(firm.who(name), ground="Article 17", actor=OWNER)
    new = firm.back_up(expire_keys=True).manifest
    restored = firm.restore(backup=old.id, keys=firm.backups / new.keys.file)
    assert (restored.items, restored.closed) == (0, old.items)
    with firm.reopened() as house:
        assert house.vault.counts().subjects == 0
        house.ledger.verify()
