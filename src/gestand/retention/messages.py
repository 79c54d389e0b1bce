"""The archive as a custodian: a message leaves when the period of its shelf is over, unless a legal hold lies on it or it is restricted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.archive.service import Archive
from gestand.kernel.ids import ActorId, MessageId
from gestand.retention.model import Due


class ArchiveCustodian:
    """Lets retention drive the archive. Shelf and due date stand with each message since it came in."""

    name = "archive"

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def due(self, on: date) -> Iterator[Due]:
        """Yield messages whose due date is on or before ``on``, those on hold and those restricted too."""
        due = self._archive.due(on)
        restricted = self._archive.restrictions.among(due)
        for kept in due:
            assert kept.due is not None
            hold = self._archive.holds.of(kept, on)
            yield Due(
                key=kept.message,
                shelf=kept.shelf,
                since=kept.due,
                trigger_on=kept.received,
                hold=hold[0] if hold else "",
                hold_until=hold[1] if hold else None,
                restricted=kept.number in restricted,
            )

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Erase these messages; return how many a renewed search still finds."""
        return self._archive.erase([MessageId(key) for key in keys], ground=ground, actor=actor).found_afterwards

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves (``due`` never names a next shelf)."""
        assert not due

    def count(self) -> int:
        """Return how many messages are kept."""
        return self._archive.counts()[0]
