"""Does a source do what a source must do? For who writes a connector: hand over a source with a person in it, read what fails.

    faults = check(source, person=[Known(...)], stranger=[Known(...)])
    assert not faults

Use a copy: what is of the person is erased in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gestand.kernel.errors import GestandError, RefusedError
from gestand.sources.model import Act, Confidence, Known, Source, Trace

Check = Callable[[Source, Sequence[Known], Sequence[Known]], Iterator[str]]


def check(source: Source, *, person: Sequence[Known], stranger: Sequence[Known]) -> tuple[str, ...]:
    """Return what a source does not do as it must; empty if it conforms. The person is in it, the stranger is not."""
    faults: list[str] = []
    for one in (_sound, _finds, _copies, _plans, _restricts, _erases):
        try:
            faults += one(source, person, stranger)
        except GestandError as fault:
            faults.append(f"{one.__name__.strip('_')}: {fault.code}: {fault.message}")
    return tuple(faults)


def _found(source: Source, known: Sequence[Known]) -> tuple[Trace, ...]:
    return source.find({"one": known})["one"].traces


def _sound(source: Source, _person: Sequence[Known], _stranger: Sequence[Known]) -> Iterator[str]:
    yield from (f"test: {problem.message}" for problem in source.test())
    if source.count() < 1:
        yield "count: it says that it holds nothing, and a person is in it"


def _finds(source: Source, person: Sequence[Known], stranger: Sequence[Known]) -> Iterator[str]:
    both = source.find({"person": person, "stranger": stranger})
    if set(both) != {"person", "stranger"}:
        yield "find: not everybody who was asked for got an answer"
        return
    traces = both["person"].traces
    if not any(trace.confidence is not Confidence.DOUBTFUL for trace in traces):
        yield "find: the person is not found"
    if both["stranger"].traces:
        yield "find: a stranger is found"
    if not both["person"].searched or not both["stranger"].searched:
        yield "find: no certificate of where was searched, also for who is not found"
    if {trace.id for trace in _found(source, person)} != {trace.id for trace in traces}:
        yield "find: together and alone a person is found differently"
    if any(not trace.why or trace.source != source.name for trace in traces):
        yield "find: a trace without its source or its why"
    if len({trace.id for trace in traces}) != len(traces):
        yield "find: two traces have one id"


def _copies(source: Source, person: Sequence[Known], _stranger: Sequence[Known]) -> Iterator[str]:
    traces = _found(source, person)
    if {trace.id for trace in source.export(traces)} != {trace.id for trace in traces}:
        yield "export: what was found is not what is copied"


def _plans(source: Source, person: Sequence[Known], _stranger: Sequence[Known]) -> Iterator[str]:
    before, number = _found(source, person), source.count()
    plan = source.plan(before, known=person)
    if _found(source, person) != before or source.count() != number:
        yield "plan: it changed something"
    if source.plan(before, known=person).digest != plan.digest:
        yield "plan: twice the same is not the same digest"
    if plan.conflicts:
        yield f"plan: {plan.conflicts[0]}"
    if any(row.act is Act.KEEP and not (row.ground and row.until) for row in plan.rows):
        yield "plan: something stays without its ground and until when"


def _restricts(source: Source, person: Sequence[Known], _stranger: Sequence[Known]) -> Iterator[str]:
    traces = _found(source, person)
    try:
        done = source.restrict(traces, restricted=True)
        source.restrict(traces, restricted=False)
    except RefusedError as fault:
        if fault.code != "source-cannot-restrict":
            yield f"restrict: it refuses with {fault.code}"
        return
    if not done:
        yield "restrict: nothing was marked"


def _erases(source: Source, person: Sequence[Known], _stranger: Sequence[Known]) -> Iterator[str]:
    plan = source.plan(_found(source, person), known=person)
    removal = source.erase(plan)
    if removal.removed != plan.actionable:
        yield f"erase: {plan.actionable} were planned and {removal.removed} went"
    if sum(kept.rows for kept in removal.retained) != plan.kept:
        yield "erase: what is retained is not what was planned to stay"
    if any(not kept.ground for kept in removal.retained):
        yield "erase: something is retained without its ground"
    again = source.plan(_found(source, person), known=person, rehearse=False)
    if again.actionable:
        yield f"erase: {again.actionable} are still found afterwards"
    if source.erase(again).removed:
        yield "erase: done twice, it removed something twice"
