"""A doubtful trace after a person looked at it."""

from __future__ import annotations

from dataclasses import replace

from gestand.sources.model import Confidence, Judged, Trace


def settle(trace: Trace, judged: Judged) -> Trace | None:
    """Return the trace as a person judged it; None where it is of someone else."""
    if trace.confidence is not Confidence.DOUBTFUL:
        return trace
    if trace.id in judged.no:
        return None
    if trace.id in judged.yes:
        return replace(trace, confidence=Confidence.CERTAIN, why=f"{trace.why}; confirmed by a person")
    return trace
