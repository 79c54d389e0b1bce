"""When each open request is due, as a calendar that other programs read (RFC 5545): dates and numbers, nobody's name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from gestand.kernel.clock import local_date
from gestand.rights.model import SubjectRequest


class Clocked(StrEnum):
    """How the clock of a request stands."""

    RUNNING = "running"
    EXTENDED = "extended"
    PAUSED = "paused"
    OVERDUE = "overdue"
    ENDED = "ended"


def clock_of(request: SubjectRequest, now: datetime, *, paused: bool = False) -> Clocked:
    """Return how a request's clock stands; the strictest reading of the law decides what is overdue, also in a pause."""
    if not request.open:
        return Clocked.ENDED
    if now > request.conservative:
        return Clocked.OVERDUE
    if paused:
        return Clocked.PAUSED
    return Clocked.EXTENDED if request.extended_because else Clocked.RUNNING


def past_term(request: SubjectRequest, on: date, *, paused: bool = False) -> bool:
    """Say whether an answer on a day comes after the term of Article 12(3) by every reading of the law.

    Who reads this in a letter stops counting the weeks for the court (UAVG 35(2)); where a reading leaves room, also while
    a question on identity is out, they had better count.
    """
    return not paused and on > local_date(request.due)


def calendar_of(requests: Iterable[SubjectRequest], now: datetime, name: str) -> bytes:
    """Return an iCalendar file with one all-day event for each open request, on the last day by the strictest reading.

    A week before, and a day before, the calendar reminds. ``name``: of the calendar.
    """
    from icalendar import Alarm, Calendar, Event

    made = Calendar()
    made.add("prodid", "-//gestand//requests//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for request in requests:
        if not request.open:
            continue
        last = local_date(request.conservative)
        event = Event()
        event.add("uid", f"{request.id}@gestand.invalid")
        event.add("dtstamp", now)
        event.add("dtstart", last)
        event.add("dtend", last + timedelta(days=1))
        event.add("summary", f"{request.right}: {request.id} ({clock_of(request, now)})")
        event.add("description", f"gestand request show {request.id}")
        event.add("transp", "TRANSPARENT")
        for before in (timedelta(days=7), timedelta(days=1)):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", request.id)
            alarm.add("trigger", -before)
            event.add_component(alarm)
        made.add_component(event)
    content = made.to_ical()
    assert isinstance(content, bytes)
    return content
