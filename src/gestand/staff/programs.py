"""Programs that may act: each has a token with scopes, purposes and an end, and acts in the ledger under its own name.

A token has 256 bits and is kept as its SHA-256 alone (ASVS 5.0.0 6.5.2, 11.4): who reads the store cannot use it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gestand.kernel.clock import Clock
from gestand.kernel.crypto import derive, mac
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, PurposeId, new_id
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.statement.policy import Policy
from gestand.storage.engine import Engine, Row

SCOPES: Mapping[str, str] = {
    "subjects:read": "find subjects, see what is held of them and why; no values",
    "subjects:open": "open values for a purpose",
    "subjects:write": "add and rectify",
    "choices:write": "consents and objections, restrictions, and the end of them",
    "holds:write": "keep data and messages however due; ask that a hold is lifted",
    "dossiers:read": "dossiers, parties and devices in hand",
    "dossiers:write": "open, report on and close dossiers; who represents whom; take devices in, give back, wipe",
    "requests:read": "requests of data subjects and their clocks, the post book",
    "requests:write": "list a request, judge identity, plan and answer it",
    "mail:read": "search the archive, open messages, give a copy with others blacked out",
    "mail:write": "put a message under another purpose",
    "post:read": "what stands in the outbox, and what waits for a person",
    "post:write": "deliver the outbox, print letters, settle what is in doubt",
    "sources:read": "other systems that hold copies, and whether each answers",
    "retention:read": "what leaves, and when; certificates and tasks",
    "retention:run": "let what is due leave; tasks elsewhere",
    "disclosures:read": "what was given to whom; whether something may be given; what recipients must be told",
    "disclosures:write": "give data to a recipient of the statement; record that recipients were told",
    "orders:read": "orders by authorities, secret ones too",
    "orders:write": "take an order in, carry it out, refuse it",
    "outreach:read": "campaigns, who may get them and why",
    "outreach:write": "make, try, start and stop campaigns; calls",
    "requests:agent": "pass requests on for people, as an agent of the Data Rights Protocol",
    "requests:processor": "pass requests on as a controller, by OpenDSR",
    "breaches:read": "breaches and their clocks",
    "breaches:report": "report a breach",
    "breaches:write": "open a breach's file; contain, count, judge, tell and close it",
    "proof:read": "the last proof, the measures",
    "proof:run": "run every control, verify and sign the ledger",
    "proof:attest": "attest measures",
    "statement:write": "change the draft, and ask that it is published",
    "staff:read": "who may act, their sessions, what waits for a second look",
    "staff:write": "end sessions, revoke people; ask to let in and to change roles",
    "webhooks:read": "which addresses are told of what, and how they fare",
    "webhooks:write": "have an address told of events, try it, give it a new secret, remove it",
    "events:read": "entries of the ledger",
}
LONGEST = 366
"""Days that a token may last."""
PREFIX = "gst_"
NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
REMEMBERED = timedelta(hours=24)
"""For how long an answer is remembered under its idempotency key."""

MIGRATIONS = (
    """CREATE TABLE program_token (
        id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, purposes TEXT NOT NULL,
        made TEXT NOT NULL, until TEXT NOT NULL, revoked TEXT NOT NULL)""",
    """CREATE TABLE program_answer (
        token TEXT NOT NULL, mark BLOB NOT NULL, asked BLOB NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,
        at TEXT NOT NULL, PRIMARY KEY (token, mark))""",
)
ADD = "INSERT INTO program_token (id, digest, name, scopes, purposes, made, until, revoked) VALUES (?,?,?,?,?,?,?,'')"
BY_DIGEST = "SELECT id, name, scopes, purposes, made, until, revoked FROM program_token WHERE digest = ?"
ALL = "SELECT id, name, scopes, purposes, made, until, revoked FROM program_token ORDER BY made, id"
DIGESTS = "SELECT digest, until FROM program_token WHERE name = ? AND revoked = '' ORDER BY made, id"
REVOKE = "UPDATE program_token SET revoked = ? WHERE id = ? AND revoked = '' RETURNING id"
ANSWER = "SELECT asked, status, answer FROM program_answer WHERE token = ? AND mark = ? AND at > ?"
KEEP_ANSWER = """INSERT INTO program_answer (token, mark, asked, status, answer, at) VALUES (?,?,?,?,?,?)
    ON CONFLICT (token, mark) DO UPDATE SET asked = excluded.asked, status = excluded.status, answer = excluded.answer,
    at = excluded.at"""
FORGET_ANSWERS = "DELETE FROM program_answer WHERE at <= ?"


@dataclass(frozen=True, slots=True)
class Program:
    """A program that may act: until ``until``, within ``scopes``, for ``purposes``."""

    id: str
    name: str
    scopes: tuple[str, ...]
    purposes: tuple[PurposeId, ...]
    made: datetime
    until: datetime
    revoked: datetime | None

    @property
    def actor(self) -> ActorId:
        """Under what it acts in the ledger."""
        return ActorId(f"program-{self.name}")

    def allow(self, scope: str) -> None:
        """Refuse what lies outside its scopes.

        :raises RefusedError: ``token-scope``.
        """
        if scope not in self.scopes:
            raise RefusedError(
                "token-scope",
                f"this token has no scope {scope}",
                remedy="Make a token with this scope, if it is meant.",
            )

    def allow_purpose(self, purpose: str) -> PurposeId:
        """Return a purpose it may act for.

        :raises RefusedError: ``token-purpose``.
        """
        if purpose not in self.purposes:
            raise RefusedError(
                "token-purpose",
                "this token may not act for that purpose",
                remedy="Name one of: " + (", ".join(self.purposes) or "none; it was made without a purpose") + ".",
            )
        return PurposeId(purpose)


def end_tokens(engine: Engine, revoked: Mapping[str, datetime]) -> int:
    """End, in a restored store, the tokens that were revoked after it was copied; return how many still opened something."""
    engine.migrate("programs", MIGRATIONS)
    with engine.transaction():
        return sum(bool(engine.execute(REVOKE, (at.isoformat(), token))) for token, at in revoked.items())


class Programs:
    """The programs of one organisation."""

    def __init__(self, engine: Engine, root_key: bytes, ledger: Ledger, clock: Clock, entropy: Entropy) -> None:
        engine.migrate("programs", MIGRATIONS)
        self._engine = engine
        self._key = derive(root_key, "programs")
        self._ledger = ledger
        self._clock = clock
        self._entropy = entropy

    def admit(
        self, name: str, scopes: Sequence[str], purposes: Sequence[str], *, days: int, policy: Policy, actor: ActorId
    ) -> tuple[Program, str]:
        """Make a token and return it with its text, which is shown now and never again.

        :raises UsageError: ``token-name``, ``token-scopes``, ``token-days``, ``unknown-purpose``.
        """
        _check(name, scopes, purposes, days, policy)
        now = self._clock()
        program = Program(
            new_id("tok", self._entropy), name, tuple(sorted(set(scopes))), tuple(map(PurposeId, dict.fromkeys(purposes))),
            now, now + timedelta(days=days), None,
        )  # fmt: skip
        text = PREFIX + base64.urlsafe_b64encode(self._entropy(32)).rstrip(b"=").decode("ascii")
        facts: dict[str, Fact] = {
            "token": program.id, "scopes": program.scopes, "purposes": tuple(program.purposes),
            "until": program.until.date().isoformat(),
        }  # fmt: skip
        with self._engine.transaction():
            self._engine.execute(
                ADD,
                (program.id, _digest(text), name, " ".join(program.scopes), " ".join(program.purposes),
                 now.isoformat(), program.until.isoformat()),
            )  # fmt: skip
            self._ledger.stage(Event("program.admitted", now, actor, facts))
        return program, text

    def known(self, text: str) -> Program:
        """Return whose token this is. Unknown, past its end and revoked are told alike.

        :raises RefusedError: ``token``.
        """
        rows = self._engine.execute(BY_DIGEST, (_digest(text),)) if len(text) < 200 else []
        found = _program(rows[0]) if rows else None
        if found is None or found.revoked is not None or found.until <= self._clock():
            raise RefusedError(
                "token", "this token does not open anything", remedy="Ask the organisation for a new one."
            )
        return found

    def mark_of(self, name: str) -> str:
        """Return the SHA-256 (hexadecimal) of the newest token of a program that still works; empty without one.

        Who holds the token can work it out, so it keys what is told to that program.
        """
        now = self._clock()
        rows = self._engine.execute(DIGESTS, (name,))
        working = [digest for digest, until in rows if datetime.fromisoformat(str(until)) > now]
        return bytes(working[-1]).hex() if working and isinstance(working[-1], bytes | memoryview) else ""

    def all(self) -> tuple[Program, ...]:
        """Return every token that was made, oldest first."""
        return tuple(_program(row) for row in self._engine.execute(ALL))

    def revoke(self, token: str, *, actor: ActorId) -> None:
        """End a token; it works until the answer it is at, and no longer.

        :raises UsageError: ``token-unknown``.
        """
        with self._engine.transaction():
            if not self._engine.execute(REVOKE, (self._clock().isoformat(), token)):
                raise UsageError(
                    "token-unknown", "there is no such token, or it was revoked", where=token,
                    remedy="See 'gestand api token list'.",
                )  # fmt: skip
            self._ledger.stage(Event("program.revoked", self._clock(), actor, {"token": token}))

    def remembered(self, program: Program, key: str, asked: bytes) -> tuple[int, str] | None:
        """Return the answer that was given under an idempotency key, None where there is none.

        :raises RefusedError: ``idempotency-other`` if something else was asked under the same key.
        """
        oldest = (self._clock() - REMEMBERED).isoformat()
        rows = self._engine.execute(ANSWER, (program.id, self._mark(key.encode()), oldest))
        if not rows:
            return None
        before, status, answer = rows[0]
        if before != self._mark(asked):
            raise RefusedError(
                "idempotency-other", "something else was asked under this key before", where="Idempotency-Key",
                remedy="Take a new key for something new.",
            )  # fmt: skip
        return int(str(status)), str(answer)

    def remember(self, program: Program, key: str, asked: bytes, status: int, answer: str) -> None:
        """Keep an answer (ids alone) under its key for a day; within the transaction of what it answers."""
        now = self._clock()
        self._engine.execute(FORGET_ANSWERS, ((now - REMEMBERED).isoformat(),))
        self._engine.execute(
            KEEP_ANSWER, (program.id, self._mark(key.encode()), self._mark(asked), status, answer, now.isoformat())
        )

    def _mark(self, content: bytes) -> bytes:
        return mac(self._key, content, 32)


def _check(name: str, scopes: Sequence[str], purposes: Sequence[str], days: int, policy: Policy) -> None:
    if not NAME.fullmatch(name):
        raise UsageError(
            "token-name", "a program has a name of 2 to 40 small letters, digits and dashes", where="--name",
            remedy="Name the program, as webshop; never a person.",
        )  # fmt: skip
    if not scopes or not set(scopes) <= set(SCOPES):
        raise UsageError(
            "token-scopes",
            "no scope, or one that there is not",
            where="--scope",
            remedy="Scopes: " + ", ".join(SCOPES) + ".",
        )
    if not 1 <= days <= LONGEST:
        raise UsageError(
            "token-days", f"a token lasts 1 to {LONGEST} days", where="--days", remedy="Give a number in between."
        )
    unknown = sorted(set(purposes) - set(policy.purposes))
    if unknown:
        raise UsageError(
            "unknown-purpose", f"the statement has no purpose '{unknown[0]}'", where="--purpose",
            remedy="The purposes are: " + ", ".join(policy.purposes) + ".",
        )  # fmt: skip


def _program(row: Row) -> Program:
    id_, name, scopes, purposes, made, until, revoked = (str(value) for value in row)
    return Program(
        id_, name, tuple(scopes.split()), tuple(map(PurposeId, purposes.split())), datetime.fromisoformat(made),
        datetime.fromisoformat(until), datetime.fromisoformat(revoked) if revoked else None,
    )  # fmt: skip


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
