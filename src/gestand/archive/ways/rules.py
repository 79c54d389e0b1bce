"""Judgements of the ways in: what a folder is for, which are read, in what batches. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gestand.archive.ways.model import Folder, FolderRole, FolderState, Listed
from gestand.kernel.config_mail import MailboxSettings

BATCH_MESSAGES = 200
BATCH_BYTES = 16 * 1024 * 1024
LARGEST_FETCH = 256 * 1024 * 1024  # bytes: a message beyond it is listed, and can be added as a file

_BY_FLAG = {
    "\\sent": FolderRole.SENT,
    "\\junk": FolderRole.JUNK,
    "\\trash": FolderRole.TRASH,
    "\\drafts": FolderRole.DRAFTS,
    "\\all": FolderRole.ALL,
    "\\archive": FolderRole.OTHER,
}
_BY_NAME = {
    FolderRole.INBOX: {"inbox", "postvak in"},
    FolderRole.SENT: {"sent", "sent items", "sent messages", "sent mail", "verzonden", "verzonden items", "verzonden berichten"},
    FolderRole.JUNK: {"junk", "junk e-mail", "junk email", "spam", "bulk mail", "ongewenst", "ongewenste e-mail", "ongewenste mail"},
    FolderRole.TRASH: {"trash", "deleted items", "deleted messages", "bin", "prullenbak", "prullenmand", "verwijderd", "verwijderde items"},
    FolderRole.DRAFTS: {"drafts", "draft", "concepten", "klad"},
}  # fmt: skip
_ORDER = (FolderRole.INBOX, FolderRole.SENT, FolderRole.OTHER, FolderRole.ALL, FolderRole.JUNK, FolderRole.TRASH)


def role_of(name: str, flags: Iterable[str] = (), delimiter: str = "/") -> FolderRole:
    """Return what a folder is for: what the server says of it (RFC 6154), else its name, Dutch or English."""
    for flag in flags:
        found = _BY_FLAG.get(flag.lower())
        if found is not None:
            return found
    last = name.rsplit(delimiter, 1)[-1] if delimiter else name
    if name.casefold() == "inbox":
        return FolderRole.INBOX
    return next((role for role, names in _BY_NAME.items() if last.casefold() in names), FolderRole.OTHER)


def with_roles(folders: Sequence[Folder], settings: MailboxSettings) -> tuple[Folder, ...]:
    """Return the folders with the roles that the settings give them, where they name some."""
    named = {settings.sent: FolderRole.SENT, settings.spam: FolderRole.JUNK, settings.trash: FolderRole.TRASH}
    return tuple(Folder(f.name, named.get(f.name, f.role) if f.name else f.role) for f in folders)


def to_read(folders: Sequence[Folder], settings: MailboxSettings) -> tuple[Folder, ...]:
    """Return the folders to read, in order: those that are named, else all but drafts.

    The trash is read too: what was thrown away before it was read was received all the same.
    """
    known = with_roles(folders, settings)
    if settings.folders:
        named = tuple(folder for name in settings.folders for folder in known if folder.name == name)
        trash = (f for f in known if f.role is FolderRole.TRASH and f not in named and settings.empty_after_days)
        return (*named, *trash)  # what is to be emptied is read first
    return tuple(sorted((f for f in known if f.role in _ORDER), key=lambda f: (_ORDER.index(f.role), f.name)))


def missing(folders: Sequence[Folder], settings: MailboxSettings) -> tuple[str, ...]:
    """Return the folders that the settings name and the mailbox does not have."""
    there = {folder.name for folder in folders}
    named = (*settings.folders, settings.sent, settings.spam, settings.trash)
    return tuple(dict.fromkeys(name for name in named if name and name not in there))


def start_after(state: FolderState | None, uidvalidity: int) -> int:
    """Return the UID after which to read: 0 in a folder that is new, or whose numbers mean other messages now."""
    return state.last_uid if state is not None and state.uidvalidity == uidvalidity else 0


def batches(listed: Iterable[Listed]) -> Iterator[list[Listed]]:
    """Cut a list into batches of at most 200 messages and, but for a single larger message, 16 MiB."""
    batch: list[Listed] = []
    size = 0
    for one in listed:
        if batch and (len(batch) >= BATCH_MESSAGES or size + one.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.size
    if batch:
        yield batch
