"""Violations around the program: another laptop, a server without its certificate, a record in the DNS that was eased."""

from __future__ import annotations

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox


def laptop_without_encryption(sandbox: Sandbox) -> World:
    """A new laptop came, everything was copied over, and nobody turned on the encryption of its disk."""
    sandbox.close()
    device = sandbox.machine / "sys/devices/pci0000:00/nvme0n1/nvme0n1p2"
    device.mkdir(parents=True)
    (device / "partition").write_text("2\n", "utf-8")
    (sandbox.machine / "sys/dev/block/259:2").symlink_to(device)
    mounts = sandbox.machine / "proc/self/mountinfo"
    mounts.write_text("25 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw\n", "utf-8")
    return sandbox.world()


def server_without_certificate(sandbox: Sandbox) -> World:
    """The server was set up again, and answers without encryption."""
    sandbox.close()
    sandbox.certificate.unlink()
    return sandbox.look_around()


def dmarc_only_watches(sandbox: Sandbox) -> World:
    """A newsletter did not arrive, and somebody set DMARC to p=none "for the time being"."""
    zone = sandbox.zone.read_text("utf-8")
    sandbox.zone.write_text(zone.replace("p=reject", "p=none", 1), "utf-8")
    return sandbox.look_around()


BREAKS = (
    Break("disk-encrypted", laptop_without_encryption.__doc__ or "", laptop_without_encryption),
    Break("connections-encrypted", server_without_certificate.__doc__ or "", server_without_certificate),
    Break("mail-domain-guarded", dmarc_only_watches.__doc__ or "", dmarc_only_watches),
)
