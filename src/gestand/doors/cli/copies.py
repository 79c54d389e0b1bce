"""How what other systems hold is shown: what was found and where was looked, a plan, a removal; for people and machines."""

from __future__ import annotations

from typing import Any

from gestand.doors.cli.output import emit, say, table
from gestand.sources.model import Found, Removal, SourcePlan


def found_document(found: Found) -> dict[str, Any]:
    """Return the machine form: matches and the certificate of where was looked."""
    return {
        "matches": [
            {
                "source": trace.source,
                "place": trace.place,
                "field": value.field,
                "value": value.value,
                "confidence": str(trace.confidence),
                "why": trace.why,
                "column": value.column,
                "trace": trace.id,
            }
            for trace in found.traces
            for value in trace.values
        ],
        "searched": [
            {
                "source": search.source,
                "place": search.place,
                "with": list(search.kinds),
                "at": search.at.isoformat(),
                "found": search.found,
                "or_why_not": search.why_not or None,
            }
            for search in found.searched
        ],
        "complete": found.complete,
    }


def show_found(found: Found, *, as_json: bool) -> None:
    """Show what was found, and the certificate."""
    if as_json:
        emit(found_document(found))
        return
    rows = [
        (t.source, t.place, v.column, v.value, str(t.confidence), t.why, t.id if t.confidence == "doubtful" else "")
        for t in found.traces
        for v in t.values
    ]
    table("Found", ("source", "place", "column", "value", "confidence", "why", "trace"), rows)
    searched = [
        (s.source, s.place, ", ".join(s.kinds), s.at.isoformat(timespec="seconds"), s.why_not or str(s.found))
        for s in found.searched
    ]
    table("Searched", ("source", "place", "with", "at", "found, or why not"), searched)
    if not found.complete:
        say("Not everything could be searched: this answer is not complete.")


def plan_document(plan: SourcePlan) -> dict[str, Any]:
    """Return a plan for a machine."""
    return {
        "source": plan.source,
        "digest": plan.digest,
        "rows": [
            {
                "place": row.place,
                "act": str(row.act),
                "rows": row.rows,
                "columns": list(row.columns),
                "ground": row.ground or None,
                "until": row.until or None,
            }
            for row in plan.rows
        ],
        "conflicts": list(plan.conflicts),
        "doubtful": plan.doubtful,
    }


def show_plan(plan: SourcePlan) -> None:
    """Show a plan; a system in which nothing of the person is, in a line."""
    if not plan.rows:
        say(f"In {plan.source}: nothing.")
    rows = [(r.place, str(r.act), str(r.rows), ", ".join(r.columns), r.ground, r.until) for r in plan.rows]
    if rows:
        table(f"In {plan.source}", ("place", "what", "rows", "columns", "ground", "until"), rows)
    for conflict in plan.conflicts:
        say(f"In the way: {conflict}")
    if plan.doubtful:
        say(f"{plan.doubtful} doubtful: say of each whose it is, with 'gestand request find'.")


def removal_document(removal: Removal) -> dict[str, Any]:
    """Return a removal for a machine."""
    return {
        "source": removal.source,
        "removed": removal.removed,
        "retained": [
            {"place": kept.place, "rows": kept.rows, "ground": kept.ground, "until": kept.until}
            for kept in removal.retained
        ],
    }
