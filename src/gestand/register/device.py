"""The nouns of a device in hand: the device, the slip it came with, the papers it leaves with, and their codes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

from gestand.kernel.entropy import Entropy
from gestand.kernel.ids import DeviceId, DossierId, SubjectId
from gestand.storage.engine import Row

Paper = Literal["return", "wipe"]
What = Literal["copies", "disk"]
"""What a wipe is of: the copies we made, or the customer's own disk (by hand, with the method that was used)."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device in hand. ``role``: the firm's in what is on it, as the policy had it when it came."""

    id: DeviceId
    subject: SubjectId
    dossier: DossierId
    role: str
    received_on: date
    returned_on: date | None
    wiped_on: date | None

    @property
    def in_hand(self) -> bool:
        """Say whether it was not given back yet."""
        return self.returned_on is None


@dataclass(frozen=True, slots=True)
class Slip:
    """What is written down when a device is taken in. ``permission``: what may be looked at."""

    model: str
    fault: str
    accessories: str
    permission: str
    access_code: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A paper that the customer gets. ``code`` is shown once and checked later; the ledger holds its digest alone."""

    device: Device
    paper: Paper
    on: date
    code: str
    destroyed: int
    method: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a code proves: which paper, when, how many codes or copies were destroyed, and the ledger's receipt for it."""

    paper: Paper
    on: date
    destroyed: int
    method: str
    entry: int
    receipt: str


def new_code(entropy: Entropy) -> str:
    """Return a code of 80 random bits that a person can type: four groups of four letters and digits."""
    drawn = base64.b32encode(entropy(10)).decode("ascii")
    return "-".join(drawn[at : at + 4] for at in range(0, 16, 4))


def digest_of(code: str) -> str:
    """Return under which digest a code is kept; letters that are read as figures count as those."""
    plain = "".join(code.upper().split()).replace("-", "").replace("0", "O").replace("1", "I").replace("8", "B")
    return hashlib.sha256(f"gestand device {plain}".encode()).hexdigest()


def device_of(row: Row) -> Device:
    """Return a row as a device."""
    id_, subject, dossier, role, received, returned, wiped = row
    return Device(
        DeviceId(str(id_)),
        SubjectId(str(subject)),
        DossierId(str(dossier)),
        str(role),
        date.fromisoformat(str(received)),
        date.fromisoformat(str(returned)) if returned else None,
        date.fromisoformat(str(wiped)) if wiped else None,
    )
