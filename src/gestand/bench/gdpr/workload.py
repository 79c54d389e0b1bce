"""What is asked: the mixes of the paper, drawn beforehand, so that both sides get the same operations in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate
from random import Random  # noqa: TID251 - a seeded run, the same each time; nothing is secret here
from typing import NamedTuple

from gestand.bench.gdpr.records import ACCESS, DECISIONS, OBJECTIONS, PERIODS, PURPOSES, SHARED

_BASIS, _PRIME, _MASK = 0xCBF29CE484222325, 1099511628211, 2**64 - 1
_ZIPF_ITEMS, _THETA, _ZETA = 10**10, 0.99, 26.46902820178302
_ALPHA = 1 / (1 - _THETA)
_ETA = (1 - (2 / _ZIPF_ITEMS) ** (1 - _THETA)) / (1 - (1 + 0.5**_THETA) / _ZETA)
MOST_LOGGED = 1000


class Kind(StrEnum):
    """The queries of the paper's taxonomy that the four mixes use."""

    READ = "read-data-by-key"
    READ_USER = "read-data-by-usr"
    READ_PURPOSE = "read-data-by-pur"
    META_USER = "read-metadata-by-usr"
    UPDATE = "update-data-by-key"
    UPDATE_PURPOSE = "update-metadata-by-pur"
    UPDATE_USER = "update-metadata-by-usr"
    INSERT = "create-record"
    DELETE = "delete-record-by-key"
    LOGS = "get-system-logs"
    GONE = "verify-deletion"


class Op(NamedTuple):
    """One operation. ``number``: key, subject, purpose or count; ``field`` and ``value``: what is set, to what."""

    kind: Kind
    number: int
    field: str = ""
    value: int = 0


MIXES: dict[str, tuple[bool, dict[Kind, float]]] = {
    "regulator": (True, {Kind.META_USER: 0.46, Kind.LOGS: 0.31, Kind.GONE: 0.23}),
    "customer": (True, {Kind.READ: 0.2, Kind.READ_USER: 0.2, Kind.UPDATE: 0.4, Kind.DELETE: 0.2}),
    "processor": (True, {Kind.READ: 0.8, Kind.READ_PURPOSE: 0.1, Kind.READ_USER: 0.1}),
    "controller": (
        False,
        {Kind.INSERT: 0.25, Kind.DELETE: 0.25, Kind.UPDATE_PURPOSE: 0.25, Kind.UPDATE_USER: 0.25},
    ),
}
"""For each mix: whether keys are drawn Zipf(0.99) (else uniformly), and the share of each operation."""

_CHECKING = {Kind.READ: 0.3, Kind.META_USER: 0.3, Kind.READ_USER: 0.2, Kind.GONE: 0.2}


def operations(mix: str, count: int, size: int, users: int, seed: int) -> list[Op]:
    """Draw ``count`` operations of a mix over ``size`` records of ``users`` subjects."""
    zipfian, shares = MIXES[mix]
    return list(_drawn(shares, count, size, users, Random(f"{mix}.{seed}"), zipfian=zipfian))  # noqa: S311 - a seeded run


def shared_out(ops: Sequence[Op], client: int, clients: int, users: int) -> list[Op]:
    """Return operations moved to the subjects that are this client's: so that the model knows the answers of each."""
    if clients <= 1:
        return list(ops)
    moved = []
    for op in ops:
        if op.kind in {Kind.LOGS, Kind.READ_PURPOSE, Kind.UPDATE_PURPOSE}:
            moved.append(op)
            continue
        user = op.number % users
        mine = min(user - user % clients + client, users - clients + client)
        moved.append(op._replace(number=op.number - user + mine))
    return moved


def checks(count: int, size: int, users: int, seed: int) -> list[Op]:
    """Draw reads over all that a run may have touched: what a change left must be what a read sees."""
    return list(_drawn(_CHECKING, count, size, users, Random(f"check.{seed}"), zipfian=True))  # noqa: S311 - a seeded run


def _drawn(
    shares: dict[Kind, float], count: int, size: int, users: int, chance: Random, *, zipfian: bool
) -> Iterator[Op]:
    kinds, weights = list(shares), list(accumulate(shares.values()))
    draw: Callable[[], int] = (lambda: zipf(chance, size)) if zipfian else (lambda: chance.randrange(size))
    fresh = size
    for turn, kind in enumerate(chance.choices(kinds, cum_weights=weights, k=count), 1):
        if kind is Kind.INSERT:
            yield Op(kind, fresh)
            fresh += 1
        elif kind is Kind.LOGS:
            yield Op(kind, chance.randrange(MOST_LOGGED) + 1)
        elif kind is Kind.UPDATE:
            yield Op(kind, draw(), "data", turn)
        elif kind in {Kind.READ_USER, Kind.META_USER}:
            yield Op(kind, draw() % users)
        elif kind is Kind.UPDATE_USER:
            yield Op(kind, draw() % users, *_set(chance, {"obj": range(OBJECTIONS), "dec": range(DECISIONS)}))
        elif kind is Kind.READ_PURPOSE:
            yield Op(kind, draw() % PURPOSES)
        elif kind is Kind.UPDATE_PURPOSE:
            wanted = {"ttl": PERIODS, "acl": range(ACCESS), "shr": range(SHARED)}
            yield Op(kind, draw() % PURPOSES, *_set(chance, wanted))
        else:
            yield Op(kind, draw())


def zipf(chance: Random, size: int) -> int:
    """Draw a record number: YCSB's scrambled Zipf, the hottest 3.8 % of all draws."""
    drawn = chance.random()
    scaled = drawn * _ZETA
    if scaled < 1:
        rank = 0
    elif scaled < 1 + 0.5**_THETA:
        rank = 1
    else:
        rank = int(_ZIPF_ITEMS * (_ETA * drawn - _ETA + 1) ** _ALPHA)
    return _hashed(rank) % size


def _hashed(number: int) -> int:
    """Return FNV-1-64 of the number's eight octets, without its sign."""
    found = _BASIS
    for octet in number.to_bytes(8, "little"):
        found = (found ^ octet) * _PRIME & _MASK
    return abs(found - 2**64 if found >> 63 else found)


def _set(chance: Random, wanted: Mapping[str, Sequence[int]]) -> tuple[str, int]:
    field = chance.choice(list(wanted))
    return field, chance.choice(wanted[field])
