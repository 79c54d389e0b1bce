"""Time, handed in as an argument. Instants are aware and in UTC; dates are local dates of the organisation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_DAY, _DAY_LONG = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII), 10  # the standard library reads week dates too

Clock = Callable[[], datetime]
"""Called without arguments, returns the present instant in UTC."""


def system_clock() -> datetime:
    """Return the present instant of this machine, in UTC."""
    return datetime.now(UTC)


def local_date(instant: datetime, zone: ZoneInfo = AMSTERDAM) -> date:
    """Return the calendar date at ``instant`` in ``zone``: months are counted on local dates."""
    return instant.astimezone(zone).date()


def instant_of(written: str, zone: ZoneInfo = AMSTERDAM, *, last: bool = False) -> datetime:
    """Read an instant as a person writes it: with its zone, by the clock of the organisation, or as a whole day.

    A day is its first moment, so that no term is counted too short; with ``last`` it is its last.

    :raises ValueError: if it is none of these.
    """
    if _DAY.match(written) is None:
        raise ValueError(f"'{written}' begins with no day")
    try:
        if len(written) == _DAY_LONG:
            found = datetime.combine(date.fromisoformat(written), time.max if last else time.min)
        else:
            found = datetime.fromisoformat(written)
        placed = found if found.tzinfo is not None else found.replace(tzinfo=zone)
        placed.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError(f"'{written}' lies beyond the calendar") from beyond
    return placed


class SettableClock:
    """A clock that stands still until it is moved; for tests, the demonstration and drills."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def __call__(self) -> datetime:  # noqa: D102 - the protocol says it: Clock
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Set the clock to ``instant``; it never runs back.

        :raises ValueError: if ``instant`` lies before the present one.
        """
        if instant < self._now:
            raise ValueError(f"the clock never runs back: {instant.isoformat()} < {self._now.isoformat()}")
        self._now = instant.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock forward by ``step``."""
        self.move_to(self._now + step)


class RunningClock:
    """A clock that shows another time than the machine's and runs as fast; for who works in the demonstration."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start.astimezone(UTC) - system_clock()

    def __call__(self) -> datetime:  # noqa: D102 - the protocol says it: Clock
        return system_clock() + self._ahead
