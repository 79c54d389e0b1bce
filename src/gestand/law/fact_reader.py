"""Reading the facts of a question: known names and values become typed, everything else is reported by name.

A question comes from outside as JSON. Nothing here guesses: a name no rule knows, or a value that is not one, lands in
``unknown`` and the judgement that follows is told so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

Value = TypeVar("Value")

LARGEST = 10**12  # of anything a fact counts; beyond it a number is a mistake


class FactReader:
    """Reads one mapping of facts, each name at most once, and remembers what it could not read.

    ``unknown`` holds ``name`` for a fact no rule knows and ``name=value`` for a value that is not one.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._seen: set[str] = set()
        self._wrong: list[str] = []

    def _take(self, name: str) -> Any:
        self._seen.add(name)
        return self._given.get(name)

    def _refuse(self, name: str, value: object) -> None:
        self._wrong.append(f"{name}={shown(value)}")

    def flag(self, name: str) -> bool | None:
        """Read yes or no; absent and ``null`` are ``None``."""
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return value
        self._refuse(name, value)
        return None

    def count(self, name: str) -> int | None:
        """Read a whole number that is not negative."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
            return value
        self._refuse(name, value)
        return None

    def number(self, name: str) -> float | None:
        """Read a number that is not negative and not beyond ``LARGEST``."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST:
            return float(value)
        self._refuse(name, value)
        return None

    def choice(self, name: str, known: Mapping[str, Value]) -> Value | None:
        """Read one of the ``known`` words, in any case; yes and no are written ``true`` and ``false``."""
        value = self._take(name)
        if value is None:
            return None
        word = str(value).strip().lower() if isinstance(value, str | bool) else ""
        if word in known:
            return known[word]
        self._refuse(name, value)
        return None

    def text(self, name: str) -> str | None:
        """Read a text; a list of texts is joined with ``; ``."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return "; ".join(item.strip() for item in value)
        self._refuse(name, value)
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a text or a list of texts; absent is empty."""
        value = self._take(name)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value.strip(),)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(item.strip() for item in value)
        self._refuse(name, value)
        return ()

    def moment(self, name: str) -> datetime | date | None:
        """Read an ISO date, or an ISO date and time with its offset."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
            except ValueError:
                pass
        self._refuse(name, value)
        return None

    def raw(self, name: str) -> Any:
        """Hand over a value of mixed shape; the caller reports with :meth:`wrong` what it cannot read."""
        return self._take(name)

    def wrong(self, name: str, value: object) -> None:
        """Report a value that could not be read."""
        self._refuse(name, value)

    def has(self, *names: str) -> bool:
        """Tell whether any of ``names`` is stated, without reading it."""
        return any(self._given.get(name) is not None for name in names)

    def unknown(self) -> tuple[str, ...]:
        """Return what could not be read so far, names no one asked for included; sorted."""
        return tuple(sorted({*self._wrong, *(str(name) for name in self._given if name not in self._seen)}))


def shown(value: object) -> str:
    """Return a short form of a value for a message; the value itself may be long."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST:
        return "a number too large"
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def facts_of(question: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts of a question; anything but a mapping counts as one unreadable fact."""
    facts = question.get("facts")
    if facts is None:
        return {}
    return facts if isinstance(facts, Mapping) else {"facts": facts}
