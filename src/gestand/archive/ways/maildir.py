"""A mailbox that lies on this machine as a Maildir: a mail server of the firm's own, or a copy that another program keeps.

Each message is a file in ``new`` or ``cur``; subfolders are ``.Sent`` and so on (Maildir++). Reading moves and renames
nothing. The part of a name before its flags is unique (the Maildir specification) and marks a message for good; there are
no UIDs, so the moment at which a file got its name stands in for one.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from gestand.archive.ways.model import Fetched, Folder, FolderHead, Listed
from gestand.archive.ways.rules import LARGEST_FETCH, role_of
from gestand.kernel.errors import UsageError

PLACES = ("new", "cur")
INBOX = "INBOX"
OVERLAP = 3_600_000_000_000  # nanoseconds: an hour


class MaildirMailbox:
    """Implements ``model.Mailbox``. What got its name up to an hour before the last reading is read again.

    Moments are coarse, and a machine's clock may step back; the archive knows a message that it has.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: list[tuple[Path, os.stat_result]] = []

    def folders(self) -> Sequence[Folder]:
        """Return the folder itself as INBOX, and its subfolders."""
        found = [Folder(INBOX, role_of(INBOX))]
        for path in sorted(self._folder.iterdir()):
            name = path.name.removeprefix(".")
            if path.is_dir() and not path.is_symlink() and (path / "cur").is_dir() and path.name not in PLACES:
                found.append(Folder(name, role_of(name, delimiter=".")))
        return tuple(found)

    def examine(self, folder: Folder) -> FolderHead:
        """List a folder."""
        self._opened = sorted(messages_of(self._path(folder)), key=lambda one: _number(one[1]))
        return FolderHead(1, len(self._opened))

    def listed(self, after: int) -> Sequence[Listed]:
        """Return what came since."""
        return tuple(
            Listed(number, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))
            for _, status in self._opened
            if (number := _number(status)) > after - OVERLAP
        )

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Read files."""
        wanted = set(uids)
        for path, status in self._opened:
            number = _number(status)
            if number not in wanted:
                continue
            received = datetime.fromtimestamp(status.st_mtime, UTC)
            raw, why = read_file(path)
            if why == "gone":
                continue
            yield Fetched(number, mark_of(path.name), raw, received, why)

    def oldest(self) -> date | None:
        """Return the date of the oldest file."""
        moments = [status.st_mtime for _, status in self._opened]
        return datetime.fromtimestamp(min(moments), UTC).date() if moments else None

    def marks(self) -> Collection[str]:
        """Return the unique names of the listed files."""
        return {mark_of(path.name) for path, _ in self._opened}

    def remove(self, folder: Folder, marks: Sequence[str]) -> Collection[str]:
        """Unlink files, and return those that are left."""
        wanted = set(marks)
        for path, _ in messages_of(self._path(folder)):
            if mark_of(path.name) in wanted:
                with suppress(OSError):
                    path.unlink()
        return {mark_of(path.name) for path, _ in messages_of(self._path(folder))} & wanted

    def close(self) -> None:
        """Forget the list."""
        self._opened = []

    def _path(self, folder: Folder) -> Path:
        if folder.name == INBOX:
            return self._folder
        dotted = self._folder / f".{folder.name}"
        return dotted if dotted.is_dir() else self._folder / folder.name


def open_maildir(folder: Path, where: str) -> MaildirMailbox:
    """Open a Maildir.

    :raises UsageError: ``maildir-missing`` if it is none, or may not be read.
    """
    try:
        there = all(stat.S_ISDIR((folder / place).stat().st_mode) for place in PLACES) and os.access(folder, os.R_OK)
    except OSError:
        there = False
    if not there:
        raise UsageError(
            "maildir-missing",
            f"{folder} is no Maildir that can be read: it has no folders 'new' and 'cur'",
            where=where,
            remedy="Name the folder that holds them, and make it readable to this program.",
        )
    return MaildirMailbox(folder)


def messages_of(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the messages of one folder: plain files in ``new`` and ``cur``, never what a link leads to."""
    for place in PLACES:
        try:
            entries = list(os.scandir(folder / place))
        except OSError:
            continue
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode) and not entry.name.startswith("."):
                yield Path(entry.path), status


def read_file(path: Path) -> tuple[bytes | None, str]:
    """Return the bytes of a message's file, or None and why not; ``gone``: it was renamed or removed meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None, "gone"
    except OSError as fault:
        return None, f"it cannot be read: {fault.strerror}"
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_size > LARGEST_FETCH:
            return None, f"it is larger than {LARGEST_FETCH} bytes"
        raw = file.read(LARGEST_FETCH)
    return (raw, "") if raw else (None, "it is empty")


def mark_of(name: str) -> str:
    """Return the part of a file's name that stays the same when flags change."""
    return name.partition(":")[0]


def _number(status: os.stat_result) -> int:
    """Number a file by when it got its name, in nanoseconds."""
    return status.st_ctime_ns
