"""What stands around the program, looked at: the disk now; the lines and the mail domain each day, with the result on record."""

from __future__ import annotations

import hashlib
import json
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gestand.evidence.surroundings.disk import Disk, look_at_disk
from gestand.evidence.surroundings.domain import faults_of
from gestand.evidence.surroundings.lines import Line, LineSeen, look_at_line, trust
from gestand.evidence.surroundings.names import asker, look_at_domain, own_nameserver
from gestand.kernel.clock import Clock
from gestand.kernel.config import Config
from gestand.kernel.config_mail import ServerSettings
from gestand.kernel.egress import Egress, Peer, Resolve, lookup
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.kernel.rootkey import root_key_file
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE surroundings_look (
        kind TEXT NOT NULL, place TEXT NOT NULL, at TEXT NOT NULL, seen TEXT NOT NULL, faults TEXT NOT NULL,
        PRIMARY KEY (kind, place))""",
)
KEEP = """INSERT INTO surroundings_look (kind, place, at, seen, faults) VALUES (?,?,?,?,?)
    ON CONFLICT (kind, place) DO UPDATE SET at = excluded.at, seen = excluded.seen, faults = excluded.faults"""
LAST = "SELECT at, seen, faults FROM surroundings_look WHERE kind = ? AND place = ?"

LINE = "line"
DOMAIN = "mail-domain"


@dataclass(frozen=True, slots=True)
class Look:
    """The last look at one thing: when, what was seen in a few words, and what is wrong with it (empty: nothing found)."""

    kind: str
    subject: str
    at: datetime
    seen: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtRest:
    """The disk below the data, and whether the root key lies in a file on this machine (``key_file``) or elsewhere."""

    disk: Disk
    key_disk: Disk | None

    @property
    def key_file(self) -> bool:
        """Whether whoever takes the machine takes the root key along, readable as far as its file goes."""
        return self.key_disk is not None


class Surroundings:
    """What ``[surroundings]`` and ``[mail]`` of gestand.toml name. ``machine``: the folder with ``proc`` and ``sys``."""

    def __init__(
        self,
        config: Config,
        engine: Engine,
        ledger: Ledger,
        clock: Clock,
        *,
        machine: Path = Path("/"),
        resolve: Resolve = lookup,
    ) -> None:
        engine.migrate("surroundings", MIGRATIONS)
        self._config = config
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._machine = machine
        self._resolve = resolve

    @property
    def domain(self) -> str:
        """The domain that mail is sent from; empty: none is named."""
        return self._config.surroundings.mail_domain

    @property
    def selectors(self) -> tuple[str, ...]:
        """The selectors that the mail server signs with; empty: none is named."""
        return self._config.surroundings.dkim

    def lines(self) -> tuple[Line, ...]:
        """Return every line that must be encrypted: those of ``tls``, and those to the servers of [mail]."""
        mail = self._config.mail
        named = [Line(one.host, one.port, "tls") for one in self._config.surroundings.tls]
        if mail.smtp is not None:
            named += _line_to(mail.smtp.server, "smtp")
        for box in mail.mailboxes:
            named += _line_to(box.server, "imap")
        return tuple(dict.fromkeys(named))

    def at_rest(self) -> AtRest:
        """Look at the disk below the data, and below the root key where that is a file."""
        kind = self._config.root_key.partition(":")[0]
        key = root_key_file(self._config.root_key, self._config.folder) if kind == "file" else None
        return AtRest(
            look_at_disk(self._config.data, self._machine),
            look_at_disk(key.parent, self._machine) if key is not None else None,
        )

    def look(self, *, actor: ActorId) -> tuple[Look, ...]:
        """Look at every line and at the mail domain; each result is on record, in the store and the ledger, on return.

        What does not answer is recorded as such, and stops nothing.
        """
        looks = [self._look_at_line(line) for line in self.lines()]
        if self.domain:
            looks.append(self._look_at_domain())
        with self._engine.transaction():
            for look in looks:
                at = look.at.isoformat(timespec="microseconds")
                self._engine.execute(KEEP, (look.kind, look.subject, at, look.seen, json.dumps(look.faults)))
                mark = hashlib.sha256(look.subject.encode()).hexdigest()[:16]
                facts: dict[str, str | int] = {"kind": look.kind, "mark": mark, "faults": len(look.faults)}
                self._ledger.stage(Event("surroundings.looked", look.at, actor, facts))
        return tuple(looks)

    def last(self, kind: str, subject: str) -> Look | None:
        """Return the last look at one thing, or None."""
        for at, seen, faults in self._engine.execute(LAST, (kind, subject)):
            return Look(kind, subject, datetime.fromisoformat(str(at)), str(seen), tuple(json.loads(str(faults))))
        return None

    def _look_at_line(self, line: Line) -> Look:
        settings = self._config.surroundings
        near = settings.near or any(
            (server.host, server.port) == (line.host, line.port) and server.near for server in self._servers()
        )
        egress = Egress((Peer(line.host, line.port, near=near),), resolve=self._resolve)
        now = self._clock()
        try:
            seen = look_at_line(line, egress, trust(self._authority(line)), now)
        except (OSError, ssl.SSLError) as fault:  # the file of authorities
            seen = LineSeen(fault=f"the authorities to trust cannot be read: {fault}")
        what = f"{seen.version} until {seen.until:%Y-%m-%d}" if seen.until is not None else ""
        return Look(LINE, str(line), now, what, (seen.fault,) if seen.fault else ())

    def _look_at_domain(self) -> Look:
        settings, now = self._config.surroundings, self._clock()
        try:
            server = settings.nameserver or own_nameserver()
            near = settings.near or settings.nameserver is None  # a machine's own nameserver stands in its own network
            ask = asker(server, Egress((Peer(server.host, server.port, near=near),), resolve=self._resolve))
            records = look_at_domain(settings.mail_domain, settings.dkim, ask)
        except UsageError as fault:
            return Look(DOMAIN, settings.mail_domain, now, "", (fault.message,))
        seen = f"SPF {len(records.spf)}, DKIM {sum(map(bool, records.dkim.values()))}, DMARC {len(records.dmarc)}"
        return Look(DOMAIN, settings.mail_domain, now, seen, faults_of(records))

    def _servers(self) -> tuple[ServerSettings, ...]:
        mail = self._config.mail
        boxes = tuple(box.server for box in mail.mailboxes)
        return (mail.smtp.server, *boxes) if mail.smtp is not None else boxes

    def _authority(self, line: Line) -> Path | None:
        own = next(
            (s.ca for s in self._servers() if (s.host, s.port) == (line.host, line.port) and s.ca is not None), None
        )
        return own or self._config.surroundings.ca


def _line_to(server: ServerSettings, protocol: str) -> list[Line]:
    """Return the line to a mail server; one on this machine that speaks in the clear (``near``) has none to look at."""
    if server.tls == "none" or not server.host:
        return []
    if server.tls == "tls":
        return [Line(server.host, server.port, "tls")]
    return [Line(server.host, server.port, "smtp" if protocol == "smtp" else "imap")]
