"""A mailbox at a provider as a source, over IMAP (RFC 3501) with TLS: every message is read, and searched for the person.

A server's own search knows no notation of a telephone number and reads no attachment, so each message is read here. Reading leaves no
mark in the mailbox (BODY.PEEK, folders opened read-only). What was received is never rewritten.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from gestand.kernel.errors import GestandError, Problem
from gestand.reading.mail import Mail
from gestand.reading.normal import normal_form
from gestand.sources.declared import ImapDeclared
from gestand.sources.knowing import Agreement, Sought
from gestand.sources.load import SourceFile, fault_of
from gestand.sources.mentions import Mentions, passages
from gestand.sources.model import (
    NOBODY_SAID,
    Act,
    Confidence,
    Found,
    Judged,
    Known,
    Person,
    Search,
    SourcePlan,
    Trace,
    TraceValue,
)
from gestand.sources.piecewise import PiecewiseSource
from gestand.sources.place import SourcePlace
from gestand.sources.settling import settle, sure_of
from gestand.sources.texts import text_of_mail
from gestand.statement.policy import FieldKind

WRITTEN = "correspondent"
"""How the reason begins where the person wrote or got the message; elsewhere they are only spoken of."""
_LABEL = "GestandRestricted"
_PAGE = 20
_WHOLE, _ID_ALONE = "", "HEADER.FIELDS (MESSAGE-ID)"
_BY_ID, _BY_TEXT = "id:", "text:"
_UID = re.compile(rb"UID (\d+)")


class MailboxSource(PiecewiseSource):
    """One declared mailbox."""

    _mend = "Write ground and until in its file."

    def __init__(self, file: SourceFile, place: SourcePlace) -> None:
        super().__init__(file, place)
        assert isinstance(file.declared, ImapDeclared)
        self._declared = file.declared

    def test(self) -> tuple[Problem, ...]:
        """Sign in, and look whether the declared folders are there."""
        try:
            with self._signed_in() as box:
                there = self._folders(box, everything=True)
        except GestandError as fault:
            return (fault_of(self._file, fault),)
        return tuple(
            self._file.problem(
                ("folders",), "folder-missing", f"there is no folder '{name}'", "There are: " + ", ".join(there) + "."
            )
            for name in self._declared.folders
            if name not in there
        )

    def find(self, people: Mapping[Person, Sequence[Known]], *, judged: Judged = NOBODY_SAID) -> Mapping[Person, Found]:
        """Read every message once and look in it for all persons together."""
        sought = Sought(people)
        mentions = Mentions(sought)
        traces: dict[Person, list[Trace]] = {person: [] for person in people}
        searches: list[tuple[str, str]] = []
        numbers: dict[tuple[str, Person], int] = {}
        with self._signed_in() as box:
            for folder in self._folders(box):
                unread = 0
                for key, mail in self._messages(box, folder):
                    unread += not mail.parsed or bool(mail.why) or mail.textless > 0
                    for person, found in self._judged(sought, mentions, key, mail).items():
                        trace = settle(found, judged)
                        if trace is not None:
                            traces[person].append(trace)
                            numbers[folder, person] = numbers.get((folder, person), 0) + 1
                why_not = f"{unread} messages, or what is attached to them, cannot be read as text" if unread else ""
                searches.append((folder, why_not if not self._declared.skip_attachments else ""))
        at = self._place.clock()
        return {
            person: Found(
                tuple(found),
                (),
                tuple(
                    Search(self.name, folder, sought.kinds(), at, numbers.get((folder, person), 0), why)
                    for folder, why in searches
                ),
            )
            for person, found in traces.items()
        }

    def _judged(self, sought: Sought, mentions: Mentions, key: tuple[object, ...], mail: Mail) -> dict[Person, Trace]:
        text = text_of_mail(mail)
        version = self._mark(mail.message_id, text)
        found: dict[Person, Trace] = {}
        for person, (agreement, where) in mentions.agreements(text).items():
            found[person] = self._trace(key, version, passages(text, where), agreement)
        for address in mail.head:
            for person, points in sought.having(FieldKind.EMAIL, normal_form(FieldKind.EMAIL, address)).items():
                sure = Confidence.CERTAIN if points > 1 else Confidence.PROBABLE
                found[person] = self._trace(key, version, text, Agreement(sure, f"{WRITTEN}: same e-mail address"))
        return found

    def _mark(self, message_id: str, text: str) -> str:
        """Return by what a message is known again under another number, in another folder: its Message-ID, else its text."""
        return self._place.digest(_BY_ID, message_id) if message_id else _BY_TEXT + self._place.digest(_BY_TEXT, text)

    def _trace(self, key: tuple[object, ...], version: str, said: str, agreement: Agreement) -> Trace:
        value = TraceValue("message", self._declared.field, said)
        place = str(key[0])
        return Trace(
            self._place.trace_id(self.name, place, key), self.name, place, key, (value,), agreement.confidence,
            agreement.why, version,
        )  # fmt: skip

    def marks(self, plan: SourcePlan) -> tuple[str, ...]:
        """Return the mark of each message that leaves; who puts a mailbox back gives messages new numbers, so those say nothing."""
        return tuple(trace.version for trace in plan.traces if self._act(trace) is not Act.KEEP)

    def returned(self, marks: Sequence[str]) -> int:
        """Return how many messages with these marks are there again. Of each its Message-ID alone is read, where that will do."""
        wanted = frozenset(marks)
        by_text = any(mark.startswith(_BY_TEXT) for mark in wanted)
        if not wanted:
            return 0
        with self._signed_in() as box:
            return sum(
                self._mark(mail.message_id, text_of_mail(mail)) in wanted
                for folder in self._folders(box)
                for _, mail in self._messages(box, folder, _WHOLE if by_text else _ID_ALONE)
            )

    def uncompared(self) -> tuple[str, ...]:
        """Return nothing: every folder can be compared."""
        return ()

    def export(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Yield the traces of messages that are still there."""
        wanted = list(traces)
        with self._signed_in() as box:
            for folder in dict.fromkeys(str(trace.key[0]) for trace in wanted):
                box.folder.set(folder, readonly=True)
                there = set(box.uids("ALL"))
                yield from (t for t in wanted if t.key[0] == folder and str(t.key[2]) in there)

    def _act(self, trace: Trace) -> Act:
        """Delete what the person wrote or got; what only speaks of them stays."""
        return Act.DELETE if self._declared.erase == "delete" and trace.why.startswith(WRITTEN) else Act.KEEP

    def _kept(self, trace: Trace) -> tuple[str, str]:  # noqa: ARG002 - one ground for every message
        return self._declared.ground, self._declared.until

    def _conflicts(self, traces: Sequence[Trace], known: Sequence[Known]) -> tuple[str, ...]:  # noqa: ARG002 - of the base
        staying = sum(self._act(trace) is Act.KEEP for trace in traces)
        if not staying or self._declared.ground:
            return ()
        return (f"{staying} messages of others speak of the person, and no ground says why they stay",)

    def _remove(self, traces: Sequence[Trace], known: Sequence[Known]) -> Iterator[Trace]:  # noqa: ARG002 - of the base
        """Delete the messages and expunge exactly those."""
        with self._signed_in() as box:
            for folder in dict.fromkeys(str(trace.key[0]) for trace in traces):
                some = [trace for trace in traces if trace.key[0] == folder]
                validity = box.folder.status(folder)["UIDVALIDITY"]
                if any(trace.key[1] != validity for trace in some):
                    raise self._changed(f"the folder {folder}")
                box.folder.set(folder)
                for start in range(0, len(some), _PAGE):
                    page = some[start : start + _PAGE]
                    uids = [str(trace.key[2]) for trace in page]
                    box.flag(uids, ["\\Deleted"], value=True)
                    self._place.failpoint(f"{self.name}.flagged")
                    box.client.uid("EXPUNGE", ",".join(uids))
                    yield from page

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:
        """Mark messages with the keyword ``GestandRestricted``, or take it off; a mail program shows it as a label.

        :raises RefusedError: ``source-cannot-restrict`` if the server takes the label and does not keep it.
        """
        sure = sure_of(traces)
        with self._signed_in() as box:
            for folder in dict.fromkeys(str(trace.key[0]) for trace in sure):
                box.folder.set(folder)
                uids = [str(trace.key[2]) for trace in sure if trace.key[0] == folder]
                box.flag(uids, [_LABEL], value=restricted)
                if restricted and not set(uids) <= set(box.uids(f"KEYWORD {_LABEL}")):
                    raise self._no_mark(f"the server keeps no label on messages in {folder}")
        return len(sure)

    def count(self) -> int:
        """Return how many messages the declared folders hold."""
        with self._signed_in() as box:
            return sum(int(box.folder.status(folder)["MESSAGES"]) for folder in self._folders(box))

    def _folders(self, box: Any, *, everything: bool = False) -> list[str]:
        if self._declared.folders and not everything:
            return list(self._declared.folders)
        return sorted(folder.name for folder in box.folder.list() if "\\Noselect" not in folder.flags)

    def _messages(self, box: Any, folder: str, part: str = _WHOLE) -> Iterator[tuple[tuple[object, ...], Mail]]:
        """Yield every message of a folder as it was read; none is marked as seen."""
        status = box.folder.status(folder)
        if int(status["MESSAGES"]) > self._declared.message_cap:
            raise GestandError(
                "source-too-many",
                f"the folder {folder} holds more than {self._declared.message_cap} messages",
                where=self.name,
                remedy="Raise message_cap in its file, or archive what is old.",
            )
        box.folder.set(folder, readonly=True)
        uids = box.uids("ALL")
        for start in range(0, len(uids), _PAGE):
            raws = self._fetched(box, uids[start : start + _PAGE], part)
            for uid, mail in zip(raws, self._place.reader.read(list(raws.values())), strict=True):
                yield (folder, status["UIDVALIDITY"], uid), mail

    def _fetched(self, box: Any, uids: Sequence[str], part: str) -> dict[str, bytes]:
        """Return the bytes of messages, or of a part of each, by their UID."""
        _, told = box.client.uid("FETCH", ",".join(uids), f"(UID BODY.PEEK[{part}])")
        found: dict[str, bytes] = {}
        for told_part, after in pairwise([*(told or []), b""]):
            if isinstance(told_part, tuple):
                named = _UID.search(told_part[0]) or _UID.search(after if isinstance(after, bytes) else b"")
                if named is not None:
                    found[named[1].decode()] = told_part[1]
        if set(found) != set(uids):
            raise GestandError(
                "source-failed",
                f"{len(set(uids) - set(found))} messages were not given",
                where=self.name,
                remedy="Try again: somebody may be removing mail at this moment.",
            )
        return found

    @contextmanager
    def _signed_in(self) -> Iterator[Any]:
        from imap_tools import BaseMailBox
        from imap_tools.errors import ImapToolsError

        declared, place = self._declared, self._place
        granted = place.grant(declared.host, declared.port, near=declared.near)
        where = f"sources/{self.name}.toml"
        user, password = place.secret(declared.user, where), place.secret(declared.password, where)

        class Box(BaseMailBox):
            def _get_mailbox_client(self) -> imaplib.IMAP4:
                return _client(declared, granted.address)

        try:
            box = Box()
            try:
                box.login(user, password, initial_folder=None)
                yield box
            finally:
                _leave(box)
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as fault:
            raise GestandError(
                "source-unreachable",
                f"the mailbox cannot be used: {type(fault).__name__}",
                where=self.name,
                remedy=f"Mend host, user or password in {where}, or try again later.",
            ) from None


def _leave(box: Any) -> None:
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error):
        box.client.shutdown()


def _client(declared: ImapDeclared, address: str) -> imaplib.IMAP4:
    context = ssl.create_default_context()

    class Client(imaplib.IMAP4):
        def _create_socket(self, timeout: float | None) -> socket.socket:
            line = socket.create_connection((address, declared.port), timeout or declared.timeout_seconds)
            return context.wrap_socket(line, server_hostname=declared.host) if declared.tls == "implicit" else line

    client = Client(declared.host, declared.port)
    if declared.tls == "starttls":
        client.starttls(context)
    return client
