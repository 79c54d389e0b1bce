"""A backup comes back whole and with the ledger replayed, or not at all."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from backup_world import CANARY, MAILS, OWNER, RIGHTS, SERVICE, all_bytes, make_firm, nothing, read, who

from gestand.backup.service import restore_backup
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import DamagedError, GestandError, RefusedError, UsageError
from gestand.kernel.ids import FieldPath
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.statement.policy import FieldKind
from gestand.system import forget_requests
from gestand.vault.model import Why
from gestand.vault.replaying import CORRECTED


def destroyed(firm) -> Path:
    """The machine is lost; the ledger's folder was saved from it."""
    firm.place.close()
    saved = firm.folder / "gered"
    shutil.copytree(firm.place.folder / "data" / "ledger", saved)
    shutil.rmtree(firm.place.folder)
    return saved


def test_back_up_destroy_restore(firm):
    before = read(firm.house, "anna")
    published = firm.house.publication.in_force().digest
    made = firm.back_up().manifest
    saved = destroyed(firm)
    restored = firm.restore(ledger=saved)
    assert (restored.items, restored.replayed, restored.unseen) == (made.items, 0, False)
    with firm.reopened() as house:
        assert read(house, "anna") == before
        assert before["contact.name"] == CANARY
        house.ledger.verify()
        house.vault.verify()
        [done] = [e.event.facts for e in house.ledger.entries() if e.event.name == "restore.done"]
        assert (done["backup"], done["verified"], done["unseen"]) == (made.id, True, False)
        assert house.publication.in_force().digest == published


def test_what_was_erased_after_the_backup_is_erased_again(firm):
    firm.back_up()
    anna, house = firm.who("anna"), firm.house
    house.vault.erase([firm.item("bram", "contact.phone")], ground="Article 17", actor=OWNER)
    house.vault.erase_subject(anna, ground="Article 17", actor=OWNER)
    counts = house.vault.counts()
    saved = destroyed(firm)
    restored = firm.restore(ledger=saved)
    assert restored.erased_again == 4
    with firm.reopened() as again:
        assert again.vault.counts().items == counts.items
        assert not again.vault.exists(anna)
        assert again.vault.find(FieldKind.EMAIL, MAILS["anna"]) == ()
        assert sorted(read(again, "bram")) == ["contact.email", "contact.name"]
        absent = [e.event.facts["absent"] for e in again.ledger.entries() if e.event.name == "erasure.done"]
        assert absent
        assert all(absent)


def test_what_people_chose_after_the_backup_is_chosen_again(firm):
    vault = firm.house.vault
    anna, bram, chaima = (firm.who(name) for name in MAILS)
    hold = vault.place_hold([firm.item("chaima", "contact.phone")], reason="claim", until=None, actor=OWNER)
    firm.back_up()
    vault.restrict([firm.item("anna", "contact.phone")], actor=OWNER, reason="accuracy contested")
    vault.object_to(bram, [SERVICE], actor=OWNER, reason="Article 21(1)")
    vault.object_to(chaima, [SERVICE], actor=OWNER, reason="Article 21(1)")
    vault.withdraw_objection(chaima, [SERVICE], actor=OWNER, reason="own word")
    vault.lift_hold(hold.id, actor=OWNER, reason="settled")
    new = vault.place_hold([firm.item("anna", "contact.email")], reason="court", until=None, actor=OWNER)
    vault.rectify(firm.item("bram", "contact.name"), "Bram Janssen", actor=OWNER, reason="own word")
    saved = destroyed(firm)
    restored = firm.restore(ledger=saved)
    assert restored.to_correct == 1
    with firm.reopened() as house:
        held = {h.field: h for h in house.vault.holdings(anna)}
        assert held["contact.phone"].restricted
        assert held["contact.phone"].restriction_reason == "accuracy contested"
        assert house.vault.objections(bram) == (SERVICE,)
        assert house.vault.objections(chaima) == ()
        assert house.vault.holds(chaima) == ()
        [kept] = house.vault.holds(anna)
        assert (kept.id, kept.reason, len(kept.items)) == (new.id, "court", 1)
        wrong = next(h for h in house.vault.holdings(bram) if h.field == "contact.name")
        assert (wrong.restricted, wrong.restriction_reason) == (True, CORRECTED)
        refused = house.vault.open(bram, SERVICE, actor=OWNER, reason="work").refused
        assert {one.why for one in refused} & {Why.RESTRICTED, Why.OBJECTED}


def test_a_request_whose_time_was_over_does_not_come_back(firm):
    house = firm.house
    asked = house.requests.receive(Right.ACCESS, contact=MAILS["bram"], channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    house.requests.answer(asked.id, actor=OWNER)
    firm.back_up()
    firm.clock.advance(timedelta(days=365 * 12))
    assert house.retention.run(actor=OWNER).erased
    assert [one.id for one in house.requests.all()] == []
    counts = house.vault.counts()
    saved = destroyed(firm)
    restored = firm.restore(ledger=saved)
    assert restored.replayed == restored.erased_again + 1
    with firm.reopened() as again:
        assert [one.id for one in again.requests.all()] == []
        assert again.vault.counts().items == counts.items


def test_a_number_that_the_ledger_knows_never_means_another_datum(firm):
    firm.back_up()
    values = {FieldPath("contact.phone"): "06-87654321"}
    anna = firm.who("anna")
    firm.house.intake.admit(anna, values, purpose=SERVICE, source="office", actor=OWNER)
    later = [h.item for h in firm.house.vault.holdings(anna)][-1]
    firm.house.vault.erase([later], ground="Article 17", actor=OWNER)
    saved = destroyed(firm)
    restored = firm.restore(ledger=saved)
    assert restored.lost
    with firm.reopened() as house:
        house.intake.admit(anna, values, purpose=SERVICE, source="office", actor=OWNER)
        assert later not in [h.item for h in house.vault.holdings(anna)]
        marks = {house.vault.mark(h.item) for h in house.vault.holdings(anna)}
        erased = {m for e in house.ledger.entries() if e.event.name == "erasure.begun" for m in e.event.facts["marks"]}
        assert not marks & erased


def test_restored_twice_erasures_of_the_first_life_still_count(firm):
    firm.back_up()
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    saved = destroyed(firm)
    firm.restore("een", ledger=saved)
    again = firm.restore("twee", ledger=firm.folder / "een")
    assert again.erased_again == 1


def test_after_rotation_and_expiry_no_copy_opens_what_was_erased(firm):
    old = firm.back_up().manifest
    copied = firm.folder / "kopie-van-data-archief"
    shutil.copytree(firm.backups, copied, ignore=shutil.ignore_patterns("*.keys.age"))
    firm.house.vault.erase([firm.item("anna", "contact.name")], ground="Article 17", actor=OWNER)
    firm.house.backups.rotate(actor=OWNER)
    new = firm.back_up(expire_keys=True).manifest
    for folder in (firm.backups, copied):
        with pytest.raises(UsageError) as refused:
            firm.restore("oud", folder=folder, backup=old.id)
        assert refused.value.code == "backup-keys-expired"
    with pytest.raises(DamagedError):  # the keys of another backup are not the keys of this one
        firm.restore("oud", folder=copied, backup=old.id, keys=firm.backups / new.keys.file)
    assert "contact.name" not in read_restored(firm, new.id)


def test_the_keys_of_a_neighbouring_moment_are_told_from_the_right_ones(firm):
    """Within one epoch too: the error says which archive of keys is needed, and which backup these belong to."""
    old = firm.back_up().manifest
    anna = firm.who("anna")
    firm.house.intake.admit(
        anna, {FieldPath("contact.phone"): "06-87654321"}, purpose=SERVICE, source="office", actor=OWNER
    )
    new = firm.back_up().manifest
    strange = firm.folder / "vreemd.age"
    strange.write_bytes((firm.backups / new.keys.file).read_bytes()[:-1])
    for backup, keys in ((new, firm.backups / old.keys.file), (new, strange), (old, strange)):
        with pytest.raises(DamagedError) as refused:
            firm.restore(backup=backup.id, keys=keys)
        assert (refused.value.code, refused.value.exit_status) == ("backup-keys-other", 4)
        assert backup.keys.file in refused.value.message
        assert backup.keys.sha256 in refused.value.message
        assert (f"they are of {old.id}" in refused.value.message) == (keys != strange)
        assert "--backup" in refused.value.remedy
        assert not (firm.folder / "nieuw").exists()
    kept = firm.folder / "elders.age"
    kept.write_bytes((firm.backups / old.keys.file).read_bytes())
    assert firm.restore(backup=old.id, keys=kept).items == old.items


def read_restored(firm, backup: str) -> dict[str, str]:
    firm.restore("nieuwste", backup=backup)
    with firm.reopened("nieuwste") as house:
        return read(house, "anna")


def test_every_link_of_a_chain_comes_back_and_is_drilled_with_its_own_keys(firm):
    """Full, then only what changed, a turned key in between; the keys lie apart from the data, each with its backup."""
    chain = [firm.back_up(full=True).manifest]
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    chain.append(firm.back_up().manifest)
    firm.house.vault.rotate(actor=OWNER)
    chain.append(firm.back_up().manifest)
    firm.house.vault.rectify(firm.item("bram", "contact.phone"), "06-87654321", actor=OWNER, reason="new number")
    chain.append(firm.back_up().manifest)
    assert [one.full for one in chain] == [True, False, False, False]
    apart = firm.folder / "sleutelkast"
    apart.mkdir()
    for one in chain:
        (firm.backups / one.keys.file).rename(apart / one.keys.file)
    for number, one in enumerate(chain):
        restored = firm.restore(f"uit-{number}", backup=one.id, keys=apart / one.keys.file)
        assert restored.manifest.id == one.id
        with firm.reopened(f"uit-{number}") as house:
            assert "contact.phone" not in read(house, "anna")
            assert read(house, "bram")["contact.phone"].endswith("87654321" if number == 3 else "12345678")
            house.vault.verify_seals()
            house.ledger.verify()
        (apart / one.keys.file).rename(firm.backups / one.keys.file)
        drilled = firm.house.backups.drill(
            firm.identities, settings=firm.settings(), actor=OWNER, backup=one.id
        )  # fmt: skip
        assert drilled.verified, drilled.message
        (firm.backups / one.keys.file).rename(apart / one.keys.file)


def test_what_stands_in_the_streams_of_a_lost_machine_comes_along(firm):
    firm.back_up()
    house = firm.house
    folder = firm.place.folder / "data" / "ledger"
    assert folder.is_dir()
    house.ledger._spread = True  # as on PostgreSQL
    house.ledger.checkpoint()
    read(house, "anna")
    lost = firm.folder / "lost"
    shutil.copytree(firm.place.folder, lost)
    assert [path for path in (lost / "data" / "ledger" / "streams").iterdir() if path.is_dir()]
    openings = sum(entry.event.name == "data.opened" for entry in house.ledger.entries())
    firm.restore(ledger=lost)
    with firm.reopened() as again:
        assert sum(entry.event.name == "data.opened" for entry in again.ledger.entries()) == openings
        again.ledger.verify()


def test_without_a_word_about_the_ledger_nothing_is_restored(firm):
    firm.back_up()
    with pytest.raises(RefusedError) as refused:
        firm.restore(ledger=None)
    assert (refused.value.code, refused.value.exit_status) == ("restore-ledger-unknown", 3)
    assert not (firm.folder / "nieuw").exists()
    restored = firm.restore(ledger=None, nothing_newer=True)
    assert restored.unseen


def test_an_older_backup_takes_the_ledger_of_a_newer_one(firm):
    old = firm.back_up().manifest
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    firm.back_up()
    destroyed(firm)
    restored = firm.restore(ledger=None, nothing_newer=True, backup=old.id)
    assert restored.erased_again == 1


def test_a_ledger_older_than_what_is_remembered_is_refused(firm):
    firm.back_up()
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    remembered = firm.house.ledger.checkpoint().text
    for wishes in (
        {"ledger": None, "nothing_newer": True, "remembered": [remembered]},
        {"ledger": None, "remembered": [remembered]},
    ):
        with pytest.raises(DamagedError) as refused:
            firm.restore(**wishes)
        assert refused.value.code == "restore-ledger-older"
    assert not (firm.folder / "nieuw").exists()


def test_the_ledger_of_another_organisation_is_refused(firm, tmp_path):
    firm.back_up()
    other = make_firm(tmp_path / "ander")
    other.place.close()
    with pytest.raises(DamagedError):
        firm.restore(ledger=other.place.folder)
    assert not (firm.folder / "nieuw").exists()


def test_a_ledger_with_an_erasure_cut_out_is_refused(firm):
    firm.back_up()
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    firm.place.close()
    log = firm.place.folder / "data" / "ledger" / "log"
    log.write_bytes(log.read_bytes()[:-400])
    with pytest.raises(DamagedError):
        firm.restore()
    assert not (firm.folder / "nieuw").exists()


def test_wrong_identities_are_told_apart(firm):
    firm.back_up()
    for identities in ([firm.data_identity], [firm.keys_identity]):
        with pytest.raises(UsageError) as refused:
            firm.restore(identity_files=identities)
        assert refused.value.code == "backup-identity"
    with pytest.raises(UsageError) as refused:
        firm.restore(identity_files=[])
    assert refused.value.code == "backup-no-identity"
    with pytest.raises(UsageError) as refused:
        firm.restore(identity_files=[firm.place.folder / "policy.toml"])
    assert refused.value.code == "backup-identity-file"
    assert not (firm.folder / "nieuw").exists()


def test_what_stands_there_is_not_touched(firm):
    firm.back_up()
    mine = firm.folder / "nieuw"
    mine.mkdir()
    (mine / "van-mij.txt").write_text("van mij")
    with pytest.raises(UsageError) as refused:
        firm.restore()
    assert refused.value.code == "restore-not-empty"
    assert [path.name for path in mine.iterdir()] == ["van-mij.txt"]
    (mine / "van-mij.txt").unlink()
    firm.restore()


@pytest.mark.parametrize("kind", ["manifest.json", "index.age", "keys.age", "parts"])
@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "gone"])
def test_harm_to_any_file_is_noticed_and_nothing_is_restored(firm, kind, harm):
    firm.back_up()
    firm.place.close()
    victims = sorted((firm.backups / "parts").iterdir()) if kind == "parts" else list(firm.backups.glob(f"*.{kind}"))
    for victim in victims:
        whole = victim.read_bytes()
        places = range(0, len(whole), max(1, len(whole) // (60 if kind == "manifest.json" else 4)))
        for at in places if harm in {"flip", "cut"} else [0]:
            if harm == "gone":
                victim.unlink()
            else:
                flipped = whole[:at] + bytes((whole[at] ^ 0x04,)) + whole[at + 1 :]
                victim.write_bytes({"flip": flipped, "cut": whole[:at], "empty": b""}[harm])
            expected = UsageError if harm == "gone" and kind in {"manifest.json", "keys.age"} else DamagedError
            with pytest.raises(expected) as refused:
                firm.restore()
            assert refused.value.where
            assert refused.value.remedy
            assert not (firm.folder / "nieuw").exists()
            assert not (firm.folder / ".nieuw.restoring").exists()
        victim.write_bytes(whole)
    assert firm.restore().items


def test_a_manifest_made_up_by_someone_without_the_root_key_is_refused(firm):
    made = firm.back_up().manifest
    path = firm.backups / f"{made.id}.manifest.json"
    path.write_bytes(path.read_bytes().replace(f'"items":{made.items}'.encode(), b'"items":7'))
    with pytest.raises(DamagedError) as refused:
        firm.restore()
    assert "root key" in refused.value.message


def test_a_full_disk_leaves_nothing(firm, monkeypatch):
    firm.back_up()
    firm.place.close()
    real = os.fdopen

    def full(descriptor, *rest, **named):
        os.close(descriptor)
        return open("/dev/full", "wb")  # noqa: PTH123

    monkeypatch.setattr("gestand.backup.archives.os.fdopen", full)
    with pytest.raises(GestandError) as refused:
        firm.restore()
    monkeypatch.setattr("gestand.backup.archives.os.fdopen", real)
    assert refused.value.code == "restore-not-written"
    assert not (firm.folder / "nieuw").exists()
    assert not (firm.folder / ".nieuw.restoring").exists()


STEPS = (
    "restore.written", "restore.ledger", "erase.begun", "erase.destroyed", "erase.searched", "restore.replayed",
    "restore.done", "restore.in-place",
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_killed_there_no_half_organisation_stands(firm, step):
    firm.back_up()
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    firm.place.close()
    into = firm.folder / "nieuw"
    child = os.fork()
    if child == 0:  # pragma: no cover - it dies

        def die(name: str) -> None:
            if name == step:
                os.kill(os.getpid(), signal.SIGKILL)

        restore_backup(
            firm.backups, into, firm.identities, actor=OWNER, clock=firm.clock, entropy=system_entropy,
            variable=nothing, forget=forget_requests, ledger=firm.place.folder, failpoint=die,
        )  # fmt: skip
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    if step == "restore.in-place":
        assert into.exists()
    else:
        assert not into.exists()
        firm.restore()
    with firm.reopened() as house:
        assert "contact.phone" not in read(house, "anna")
        house.ledger.verify()
    assert not (firm.folder / ".nieuw.restoring").exists()


def test_no_clear_text_stands_in_what_is_restored(firm):
    firm.back_up()
    firm.restore()
    found = all_bytes(firm.folder / "nieuw")
    assert any(b"Computer Support" in content for content in found.values()), "the search finds what is readable"
    assert not [
        path for path, content in found.items() if CANARY.encode() in content or MAILS["anna"].encode() in content
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in found if path.parent.name in {"keys", "epochs", "data"})


def test_the_restored_folder_is_an_organisation_like_any_other(firm):
    firm.back_up()
    firm.restore()
    with firm.reopened() as house:
        assert who(house, "anna")
        house.vault.rotate(actor=OWNER)
        opened = house.vault.open(who(house, "bram"), RIGHTS, actor=OWNER, reason="test")
        assert opened.items
