"""Facts around a question, read one by one; what cannot be read or was not given is named, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gestand.law.instants import Moment, UnclearTimeError, local_day, read_moment


class MissingFactsError(ValueError):
    """Facts without which a question cannot be answered; ``names`` says which and why."""

    def __init__(self, *names: str) -> None:
        super().__init__("; ".join(names))
        self.names = names


def shown(value: object) -> str:
    """Return a value as it may stand in an answer: short, whatever was given."""
    text = str(value)
    return text if len(text) <= 60 else text[:60] + "…"


def moment_of(name: str, value: object) -> Moment:
    """Read a fact as a moment.

    :raises MissingFactsError: with the name of the fact, if it is none.
    """
    try:
        return read_moment(value)
    except UnclearTimeError as error:
        raise MissingFactsError(f"{name}: {error}") from None


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts by name. A fact that is null is one that was looked for and not found; one not given may be needed."""

    given: Mapping[str, Any]

    def day(self, name: str) -> date | None:
        """Return a fact as a local date, None if it is null or not given.

        :raises MissingFactsError: if it is no date.
        """
        value = self.given.get(name)
        return None if value is None else local_day(moment_of(name, value))

    def needed_day(self, name: str) -> date:
        """Return a fact as a local date.

        :raises MissingFactsError: if it is null, not given or no date.
        """
        day = self.day(name)
        if day is None:
            raise MissingFactsError(f"{name}: the date is needed")
        return day

    def running_or_ended(self, name: str) -> date | None:
        """Return the date of an end, None where the fact says with null that there is none yet.

        :raises MissingFactsError: if the fact was not given at all.
        """
        if name not in self.given:
            raise MissingFactsError(f"{name}: the date, or null while there is none")
        return self.day(name)

    def days(self, name: str) -> tuple[date, ...]:
        """Return a fact as a list of local dates; none if null or not given.

        :raises MissingFactsError: if it is no list of dates.
        """
        value = self.given.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            raise MissingFactsError(f"{name}: a list of dates")
        return tuple(local_day(moment_of(name, one)) for one in value)

    def yes(self, name: str) -> bool | None:
        """Return a fact as yes or no; None if null or not given.

        :raises MissingFactsError: if it is neither.
        """
        value = self.given.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise MissingFactsError(f"{name}: true or false, not '{shown(value)}'")

    def needed_yes(self, name: str) -> bool:
        """Return a fact as yes or no.

        :raises MissingFactsError: if it is neither, null or not given.
        """
        answer = self.yes(name)
        if answer is None:
            raise MissingFactsError(f"{name}: true or false is needed")
        return answer

    def count(self, name: str, otherwise: int | None = None) -> int:
        """Return a fact as a whole number from 0 to 40,000, ``otherwise`` if null or not given.

        :raises MissingFactsError: if it is none and there is no ``otherwise``.
        """
        value = self.given.get(name)
        value = otherwise if value is None else value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 40_000:
            return value
        raise MissingFactsError(f"{name}: a whole number from 0 to 40000 is needed")

    def word(self, name: str) -> str:
        """Return a fact as text, empty if null or not given."""
        value = self.given.get(name)
        return "" if value is None else str(value)
