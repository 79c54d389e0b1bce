"""A doubtful trace after a person looked at it; what is sure; what came of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gestand.sources.model import Act, Confidence, Judged, Removal, Retained, SourcePlan, Trace


def settle(trace: Trace, judged: Judged) -> Trace | None:
    """Return the trace as a person judged it; None where it is of someone else."""
    if trace.confidence is not Confidence.DOUBTFUL:
        return trace
    if trace.id in judged.no:
        return None
    if trace.id in judged.yes:
        return replace(trace, confidence=Confidence.CERTAIN, why=f"{trace.why}; confirmed by a person")
    return trace


def sure_of(traces: Iterable[Trace]) -> tuple[Trace, ...]:
    """Return the traces that may be acted on: the doubtful are left as they are."""
    return tuple(trace for trace in traces if trace.confidence is not Confidence.DOUBTFUL)


def removal_of(source: str, plan: SourcePlan, done: int) -> Removal:
    """Return what was done by a plan, and what stays with its reason."""
    kept = tuple(Retained(row.place, row.rows, row.ground, row.until) for row in plan.rows if row.act is Act.KEEP)
    return Removal(source, done, kept)
