"""What must be answered: the whole state in plain dictionaries. A side whose answers differ anywhere counts for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol
from zlib import crc32

from gestand.bench.gdpr.records import (
    PURPOSES,
    Record,
    Stance,
    Terms,
    first_stance,
    first_terms,
    record,
    text_of,
)
from gestand.bench.gdpr.workload import Kind, Op


class Answer(NamedTuple):
    """How many records an operation met, and the sum of what it saw of them."""

    met: int
    seen: int = 0


NOTHING = Answer(0)


class Side(Protocol):
    """A store under measurement."""

    name: str

    def load(self, records: Iterable[Record], users: int) -> None:
        """Take all records in, with the first terms and stances."""
        ...

    def run(self, op: Op) -> Answer:
        """Do one operation, acknowledged and durable, and say what was seen."""
        ...

    def occupied(self) -> int:
        """Return the bytes of every file that is kept."""
        ...

    def close(self) -> None:
        """Leave."""
        ...


def seen_text(text: str) -> int:
    """Return what a read of a value saw of it: the same in every process."""
    return crc32(text.encode())


def seen_meta(purpose: int, source: int, category: int, terms: Terms, stance: Stance) -> int:
    """Return what a read of the metadata saw."""
    return hash((purpose, source, category, *terms, *stance))


class Model:
    """The records as they stand after each operation."""

    def __init__(self, size: int, users: int, *, skewed: bool = False) -> None:
        self._users = users
        self._next = size
        self._records = {key: record(key, users, skewed=skewed) for key in range(size)}
        self._of_user: dict[int, dict[int, None]] = {}
        self._of_purpose: dict[int, dict[int, None]] = {}
        self._terms = {purpose: first_terms(purpose) for purpose in range(PURPOSES)}
        self._stances: dict[int, Stance] = {}
        for found in self._records.values():
            self._file(found)

    def fresh(self) -> int:
        """Return the number of the next record to be created."""
        self._next += 1
        return self._next - 1

    def run(self, op: Op) -> Answer:  # noqa: PLR0911 - one return a query
        """Answer an operation, and change what it changes."""
        number = op.number
        match op.kind:
            case Kind.READ:
                found = self._records.get(number)
                return Answer(1, seen_text(found.text)) if found else NOTHING
            case Kind.READ_USER:
                return self._texts(self._of_user.get(number, {}))
            case Kind.READ_PURPOSE:
                return self._texts(self._of_purpose.get(number, {}))
            case Kind.META_USER:
                return self._metadata(number)
            case Kind.LOGS:
                return Answer(number)
            case Kind.GONE:
                return Answer(int(number in self._records))
            case _:
                return self._change(op)

    def _change(self, op: Op) -> Answer:
        number = op.number
        if op.kind is Kind.INSERT:
            self._records[number] = record(number, self._users)
            self._file(self._records[number])
            return Answer(1)
        if op.kind is Kind.UPDATE_PURPOSE:
            self._terms[number] = self._terms[number]._replace(**{op.field: op.value})
            return Answer(1)
        if op.kind is Kind.UPDATE_USER:
            if not self._of_user.get(number):
                return NOTHING
            self._stances[number] = self._stance(number)._replace(**{op.field: op.value})
            return Answer(1)
        found = self._records.get(number)
        if found is None:
            return NOTHING
        if op.kind is Kind.UPDATE:
            self._records[number] = found._replace(text=text_of(number, op.value))
        else:
            del self._records[number], self._of_user[found.user][number], self._of_purpose[found.purpose][number]
            if not self._of_user[found.user]:  # nobody is left to object
                self._stances.pop(found.user, None)
        return Answer(1)

    def _file(self, found: Record) -> None:
        self._of_user.setdefault(found.user, {})[found.key] = None
        self._of_purpose.setdefault(found.purpose, {})[found.key] = None

    def _texts(self, keys: Iterable[int]) -> Answer:
        texts = [self._records[key].text for key in keys]
        return Answer(len(texts), sum(map(seen_text, texts)))

    def _metadata(self, user: int) -> Answer:
        of_user = [self._records[key] for key in self._of_user.get(user, {})]
        stance = self._stance(user)
        return Answer(
            len(of_user),
            sum(seen_meta(r.purpose, r.source, r.category, self._terms[r.purpose], stance) for r in of_user),
        )

    def _stance(self, user: int) -> Stance:
        return self._stances.get(user, first_stance(user))


def agreement(expected: Sequence[Answer], found: Sequence[Answer]) -> float:
    """Return the share of answers that are those of the model, in per cent."""
    right = sum(one == other for one, other in zip(expected, found, strict=True))
    return 100 * right / len(expected) if expected else 100.0
