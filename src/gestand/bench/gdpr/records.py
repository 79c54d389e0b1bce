"""What there is: records as pure functions of their number, as GDPRbench has them."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

PURPOSES, OBJECTIONS, DECISIONS, ACCESS, SHARED, SOURCES, CATEGORIES = 25, 20, 2, 10, 10, 10, 10
PERIODS = (1, 10, 12, 14, 16, 18, 20, 22, 24, 100)  # months: the place of TTL
PER_SUBJECT = 10
_SPREAD = 2654435761  # an odd number near 2**32 ÷ the golden ratio: neighbours fall far apart


class Terms(NamedTuple):
    """What belongs to a purpose: how long, who may see it, who else gets it."""

    ttl: int
    acl: int
    shr: int


class Stance(NamedTuple):
    """What belongs to a subject: the objection, and the word on automated decisions."""

    obj: int
    dec: int


class Record(NamedTuple):
    """One personal datum and what is fixed about it."""

    key: int
    user: int
    purpose: int
    source: int
    category: int
    text: str


def record(key: int, users: int, *, skewed: bool = False) -> Record:
    """Return record ``key`` as it is first inserted, where there are ``users`` subjects.

    A subject has one of each category, and each category lies spread over the order of intake, as GDPRbench's do.
    ``skewed``: subjects of very different sizes; the largest has thousands of records, half of them have a few.
    """
    user = _skewed(key, users) if skewed else key % users
    category = (key // users + key % users) % CATEGORIES
    return Record(key, user, user % PURPOSES, user % SOURCES, category, text_of(key, 0))


def _skewed(key: int, users: int) -> int:
    return int(users * ((key * _SPREAD % 2**32) / 2**32) ** 3)


def text_of(key: int, turn: int) -> str:
    """Return the 100 characters of a record after so many updates: fresh every time, and the same on both sides."""
    return hashlib.shake_256(f"{key}.{turn}".encode()).hexdigest(50)


def first_terms(purpose: int) -> Terms:
    """Return the terms of a purpose at the start."""
    return Terms(PERIODS[purpose % len(PERIODS)], purpose % ACCESS, purpose % SHARED)


def first_stance(user: int) -> Stance:
    """Return the stance of a subject at the start."""
    return Stance(user % OBJECTIONS, user % DECISIONS)
