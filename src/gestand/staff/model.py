"""The nouns of staff: a person who may act, their keys, a session, a link that lets someone in, an approval."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from gestand.kernel.ids import ActorId

CHALLENGE_LASTS = timedelta(minutes=5)
LINK_LASTS = timedelta(hours=24)
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
FRESH = timedelta(minutes=5)
"""For how long a passkey that was just touched stands for the dangerous acts."""
APPROVAL_LASTS = timedelta(days=3)


class How(StrEnum):
    """How someone proved who they are."""

    PASSKEY = "passkey"
    PASSWORD = "password"  # with a code of an authenticator app (RFC 6238)  # noqa: S105 - a kind, no password


class Over(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed-out"
    IDLE = "idle"
    TOO_LONG = "too-long"
    REPLACED = "replaced"
    REVOKED = "revoked"
    ALL_ENDED = "all-ended"


class Act(StrEnum):
    """An act that asks two people, or one with a fresh passkey and a waiting time (OWASP ASVS 5.0.0, 2.3.5)."""

    PUBLISH = "publish-statement"
    LIFT_HOLD = "lift-hold"
    EXPORT = "bulk-export"
    KEYS = "export-keys"
    ERASE_ALL = "erase-all"
    STAFF = "staff-keeper"
    ORDER = "carry-out-order"
    PROGRAM = "program-asks"  # what a program may ask and a person decides
    ERASE_PLAN = "erase-person"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may act. ``keeper``: lets others in, changes their roles and ends their sessions."""

    id: ActorId
    name: str
    roles: tuple[str, ...]
    keeper: bool
    joined: datetime
    revoked: datetime | None
    passkeys: int
    password: bool

    @property
    def active(self) -> bool:
        """Say whether they may act now."""
        return self.revoked is None

    @property
    def lacks_second_key(self) -> bool:
        """Say whether one lost device would lock them out."""
        return self.active and self.passkeys == 1


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of someone. ``key``: the SHA-256 (hex) of its credential id."""

    key: str
    person: ActorId
    label: str
    made: datetime
    used: datetime | None
    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A session, bound to a key that never leaves the worker of one page (RFC 9449). Its token is not in it."""

    id: str  # the first half of the token's hash, in hexadecimal digits
    person: ActorId
    thumbprint: str  # of the DPoP key, RFC 7638
    how: How
    began: datetime
    seen: datetime
    fresh: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Say whether who is there was proved a moment ago."""
        return now - self.fresh <= FRESH


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that began: its token, for the worker alone, and whose it is."""

    token: str = field(repr=False)
    session: Session
    person: Person


@dataclass(frozen=True, slots=True)
class Link:
    """Leave to come in once: for a new person, or (``person``) for another key of one who is there.

    ``asks_code``: the printed code is asked too, because the link alone came from another member of staff.
    """

    roles: tuple[str, ...]
    keeper: bool
    person: ActorId | None
    until: datetime
    made_by: ActorId
    asks_code: bool


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Someone who came in. ``printed``: the code to print, shown once; empty where they had one."""

    person: Person
    printed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Approval:
    """An act asked for, bound to what it would do by ``digest``; ``ready``: from when, where one person gives it alone."""

    id: str
    act: Act
    digest: str
    asked_by: ActorId
    asked_at: datetime
    given_by: ActorId | None
    ready: datetime | None
    used_at: datetime | None

    @property
    def alone(self) -> bool:
        """Say whether the one who asked gave it."""
        return self.given_by is not None and self.given_by == self.asked_by
