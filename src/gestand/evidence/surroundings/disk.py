"""Whether the disk below a folder is encrypted, as Linux shows it (``/proc/self/mountinfo``, ``/sys/dev/block``).

Sources: proc_pid_mountinfo(5); the kernel's "sysfs rules"; device-mapper sets a UUID that begins with ``CRYPT-`` on a device of
dm-crypt (LUKS1, LUKS2, plain).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
SEALED_FILES: Final = frozenset({"ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs"})
_ESCAPED = re.compile(r"\\([0-7]{3})")
_VIRTUAL = re.compile(r"^(vd|xvd|nbd|rbd)[a-z0-9]")
LONGEST_STACK: Final = 16


class Seal(StrEnum):
    """What the disk shows. ``hidden``: it lies outside what this machine sees (a container, a rented or remote disk)."""

    ENCRYPTED = "encrypted"
    PLAIN = "plain"
    MEMORY = "memory"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk below a folder: its seal, and the device or file system that shows it."""

    seal: Seal
    device: str


@dataclass(frozen=True, slots=True)
class _Mount:
    number: str
    point: str
    kind: str
    source: str


def look_at_disk(folder: Path, machine: Path = Path("/")) -> Disk:
    """Return what is to be seen of the disk below ``folder``; ``machine`` is the folder that holds ``proc`` and ``sys``."""
    try:
        text = (machine / "proc/self/mountinfo").read_text("utf-8", errors="surrogateescape")
    except OSError:
        return Disk(Seal.HIDDEN, "")
    mount = _mount_of(str(folder.resolve()), text)
    if mount is None:
        return Disk(Seal.HIDDEN, "")
    if mount.kind in IN_MEMORY:
        return Disk(Seal.MEMORY, mount.kind)
    if mount.kind in SEALED_FILES:
        return Disk(Seal.ENCRYPTED, mount.kind)
    device = _device_of(mount, machine)
    if device is None:
        return Disk(Seal.HIDDEN, mount.kind)
    return Disk(_seal_of(device, 0), device.name)


def _mount_of(folder: str, mountinfo: str) -> _Mount | None:
    """Return the mount that ``folder`` lies on: of those whose point begins its path the longest, of equals the last."""
    found: _Mount | None = None
    for line in mountinfo.splitlines():
        left, dash, right = line.partition(" - ")
        fields, kinds = left.split(" "), right.split(" ")
        if not dash or len(fields) < 5 or len(kinds) < 2:
            continue
        point = _plain(fields[4])
        below = folder == point or folder.startswith(point.rstrip("/") + "/")
        if below and (found is None or len(point) >= len(found.point)):
            found = _Mount(fields[2], point, kinds[0], _plain(kinds[1]))
    return found


def _plain(field: str) -> str:
    return _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), field)


def _device_of(mount: _Mount, machine: Path) -> Path | None:
    """Return the device's folder in sysfs: by number, or (btrfs has a number of its own) by the name of its source."""
    by_number = machine / "sys/dev/block" / mount.number
    if by_number.exists():
        return by_number.resolve()
    name = mount.source.rpartition("/")[2]
    for block in sorted((machine / "sys/class/block").glob("*")) if mount.source.startswith("/dev/") else ():
        if block.name == name or _word(block / "dm/name") == name:
            return block.resolve()
    return None


def _seal_of(device: Path, depth: int) -> Seal:
    if _word(device / "dm/uuid").startswith("CRYPT-"):
        return Seal.ENCRYPTED
    if (device / "loop").exists() or _VIRTUAL.match(device.name) or depth > LONGEST_STACK:
        return Seal.HIDDEN
    if (device / "partition").exists():
        return _seal_of(device.parent, depth + 1)
    below = [_seal_of(one.resolve(), depth + 1) for one in sorted((device / "slaves").glob("*"))]
    if not below:
        return Seal.PLAIN
    return next((seal for seal in (Seal.PLAIN, Seal.HIDDEN) if seal in below), Seal.ENCRYPTED)


def _word(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError:
        return ""
