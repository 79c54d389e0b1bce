"""What a backup is: small the second time, opened by the ordinary age tool, silent about persons, never half."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from backup_world import CANARY, MAILS, OWNER, RIGHTS, SERVICE, all_bytes

from backup.test_restoring import destroyed
from gestand.backup import files
from gestand.kernel.errors import DamagedError, GestandError, RefusedError, UsageError
from gestand.kernel.ids import FieldPath
from gestand.storage.scratch import scratch
from gestand.vault.residue import Residue


def identity(file: Path) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(file.read_text().splitlines()[1])


def test_the_second_backup_writes_only_what_changed(firm):
    first, second = firm.back_up(), firm.back_up()
    assert first.manifest.full
    assert first.reused == 0
    assert second.written < first.written
    assert second.reused > 5
    assert not second.manifest.full
    third = firm.back_up(full=True)
    assert third.manifest.full
    assert third.reused == 0


def test_what_was_erased_is_told_before_the_copy(firm, monkeypatch):
    monkeypatch.setattr(Residue, "_cut_if_possible", lambda _: None)
    jobs = []
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="17", actor=OWNER)

    def failpoint(step: str) -> None:
        if step == "backup.copied":
            jobs.append(firm.house.engine.execute("SELECT count(*) FROM vault_erasure")[0][0])

    firm.at(failpoint).make(actor=OWNER, settings=firm.settings())
    assert jobs == [0]


@pytest.mark.parametrize("harm", ["flip", "cut", "gone"])
def test_a_part_that_was_harmed_is_written_anew_and_never_built_upon(firm, harm):
    first = firm.back_up()
    [largest] = sorted(firm.backups.glob("parts/*"), key=lambda path: path.stat().st_size)[-1:]
    sound = largest.read_bytes()
    if harm == "gone":
        largest.unlink()
    else:
        largest.write_bytes(sound[:-1] if harm == "cut" else sound[:-9] + bytes([sound[-9] ^ 1]) + sound[-8:])
    second = firm.back_up()
    third = firm.back_up()
    assert (first.renewed, second.renewed) == (0, 1)
    assert second.reused > 0
    assert firm.restore("twee", backup=second.manifest.id).items == first.manifest.items
    assert firm.restore("drie", backup=third.manifest.id).items == first.manifest.items
    with pytest.raises(DamagedError):
        firm.restore("een", backup=first.manifest.id)


def test_parts_for_other_recipients_are_not_used_again(firm):
    firm.back_up()
    other = firm.settings(recipients=firm.settings().keys_recipients)
    assert firm.house.backups.make(actor=OWNER, settings=other).reused == 0


def test_it_opens_with_age_alone_and_is_what_lies_on_disk(firm):
    manifest = firm.back_up().manifest
    firm.place.close()
    key = identity(firm.data_identity)
    index = json.loads(pyrage.decrypt((firm.backups / manifest.index.file).read_bytes(), [key]))
    parts = {part.mac: part.sealed.file for part in manifest.parts}
    for file in index["files"]:
        content = b"".join(pyrage.decrypt((firm.backups / parts[p]).read_bytes(), [key]) for p in file["parts"])
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        if not file["path"].startswith("data/"):
            assert content == (firm.place.folder / file["path"]).read_bytes()
    names = {file["path"] for file in index["files"]}
    assert {"data/data.db", "data/ledger/log", "gestand.toml", "policy.toml", "statement.nl.md"} <= names
    assert not any("keys" in name or "epoch" in name for name in names)


def test_data_and_keys_are_for_different_people(firm):
    manifest = firm.back_up().manifest
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt((firm.backups / manifest.keys.file).read_bytes(), [identity(firm.data_identity)])
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt((firm.backups / manifest.index.file).read_bytes(), [identity(firm.keys_identity)])


def test_no_byte_of_a_person_stands_in_a_backup(firm):
    canaries = [
        CANARY.encode(),
        MAILS["anna"].encode(),
        b"06-12345678",
        b"+31612345678",
        (firm.place.folder / "keys/root.key").read_bytes()[:40],
    ]
    firm.back_up()
    firm.back_up()
    found = all_bytes(firm.backups)
    assert len(found) > 10
    planted = b"x" + CANARY.encode() + b"y"
    for canary in canaries:
        assert canary in planted + canary  # the search finds what is there
        assert not [path for path, content in found.items() if canary in content or canary.hex().encode() in content]


def test_others_write_while_it_is_made(firm):
    stop = threading.Event()
    added = []

    def write() -> None:
        while not stop.is_set():
            values = {FieldPath("contact.name"): "Daan Bos", FieldPath("contact.email"): f"d{len(added)}@example.nl"}
            added.append(firm.house.intake.admit(None, values, purpose=SERVICE, source="office", actor=OWNER))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [firm.back_up() for _ in range(5)]
    finally:
        stop.set()
        writer.join()
    assert added
    for number, one in enumerate(made):
        restored = firm.restore(f"nieuw{number}", backup=one.manifest.id)
        assert restored.items == one.manifest.items


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"folder": None}, "backup-not-set"),
        ({"recipients": ()}, "backup-no-recipient"),
        ({"keys_recipients": ()}, "backup-no-recipient"),
        ({"recipients": ("age1nobody",)}, "backup-recipient"),
    ],
)
def test_without_folder_or_recipients_nothing_is_written(firm, changes, code):
    with pytest.raises(UsageError) as refused:
        firm.house.backups.make(actor=OWNER, settings=firm.settings(**changes))
    assert refused.value.code == code
    assert not list(firm.backups.glob("bak_*"))


def test_a_secret_named_as_recipient_is_not_repeated(firm):
    secret = firm.data_identity.read_text().splitlines()[1]
    with pytest.raises(UsageError) as refused:
        firm.house.backups.make(actor=OWNER, settings=firm.settings(recipients=(secret,)))
    assert secret not in str(refused.value)


def test_not_inside_the_data(firm):
    with pytest.raises(RefusedError):
        firm.house.backups.make(actor=OWNER, settings=firm.settings(folder=firm.house.config.data / "x"))


def test_a_full_disk_leaves_the_earlier_backup_whole(firm, monkeypatch):
    first = firm.back_up().manifest
    private = files._private
    written = []

    def full_after_a_few(path: Path):
        written.append(path)
        return private(path) if len(written) < 2 else open("/dev/full", "wb")  # noqa: PTH123

    monkeypatch.setattr(files, "_private", full_after_a_few)
    with pytest.raises(GestandError) as refused:
        firm.back_up(full=True)
    assert refused.value.code == "backup-not-written"
    assert "No space left" in refused.value.message
    monkeypatch.undo()
    assert [one.id for one in firm.house.backups.all(firm.settings())] == [first.id]
    assert firm.restore().items == first.items


def copies(firm) -> list[Path]:
    """What lies in the organisation's folder and could be a copy of a store, by whatever name."""
    found = [path.relative_to(firm.place.folder) for path in firm.place.folder.rglob("*") if path.is_file()]
    return [path for path in found if path.name.startswith("tmp") or {".carried", ".drill"} & {*path.parts}]


def test_a_kill_while_rows_are_carried_or_drilled_leaves_no_keys_that_are_destroyed_later(firm):
    """A copy that a kill left is gone with the next opening, so that no erasure passes it by."""
    firm.back_up()
    folder = firm.place.folder
    for place, step in ((folder / "data" / ".carried", "carry"), (folder / ".drill", "restore.written")):
        firm.place.close()
        child = os.fork()
        if child == 0:  # pragma: no cover - it dies

            def die(name: str, step: str = step) -> None:
                if name == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            if step == "carry":
                with scratch(place) as room:
                    (room / "store.db").write_bytes(b"keys")
                    die("carry")
            firm.at(die).drill(firm.identities, actor=OWNER, settings=firm.settings())
            os._exit(1)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        assert list(place.rglob("*.db"))
        assert firm.house.vault.counts().items
        assert not place.exists()
    assert copies(firm) == []


@pytest.mark.on_both_engines
@pytest.mark.parametrize("step", ["backup.copied", "backup.parts", "backup.keys", "backup.written", "backup.made"])
def test_killed_there_is_the_earlier_backup_or_the_new_one(firm, step):
    first = firm.back_up().manifest
    firm.place.close()
    child = os.fork()
    if child == 0:  # pragma: no cover - it dies

        def die(name: str) -> None:
            if name == step:
                os.kill(os.getpid(), signal.SIGKILL)

        firm.at(die).make(actor=OWNER, settings=firm.settings(), full=True)
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    there = firm.house.backups.all(firm.settings())
    assert there[0].id == first.id
    assert len(there) == (2 if step in {"backup.written", "backup.made"} else 1)
    assert firm.house.backups.drill(firm.identities, actor=OWNER, settings=firm.settings()).verified
    again = firm.back_up()
    needed = {part.sealed.file for one in firm.house.backups.all(firm.settings()) for part in one.parts}
    assert {f"parts/{path.name}" for path in (firm.backups / "parts").iterdir()} == needed, "what was left is cleared"
    assert again.reused
    assert copies(firm) == [], "no copy of the store is left behind"


def test_keys_leave_before_data_and_the_newest_stays(firm):
    settings = firm.settings(keep_days=90, keys_keep_days=30)
    first = firm.back_up().manifest
    firm.clock.advance(timedelta(days=31))
    second = firm.house.backups.make(actor=OWNER, settings=settings)
    assert second.keys_expired == (first.id,)
    assert second.expired == ()
    with pytest.raises(UsageError) as refused:
        firm.restore(backup=first.id)
    assert refused.value.code == "backup-keys-expired"
    firm.clock.advance(timedelta(days=60))
    third = firm.house.backups.make(actor=OWNER, settings=settings)
    assert third.expired == (first.id,)
    assert firm.restore(backup=third.manifest.id).items == third.manifest.items
    facts = [e.event.facts for e in firm.house.ledger.entries() if e.event.name == "backup.expired"]
    assert [f["what"] for f in facts] == ["keys", "keys", "data"]


def test_the_inventory_says_what_old_backups_still_open(firm):
    assert firm.house.backups.inventory(firm.settings()).oldest_backup_still_open is None
    firm.back_up()
    firm.clock.advance(timedelta(days=3))
    firm.back_up()
    found = firm.house.backups.inventory(firm.settings())
    assert (found.epoch, str(found.oldest_backup_still_open), str(found.unreadable_by)) == (
        1,
        "2026-12-02",
        "2027-01-04",
    )
    firm.house.backups.rotate(actor=OWNER)
    firm.back_up(expire_keys=True)
    found = firm.house.backups.inventory(firm.settings())
    assert (found.epoch, str(found.oldest_backup_still_open)) == (2, "2026-12-05")


def test_a_checkpoint_signed_while_it_is_made_does_not_keep_it_from_coming_back_alone(firm):
    def sign(step: str) -> None:
        if step == "backup.parts":
            firm.house.vault.open(firm.who("bram"), RIGHTS, actor=OWNER, reason="test")
            firm.house.ledger.checkpoint()

    made = firm.at(sign).make(actor=OWNER, settings=firm.settings()).manifest
    destroyed(firm)
    assert firm.restore(ledger=None, nothing_newer=True).items == made.items
