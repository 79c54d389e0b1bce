"""Devices in hand: taken in with a slip, given back and wiped, each with a paper for the customer."""

from __future__ import annotations

from pathlib import Path

from gestand.doors.office.pages.people import matches
from gestand.doors.office.routes import CHOSEN, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import PurposeId, SubjectId
from gestand.register.device import Certificate, Slip
from gestand.register.slips import certificate_text, slip_text
from gestand.statement.policy import Text

MOST_IN_HAND, MOST_RETURNED = 100, 50


def devices(visit: Visit) -> Answer:
    """List what is in hand, and what went back; nothing of a slip is opened."""
    service, first = visit.house.devices, visit.asked("first")
    return visit.page(
        "devices.html", declared=visit.policy.devices is not None, held=service.in_hand(MOST_IN_HAND, first),
        later=first + MOST_IN_HAND if service.count_in_hand() > first + MOST_IN_HAND else None, back=service.given_back(MOST_RETURNED),
    )  # fmt: skip


def take_in(visit: Visit) -> Answer:
    """Take a device in, and show the slip that the customer signs; the access code is sealed and on no paper."""
    _repair(visit)
    slip = Slip(
        visit.field("model"), visit.form.get("fault", "").strip(), visit.form.get("accessories", "").strip(),
        visit.field("permission"), visit.form.get("code", ""),
    )  # fmt: skip
    made = visit.house.devices.take_in(_whose(visit), slip, actor=visit.actor, number=visit.form.get("number", ""))
    return _paper(visit, *slip_text(made, slip, visit.policy, visit.letter))


def device(visit: Visit) -> Answer:
    """Open the slip of a device, without its access code, and show the copies of its disk."""
    _repair(visit)
    service = visit.house.devices
    found = service.one(visit.params["device"])
    return visit.page(
        "device.html", visit.say("Apparaat", "Device"), one=found, slip=service.slip(found.id, actor=visit.actor),
        copies=service.images(found.id), waiting=service.disks.all(), folder=Path(*service.disks.place.parts[-2:]),
    )  # fmt: skip


def seal_disk(visit: Visit) -> Answer:
    """Seal a disk that lies in the drop folder: its plain file is gone afterwards."""
    _repair(visit)
    found = visit.params["device"]
    visit.house.devices.seal_disk(found, visit.field("file"), actor=visit.actor)
    return visit.go(f"devices/{found}")


def open_disk(visit: Visit) -> Answer:
    """Open a copy into the drop folder, to put files back."""
    _repair(visit)
    found = visit.params["device"]
    visit.house.devices.open_disk(found, visit.params["copy"], visit.field("file"), actor=visit.actor)
    return visit.go(f"devices/{found}")


def remove_disk(visit: Visit) -> Answer:
    """Take a plain file out of the drop folder."""
    _repair(visit)
    visit.house.devices.disks.remove(visit.field("file"))
    return visit.go(f"devices/{visit.params['device']}")


def code(visit: Visit) -> Answer:
    """Open the access code of a device in hand, for the purpose it was given for, and show it once."""
    declared = visit.policy.devices
    visit.purpose(declared.access_purpose if declared else "")
    found = visit.house.devices.access_code(visit.params["device"], actor=visit.actor)
    return visit.page(
        "device_code.html", visit.say("Toegangscode", "Access code"), code=found, one=visit.params["device"]
    )


def give_back(visit: Visit) -> Answer:
    """Give it back: its job is closed, its access code destroyed; show the certificate once."""
    _repair(visit)
    return _certified(visit, visit.house.devices.give_back(visit.params["device"], actor=visit.actor))


def wipe(visit: Visit) -> Answer:
    """Destroy every copy of its disk; show the certificate once."""
    _repair(visit)
    method = visit.form.get("method", "")
    return _certified(visit, visit.house.devices.wipe(visit.params["device"], actor=visit.actor, method=method))


def _certified(visit: Visit, certificate: Certificate) -> Answer:
    return _paper(visit, *certificate_text(certificate, visit.policy, visit.letter))


def _paper(visit: Visit, title: str, body: str) -> Answer:
    return visit.page("paper.html", title, body=body)


def _repair(visit: Visit) -> PurposeId:
    """Return the purpose under which devices are in hand, if a role of whoever asks allows it."""
    declared = visit.policy.devices
    if declared is None:
        raise RefusedError(
            "page-unknown", "the statement in force says nothing of devices in hand", remedy="Declare them first."
        )
    return visit.purpose(declared.purpose)


def _whose(visit: Visit) -> SubjectId:
    found = matches(visit, visit.field("person"))
    if len(found) != 1:
        raise UsageError(
            "unknown-subject",
            f"{len(found)} people are known by this",
            remedy="Look them up, and fill in the id at the foot of their card (sub_...).",
        )
    return found[0]


PAGE = Page(
    "devices",
    Text(nl="Apparaten", en="Devices"),
    (
        Route("devices", "GET", "staff", NONE, devices),
        Route("devices/take-in", "POST", "staff", CHOSEN, take_in),
        Route("devices/{device}", "GET", "staff", CHOSEN, device),
        Route("devices/{device}/code", "POST", "staff", CHOSEN, code, fresh=True),
        Route("devices/{device}/copies", "POST", "staff", CHOSEN, seal_disk, long=True),
        Route("devices/{device}/copies/{copy}/open", "POST", "staff", CHOSEN, open_disk, fresh=True, long=True),
        Route("devices/{device}/plain/remove", "POST", "staff", CHOSEN, remove_disk),
        Route("devices/{device}/return", "POST", "staff", CHOSEN, give_back),
        Route("devices/{device}/wipe", "POST", "staff", CHOSEN, wipe, fresh=True),
    ),
)
