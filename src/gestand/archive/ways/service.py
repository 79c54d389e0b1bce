"""The verbs of the ways in: read the mailboxes, say when each was read, empty them at the provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gestand.archive.model import Admitted, Origin
from gestand.archive.ways.adding import Shown, add_path
from gestand.archive.ways.contract import Archive
from gestand.archive.ways.emptying import Emptying
from gestand.archive.ways.maildir import open_maildir
from gestand.archive.ways.mboxfile import Quoting
from gestand.archive.ways.model import AddOutcome, Emptied, Ended, Mailbox, MailboxStatus, PullOutcome
from gestand.archive.ways.oauth import peers
from gestand.archive.ways.pull import Progress, Reading, unseen
from gestand.archive.ways.store import WaysStore, WholeReading
from gestand.archive.ways.typed import Typed, composed, from_form
from gestand.kernel.clock import Clock
from gestand.kernel.config_mail import MailboxSettings, MailSettings, ServerSettings
from gestand.kernel.crypto import derive
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.storage.engine import Engine

if TYPE_CHECKING:  # the library of mailboxes is loaded when one is opened
    from gestand.archive.ways.imap import ImapMailbox

Variable = Callable[[str], str | None]
TOLD_EACH: Final = timedelta(hours=1)
"""A reading that brought nothing new is told the ledger once an hour, one that did at once."""


class Ways:
    """The mailboxes of the organisation, and where reading them stopped."""

    def __init__(
        self,
        settings: MailSettings,
        folder: Path,
        engine: Engine,
        archive: Archive,
        ledger: Ledger,
        *,
        root_key: bytes,
        egress: Egress,
        clock: Clock,
        variable: Variable,
    ) -> None:
        self.settings = settings
        self.archive = archive
        self.store = WaysStore(engine, derive(root_key, "archive ways"))
        self.clock = clock
        self.egress = egress
        self._folder = folder
        self._engine = engine
        self._ledger = ledger
        self._variable = variable
        self.heard: Callable[[], object] = lambda: None
        """Called when messages came in, so that those who must hear of them are told."""

    def mailbox(self, name: str) -> MailboxSettings:
        """Return the settings of a mailbox by its name or address.

        :raises UsageError: ``mailbox-unknown``.
        """
        for settings in self.settings.mailboxes:
            if name in {settings.name, settings.address}:
                return settings
        raise UsageError(
            "mailbox-unknown",
            f"there is no mailbox '{name}' in the settings",
            where="gestand.toml: mail.mailboxes",
            remedy="Add it with 'gestand mail setup ADDRESS'.",
        )

    def open(self, settings: MailboxSettings) -> Mailbox:
        """Open a mailbox to read.

        :raises GestandError: if it cannot be reached or does not let this program in.
        """
        where = f"gestand.toml: mail.mailboxes.{settings.name}"
        self._refuse_frozen(settings, where)
        if settings.maildir is not None:
            return open_maildir(settings.maildir, where)
        return self.open_imap(settings)

    def open_imap(self, settings: MailboxSettings) -> ImapMailbox:
        """Open a mailbox on a server."""
        from gestand.archive.ways.imap import open_imap
        from gestand.archive.ways.signin import imap_sign_in

        where = f"gestand.toml: mail.mailboxes.{settings.name}"
        self._refuse_frozen(settings, where)
        sign_in = imap_sign_in(settings.server, self._folder, variable=self._variable, egress=self.egress, where=where)
        return open_imap(settings, self.egress, sign_in)

    def freeze(self, name: str, *, reason: str) -> None:
        """Read and empty a mailbox no more, until it is released.

        :raises UsageError: ``mailbox-unknown``.
        """
        settings = self.mailbox(name)
        with self._engine.transaction():
            self.store.freeze(settings.name, reason, self.clock())

    def release(self, name: str) -> bool:
        """Read a mailbox again; False if it was not frozen."""
        with self._engine.transaction():
            return self.store.release(self.mailbox(name).name)

    def frozen(self) -> frozenset[str]:
        """Return the names of the mailboxes that are not read now."""
        return frozenset(self.store.frozen())

    def _refuse_frozen(self, settings: MailboxSettings, where: str) -> None:
        reason = self.store.frozen().get(settings.name)
        if reason is not None:
            raise RefusedError(
                "mailbox-frozen",
                f"the mailbox {settings.name} is frozen: {reason}",
                where=where,
                remedy="Release it when it is safe: 'gestand breach contain BREACH --reopen --target NAME'.",
            )

    def pull(self, name: str, *, outcome: PullOutcome | None = None, progress: Progress = unseen) -> PullOutcome:
        """Read a mailbox to its end; every message is sealed. ``outcome`` is filled in also if the connection breaks.

        :raises GestandError: if it cannot be reached; what was read until then is kept.
        """
        settings = self.mailbox(name)
        outcome = outcome if outcome is not None else PullOutcome(settings.name)
        last = self.store.read(settings.name)
        look = last is None or self.clock() - last.told >= TOLD_EACH
        mailbox = self.open(settings)
        try:
            Reading(mailbox, settings, self.archive, self.store, self.clock, outcome, progress, look=look).run()
        finally:
            mailbox.close()
        if outcome.complete:
            self._told(outcome, last)
        self.heard()
        return outcome

    def empty(self, name: str) -> Emptied:
        """Take out of a mailbox what was received more than its ``empty_after_days`` ago, sealed as it is.

        :raises UsageError: ``mailbox-not-emptied`` if the settings do not ask for it. :raises GestandError: if the
            mailbox cannot be reached.
        """
        settings = self.mailbox(name)
        if not settings.empty_after_days:
            raise UsageError(
                "mailbox-not-emptied",
                f"the mailbox {settings.name} is not to be emptied by this program",
                where=f"gestand.toml: mail.mailboxes.{settings.name}",
                remedy="Write empty_after_days = 30 there, or empty it yourself at the provider.",
            )
        mailbox = self.open(settings)
        try:
            before = self.clock() - timedelta(days=settings.empty_after_days)
            emptied = Emptying(mailbox, settings, self.archive, self.store, before).run()
        finally:
            mailbox.close()
        facts: dict[str, Fact] = {"mailbox": settings.name, "removed": emptied.removed, "left": emptied.left}
        if emptied.removed or emptied.left:
            self._ledger.append(Event("mailbox.emptied", self.clock(), SYSTEM, facts))
        return emptied

    def end(self, name: str, why: Ended, *, actor: ActorId) -> None:
        """Record what became of a mailbox that is in the settings no more, with what lay there.

        :raises UsageError: ``mailbox-unknown`` if none of this name was ever read here. :raises RefusedError:
            ``mailbox-set-up`` while it is in the settings.
        """
        if any(name in {box.name, box.address} for box in self.settings.mailboxes):
            raise RefusedError(
                "mailbox-set-up",
                f"the mailbox {name} is still set up to be read",
                where="gestand.toml: mail.mailboxes",
                remedy="Take it out of the settings first, once nothing lies there that should be in the archive.",
            )
        if self.store.read(name) is None:
            raise UsageError(
                "mailbox-unknown",
                f"no mailbox '{name}' was ever read here",
                remedy="Give the name that it had in gestand.toml; 'gestand prove' names it.",
            )
        self._ledger.append(Event("mailbox.ended", self.clock(), actor, {"mailbox": name, "reason": str(why)}))

    def take_out(self, origins: Sequence[Origin]) -> tuple[Emptied, ...]:
        """Take messages out of their mailboxes, whatever ``empty_after_days`` says: they are to be erased, or were.

        What is left at the provider would come back when its folders are read anew. A mailbox that cannot be reached, or
        is in the settings no more, counts all of its messages as left.
        """
        found: dict[str, dict[str, list[str]]] = {}
        for origin in origins:
            found.setdefault(origin.place, {}).setdefault(origin.folder, []).append(origin.at_origin)
        return tuple(self._take_out(name, folders) for name, folders in found.items())

    def _take_out(self, name: str, folders: Mapping[str, Sequence[str]]) -> Emptied:
        everything = sum(len(marks) for marks in folders.values())
        try:
            mailbox = self.open(self.mailbox(name))
        except GestandError:
            return Emptied(name, 0, everything)
        try:
            gone = []
            for folder in mailbox.folders():
                if marks := folders.get(folder.name):
                    left = mailbox.remove(folder, marks)
                    gone += [(name, folder.name, mark) for mark in marks if mark not in left]
        finally:
            mailbox.close()
        self.archive.origins.emptied(gone, actor=SYSTEM)
        emptied = Emptied(name, len(gone), everything - len(gone))
        facts: dict[str, Fact] = {"mailbox": name, "removed": emptied.removed, "left": emptied.left}
        self._ledger.append(Event("mailbox.emptied", self.clock(), SYSTEM, facts))
        return emptied

    def add(self, path: Path, *, outcome: AddOutcome, quoting: Quoting = "rd", shown: Shown = lambda _: None) -> None:
        """Add every message of a file or folder; ``outcome`` is filled in on the way.

        :raises UsageError: ``path-missing``.
        """
        before = (outcome.read, outcome.new, len(outcome.failures))
        source = add_path(
            path, self.archive, self.store, clock=self.clock, outcome=outcome, quoting=quoting, shown=shown
        )
        read, new, failed = outcome.read - before[0], outcome.new - before[1], len(outcome.failures) - before[2]
        facts: dict[str, Fact] = {"source_digest": source, "read": read, "new": new, "failed": failed}
        self._ledger.append(Event("mail.added", self.clock(), SYSTEM, facts))
        self.heard()

    def note(self, typed: Typed, firm: str) -> Admitted:
        """Keep a note, letter, form or chat as a message. ``firm``: the firm's own address.

        :raises UsageError: ``note-empty``; ``note-too-long``.
        """
        return next(self.notes([typed], firm))

    def notes(self, typed: Iterable[Typed], firm: str) -> Iterator[Admitted]:
        """Keep several, some in one durable commit; see ``note``. What a telephone dates later than now was received now."""
        now = self.clock()
        made = (composed(one, firm) for one in typed)
        return self.archive.admit_many((raw, replace(way, received=min(way.received, now))) for raw, way in made)

    def form(self, page: str, fields: Mapping[str, str], *, person: str, firm: str) -> Admitted:
        """Keep what a contact form was filled in with; durable when this returns."""
        return self.archive.admit(*from_form(page, fields, person=person, firm=firm, at=self.clock()))

    def status(self) -> tuple[MailboxStatus, ...]:
        """Return for each mailbox when it was last read whole, what could not be read, and what lies there."""
        found = []
        for box in self.settings.mailboxes:
            read = self.store.read(box.name)
            at, oldest = (read.at, read.oldest) if read else (None, None)
            failures = self.store.failures(box.name)
            found.append(MailboxStatus(box.name, box.address, at, failures, oldest, box.empty_after_days))
        return tuple(found)

    def _told(self, outcome: PullOutcome, last: WholeReading | None) -> None:
        """Write that a mailbox was read whole: in its row always, in the ledger where it says something."""
        now = self.clock()
        oldest = outcome.oldest if outcome.looked else (last.oldest if last else None)
        tell = outcome.looked or last is None or outcome.new > 0
        facts: dict[str, Fact] = {"mailbox": outcome.mailbox, "folders": outcome.folders, "new": outcome.new}
        with self._engine.transaction():
            self.store.set_read(
                outcome.mailbox, WholeReading(now, now if outcome.looked or last is None else last.told, oldest)
            )
            if tell:
                facts["failed"] = self.store.failures(outcome.mailbox)
                facts["oldest"] = oldest.isoformat() if oldest else ""
                self._ledger.stage(Event("mailbox.read", now, SYSTEM, facts))

    def read_at(self, name: str) -> datetime | None:
        """Return when a mailbox was last read whole."""
        found = self.store.read(name)
        return found.at if found else None


def mail_peers(settings: MailSettings) -> tuple[Peer, ...]:
    """Return every server that mail is fetched from or sent through, and the hosts of their tokens."""
    servers: list[ServerSettings] = [box.server for box in settings.mailboxes if box.maildir is None]
    servers += [settings.smtp.server] if settings.smtp is not None else []
    found = [Peer(server.host, server.port, server.near) for server in servers]
    found += [peer for server in servers if server.oauth for peer in peers(server.oauth)]
    return tuple(dict.fromkeys(found))
