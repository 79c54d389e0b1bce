"""A file of what happened to dossiers: kind, number, event, date. As a bookkeeping or planning program exports it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from gestand.intake.files import open_table, refuse_file, survey
from gestand.kernel.errors import Problem
from gestand.register.happenings import Happening
from gestand.register.model import DossierKind
from gestand.statement.policy import Trigger

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "soort"),
    "number": ("number", "nummer"),
    "event": ("event", "gebeurtenis"),
    "on": ("on", "date", "datum", "op"),
}
"""The names under which each column is known, in any case."""
KINDS: Mapping[str, DossierKind] = {
    **{str(kind): kind for kind in DossierKind},
    "vraag": DossierKind.QUESTION,
    "offerte": DossierKind.QUOTE,
    "overeenkomst": DossierKind.AGREEMENT,
    "opdracht": DossierKind.JOB,
    "reparatie": DossierKind.JOB,
    "factuur": DossierKind.INVOICE,
    "klacht": DossierKind.COMPLAINT,
}
EVENTS: Mapping[str, Trigger | None] = {
    **{str(trigger): trigger for trigger in Trigger},
    "closed": None,
    "gesloten": None,
    "beantwoord": Trigger.QUESTION_ANSWERED,
    "verlopen": Trigger.QUOTE_EXPIRED,
    "beëindigd": Trigger.AGREEMENT_ENDED,
    "gereed": Trigger.JOB_CLOSED,
    "verzonden": Trigger.INVOICE_ISSUED,
    "afgehandeld": Trigger.COMPLAINT_CLOSED,
    "laatste contact": Trigger.LAST_CONTACT,
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII)
_DUTCH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)


def read_happenings(path: Path) -> Iterator[Happening | Problem]:
    """Yield what each row tells, or what is wrong with it; a row names nobody.

    :raises UsageError: ``no-file``. :raises InputError: as a file of people, and ``happenings-columns``.
    """
    table = open_table(survey(path))
    at = _columns(path, table.header)
    for record in table.records():
        line = record.row
        if record.fault:
            yield Problem(str(path), line, "row-broken", record.fault, "Mend the row and give the file again.")
            continue
        kind, number, event, on = (record.cells[at[name]].strip() for name in ("kind", "number", "event", "on"))
        day = day_of(on)
        if kind.lower() not in KINDS:
            yield _wrong(path, line, "dossier-kind", "no kind of dossier", f"Kinds: {', '.join(KINDS)}.")
        elif event.lower() not in EVENTS:
            yield _wrong(path, line, "dossier-event", "no event", f"Events: {', '.join(EVENTS)}.")
        elif day is None:
            yield _wrong(path, line, "date", "no date", "Write it as 2026-12-01 or 1-12-2026.")
        else:
            yield Happening(KINDS[kind.lower()], number, EVENTS[event.lower()], day, str(path), line)


def day_of(text: str) -> date | None:
    """Return the day that is written in the Dutch way or as ISO 8601, or None; a time of day behind it is left out."""
    found = _ISO.fullmatch(text)
    dutch = _DUTCH.fullmatch(text) if found is None else None
    parts = found.groups() if found else dutch.groups()[::-1] if dutch else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _columns(path: Path, header: tuple[str, ...]) -> dict[str, int]:
    there = [name.strip().lower() for name in header]
    found = {
        column: next(there.index(name) for name in names if name in there)
        for column, names in COLUMNS.items()
        if any(name in there for name in names)
    }
    lacking = [f"'{column}' or '{COLUMNS[column][1]}'" for column in COLUMNS if column not in found]
    if lacking:
        raise refuse_file(
            path,
            "happenings-columns",
            f"the file lacks a column: {', '.join(lacking)}",
            "A row says the kind of dossier, its number, the event and the date.",
        )
    return found


def _wrong(path: Path, line: int, code: str, message: str, remedy: str) -> Problem:
    return Problem(str(path), line, code, f"this row says {message}", remedy)
