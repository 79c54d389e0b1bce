"""A plan of an erasure as it is shown: datum by datum, then what other systems would do; for people and machines."""

from __future__ import annotations

from typing import Any

from gestand.doors.cli.copies import plan_document, show_plan
from gestand.doors.cli.output import table
from gestand.rights.model import ErasurePlan


def plan_of(plan: ErasurePlan) -> dict[str, Any]:
    """Return a plan for a machine."""
    return {
        "request": plan.request,
        "on": plan.on.isoformat(),
        "digest": plan.digest,
        "decisions": [
            {
                "item": d.holding.item,
                "field": d.holding.field,
                "decision": str(d.decision),
                "ground": d.ground,
                "why": {"nl": d.why.nl, "en": d.why.en},
                "until": d.until.isoformat() if d.until else None,
            }
            for d in plan.decisions
        ],
        "copies": [plan_document(copy) for copy in plan.copies],
    }


def show_whole_plan(plan: ErasurePlan) -> None:
    """Show a plan."""
    rows = [
        (str(d.holding.field), str(d.decision), d.why.nl, d.ground, d.until.isoformat() if d.until else "")
        for d in plan.decisions
    ]
    table(f"Plan for {plan.request} on {plan.on}", ("field", "decision", "why", "ground", "until"), rows)
    for copy in plan.copies:
        show_plan(copy)
