"""What stands around the firm is looked at: the disk, the line to its server, who may send mail in its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.surroundings import furnish, look_around
from gestand.kernel.ids import SubjectId


def surroundings(place: Place, _customers: Mapping[str, SubjectId], tell: Callable[[str, str], None]) -> None:
    """Furnish the invented firm, and look."""
    furnish(place)
    looks = look_around(place)
    disk = place.open().surroundings.at_rest().disk
    seen = "; ".join(f"{look.subject.partition(':')[0]}: {look.seen}" for look in looks)
    tell(
        "What stands around the firm is looked at",
        f"the invented laptop's disk ({disk.device}) is {disk.seal}; by real handshakes and questions on this machine: {seen}.",
    )
