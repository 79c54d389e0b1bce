"""The folder in which disks wait: by name alone, nothing outside of it, and nothing that is sealed stays plain in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gestand.kernel.errors import RefusedError, UsageError
from gestand.register.device import Slip
from gestand.register.devices import Devices
from gestand.register.dropfolder import DropFolder
from intake_house import OWNER

DISK = bytes(range(256)) * 5000


@pytest.fixture
def folder(tmp_path) -> Path:
    return DropFolder(tmp_path).place


@pytest.fixture
def device(house, devices):
    anna = house.admit(contact__name="Anna de Vries", contact__email="anna@example.nl")
    return devices.take_in(anna, Slip("Laptop", "start niet", "lader", "alleen de test"), actor=OWNER)


def test_links_folders_and_strange_names_are_none_of_it(folder, tmp_path):
    outside = tmp_path / "outside.img"
    outside.write_bytes(b"geheim")
    (folder / "link.img").symlink_to(outside)
    (folder / "sub").mkdir()
    (folder / ".part").write_bytes(b"x")
    (folder / "a disk.img").write_bytes(b"x")
    (folder / "schijf.img").write_bytes(b"abc")
    drop = DropFolder(tmp_path)
    assert [(one.name, one.size) for one in drop.all()] == [("schijf.img", 3)]
    for name in ("link.img", "sub", "../outside.img", "", ".", "a disk.img", "nothing.img", "/etc/hosts"):
        with pytest.raises(UsageError) as unknown:
            drop.one(name)
        assert unknown.value.code == "disk-unknown"
    for name in ("schijf.img", "link.img", "../x", ".x", "", "sub"):
        with pytest.raises(UsageError) as refused:
            drop.fresh(name)
        assert refused.value.code == "disk-name"
    drop.remove("schijf.img")
    assert drop.all() == ()
    assert outside.read_bytes() == b"geheim"
    assert (folder.stat().st_mode & 0o777) == 0o700


def test_a_file_that_gets_its_last_name_while_the_folder_is_listed_stops_no_list(folder, tmp_path, monkeypatch):
    (folder / "disk.part").write_bytes(b"half")
    (folder / "schijf.img").write_bytes(b"abc")
    looked_at = Path.lstat

    def renamed_before(path):
        if path.name == "disk.part":
            path.rename(path.with_name("disk.img"))
        return looked_at(path)

    monkeypatch.setattr(Path, "lstat", renamed_before)
    assert [one.name for one in DropFolder(tmp_path).all()] == ["schijf.img"]


def test_a_disk_is_sealed_out_of_the_folder_and_a_copy_opens_into_it(devices, device):
    place = devices.disks.place
    (place / "schijf.img").write_bytes(DISK)
    devices.seal_disk(device.id, "schijf.img", actor=OWNER)
    assert devices.disks.all() == ()
    [(name, _)] = devices.images(device.id)
    assert devices.open_disk(device.id, name, "terug.img", actor=OWNER) == len(DISK)
    assert (place / "terug.img").read_bytes() == DISK
    with pytest.raises(UsageError):
        devices.open_disk(device.id, name, "terug.img", actor=OWNER)  # nothing is written over
    devices.disks.remove("terug.img")
    devices.give_back(device.id, actor=OWNER)
    (place / "schijf.img").write_bytes(DISK)
    with pytest.raises(RefusedError) as back:
        devices.seal_disk(device.id, "schijf.img", actor=OWNER)
    assert back.value.code == "device-returned"
    assert (place / "schijf.img").read_bytes() == DISK


def test_a_disk_that_is_still_written_to_is_not_kept_as_a_copy(devices, device, monkeypatch):
    path = devices.disks.place / "schijf.img"
    path.write_bytes(DISK)
    add = Devices.add_image

    def growing(self, *given, **named):
        item = add(self, *given, **named)
        with path.open("ab") as more:
            more.write(b"nog meer")
        os.utime(path, (1, 1))
        return item

    monkeypatch.setattr(Devices, "add_image", growing)
    with pytest.raises(UsageError) as half:
        devices.seal_disk(device.id, "schijf.img", actor=OWNER)
    assert half.value.code == "disk-growing"
    assert devices.images(device.id) == ()
    assert devices.files.count() == 0
    assert path.read_bytes() == DISK + b"nog meer"
