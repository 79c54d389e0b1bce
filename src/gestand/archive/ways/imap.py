"""A mailbox on an IMAP server (RFC 3501), opened to read: EXAMINE and BODY.PEEK, so that reading leaves no trace."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, cast

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from gestand.archive.ways.model import Fetched, Folder, FolderHead, Listed
from gestand.archive.ways.rules import role_of
from gestand.kernel.config_mail import MailboxSettings
from gestand.kernel.egress import Egress, Granted
from gestand.kernel.errors import GestandError, UsageError

TIMEOUT = 60.0  # seconds without a byte
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INTERNALDATE = re.compile(rb'INTERNALDATE "\s?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_LIST_AT_ONCE = 5_000
CONNECTION = "mail-connection"
_UNREADABLE = "\\noselect"


class _Plain(imaplib.IMAP4):
    """Connects to the address that was granted, under the name that was asked."""

    def __init__(self, granted: Granted) -> None:
        self._granted = granted
        super().__init__(granted.host, granted.port, TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self._granted.address, self._granted.port), timeout)


class _Tls(imaplib.IMAP4_SSL):
    """The same, within TLS."""

    def __init__(self, granted: Granted, context: ssl.SSLContext) -> None:
        self._granted = granted
        super().__init__(granted.host, granted.port, ssl_context=context, timeout=TIMEOUT)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        plain = socket.create_connection((self._granted.address, self._granted.port), timeout)
        return cast("ssl.SSLSocket", self.ssl_context.wrap_socket(plain, server_hostname=self._granted.host))


class _Client(BaseMailBox):
    def __init__(self, granted: Granted, settings: MailboxSettings) -> None:
        self._granted = granted
        self._settings = settings
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        server = self._settings.server
        context = ssl.create_default_context(cafile=str(server.ca) if server.ca else None)
        if server.tls == "tls":
            return _Tls(self._granted, context)
        client = _Plain(self._granted)
        if server.tls == "starttls":
            client.starttls(context)
        return client


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
            _, data = self._client.client.uid("SEARCH", f"UID {after + 1}:*")
            numbers = sorted({int(uid) for row in data if row for uid in row.split()})
            uids = [uid for uid in numbers if uid > after]  # n:* always gives the last one (RFC 3501 6.4.8)
            found: list[Listed] = []
            for at in range(0, len(uids), _LIST_AT_ONCE):
                chosen = _as_set(uids[at : at + _LIST_AT_ONCE])
                _, rows = self._client.client.uid("FETCH", chosen, "(UID RFC822.SIZE INTERNALDATE)")
                wanted = set(uids[at : at + _LIST_AT_ONCE])
                found += [one for row in rows if (one := _listed(row)) and one.uid in wanted]
        return tuple(sorted(found, key=lambda one: one.uid))

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Fetch whole messages, leaving them unread if they were; what the server will not give comes without bytes.

        Some servers refuse a whole answer, or hang up, over one message that they cannot read: then each is asked for by
        itself, over a new connection where the old one is gone.
        """
        try:
            found, refused = self._bodies(uids)
        except GestandError as fault:
            if fault.code != CONNECTION:
                raise
            self._again()
            found, refused = [], "the server broke off the connection over it"
        if not refused:
            yield from found
        elif len(uids) == 1:
            yield Fetched(uids[0], self._mark(uids[0]), None, _EPOCH, refused)
        else:
            for uid in uids:
                yield from self.fetch([uid])

    def _again(self) -> None:
        """Connect anew, to the same folder.

        :raises GestandError: if the server is gone, or the folder was numbered anew meanwhile.
        """
        folder, validity = self._folder, self._validity
        _hang_up(self._client)
        self._client = self._connect()
        if folder is not None and self._select(folder, readonly=True).uidvalidity != validity:
            raise _lost(self._settings, ConnectionError("the folder was numbered anew"))

    def _bodies(self, uids: Sequence[int]) -> tuple[list[Fetched], str]:
        """Return the messages that came, and why the server refused if it did."""
        with self._spoken():
            status, rows = self._client.client.uid("FETCH", _as_set(uids), "(UID INTERNALDATE BODY.PEEK[])")
        if status != "OK":
            return [], _said(rows)
        wanted, found = set(uids), []
        for at, row in enumerate(rows):
            if not isinstance(row, tuple):
                continue
            after = rows[at + 1] if at + 1 < len(rows) and isinstance(rows[at + 1], bytes) else b""
            told = row[0] + b" " + after
            uid = _UID.search(told)
            if uid and int(uid[1]) in wanted:
                wanted.discard(int(uid[1]))
                found.append(Fetched(int(uid[1]), self._mark(int(uid[1])), bytes(row[1]), _received(told)))
        return found, ""

    def oldest(self) -> date | None:
        """Find the date of the oldest message by halving (SEARCH BEFORE): no message is fetched for it."""
        early, late = _FIRST.toordinal(), _LAST.toordinal()
        if not self._any("ALL"):
            return None
        while early + 1 < late:  # none lies before ``early``, one before ``late``
            middle = (early + late) // 2
            if self._any(f"BEFORE {_imap_date(date.fromordinal(middle))}"):
                late = middle
            else:
                early = middle
        return date.fromordinal(early)

    def _any(self, criterion: str) -> bool:
        with self._spoken():
            _, data = self._client.client.uid("SEARCH", criterion)
        return any(row.split() for row in data if row)

    def marks(self) -> Collection[str]:
        """Return ``UIDVALIDITY:UID`` of everything in the opened folder."""
        with self._spoken():
            _, data = self._client.client.uid("SEARCH", "ALL")
        return {self._mark(int(uid)) for row in data if row for uid in row.split()}

    def remove(self, folder: Folder, marks: Sequence[str]) -> Collection[str]:
        """Delete and expunge exactly these (RFC 4315). Where the folder was renumbered since, none of them is in it."""
        validity = self._select(folder, readonly=False).uidvalidity
        uids = sorted(int(mark.partition(":")[2]) for mark in marks if mark.partition(":")[0] == str(validity))
        with self._spoken(folder.name):
            client = self._client.client
            for at in range(0, len(uids), _LIST_AT_ONCE):
                chosen = _as_set(uids[at : at + _LIST_AT_ONCE])
                client.uid("STORE", chosen, "+FLAGS.SILENT", r"(\Deleted)")
                if "UIDPLUS" in client.capabilities:
                    client.uid("EXPUNGE", chosen)
                else:
                    client.expunge()
        return set(self.marks()).intersection(marks)

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
            idle.stop()
        return any(b"EXISTS" in line or b"EXPUNGE" in line for line in told)

    def close(self) -> None:
        """Sign out, also if the connection is gone."""
        try:
            self._client.logout()
        except (imaplib.IMAP4.error, ImapToolsError, OSError):
            _hang_up(self._client)

    @contextmanager
    def _spoken(self, folder: str = "") -> Iterator[None]:
        with _translated(self._settings, folder):
            yield


def open_imap(settings: MailboxSettings, egress: Egress, sign_in: Callable[[BaseMailBox], None]) -> ImapMailbox:
    """Connect, after ``egress`` granted it, and sign in.

    :raises GestandError: ``mail-connection`` if the server cannot be reached or hangs up.
    :raises UsageError: ``mail-sign-in`` if it does not accept user and password; ``mail-certificate``.
    """

    def connect() -> BaseMailBox:
        granted = egress.grant(settings.server.host, settings.server.port)
        with _translated(settings):
            client = _Client(granted, settings)
        try:
            sign_in(client)
        except (imaplib.IMAP4.abort, OSError) as fault:
            _hang_up(client)
            raise _lost(settings, fault) from None
        except (imaplib.IMAP4.error, ImapToolsError):
            _hang_up(client)
            raise UsageError(
                "mail-sign-in",
                f"{settings.server.host} does not accept the user '{settings.server.user}' with this password",
                where=f"gestand.toml: mail.mailboxes.{settings.name}",
                remedy="Many providers ask for an app password: make one in the provider's settings, and put that there.",
            ) from None
        return client

    return ImapMailbox(connect, settings)


def _hang_up(client: BaseMailBox) -> None:
    with suppress(OSError):
        client.client.shutdown()


@contextmanager
def _translated(settings: MailboxSettings, folder: str = "") -> Iterator[None]:
    """Say what went wrong in words; a message's own words are never among them."""
    try:
        yield
    except ssl.SSLCertVerificationError as fault:
        raise UsageError(
            "mail-certificate",
            f"the certificate of {settings.server.host} is not trusted: {fault.verify_message}",
            where=f"gestand.toml: mail.mailboxes.{settings.name}",
            remedy="Mend the server's name, or name the certificate of its own authority with ca.",
        ) from None
    except (imaplib.IMAP4.abort, OSError) as fault:
        raise _lost(settings, fault) from None
    except (imaplib.IMAP4.error, ImapToolsError) as fault:
        raise GestandError(
            "mail-refused",
            f"{settings.server.host} refused{f' the folder {folder!r}' if folder else ''}: {type(fault).__name__}",
            where=f"mail.mailboxes.{settings.name}",
            remedy="Look at the mailbox with an ordinary mail program; the next reading tries again.",
        ) from None


def _lost(settings: MailboxSettings, fault: BaseException) -> GestandError:
    return GestandError(
        "mail-connection",
        f"the connection with {settings.server.host} failed: {str(fault) or type(fault).__name__}",
        where=f"mail.mailboxes.{settings.name}",
        remedy="What was read is kept; do it again when the server is there, and it goes on where it stopped.",
    )


_FIRST, _LAST = date(1982, 8, 13), date(2100, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""When a server does not say when it got a message."""


def _imap_date(day: date) -> str:
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _as_set(uids: Sequence[int]) -> str:
    """Write UIDs as a sequence set with ranges: 1:3,7."""
    parts: list[str] = []
    first = last = uids[0]
    for uid in (*uids[1:], None):
        if uid is not None and uid == last + 1:
            last = uid
            continue
        parts.append(str(first) if first == last else f"{first}:{last}")
        if uid is not None:
            first = last = uid
    return ",".join(parts)


def _listed(row: object) -> Listed | None:
    told = b"".join(part for part in row if isinstance(part, bytes)) if isinstance(row, tuple) else row
    if not isinstance(told, bytes):
        return None
    uid, size = _UID.search(told), _SIZE.search(told)
    return Listed(int(uid[1]), int(size[1]) if size else 0, _received(told)) if uid else None


def _received(told: bytes) -> datetime:
    found = _INTERNALDATE.search(told)
    if found is None:
        return _EPOCH
    day, month, year, hour, minute, second, sign, hours, minutes = (part.decode("ascii") for part in found.groups())
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        number = _MONTHS.index(month.title()) + 1
        instant = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=timezone(offset))
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return _EPOCH


def _said(rows: Sequence[object]) -> str:
    """Return the response code of a refusal (RFC 5530), never its free text: that may quote a message."""
    text = b" ".join(row for row in rows if isinstance(row, bytes))
    found = re.match(rb"\s*\[([A-Z-]+)", text)
    return f"the server refused it{f' ({found[1].decode()})' if found else ''}"
