"""What the door for other programs gives, and what it takes as said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gestand.kernel.errors import UsageError
from gestand.sources.model import Removal


@dataclass(frozen=True, slots=True)
class Value:
    """A datum that was opened."""

    item: str
    field: str
    value: str

    def __repr__(self) -> str:
        """Tell everything but the value: a log is no place for it."""
        return f"Value({self.item!r}, {self.field!r}, {len(self.value)} characters)"


@dataclass(frozen=True, slots=True)
class Refused:
    """A datum that stayed closed: why, and the sentence of the statement that forbids it (or the article)."""

    item: str
    field: str
    why: str
    clause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Card:
    """What was opened of one subject for one purpose. ``entry``: where the opening stands in the ledger."""

    subject: str
    purpose: str
    values: tuple[Value, ...]
    refused: tuple[Refused, ...]
    entry: int

    def get(self, field: str) -> str | None:
        """Return the newest value of a field, None if none was opened."""
        return next((one.value for one in reversed(self.values) if one.field == field), None)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)


@dataclass(frozen=True, slots=True)
class Kept:
    """A datum that stays when its subject is erased: on what ground, why, and until when (None: no date yet)."""

    field: str
    ground: str
    why: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure came to. ``tell``: recipients who may have had it, and must be told (Article 19).

    ``elsewhere``: what other systems, the e-mail archive among them, removed and what stays there with its ground.
    """

    items: int
    kept: tuple[Kept, ...]
    tell: tuple[str, ...]
    elsewhere: tuple[Removal, ...] = ()


def named(fields: Iterable[str]) -> tuple[str, ...]:
    """Return the fields that were named.

    :raises UsageError: ``fields-none`` if there is none: whoever means all of them says None.
    """
    some = (fields,) if isinstance(fields, str) else tuple(fields)
    if not some:
        raise UsageError("fields-none", "no field is named", where="fields", remedy="Name one, or give None for all.")
    return some


def said(text: str, name: str) -> str:
    """Return a text that says something.

    :raises UsageError: ``text-missing``, ``text-unreadable``.
    """
    if not text.strip():
        raise UsageError("text-missing", f"{name} is empty", where=name, remedy="Say it in a few words.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(
            "text-unreadable",
            f"{name} holds a lone surrogate, which is no character",
            where=name,
            remedy="Decode what you read as UTF-8 before you pass it on.",
        ) from None
    return text
