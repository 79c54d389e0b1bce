"""How a breach is shown: one document for machines, the same for people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from gestand.doors.cli.output import emit, say
from gestand.kernel.clock import AMSTERDAM, instant_of
from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from gestand.breach.model import Case
    from gestand.system import System


def instant(text: str, option: str, *, last: bool = False) -> datetime | None:
    """Return the instant of an option, None where it was not given; ``last``: of a whole day it is the end.

    :raises UsageError: ``breach-moment`` if it is none.
    """
    if not text:
        return None
    try:
        return instant_of(text, last=last)
    except ValueError:
        raise UsageError(
            "breach-moment",
            f"'{text}' is no moment",
            where=option,
            remedy="Write it as 2026-12-07T09:30, by your own clock, or as 2026-12-07 for that day.",
        ) from None


def document(house: System, case: Case) -> dict[str, Any]:
    """Return where a breach stands: ``id``, ``allowed``, ``why`` (what is left), ``due`` (the first), ``counts``, and more."""
    breach, assessed, affected = case.breach, case.assessed, case.affected
    due = house.breaches.due(case)
    waiting = [one.due for one in due if one.waiting and one.due is not None]
    carried = assessed.carried_on if assessed else 0
    why = [one.en for one in house.breaches.left(case)] if breach.open else []
    if carried:
        why.append(f"{carried} facts are not known or not understood: judged as a risk, and again when they come")
    return {
        "id": breach.id,
        "allowed": True,
        "why": why,
        "due": _iso(min(waiting, default=None)),
        "counts": {
            "people": affected.all_people if affected else 0,
            "unlisted": affected.unlisted if affected else 0,
            "records": affected.records if affected else 0,
            "told": case.told,
            "listed": case.listed,
            "submissions": len(case.submissions),
            "steps": len(case.steps),
            "unknown": carried,
        },
        "state": "open" if breach.open else "closed",
        "rehearsal": breach.rehearsal,
        "reporter": str(breach.reporter),
        "reported": _iso(breach.reported_at),
        "aware": _iso(breach.aware_at),
        "risk": assessed.risk if assessed else None,
        "exception": assessed.exception if assessed else "",
        "confirmed": bool(assessed and assessed.confirmed_at),
        "contained": [
            {"lever": str(s.lever), "outcome": s.outcome, "at": _iso(s.at), "by": s.actor, "count": s.count}
            for s in case.steps
        ],
        "levers_left": [str(lever) for lever in case.left()],
        "fields": dict(affected.fields) if affected else {},
        "estimated": bool(affected and affected.estimated),
        "notices": [
            {
                "to": str(one.audience),
                "owed": one.owed,
                "due": _iso(one.due),
                "done": _iso(one.done_at),
                "late": one.late,
                "why": one.why.en,
                "articles": list(one.articles),
                "debate": one.debate,
            }
            for one in due
        ],
        "references": [one.reference for one in case.submissions],
    }


def say_case(house: System, breach: str, *, as_json: bool, **more: Any) -> None:
    """Show where a breach stands, with what a command adds to it."""
    found = document(house, house.breaches.case(breach)) | more
    if as_json:
        emit(found)
        return
    marked = "  REHEARSAL: counts nowhere" if found["rehearsal"] else ""
    say(f"{found['id']}  {found['state']}, reported {found['reported']}{marked}")
    say(
        f"  known since {found['aware'] or 'not stated: the clock runs from the report'}; risk {found['risk'] or 'not judged'}"
    )
    for step in found["contained"]:
        say(f"  contained: {step['lever']} ({step['outcome']}, {step['count']}) {step['at']} by {step['by']}")
    if found["levers_left"]:
        say(f"  levers left: {', '.join(found['levers_left'])}")
    counts = found["counts"]
    bound = " (upper bound)" if found["estimated"] else ""
    say(f"  people {counts['people']}{bound}, records {counts['records']}, told {counts['told']} of {counts['listed']}")
    for notice in found["notices"]:
        if notice["owed"] or notice["late"]:
            stands = f"done {notice['done']}" if notice["done"] else "NOT DONE" if notice["owed"] else "no longer owed"
            late = ", LATE" if notice["late"] else ""
            say(f"  to the {notice['to']}: due {notice['due']}, {stands}{late} ({', '.join(notice['articles'])})")
    for line in found["why"]:
        say(f"  left: {line}")


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(AMSTERDAM).isoformat(timespec="minutes") if at else None
