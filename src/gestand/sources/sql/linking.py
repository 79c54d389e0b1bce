"""Rows that hang from other rows: by values as the database gave them, in the type of the column that names them.

What is equal is the database's to say: its collation may hold ``K1`` and ``k1`` for the same, and its foreign key then leads there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from gestand.sources.model import Confidence, Person
from gestand.sources.names import fold
from gestand.sources.sql.asking import among, chunks, whole_number, whole_numbers
from gestand.sources.sql.schema import Layout

Mark = str | bytes
_COMPARED = 100
"""Values that one statement compares with each row."""


@dataclass(slots=True)
class Aim:
    """A value that leads to rows, in every notation that their column may have it in, and whose it is."""

    values: tuple[Any, ...]
    whose: dict[Person, Confidence]


Links = dict[str, dict[Mark, Aim]]
"""By column: each value that is asked there."""


def mark_of(value: Any) -> Mark:
    """Return by what a value is known again, whatever type of number or text it comes in."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    number = None if isinstance(value, str) else whole_number(value)
    return str(value) if number is None else str(number)


def told_by(column: sa.Column[Any], value: Any, dialect: str) -> Any:
    """Return the value of a row that others name, or None where it leads nowhere; without the blanks that CHAR adds."""
    if isinstance(value, str) and isinstance(column.type, sa.CHAR) and dialect == "postgresql":
        value = value.rstrip(" ")
    return None if isinstance(value, str | bytes) and not value else value


def suited(column: sa.Column[Any], value: Any, dialect: str) -> tuple[Any, ...]:
    """Return ``value`` in the notations in which a column may name it; nothing where the column cannot hold it."""
    return tuple(_suited(column, value, dialect))


def _suited(column: sa.Column[Any], value: Any, dialect: str) -> Iterator[Any]:
    kind = column.type
    if dialect == "sqlite":
        yield from _loosely(kind, value)
    elif isinstance(kind, sa.Integer):
        yield from whole_numbers([value], dialect)
    elif isinstance(kind, sa.Uuid):
        yield from _as_uuid(value)
    elif isinstance(kind, sa.types._Binary):  # noqa: SLF001 - what all types of bytes are, on every engine
        yield value.bytes if isinstance(value, uuid.UUID) else value.encode() if isinstance(value, str) else value
    elif isinstance(kind, sa.String):
        yield from _as_text(value)
    elif isinstance(kind, sa.Numeric) and isinstance(value, str):
        yield from _as_number(value)
    else:
        yield value


def _loosely(kind: sa.types.TypeEngine[Any], value: Any) -> Iterator[Any]:
    """Yield what SQLite is asked with: a column there holds anything, and turns what it compares with into its own kind."""
    yield value
    if isinstance(kind, sa.types.NullType) and isinstance(value, int | str):  # without a type it turns nothing
        number = whole_number(value)
        if isinstance(value, int):
            yield str(value)
        elif str(number) == value:
            yield from whole_numbers([number], "sqlite")


def _as_number(value: str) -> Iterator[Decimal]:
    try:
        yield Decimal(value)
    except InvalidOperation:
        return


def _as_uuid(value: Any) -> Iterator[Any]:
    if isinstance(value, uuid.UUID):
        yield value
        return
    try:
        yield uuid.UUID(bytes=value) if isinstance(value, bytes) else uuid.UUID(str(value))
    except ValueError:
        return


def _as_text(value: Any) -> Iterator[str]:
    mark = mark_of(value)
    if isinstance(mark, str):
        yield mark
        return
    try:
        yield mark.decode()
    except UnicodeDecodeError:
        return


class Following:
    """The links by which one table is asked; ``alone``: no row is asked for any other reason."""

    def __init__(self, connection: sa.Connection, layout: Layout, links: Links, *, alone: bool) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._layout = layout
        self._links = links
        self._folded = {
            column: frozenset(_folded(mark) for mark in aims if isinstance(mark, str))
            for column, aims in links.items()
        }  # fmt: skip
        self._alone = alone and len(links) == 1

    def conditions(self) -> Iterator[list[sa.ColumnElement[bool]]]:
        """Yield for each column the conditions that together find every row a value leads to."""
        for column, aims in self._links.items():
            live, values = self._layout.live.c[column], [value for aim in aims.values() for value in aim.values]
            yield [among(live, list(some), self._dialect) for some in chunks(values, self._dialect)]

    def settled(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows; last those of which the database says what leads to them, being written otherwise."""
        odd: dict[str, set[str]] = {}
        held = []
        for row in rows:
            otherwise = [(column, value) for column in self._links if (value := self._otherwise(column, row))]
            if not otherwise:
                yield row
                continue
            held.append(row)
            for column, value in otherwise:
                odd.setdefault(column, set()).add(value)
        for column, values in odd.items():
            self._ask(column, values)
        yield from held

    def _otherwise(self, column: str, row: tuple[Any, ...]) -> str:
        """Return the text in a column that may be one that was asked, written otherwise."""
        value = row[self._layout.at[column]]
        if not isinstance(value, str) or value in self._links[column]:
            return ""
        return value if self._alone or _folded(value) in self._folded[column] else ""

    def _ask(self, column: str, odd: set[str]) -> None:
        """Ask the database which of the values that were asked it holds for equal to these; it alone knows its collation."""
        aims = self._links[column]
        folded = {_folded(value) for value in odd}
        near = [aim for mark, aim in aims.items() if isinstance(mark, str) and _folded(mark) in folded]
        candidates = near if len(near) >= len(odd) else [aim for mark, aim in aims.items() if isinstance(mark, str)]
        live = self._layout.live.c[column]
        found: dict[str, dict[Person, Confidence]] = {}
        for start in range(0, len(candidates), _COMPARED):
            some = candidates[start : start + _COMPARED]
            same = [among(live, list(aim.values), self._dialect).label(f"same{at}") for at, aim in enumerate(some)]
            for values in chunks(sorted(odd), self._dialect):
                query = sa.select(live, *same).where(among(live, list(values), self._dialect))
                for value, *equal in self._connection.execute(query):
                    for aim, is_equal in zip(some, equal, strict=True):
                        if is_equal:
                            found.setdefault(str(value), {}).update(aim.whose)
        for value, whose in found.items():
            if value in odd:
                aims.setdefault(value, Aim((value,), whose))


def _folded(text: str) -> str:
    return fold(text).rstrip()


def whose_of(links: Mapping[str, Mapping[Mark, Aim]], column: str, value: Any) -> Mapping[Person, Confidence]:
    """Return whose the rows are that have ``value`` in ``column``."""
    aim = links.get(column, {}).get(mark_of(value))
    return aim.whose if aim is not None else {}


def linked_columns(layouts: Iterable[Layout], target: Layout) -> Iterator[tuple[Layout, str, str]]:
    """Yield each table and column that names a column of ``target``."""
    for other in layouts:
        for column, table, wanted in other.links:
            if table == target.name:
                yield other, column, wanted


def in_turn(found: Sequence[Sequence[sa.ColumnElement[bool]]], at: int) -> list[sa.ColumnElement[bool]]:
    """Return the ``at``-th condition of each column that has as many."""
    return [conditions[at] for conditions in found if at < len(conditions)]
