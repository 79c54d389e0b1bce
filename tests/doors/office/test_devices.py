"""Devices in the office: the slip is on paper without the code, the code dies on return, and each paper can be checked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gestand.doors.office.pages import devices
from gestand.kernel.errors import RefusedError, UsageError

SLIP = {
    "person": "anna@example.nl", "model": "Laptop X1, serie 12345", "fault": "start niet", "accessories": "lader",
    "permission": "alleen wat de test nodig heeft", "code": "geheim-1234",
}  # fmt: skip
CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")


def test_a_device_is_taken_in_given_back_and_wiped_with_papers_that_can_be_checked(visit):
    house = visit.house
    paper = devices.take_in(replace(visit, form=SLIP)).body.decode()
    assert "Laptop X1, serie 12345" in paper
    assert "geheim-1234" not in paper
    taken = house.devices.all()[-1]
    listed = devices.devices(visit).body.decode()
    assert taken.id in listed
    assert "Laptop X1" not in listed  # a list opens nothing
    at = replace(visit, params={"device": taken.id})
    shown = devices.device(at).body.decode()
    assert "start niet" in shown
    assert "geheim-1234" not in shown
    back = devices.give_back(at).body.decode()
    proven = house.devices.check(CODE.findall(back)[0])
    assert proven is not None
    assert (proven.paper, proven.destroyed) == ("return", 1)  # the access code
    with pytest.raises(RefusedError) as again:
        devices.give_back(at)
    assert again.value.code == "device-returned"
    wiped = house.devices.check(
        CODE.findall(devices.wipe(replace(at, form={"method": "nvme format"})).body.decode())[0]
    )
    assert wiped is not None
    assert (wiped.paper, wiped.method) == ("wipe", "nvme format")
    assert not house.devices.one(taken.id).in_hand


def test_a_language_that_there_is_not_is_no_fault_after_the_device_is_in(visit):
    made = devices.take_in(replace(visit, form={**SLIP, "letter": "xx"}))
    assert "Inname" in made.title
    assert len(visit.house.devices.all()) == 1


def test_nothing_is_taken_in_of_nobody_or_by_whoever_may_not(visit):
    before = len(visit.house.devices.all())
    with pytest.raises(UsageError) as unknown:
        devices.take_in(replace(visit, form={**SLIP, "person": "niemand@example.org"}))
    assert unknown.value.code == "unknown-subject"
    stranger = replace(visit, form=SLIP, params={"device": "dev_x"}, person=replace(visit.person, roles=()))
    for view in (devices.take_in, devices.device, devices.give_back, devices.wipe):
        with pytest.raises(RefusedError) as refused:
            view(stranger)
        assert refused.value.code == "role-purpose"
    assert len(visit.house.devices.all()) == before


def test_the_access_code_opens_for_its_purpose_and_only_while_the_device_is_in_hand(visit):
    devices.take_in(replace(visit, form=SLIP))
    at = replace(visit, params={"device": visit.house.devices.all()[-1].id})
    assert "geheim-1234" in devices.code(at).body.decode()
    entry = list(visit.house.ledger.entries())[-1].event
    assert (entry.name, entry.facts["purpose"]) == ("data.opened", visit.policy.devices.access_purpose)
    with pytest.raises(RefusedError):
        devices.code(replace(at, person=replace(visit.person, roles=())))
    devices.give_back(at)
    with pytest.raises(RefusedError) as gone:
        devices.code(at)
    assert gone.value.code == "device-returned"


def test_a_disk_is_sealed_and_opened_from_the_page_of_its_device(visit):
    devices.take_in(replace(visit, form=SLIP))
    service = visit.house.devices
    taken = service.all()[-1].id
    at = replace(visit, params={"device": taken})
    (service.disks.place / "schijf.img").write_bytes(b"bestanden van Anna")
    assert "schijf.img" in devices.device(at).body.decode()
    sealed = devices.seal_disk(replace(at, form={"file": "schijf.img"}))
    assert sealed.location.endswith(taken)
    [(copy, _)] = service.images(taken)
    page = devices.device(at).body.decode()
    assert copy in page
    assert "schijf.img" not in page
    devices.open_disk(replace(at, params={"device": taken, "copy": copy}, form={"file": "terug.img"}))
    assert (service.disks.place / "terug.img").read_bytes() == b"bestanden van Anna"
    devices.remove_disk(replace(at, form={"file": "terug.img"}))
    assert service.disks.all() == ()
    stranger = replace(at, form={"file": "schijf.img"}, person=replace(visit.person, roles=()))
    for view in (devices.seal_disk, devices.open_disk, devices.remove_disk):
        with pytest.raises(RefusedError) as refused:
            view(stranger)
        assert refused.value.code == "role-purpose"
