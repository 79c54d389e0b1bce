"""What leaves when: counted by custodian, shelf and month, as a table, as appointments, and as a picture. Pure.

A month counts everything whose time is over in it, and the first month also what is late already. What is held back by a legal
hold or a restriction is counted apart: it leaves when that ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape

from gestand.retention.model import Due

WIDTH, ROW, LEFT, TOP = 720, 26, 150, 40


@dataclass(frozen=True, slots=True)
class Month:
    """How many things of one shelf leave, or move on to another, in a month; and how many of them are on hold."""

    month: date  # its first day
    custodian: str
    shelf: str
    leaving: int
    moving: int
    held: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What leaves from ``on`` until ``until``, by month."""

    on: date
    until: date
    months: tuple[Month, ...]

    @property
    def total(self) -> int:
        """How many things leave or move on in all."""
        return sum(month.leaving + month.moving + month.held for month in self.months)


def forecast(on: date, until: date, due: Mapping[str, Iterable[Due]]) -> Forecast:
    """Return what custodians (by name) report as due until ``until``, counted by month; what is late stands in the first."""
    counts: Counter[tuple[date, str, str, str]] = Counter()
    for custodian, things in due.items():
        for thing in things:
            if thing.since > until:
                continue
            month = max(thing.since, on).replace(day=1)
            what = "held" if thing.hold or thing.restricted else "moving" if thing.then is not None else "leaving"
            counts[month, custodian, thing.shelf, what] += 1
    places = sorted({(month, custodian, shelf) for month, custodian, shelf, _ in counts})
    months = tuple(
        Month(m, c, s, counts[m, c, s, "leaving"], counts[m, c, s, "moving"], counts[m, c, s, "held"])
        for m, c, s in places
    )
    return Forecast(on, until, months)


def as_calendar(found: Forecast, titles: Mapping[str, str], made_at: datetime) -> bytes:
    """Return the forecast as iCalendar (RFC 5545): one whole-day appointment a month and shelf, counts only."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Gestand//retention//NL")
    calendar.add("version", "2.0")
    for month in found.months:
        event = Event()
        title = titles.get(month.shelf, month.shelf)
        count = month.leaving + month.moving + month.held
        held = f"; {month.held} op hold" if month.held else ""
        event.add("uid", f"{month.month:%Y%m}-{month.custodian}-{month.shelf}@retention.gestand.invalid")
        event.add("dtstamp", made_at.astimezone(UTC))
        event.add("dtstart", max(month.month, found.on))
        event.add("summary", f"{count} gegevens gaan weg: {title}{held}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def as_picture(found: Forecast, titles: Mapping[str, str]) -> str:
    """Return the forecast as accessible SVG: a row a shelf, a column a month, a mark as large as what leaves."""
    shelves = list(dict.fromkeys(month.shelf for month in found.months))
    months = sorted({month.month for month in found.months})
    counts: Counter[tuple[str, date]] = Counter()
    for one in found.months:
        counts[one.shelf, one.month] += one.leaving + one.moving + one.held
    step = (WIDTH - LEFT - 20) / max(1, len(months))
    height = TOP + ROW * len(shelves) + 20
    most = max(counts.values(), default=1)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="rt rd" '
            'font-family="system-ui,sans-serif" font-size="12" fill="currentColor">'
        ),
        '<title id="rt">Wat wanneer weggaat</title>',
        f'<desc id="rd">{found.total} gegevens van {found.on} tot {found.until}, per bewaartermijn en maand. Zie de tabel.</desc>',
    ]
    for at, month in enumerate(months):
        if at % max(1, len(months) // 12) == 0:
            parts.append(
                f'<text x="{LEFT + step * (at + 0.5):.0f}" y="{TOP - 16}" text-anchor="middle">{month:%m-%y}</text>'
            )
    for row, shelf in enumerate(shelves):
        middle = TOP + ROW * (row + 0.5)
        parts.append(f'<text x="0" y="{middle + 4:.0f}">{escape(titles.get(shelf, shelf)[:22])}</text>')
        for at, month in enumerate(months):
            if counts[shelf, month]:
                size = 3 + 8 * (counts[shelf, month] / most) ** 0.5
                parts.append(
                    f'<circle cx="{LEFT + step * (at + 0.5):.0f}" cy="{middle:.0f}" r="{size:.1f}" opacity="0.75">'
                    f"<title>{escape(titles.get(shelf, shelf))}, {month:%Y-%m}: {counts[shelf, month]}</title></circle>"
                )
    return "".join([*parts, "</svg>\n"])
