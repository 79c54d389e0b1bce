"""The folder where an imager leaves a disk to be sealed, and where an opened copy comes out: no disk goes by a browser.

``disks`` in the folder of the store, of the same owner. A file in it is plain: it is there for as long as somebody works at
it. What is sealed is taken out of it; what was opened is the technician's to remove, and stands in the list until then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from gestand.kernel.errors import GestandError, UsageError

DISKS = "disks"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plain file in the folder: its name, its size, and when it was last written to."""

    name: str
    size: int
    written: datetime


class DropFolder:
    """The plain files of one organisation, by name alone: nothing outside the folder is reached through it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / DISKS

    @property
    def place(self) -> Path:
        """Where it is, made if it is not there yet."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder

    def all(self) -> tuple[Waiting, ...]:
        """Return what lies there, by name; links and folders are none of it."""
        if not self._folder.is_dir():
            return ()
        found = (_plain(path) for path in sorted(self._folder.iterdir()) if _NAME.fullmatch(path.name))
        return tuple(one for one in found if one is not None)

    def one(self, name: str) -> Waiting:
        """Return a file that lies there. :raises UsageError: ``disk-unknown``."""
        found = next((one for one in self.all() if one.name == name), None)
        if found is None:
            raise UsageError(
                "disk-unknown",
                f"there is no file of that name in the folder '{DISKS}'",
                where=str(self._folder),
                remedy="Let the imager write it there: letters, digits, dots and dashes; no link and no folder.",
            )
        return found

    def path_of(self, waiting: Waiting) -> Path:
        """Return where a file that lies there is."""
        return self._folder / waiting.name

    def fresh(self, name: str) -> Path:
        """Return the path of a file that is to be made there. :raises UsageError: ``disk-name``."""
        path = self.place / name
        if not _NAME.fullmatch(name) or path.exists() or path.is_symlink():
            raise UsageError(
                "disk-name",
                "a copy is opened to a new file in the folder, named with letters, digits, dots and dashes",
                where=str(self._folder),
                remedy="Name another one.",
            )
        return path

    def remove(self, name: str) -> None:
        """Take a plain file out of the folder. :raises GestandError: ``disk-stays`` if that is not possible."""
        path = self.path_of(self.one(name))
        try:
            path.unlink()
        except OSError as fault:
            raise GestandError(
                "disk-stays",
                f"the plain file cannot be removed: {fault.strerror}",
                where=str(path),
                remedy="Remove it by hand: the sealed copy is there already.",
            ) from None


def _plain(path: Path) -> Waiting | None:
    """Return a plain file; None for a link or a folder, and for what an imager gave its last name to just now."""
    try:
        kept = path.lstat()
    except FileNotFoundError:
        return None
    if not S_ISREG(kept.st_mode):
        return None
    return Waiting(path.name, kept.st_size, datetime.fromtimestamp(kept.st_mtime, UTC))
