"""When work is due: by the local calendar, so that a machine that sleeps through midnight catches up when it wakes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gestand.kernel.clock import AMSTERDAM, local_date

FIRST_RETRY = timedelta(minutes=15)
LONGEST_RETRY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Every:
    """How often: each so many ``minutes`` after it was done; or each so many local ``days`` (7: on Mondays)."""

    days: int = 0
    minutes: int = 0

    def __str__(self) -> str:
        if self.minutes:
            return f"{self.minutes} minutes"
        return {1: "day", 7: "week"}.get(self.days, f"{self.days} days")


DAILY = Every(days=1)
WEEKLY = Every(days=7)


def next_after(every: Every, done: datetime) -> datetime:
    """Return when work that was done at ``done`` is due again: from local midnight, or so many minutes later."""
    if every.minutes:
        return done + timedelta(minutes=every.minutes)
    day = local_date(done)
    if every.days == WEEKLY.days:
        return _midnight(day + timedelta(days=7 - day.weekday()))
    return _midnight(day + timedelta(days=every.days))


def missed(every: Every, done: datetime, now: datetime) -> int:
    """Return how many whole turns went by without this work since it was due: 0 where it is in time."""
    due = next_after(every, done)
    if now < due:
        return 0
    if every.minutes:
        return (now - due) // timedelta(minutes=every.minutes)
    return (local_date(now) - local_date(due)).days // every.days


def retry_at(tried: datetime, failures: int) -> datetime:
    """Return when work that failed so many times in a row is tried again: after 15 minutes, doubling up to 6 hours."""
    return tried + min(FIRST_RETRY * (1 << min(failures - 1, 10)), LONGEST_RETRY)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)
