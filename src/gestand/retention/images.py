"""The sealed disk images as a custodian: a file leaves when its key has left the vault, or leaves with it on the same day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.kernel.ids import ActorId
from gestand.register.imagefolder import ImageFolder
from gestand.retention.model import Due


class ImageCustodian:
    """Lets retention drive the files of copies; their terms are those of the data that hold their keys."""

    name = "images"

    def __init__(self, files: ImageFolder) -> None:
        self._files = files

    def due(self, on: date) -> Iterator[Due]:
        """Yield the files that nobody can read any more, or that nobody may on ``on``."""
        return (Due(name, "images", on) for name in self._files.orphans(on))

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:  # noqa: ARG002 - of the protocol
        """Remove these files; return how many are still there."""
        return self._files.remove(list(keys))

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: a file leaves with its key (``due`` never names a next shelf)."""
        assert not due

    def count(self) -> int:
        """Return how many files there are."""
        return self._files.count()
