"""Wherever the settings put data and root key, a backup comes back into its own folder and touches the old one nowhere."""

from __future__ import annotations

import shutil

import pytest
from backup_world import OWNER, all_bytes, read

from gestand.backup.ledgers import bring_ledger, ledger_copy
from gestand.kernel.config import FILE, load_config
from gestand.kernel.config_edit import write_settings
from gestand.kernel.errors import RefusedError

DATA = {
    "as it is": "data",
    "other name": "opslag",
    "deeper": "op/slag",
    "absolute": "/data",
    "absolute, other": "/opslag",
}
ROOTS = {
    "other name": "keys/wortel.key",
    "other folder": "geheim/root.key",
    "deeper": "keys/sub/root.key",
    "a name with a space": "keys/de sleutel.key",
    "absolute": "/keys/root.key",
    "absolute, other": "/geheim/wortel.key",
}


def lay(firm, *, data: str = "", root: str = "") -> None:
    """Move data or root key of the firm, and say so in its settings; what begins with a slash is named from the disk's root."""
    firm.place.close()
    folder = firm.place.folder
    for wanted, now, section, key, before in (
        (data, folder / "data", "storage", "folder", ""),
        (root, folder / "keys" / "root.key", "keys", "root", "file:"),
    ):
        if wanted:
            target = folder / wanted.removeprefix("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            now.rename(target)
            write_settings(folder, {key: before + str(target if wanted[0] == "/" else wanted)}, section=section)


def comes_back(firm) -> None:
    """Back up, drill, restore beside the old organisation and once more without it."""
    made = firm.back_up().manifest
    live = load_config(firm.place.folder).data / "ledger" / "log"
    size = live.stat().st_size
    drilled = firm.house.backups.drill(firm.identities, actor=OWNER, settings=firm.settings())
    assert drilled.verified, drilled.message
    assert live.stat().st_size > size
    before = read(firm.house, "anna")
    firm.place.close()
    old = all_bytes(firm.place.folder)
    assert firm.restore("naast").items == made.items
    assert firm.restore("niets-nieuwer", ledger=None, nothing_newer=True).items == made.items
    assert all_bytes(firm.place.folder) == old
    shutil.rmtree(firm.place.folder)
    assert firm.restore("alleen", ledger=firm.folder / "naast").items == made.items
    for name in ("naast", "alleen"):
        place = firm.folder / name
        assert load_config(place).data.is_relative_to(place)
        with firm.reopened(name) as house:
            assert read(house, "anna") == before
            house.ledger.verify()


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
def test_wherever_the_data_lie(firm, data):
    lay(firm, data=data)
    comes_back(firm)


@pytest.mark.parametrize("root", ROOTS.values(), ids=ROOTS)
def test_wherever_the_root_key_lies(firm, root):
    lay(firm, root=root)
    comes_back(firm)


def test_a_root_key_beside_the_organisation_stays_there(firm):
    firm.place.close()
    (firm.place.folder / "keys" / "root.key").rename(firm.folder / "root.key")
    write_settings(firm.place.folder, {"root": "file:../root.key"}, section="keys")
    comes_back(firm)
    assert not [*(firm.folder / "naast").rglob("root.key")]


def test_settings_and_texts_behind_a_link_are_taken_too(firm):
    firm.place.close()
    for name in (FILE, "policy.toml"):
        (firm.place.folder / name).rename(firm.folder / name)
        (firm.place.folder / name).symlink_to(firm.folder / name)
    comes_back(firm)


def test_settings_that_cannot_be_rewritten_are_refused_before_there_is_a_backup(firm):
    lay(firm, data="opslag")
    path = firm.place.folder / FILE
    lines = [
        line for line in path.read_text().splitlines() if not line.startswith(("[storage]", "folder = ", "engine ="))
    ]
    path.write_text('storage.folder = "opslag"\n' + "\n".join(lines) + "\n")
    with pytest.raises(RefusedError) as refused:
        firm.back_up()
    assert refused.value.code == "backup-settings"
    assert not list(firm.backups.glob("bak_*.manifest.json"))


def test_a_backup_of_before_with_absolute_places_is_restored_into_its_own_folder(firm, monkeypatch):
    lay(firm, data="/data", root="/keys/wortel.key")
    monkeypatch.setattr("gestand.backup.making.settled", lambda text, _config, _root: text)
    comes_back(firm)


def test_a_ledger_is_never_written_over_itself(firm):
    manifest = firm.back_up().manifest
    firm.place.close()
    given = ledger_copy(firm.place.folder)
    before = given.log.read_bytes()
    config = load_config(firm.place.folder)
    with pytest.raises(RefusedError) as refused:
        bring_ledger(
            None, manifest, config, b"", given=given, remembered=(), nothing_newer=False, clock=firm.clock, entropy=None
        )
    assert refused.value.code == "restore-ledger-itself"
    assert given.log.read_bytes() == before
