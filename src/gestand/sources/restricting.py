"""A restriction in one source: what has room for the mark is marked, and what has none is told and stops nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from gestand.kernel.errors import RefusedError
from gestand.sources.marking import Marking, Restrained, unmarked_of
from gestand.sources.model import Source, Trace


def restrain(source: Source, traces: Sequence[Trace], *, restricted: bool) -> Restrained:
    """Mark what of these can be marked, or lift the mark; say of the rest why not."""
    name = str(source.name)
    unmarked = source.unmarkable(traces, restricted=restricted) if isinstance(source, Marking) else ()
    without = {one.place for one in unmarked}
    can = [trace for trace in traces if trace.place not in without]
    try:
        rows = source.restrict(can, restricted=restricted) if can else 0
    except RefusedError as refused:
        rest = unmarked_of(can, dict.fromkeys((one.place for one in can), refused.message)) if unmarked else ()
        return Restrained(name, 0, refused.message, (*unmarked, *rest))
    return Restrained(name, rows, "" if can else "; ".join(one.why for one in unmarked), unmarked)
