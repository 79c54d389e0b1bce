"""This week on a page ("Deze week"): what is due, what leaves, what is broken. Counts, dates and ids; nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from gestand.doors.running.ticking import standing
from gestand.evidence.model import ClauseFinding, ClauseResult, Finding, ProofRun
from gestand.kernel.clock import local_date
from gestand.statement.policy import Text
from gestand.system import System


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: since or until when, and what, in both languages; ``late``: its day is over."""

    on: date | None
    said: Text
    late: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday: what somebody must do, what leaves of itself, what is broken."""

    monday: date
    due: tuple[Line, ...]
    leaving: tuple[Line, ...]
    broken: tuple[Line, ...]


def week_of(house: System, proof: ProofRun) -> Week:
    """Return this week, with what ``proof`` found."""
    today = local_date(house.clock())
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    due = sorted(
        [*_requests(house, today, sunday), *_tasks(house, today, sunday), *_measures(house, today, sunday)],
        key=lambda line: line.on or today,
    )
    return Week(monday, tuple(due), tuple(_leaving(house, monday, sunday)), (*_broken(proof), *_failing(house)))


def _requests(house: System, today: date, sunday: date) -> list[Line]:
    found = [(local_date(one.conservative), one) for one in house.requests.running()]
    return [
        Line(day, Text(nl=f"Verzoek {one.id} beantwoorden", en=f"Answer request {one.id}"), day < today)
        for day, one in found
        if day <= sunday
    ]


def _tasks(house: System, today: date, sunday: date) -> list[Line]:
    return [
        Line(
            one.due,
            Text(
                nl=f"Elders weghalen: taak {one.id} ({one.system})",
                en=f"Remove elsewhere: task {one.id} ({one.system})",
            ),
            one.late(today),
        )
        for one in house.tasks.undone()
        if one.due <= sunday
    ]


def _measures(house: System, today: date, sunday: date) -> list[Line]:
    lines = []
    for measure in house.measures.declared.values():
        last = house.measures.last(measure.id)
        if last is None or last.expires <= sunday:
            day = last.expires if last else None
            said = Text(nl=f"Maatregel nagaan: {measure.title.nl}", en=f"Check the measure: {measure.title.en}")
            lines.append(Line(day, said, day is not None and day < today))
    return lines


def _leaving(house: System, monday: date, sunday: date) -> list[Line]:
    due = house.vault.due_by_day(date(1971, 1, 1), sunday)
    return [
        Line(day, Text(nl=f"{count} gegevens gaan weg", en=f"{count} data leave"), day < monday)
        for day, count in sorted(due.items())
    ]


def _broken(proof: ProofRun) -> list[Line]:
    return [Line(None, _promise(one), late=True) for one in proof.clauses if one.finding is ClauseFinding.BROKEN]


def _promise(one: ClauseResult) -> Text:
    """Return which promise is broken, and why."""
    why = [control.verdict.why for control in one.controls if control.verdict.finding is Finding.BROKEN]
    return Text(
        nl=f"Belofte {one.clause.id} is verbroken: {one.clause.text} Wat er is: {' '.join(said.nl for said in why)}",
        en=f"Promise {one.clause.id} is broken: {' '.join(said.en for said in why)}",
    )


def _failing(house: System) -> list[Line]:
    return [
        Line(
            None,
            Text(
                nl=f"{work.title.nl}: mislukt ({record.fault}), {record.failures} keer",
                en=f"{work.title.en}: failed ({record.fault}), {record.failures} times",
            ),
            late=True,
        )
        for work, record, _, _ in standing(house)
        if record.failures
    ]


PARTS = (
    ("due", Text(nl="Te doen", en="To do")),
    ("leaving", Text(nl="Gaat weg", en="Leaves")),
    ("broken", Text(nl="Stuk", en="Broken")),
)
NOTHING = Text(nl="Niets.", en="Nothing.")


def as_text(week: Week) -> str:
    """Return the week as a text to mail or to set on a sheet: Dutch, with the English behind each line."""
    parts = []
    for number, (name, title) in enumerate(PARTS, 1):
        lines: tuple[Line, ...] = getattr(week, name)
        told = [
            f"- {'te laat: ' if line.late and line.on else ''}{f'{line.on}: ' if line.on else ''}{line.said.nl} ({line.said.en})"
            for line in lines
        ]
        parts.append("\n".join([f"{number}. {title.nl} ({title.en})", *(told or [f"{NOTHING.nl} ({NOTHING.en})"])]))
    return "\n\n".join(parts) + "\n"


def as_page(week: Week, firm: str) -> str:
    """Return the week as one page that needs nothing else, Dutch with the English below each line."""
    parts = []
    for name, title in PARTS:
        lines: tuple[Line, ...] = getattr(week, name)
        rows = "".join(
            f"<tr{' class=late' if line.late else ''}><td>{line.on or ''}</td><td>{escape(line.said.nl)}"
            f'<br><span lang="en">{escape(line.said.en)}</span></td></tr>'
            for line in lines
        )
        body = f"<table>{rows}</table>" if rows else f'<p>{NOTHING.nl} <span lang="en">{NOTHING.en}</span></p>'
        parts.append(f'<h2>{title.nl} <span lang="en">{title.en}</span></h2>{body}')
    return (
        '<!doctype html>\n<html lang="nl"><head><meta charset="utf-8"><title>Deze week</title><style>'
        "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}span[lang=en]{color:#595959;"
        "font-size:.9em}td{vertical-align:top;padding:.2rem .8rem .2rem 0}td:first-child{white-space:nowrap}"
        ".late td{font-weight:600}.late td:first-child::before{content:'! '}</style></head><body>"
        f'<h1>Deze week <span lang="en">This week</span></h1><p>{escape(firm)}, {week.monday}</p>{"".join(parts)}</body></html>\n'
    )
