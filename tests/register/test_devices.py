"""A device in hand: what is noted is sealed, the code dies with the job, copies die with their key, and a code proves it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.entropy import SeededEntropy, system_entropy
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.kernel.ids import PurposeId
from gestand.ledger.receipt import verify_receipt
from gestand.register import imagefile
from gestand.register.device import Slip, new_code
from gestand.register.slips import certificate_text, checked_text, slip_text
from gestand.retention.images import ImageCustodian
from intake_house import OWNER

CODE = "geheim-4711"
SLIP = Slip("Laptop Voorbeeld 12, serienummer X-99", "start niet", "lader en tas", "alleen wat de test vraagt", CODE)
DISK = bytes(range(256)) * 9000  # more than two chunks


@pytest.fixture
def anna(house):
    return house.admit(contact__name="Anna de Vries", contact__email="anna@example.nl")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    path = tmp_path / "schijf.img"
    path.write_bytes(DISK)
    return path


def fields(house, subject) -> dict[str, tuple[str, date | None]]:
    return {h.field: (h.shelf, h.due) for h in house.vault.holdings(subject) if h.field.startswith("device.")}


@pytest.mark.on_both_engines
def test_a_slip_is_sealed_under_its_job_and_the_code_lies_on_a_shelf_of_its_own(house, devices, anna):
    device = devices.take_in(anna, SLIP, actor=OWNER)
    assert device.role == "processor"
    assert fields(house, anna)["device.access-code"] == ("access-code", None)
    assert fields(house, anna)["device.permission"] == ("device-image", None)
    assert devices.slip(device.id, actor=OWNER) == Slip(SLIP.model, SLIP.fault, SLIP.accessories, SLIP.permission)
    opened = house.vault.open(anna, PurposeId("repair"), actor=OWNER, reason="bench")
    assert CODE not in [one.value for one in opened.items]
    title, body = slip_text(device, SLIP, house.statements.in_force().policy, "nl")
    assert device.id in title
    assert CODE not in body
    assert "verwerker" in body
    assert "30 dagen" in body


@pytest.mark.on_both_engines
def test_giving_back_closes_the_job_destroys_the_code_and_gives_a_code_that_proves_it(house, devices, anna):
    device = devices.take_in(anna, SLIP, actor=OWNER)
    house.clock.advance(timedelta(days=3))
    certificate = devices.give_back(device.id, actor=OWNER)
    assert certificate.destroyed == 1
    assert "device.access-code" not in fields(house, anna)
    assert fields(house, anna)["device.model"][1] == date(2027, 1, 4)
    assert house.register.dossier(device.dossier).state == "closed"
    found = devices.check(f" {certificate.code.lower()} ")
    assert (found.paper, found.on, found.destroyed) == ("return", date(2026, 12, 4), 1)
    entry = verify_receipt(found.receipt, house.ledger.key)
    assert entry.event.name == "device.returned"
    assert anna not in found.receipt
    assert "teruggegeven op 4-12-2026" in checked_text(found, "nl")
    assert certificate.code in certificate_text(certificate, house.statements.in_force().policy, "en")[1]
    with pytest.raises(RefusedError, match="given back"):
        devices.give_back(device.id, actor=OWNER)


def test_a_wrong_code_proves_nothing(devices, anna):
    devices.give_back(devices.take_in(anna, SLIP, actor=OWNER).id, actor=OWNER)
    assert devices.check(new_code(SeededEntropy("another"))) is None
    assert devices.check("") is None


@pytest.mark.on_both_engines
def test_a_copy_opens_while_its_key_lives_and_is_wiped_at_once_when_asked(house, devices, anna, disk, tmp_path):
    device = devices.take_in(anna, SLIP, actor=OWNER)
    devices.add_image(device.id, disk, actor=OWNER)
    [(name, due)] = devices.images(device.id)
    assert due is None
    sealed = tmp_path / "org" / "data" / "images" / name
    assert DISK[:256] not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o077 == 0
    out = tmp_path / "terug.img"
    assert devices.put_back(device.id, name, out, actor=OWNER) == len(DISK)
    assert out.read_bytes() == DISK
    copy = tmp_path / "elders.img"
    copy.write_bytes(sealed.read_bytes())
    certificate = devices.wipe(device.id, method="blancco, 1 keer", actor=OWNER)
    assert certificate.destroyed == 1
    assert not sealed.exists()
    assert devices.images(device.id) == ()
    found = devices.check(certificate.code)
    assert (found.paper, found.method) == ("wipe", "blancco, 1 keer")
    with pytest.raises(UsageError, match="no copy"):
        devices.put_back(device.id, name, out, actor=OWNER)


def test_what_is_restricted_of_a_device_is_neither_destroyed_nor_wiped_before_that_ends(house, devices, anna, disk):
    device = devices.take_in(anna, SLIP, actor=OWNER)
    copy = devices.add_image(device.id, disk, actor=OWNER)
    [code] = [h.item for h in house.vault.holdings(anna) if h.field == "device.access-code"]
    house.vault.restrict([code, copy], reason="Article 18(1)(c)", actor=OWNER)
    assert devices.give_back(device.id, actor=OWNER).destroyed == 0
    with pytest.raises(RefusedError) as refused:
        devices.wipe(device.id, actor=OWNER)
    assert refused.value.code == "copy-restricted"
    due = house.vault.item(copy).due
    assert list(ImageCustodian(devices.files).due(due)) == []
    house.vault.release([copy], reason="told", actor=OWNER)
    assert devices.wipe(device.id, actor=OWNER).destroyed == 1


def test_a_copy_leaves_with_its_term_and_one_on_hold_stays(house, devices, anna, disk):
    first = devices.take_in(anna, SLIP, actor=OWNER)
    item = devices.add_image(first.id, disk, actor=OWNER)
    second = devices.take_in(anna, SLIP, actor=OWNER)
    held = devices.add_image(second.id, disk, actor=OWNER)
    for device in (first, second):
        devices.give_back(device.id, actor=OWNER)
    due = house.vault.item(item).due
    assert due == date(2027, 1, 1)
    house.vault.place_hold([held], reason="a dispute", until=None, actor=OWNER)
    custodian = ImageCustodian(devices.files)
    assert list(custodian.due(due - timedelta(days=1))) == []
    [leaving] = custodian.due(due)
    house.clock.advance(timedelta(days=31))
    house.vault.erase([item], ground="due", actor=OWNER)
    assert [one.key for one in custodian.due(due)] == [leaving.key]
    assert custodian.erase([leaving.key], ground="due", actor=OWNER) == 0
    assert custodian.count() == 1
    assert list(custodian.due(due)) == []


def test_a_subject_that_leaves_takes_its_devices_along(house, devices, anna):
    devices.take_in(anna, SLIP, actor=OWNER)
    house.vault.erase_subject(anna, ground="test", actor=OWNER)
    house.register.forget(anna)
    assert devices.all() == ()


def test_what_is_lacking_is_refused_and_nothing_is_left(house, devices, anna, tmp_path):
    with pytest.raises(UsageError, match="may be looked at"):
        devices.take_in(anna, Slip("Laptop", "", "", " "), actor=OWNER)
    assert devices.all() == ()
    device = devices.take_in(anna, SLIP, actor=OWNER)
    with pytest.raises(UsageError, match="cannot be sealed"):
        devices.add_image(device.id, tmp_path / "nergens", actor=OWNER)
    assert list((tmp_path / "org" / "data" / "images").iterdir()) == []
    with pytest.raises(UsageError, match="no device"):
        devices.one("dev_nothing")


def test_a_copy_that_a_crash_left_half_made_is_taken_away_after_a_day(house, devices, tmp_path):
    folder = tmp_path / "org" / "data" / "images"
    folder.mkdir()
    (folder / "img_half").write_bytes(imagefile.MAGIC)
    house.clock.advance(timedelta(days=3650))
    assert list(devices.files.orphans()) == ["img_half"]


def test_a_file_that_is_being_made_is_left_alone(house, devices, tmp_path):
    import os

    folder = tmp_path / "org" / "data" / "images"
    folder.mkdir()
    path = folder / "img_fresh"
    path.write_bytes(imagefile.MAGIC)
    now = house.clock().timestamp()
    os.utime(path, (now, now))
    assert list(devices.files.orphans()) == []


# The sealed file


@given(st.binary(max_size=300), st.integers(1, 64))
def test_what_was_sealed_opens_to_the_same_bytes(tmp_path_factory, content: bytes, chunk: int):
    folder = tmp_path_factory.mktemp("image")
    (folder / "a").write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imagefile, "CHUNK", chunk)
        sealed = imagefile.seal_image(folder / "a", folder / "b", bytes(32), "img_1", system_entropy)
        assert sealed.size == len(content)
        assert imagefile.open_image(folder / "b", folder / "c", bytes(32), "img_1") == len(content)
    assert (folder / "c").read_bytes() == content


@pytest.mark.parametrize("harm", ["bit", "cut", "swap", "name", "key", "more"])
def test_harm_to_the_file_is_noticed_and_nothing_is_written(tmp_path: Path, harm: str, monkeypatch):
    monkeypatch.setattr(imagefile, "CHUNK", 64)
    (tmp_path / "a").write_bytes(bytes(200))
    target, key, name = tmp_path / "b", bytes(32), "img_1"
    imagefile.seal_image(tmp_path / "a", target, key, name, SeededEntropy("image"))
    raw = bytearray(target.read_bytes())
    head, size = len(imagefile.MAGIC), 4 + 1 + 12 + 64 + 16
    if harm == "bit":
        raw[head + 40] ^= 1
    elif harm == "cut":
        raw = raw[: head + 2 * size]
    elif harm == "swap":
        raw = raw[:head] + raw[head + size : head + 2 * size] + raw[head : head + size] + raw[head + 2 * size :]
    elif harm == "more":
        raw += raw[head : head + size]
    target.write_bytes(raw)
    with pytest.raises(DamagedError):
        imagefile.open_image(
            target, tmp_path / "c", bytes(31) + b"x" if harm == "key" else key, "img_2" if harm == "name" else name
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
