"""Rows of other systems whose period is over: the port through which retention reaches them (Article 5(1)(e)).

A table that names a ``shelf`` of the policy and the column ``since`` when its period counts has rows that become due. A row that
others still refer to, and that are not due themselves, waits for them: that is its ``hold``.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol, runtime_checkable

from gestand.law.periods import keeping
from gestand.sources.model import Search
from gestand.statement.policy import Shelf

FIRST = date(1900, 1, 1)
"""Nothing that a system holds began before this day."""


class AgedRow(NamedTuple):
    """A row whose period is over. ``key`` names source, table and row in one text; ``gone_from``: the first day it must be gone."""

    key: str
    source: str
    place: str
    shelf: str
    counted_from: date
    gone_from: date
    hold: str = ""


@dataclass(frozen=True, slots=True)
class Aged:
    """What is due in the systems that could be asked; ``away``: those that could not, each with why."""

    rows: tuple[AgedRow, ...]
    away: tuple[Search, ...] = ()

    def per_place(self) -> dict[tuple[str, str], int]:
        """Return for each source and table how many rows are older than promised, those that wait for others apart."""
        counted: dict[tuple[str, str], int] = {}
        for row in self.rows:
            if not row.hold:
                counted[row.source, row.place] = counted.get((row.source, row.place), 0) + 1
        return counted


@runtime_checkable
class Ageing(Protocol):
    """A source that knows since when it holds something."""

    def due(self, on: date) -> tuple[AgedRow, ...]:
        """Return what must be gone on ``on``, oldest first. Changes nothing.

        :raises GestandError: as a search; ``source-date`` where a date cannot be read.
        """
        ...

    def erase_due(self, keys: Collection[str], on: date) -> int:
        """Remove of these what is still due on ``on``, in one transaction; return how many rows left or changed."""
        ...


def key_of(source: str, place: str, key: tuple[object, ...]) -> str:
    """Return the one text that names a row of a source."""
    return json.dumps([source, place, list(key)], default=str, ensure_ascii=False)


def source_of(key: str) -> str:
    """Return which source a row is in."""
    return str(json.loads(key)[0])


def newest_due(shelf: Shelf, on: date) -> date | None:
    """Return the latest day from which a period of this shelf is over on ``on``; None where even the oldest is kept."""

    def over(day: date) -> bool:
        return keeping(day, shelf.period, shelf.counts_from).erase_from <= on

    low, high = FIRST, on
    if not over(low):
        return None
    while low < high:
        middle = low + timedelta(days=(high - low).days // 2 + 1)
        if over(middle):
            low = middle
        else:
            high = middle - timedelta(days=1)
    return low


def gone_from(shelf: Shelf, since: date) -> date:
    """Return the first day on which something of this shelf must be gone."""
    return keeping(since, shelf.period, shelf.counts_from).erase_from
