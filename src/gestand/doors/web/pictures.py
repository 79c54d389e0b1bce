"""Where the marks of a picture stand: pure geometry; ``pictures.html`` draws it, with the same figures as a table beside it.

Pictures are SVG made here, without a script and without a library in the page (WCAG 2.2: 1.1.1, 1.3.1, 1.4.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WIDE = 720
ROW = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: what it counts, how many, and where it stands."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Columns beside each other. ``most``: the highest count."""

    bars: tuple[Bar, ...]
    most: int
    height: int = 190
    base: int = 150


def bars(counted: Sequence[tuple[str, int]]) -> Bars:
    """Return columns for named counts, in the order given."""
    most = max((count for _, count in counted), default=0)
    step = WIDE / max(1, len(counted))
    width = min(46.0, step * 0.62)
    made = []
    for at, (label, count) in enumerate(counted):
        height = 0.0 if not most else max(2.0 if count else 0.0, 120 * count / most)
        made.append(
            Bar(
                label,
                count,
                round(at * step + (step - width) / 2, 1),
                round(150 - height, 1),
                round(width, 1),
                round(height, 1),
            )
        )
    return Bars(tuple(made), most)


@dataclass(frozen=True, slots=True)
class Clock:
    """A running clock: from its start to its end, where now is, and whether it is over."""

    label: str
    href: str
    begun: date
    due: date
    y: float
    start: float
    length: float
    done: float
    late: bool


@dataclass(frozen=True, slots=True)
class Clocks:
    """Clocks under each other on one scale of days; ``now``: where today is."""

    clocks: tuple[Clock, ...]
    now: float
    first: date
    last: date
    height: int


def clocks(running: Sequence[tuple[str, str, date, date]], today: date) -> Clocks:
    """Return clocks for (label, address, begun, due)."""
    first = min([begun for _, _, begun, _ in running] + [today])
    last = max([due for *_, due in running] + [today])
    days = max(1, (last - first).days)
    left, width = 210, WIDE - 230

    def at(day: date) -> float:
        return round(left + width * (day - first).days / days, 1)

    made = tuple(
        Clock(label, href, begun, due, 30 + row * ROW, at(begun), round(max(3.0, at(due) - at(begun)), 1),
              round(max(0.0, min(at(today), at(due)) - at(begun)), 1), due < today)
        for row, (label, href, begun, due) in enumerate(running)
    )  # fmt: skip
    return Clocks(made, at(today), first, last, 40 + ROW * len(made))


@dataclass(frozen=True, slots=True)
class Hours:
    """What runs in hours: from when, until when (None: no hour is set), when it was done, and where that stands."""

    label: str
    begun: datetime
    due: datetime | None
    done_at: datetime | None
    y: float
    start: float
    length: float
    done: float
    late: bool


@dataclass(frozen=True, slots=True)
class HourClocks:
    """Clocks of hours under each other; ``ticks``: where each day of 24 hours since the first begins, by its number."""

    clocks: tuple[Hours, ...]
    now: float
    ticks: tuple[tuple[float, int], ...]
    height: int


def hour_clocks(running: Sequence[tuple[str, datetime, datetime | None, datetime | None]], now: datetime) -> HourClocks:
    """Return clocks for (label, begun, due, done) on one scale; what is done stands still."""
    first = min([begun for _, begun, _, _ in running] + [now])
    last = max([due or begun for _, begun, due, _ in running] + [now])
    whole = max(timedelta(hours=1), last - first)
    left, width = 210, WIDE - 230

    def at(moment: datetime) -> float:
        return round(left + width * (min(max(moment, first), last) - first) / whole, 1)

    made = tuple(
        Hours(label, begun, due, done, 30 + row * ROW, at(begun), round(max(3.0, at(due or last) - at(begun)), 1),
              round(max(0.0, min(at(done or now), at(due or last)) - at(begun)), 1), due is not None and (done or now) > due)
        for row, (label, begun, due, done) in enumerate(running)
    )  # fmt: skip
    days = int(whole / timedelta(days=1))
    step = max(1, -(-days // 7))
    ticks = tuple((at(first + timedelta(days=day)), day * 24) for day in range(0, days + 1, step))
    return HourClocks(made, at(now), ticks, 58 + ROW * len(made))


@dataclass(frozen=True, slots=True)
class Node:
    """A box of a map."""

    id: str
    title: str
    x: float
    y: float
    href: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A line from one box to another; ``href``: the sentence that says so."""

    source: Node
    target: Node
    href: str
    path: str


@dataclass(frozen=True, slots=True)
class Map:
    """Three columns of boxes and the lines between them."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    width: int
    height: int
    box: int
    line: int


BOX = 240
LINE = 26
GAP = 130


def flow_map(
    columns: Sequence[Sequence[tuple[str, str, str]]], lines: Sequence[tuple[tuple[int, str], tuple[int, str], str]]
) -> Map:
    """Return a map of columns of (id, title, address) and lines ((column, id), (column, id), address)."""
    tallest = max((len(column) for column in columns), default=1)
    height = 40 + tallest * (LINE + 10)
    placed: dict[tuple[int, str], Node] = {}
    for at, column in enumerate(columns):
        free = (height - 40) / max(1, len(column))
        for row, (id_, title, href) in enumerate(column):
            y = round(34 + free * row + (free - LINE) / 2, 1)
            placed[at, id_] = Node(f"{at}-{id_}", title, at * (BOX + GAP) + 1.0, y, href)
    flows = []
    for source, target, href in lines:
        a, b = placed[source], placed[target]
        x1, y1, x2, y2 = a.x + BOX, a.y + LINE / 2, b.x, b.y + LINE / 2
        bend = (x2 - x1) / 2
        path = f"M{x1:.0f} {y1:.1f} C{x1 + bend:.0f} {y1:.1f} {x2 - bend:.0f} {y2:.1f} {x2:.0f} {y2:.1f}"
        flows.append(Flow(a, b, href, path))
    width = len(columns) * (BOX + GAP) - GAP + 2
    return Map(tuple(placed.values()), tuple(flows), width, height, BOX, LINE)


def shortened(text: str, most: int = 30) -> str:
    """Return a text that fits a box; the whole of it stands in the table."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
