"""A mailbox at a provider as a source, over IMAP (RFC 3501) with TLS: every message is read, and searched for the person.

A server's own search knows no notation of a telephone number and reads no attachment, so each message is read here. Reading leaves no
mark in the mailbox (BODY.PEEK, folders opened read-only). What was received is never rewritten.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from gestand.kernel.errors import GestandError, Problem, RefusedError
from gestand.reading.documents import text_of as document_text
from gestand.reading.normal import normal_form
from gestand.sources.declared import ImapDeclared
from gestand.sources.knowing import Sought
from gestand.sources.load import SourceFile, fault_of
from gestand.sources.mentions import Mentions, passages
from gestand.sources.model import (
    NOBODY_SAID,
    Act,
    Confidence,
    Corrected,
    Correction,
    Found,
    Judged,
    Known,
    Person,
    PlannedRows,
    Removal,
    Retained,
    Search,
    SourceName,
    SourcePlan,
    Trace,
    TraceValue,
)
from gestand.sources.place import SourcePlace
from gestand.sources.settling import settle
from gestand.sources.texts import PLAIN, READ, decoded, text_in_child
from gestand.statement.policy import FieldKind

_TEXT_CAP = 5_000_000
WRITTEN = "correspondent"
"""How the reason begins where the person wrote or got the message; elsewhere they are only spoken of."""
_PAGE = 50


class MailboxSource:
    """One declared mailbox."""

    whole = False

    def __init__(self, file: SourceFile, place: SourcePlace) -> None:
        assert isinstance(file.declared, ImapDeclared)
        self._file = file
        self._declared = file.declared
        self._place = place

    @property
    def name(self) -> SourceName:
        """The name of its file."""
        return self._file.name

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
                for key, message in self._messages(box, folder):
                    text, complete = _text(message)
                    unread += not complete
                    for person, found in self._judged(sought, mentions, key, message, text).items():
                        trace = settle(found, judged)
                        if trace is not None:
                            traces[person].append(trace)
                            numbers[folder, person] = numbers.get((folder, person), 0) + 1
                why_not = f"attachments of {unread} messages cannot be read as text" if unread else ""
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

    def _judged(
        self, sought: Sought, mentions: Mentions, key: tuple[object, ...], message: Any, text: str
    ) -> dict[Person, Trace]:
        found: dict[Person, Trace] = {}
        for person, (agreement, where) in mentions.agreements(text).items():
            found[person] = self._trace(key, message, passages(text, where), agreement.confidence, agreement.why)
        addresses = [message.from_, *message.to, *message.cc, *message.bcc, *message.reply_to]
        for address in addresses:
            for person, points in sought.having(FieldKind.EMAIL, normal_form(FieldKind.EMAIL, address or "")).items():
                sure = Confidence.CERTAIN if points > 1 else Confidence.PROBABLE
                found[person] = self._trace(key, message, text[:_TEXT_CAP], sure, f"{WRITTEN}: same e-mail address")
        return found

    def _trace(self, key: tuple[object, ...], message: Any, said: str, confidence: Confidence, why: str) -> Trace:
        value = TraceValue("message", self._declared.field, said)
        version = self._place.digest(*key, message.headers.get("message-id", ("",))[0], message.size_rfc822)
        place = str(key[0])
        return Trace(
            self._place.trace_id(self.name, place, key), self.name, place, key, (value,), confidence, why, version
        )

    def export(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Yield the traces of messages that are still there."""
        wanted = list(traces)
        with self._signed_in() as box:
            for folder in dict.fromkeys(str(trace.key[0]) for trace in wanted):
                box.folder.set(folder, readonly=True)
                there = set(box.uids("ALL"))
                yield from (t for t in wanted if t.key[0] == folder and str(t.key[2]) in there)

    def plan(self, traces: Sequence[Trace], *, known: Sequence[Known] = (), rehearse: bool = True) -> SourcePlan:  # noqa: ARG002 - a mailbox has no constraints to try
        """Say which messages are deleted and which stay; one that only speaks of the person needs a ground to stay."""
        sure = [trace for trace in traces if trace.confidence is not Confidence.DOUBTFUL]
        ground, until = self._declared.ground, self._declared.until
        going = [t for t in sure if self._declared.erase == "delete" and t.why.startswith(WRITTEN)]
        staying = [trace for trace in sure if trace not in going]
        rows: list[PlannedRows] = []
        for folder in dict.fromkeys(trace.place for trace in sure):
            for act, some in ((Act.DELETE, going), (Act.KEEP, staying)):
                number = sum(trace.place == folder for trace in some)
                if number:
                    rows.append(
                        PlannedRows(folder, act, number, (), *(("", "") if act is Act.DELETE else (ground, until)))
                    )
        conflicts: tuple[str, ...] = ()
        if staying and not ground:
            conflicts = (f"{len(staying)} messages of others speak of the person, and no ground says why they stay",)
        digest = self._place.digest("plan", *sorted(f"{trace.id}:{trace.version}" for trace in going))
        return SourcePlan(self.name, tuple(rows), tuple(sure), digest, conflicts, len(traces) - len(sure), tuple(known))

    def erase(self, plan: SourcePlan) -> Removal:
        """Delete the messages and expunge exactly those."""
        if plan.conflicts:
            raise RefusedError(
                "source-conflict", plan.conflicts[0], where=self.name, remedy="Write ground and until in its file."
            )
        going = [t for t in plan.traces if self._declared.erase == "delete" and t.why.startswith(WRITTEN)]
        done = 0
        with self._signed_in() as box:
            for folder in dict.fromkeys(str(trace.key[0]) for trace in going):
                status = box.folder.status(folder)
                box.folder.set(folder)
                uids = [str(trace.key[2]) for trace in going if trace.key[0] == folder]
                if any(trace.key[1] != status["UIDVALIDITY"] for trace in going if trace.key[0] == folder):
                    raise RefusedError(
                        "source-changed",
                        f"the folder {folder} was made anew since the plan was made",
                        where=self.name,
                        remedy="Make the plan again.",
                    )
                for start in range(0, len(uids), _PAGE):
                    some = uids[start : start + _PAGE]
                    box.flag(some, ["\\Deleted"], value=True)
                    box.client.uid("EXPUNGE", ",".join(some))
                    done += len(some)
                    self._place.failpoint(f"{self.name}.page")
        kept = tuple(Retained(row.place, row.rows, row.ground, row.until) for row in plan.rows if row.act is Act.KEEP)
        return Removal(self.name, done, kept)

    def rectify(self, traces: Sequence[Trace], corrections: Sequence[Correction], *, note: str) -> Corrected:  # noqa: ARG002 - of the protocol
        """Rewrite no message: the correction stays in the file of the request."""
        sure = [trace for trace in traces if trace.confidence is not Confidence.DOUBTFUL]
        return Corrected(self.name, 0, 0, len(sure))

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:
        """Mark messages with the keyword ``GestandRestricted``, or take it off; a mail program shows it as a label."""
        sure = [trace for trace in traces if trace.confidence is not Confidence.DOUBTFUL]
        with self._signed_in() as box:
            for folder in dict.fromkeys(str(trace.key[0]) for trace in sure):
                box.folder.set(folder)
                uids = [str(trace.key[2]) for trace in sure if trace.key[0] == folder]
                box.flag(uids, ["GestandRestricted"], value=restricted)
        return len(sure)

    def count(self) -> int:
        """Return how many messages the declared folders hold."""
        with self._signed_in() as box:
            return sum(int(box.folder.status(folder)["MESSAGES"]) for folder in self._folders(box))

    def _folders(self, box: Any, *, everything: bool = False) -> list[str]:
        if self._declared.folders and not everything:
            return list(self._declared.folders)
        return sorted(folder.name for folder in box.folder.list() if "\\Noselect" not in folder.flags)

    def _messages(self, box: Any, folder: str) -> Iterator[tuple[tuple[object, ...], Any]]:
        status = box.folder.status(folder)
        if int(status["MESSAGES"]) > self._declared.message_cap:
            raise GestandError(
                "source-too-many",
                f"the folder {folder} holds more than {self._declared.message_cap} messages",
                where=self.name,
                remedy="Raise message_cap in its file, or archive what is old.",
            )
        box.folder.set(folder, readonly=True)
        for message in box.fetch("ALL", mark_seen=False, bulk=_PAGE):
            yield (folder, status["UIDVALIDITY"], message.uid), message

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


def _text(message: Any) -> tuple[str, bool]:
    """Return everything a message says, its attachments included, and whether all of them could be read."""
    complete = True
    heads = [f"{name}: {value}" for name in ("from", "to", "cc", "subject") for value in message.headers.get(name, ())]
    decoded_heads = [
        f"Subject: {message.subject}",
        *(str(a.full) for a in (message.from_values, *message.to_values) if a),
    ]
    parts = [*heads, *decoded_heads, message.text]
    if message.html:
        parts.append(document_text(f"<html>{message.html}".encode()) if message.html.strip() else "")
    for attachment in message.attachments:
        kind = PurePath(attachment.filename or "").suffix.lower()
        parts.append(attachment.filename or "")
        if kind in PLAIN or attachment.content_type.startswith("text/"):
            parts.append(decoded(attachment.payload))
        elif kind in READ:
            try:
                parts.append(text_in_child(kind, attachment.payload, attachment.filename))
            except GestandError:
                complete = False
        else:
            complete = False
    return "\n".join(parts), complete
