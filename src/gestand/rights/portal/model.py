"""The nouns of the portal: a code as it is handed over, a code as it was entered, what it shows, what it fetches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gestand.kernel.ids import RequestId
from gestand.rights.model import SubjectRequest
from gestand.statement.policy import Text


class Level(StrEnum):
    """What a code opens. Only a person who judged identity gives one of the second level."""

    FOLLOW = "follow"  # how the request stands; nothing about anyone's data
    FETCH = "fetch"  # also when data were opened, and the answer itself, once


@dataclass(frozen=True, slots=True)
class Given:
    """A code as it is handed over, once: for a link, and to be typed. Neither is kept, nor ever shown again."""

    request: RequestId
    level: Level
    link: str = field(repr=False)
    typed: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept. ``mark`` is a SHA-256, ``hashed`` an Argon2id hash, empty for the code of a link."""

    mark: str
    request: RequestId
    level: Level
    until: datetime
    hashed: str = field(repr=False)
    tries: int


@dataclass(frozen=True, slots=True)
class Entered:
    """A code that was accepted: the request it belongs to and what it opens."""

    request: RequestId
    level: Level
    mark: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands, and those that were made beside it."""

    request: SubjectRequest
    beside: tuple[SubjectRequest, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Data were opened on a day, in a role, for a purpose; ``data``: how many. Who did so is not told (C-579/21)."""

    on: date
    role: Text
    purpose: Text
    data: int


@dataclass(frozen=True, slots=True)
class Package:
    """An answer as it is fetched: the name of the file and its bytes."""

    name: str
    content: bytes = field(repr=False)
