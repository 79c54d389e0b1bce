"""A mailbox on an IMAP server (RFC 3501), opened to read: EXAMINE and BODY.PEEK, so that reading leaves no trace."""

from __future__ import annotations

import imaplib
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from gestand.archive.ways.imapanswers import UID, as_set, listed, received, refusal, search_date, unlisted
from gestand.archive.ways.imapline import CONNECTION, connect, hang_up, lost, refused, translated
from gestand.archive.ways.model import Fetched, Folder, FolderHead, Listed
from gestand.archive.ways.rules import role_of
from gestand.kernel.config_mail import MailboxSettings
from gestand.kernel.egress import Egress
from gestand.kernel.errors import GestandError, UsageError

_FIRST, _LAST = date(1982, 8, 13), date(2100, 1, 1)
_LIST_AT_ONCE = 5_000
_UNREADABLE = "\\noselect"


class ImapMailbox:
    """Implements ``model.Mailbox``; one connection at a time, used by one thread."""

    def __init__(self, connect: Callable[[], BaseMailBox], settings: MailboxSettings) -> None:
        self._connect = connect
        self._client = connect()
        self._settings = settings
        self._folder: Folder | None = None
        self._validity = 0

    def folders(self) -> Sequence[Folder]:
        """Return every folder that can hold messages."""
        with self._spoken():
            return tuple(
                Folder(found.name, role_of(found.name, found.flags, found.delim))
                for found in self._client.folder.list()
                if _UNREADABLE not in {flag.lower() for flag in found.flags}
            )

    def examine(self, folder: Folder) -> FolderHead:
        """Open a folder read-only (EXAMINE)."""
        return self._select(folder, readonly=True)

    def _select(self, folder: Folder, *, readonly: bool) -> FolderHead:
        with self._spoken(folder.name):
            _, [messages] = self._client.folder.set(folder.name, readonly=readonly)
            _, [validity] = self._client.client.response("UIDVALIDITY")
        self._folder, self._validity = folder, int(validity or 0)
        return FolderHead(self._validity, int(messages or 0))

    def listed(self, after: int) -> Sequence[Listed]:
        """Return what lies in the opened folder above a UID, with its size: bodies are not fetched."""
        with self._spoken():
            data = self._answer("SEARCH", f"UID {after + 1}:*")
            numbers = sorted({int(uid) for row in data if row for uid in row.split()})
            uids = [uid for uid in numbers if uid > after]  # n:* always gives the last one (RFC 3501 6.4.8)
            found: list[Listed] = []
            for at in range(0, len(uids), _LIST_AT_ONCE):
                chosen = as_set(uids[at : at + _LIST_AT_ONCE])
                rows = self._answer("FETCH", chosen, "(UID RFC822.SIZE INTERNALDATE)")
                told = {one.uid: one for row in rows if (one := listed(row))}
                found += [told.get(uid) or unlisted(uid) for uid in uids[at : at + _LIST_AT_ONCE]]
        return tuple(found)

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Fetch whole messages, leaving them unread if they were; what the server will not give comes without bytes.

        Some servers refuse a whole answer, or hang up, over one message that they cannot read: then each is asked for by
        itself, over a new connection where the old one is gone.
        """
        try:
            found, refused_why = self._bodies(uids)
        except GestandError as fault:
            if fault.code != CONNECTION:
                raise
            self._again()
            found, refused_why = [], "the server broke off the connection over it"
        if not refused_why:
            yield from found
        elif len(uids) == 1:
            yield Fetched(uids[0], self._mark(uids[0]), None, None, refused_why)
        else:
            for uid in uids:
                yield from self.fetch([uid])

    def _again(self) -> None:
        """Connect anew, to the same folder.

        :raises GestandError: if the server is gone, or the folder was numbered anew meanwhile.
        """
        folder, validity = self._folder, self._validity
        hang_up(self._client)
        self._client = self._connect()
        if folder is not None and self._select(folder, readonly=True).uidvalidity != validity:
            raise lost(self._settings, ConnectionError("the folder was numbered anew"))

    def _bodies(self, uids: Sequence[int]) -> tuple[list[Fetched], str]:
        """Return the messages that came, and why the server refused if it did."""
        with self._spoken():
            status, rows = self._client.client.uid("FETCH", as_set(uids), "(UID INTERNALDATE BODY.PEEK[])")
        if status != "OK":
            return [], refusal(rows)
        wanted, found = set(uids), []
        for at, row in enumerate(rows):
            if not isinstance(row, tuple):
                continue
            after = rows[at + 1] if at + 1 < len(rows) and isinstance(rows[at + 1], bytes) else b""
            told = row[0] + b" " + after
            uid = UID.search(told)
            if uid and int(uid[1]) in wanted:
                wanted.discard(int(uid[1]))
                found.append(Fetched(int(uid[1]), self._mark(int(uid[1])), bytes(row[1]), received(told)))
        return found, ""

    def oldest(self) -> date | None:
        """Find the date of the oldest message by halving (SEARCH BEFORE): no message is fetched for it."""
        early, late = _FIRST.toordinal(), _LAST.toordinal()
        if not self._any("ALL"):
            return None
        while early + 1 < late:  # none lies before ``early``, one before ``late``
            middle = (early + late) // 2
            if self._any(f"BEFORE {search_date(date.fromordinal(middle))}"):
                late = middle
            else:
                early = middle
        return date.fromordinal(early)

    def _any(self, criterion: str) -> bool:
        with self._spoken():
            data = self._answer("SEARCH", criterion)
        return any(row.split() for row in data if row)

    def marks(self) -> Collection[str]:
        """Return ``UIDVALIDITY:UID`` of everything in the opened folder."""
        with self._spoken():
            data = self._answer("SEARCH", "ALL")
        return {self._mark(int(uid)) for row in data if row for uid in row.split()}

    def remove(self, folder: Folder, marks: Sequence[str]) -> Collection[str]:
        """Delete and expunge exactly these (RFC 4315). Where the folder was renumbered since, none of them is in it."""
        validity = self._select(folder, readonly=False).uidvalidity
        uids = sorted(int(mark.partition(":")[2]) for mark in marks if mark.partition(":")[0] == str(validity))
        with self._spoken(folder.name):
            client = self._client.client
            for at in range(0, len(uids), _LIST_AT_ONCE):
                chosen = as_set(uids[at : at + _LIST_AT_ONCE])
                client.uid("STORE", chosen, "+FLAGS.SILENT", r"(\Deleted)")
                if "UIDPLUS" in client.capabilities:
                    client.uid("EXPUNGE", chosen)
                else:
                    client.expunge()
        return set(self.marks()).intersection(marks)

    def _answer(self, command: str, *asked: str) -> list[Any]:
        """Return what the server says to a command about UIDs.

        :raises GestandError: ``mail-refused`` if it did not carry it out: no answer is not the same as nothing there.
        """
        status, rows = self._client.client.uid(command, *asked)
        if status != "OK":
            raise refused(self._settings, self._folder.name if self._folder else "", refusal(rows))
        return rows

    def _mark(self, uid: int) -> str:
        return f"{self._validity}:{uid}"

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until something happens in the opened folder (IDLE, RFC 2177) or ``stop`` is set; say whether something did.

        :raises UsageError: ``imap-no-idle`` if the server cannot tell.
        """
        if "IDLE" not in self._client.client.capabilities:
            raise UsageError("imap-no-idle", "this server cannot tell of new mail by itself", where=self._settings.name)
        with self._spoken():
            idle: Any = self._client.idle
            idle.start()
            waited = 0.0
            told: list[bytes] = []
            while not told and waited < seconds and not stop.is_set():
                told = idle.poll(timeout=min(0.5, seconds))
                waited += 0.5
            _, late = idle.stop()
            told += [line for line in late if isinstance(line, bytes)]
        return any(b"EXISTS" in line or b"EXPUNGE" in line for line in told)

    def close(self) -> None:
        """Sign out, also if the connection is gone."""
        try:
            self._client.logout()
        except (imaplib.IMAP4.error, ImapToolsError, OSError):
            hang_up(self._client)

    @contextmanager
    def _spoken(self, folder: str = "") -> Iterator[None]:
        with translated(self._settings, folder):
            yield


def open_imap(settings: MailboxSettings, egress: Egress, sign_in: Callable[[BaseMailBox], None]) -> ImapMailbox:
    """Open a mailbox over a new line; see ``imapline.connect`` for what it raises."""
    return ImapMailbox(lambda: connect(settings, egress, sign_in), settings)
