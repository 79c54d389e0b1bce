"""An HTTP service as a source. It has no transaction over several records: an erasure that was killed goes on with what is left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from gestand.kernel.errors import GestandError, Problem
from gestand.reading.normal import normal_form
from gestand.sources.declared import HttpDeclared, Resource
from gestand.sources.knowing import Cell, Sought, cells_of, learned_from
from gestand.sources.load import SourceFile, fault_of
from gestand.sources.marking import Unmarked, unmarked_of
from gestand.sources.model import (
    NOBODY_SAID,
    Act,
    Confidence,
    Conflict,
    Corrected,
    Correction,
    Found,
    Judged,
    Known,
    Person,
    Search,
    SourcePlan,
    Trace,
    TraceValue,
)
from gestand.sources.piecewise import PiecewiseSource
from gestand.sources.place import SourcePlace
from gestand.sources.rules import kind_of
from gestand.sources.settling import settle, sure_of
from gestand.sources.web.asking import GONE, Asking
from gestand.sources.web.calling import at_path, failed
from gestand.statement.policy import FieldKind


class HttpSource(PiecewiseSource):
    """One declared service."""

    def __init__(self, file: SourceFile, place: SourcePlace) -> None:
        super().__init__(file, place)
        assert isinstance(file.declared, HttpDeclared)
        self._declared = file.declared

    def _asking(self) -> closing[Asking]:
        return closing(Asking(self.name, self._declared, self._place))

    def test(self) -> tuple[Problem, ...]:
        """Ask each resource for a person who does not exist; every call must answer, with nothing."""
        problems = []
        for name, resource in self._declared.resources.items():
            for kind, endpoint in resource.find.items():
                try:
                    with self._asking() as asking:
                        found = list(
                            asking.records(endpoint, {"value": _NOBODY.get(kind, "0")}, resource.paging, resource.key)
                        )
                except GestandError as fault:
                    problems.append(fault_of(self._file, fault))
                    continue
                if any(self._cells(resource, record) for record in found):
                    problems.append(
                        self._file.problem(
                            ("resources", name, "find", kind),
                            "source-finds-anyone",
                            f"asked for {kind} of nobody, '{name}' answers with {len(found)} records",
                            "Name the parameter by which the service searches.",
                        )
                    )
        return tuple(problems)

    def find(self, people: Mapping[Person, Sequence[Known]], *, judged: Judged = NOBODY_SAID) -> Mapping[Person, Found]:
        """Ask each resource for each identifier, and follow the links from what is found."""
        with self._asking() as asking:
            return {person: self._find(asking, person, known, judged) for person, known in people.items()}

    def _find(self, asking: Asking, person: Person, known: Sequence[Known], judged: Judged) -> Found:
        sought = Sought({person: known})
        records: dict[str, list[tuple[Trace, Mapping[str, Any]]]] = {}
        learned: list[Known] = []
        searches: list[Search] = []
        for name in self._ordered():
            resource = self._declared.resources[name]
            kinds: set[str] = set()
            why_not = ""
            try:
                for trace, record in self._of(asking, name, resource, known, records, kinds, sought, person):
                    settled = settle(trace, judged)
                    if settled is None or any(settled.id == other.id for other, _ in records.get(name, ())):
                        continue
                    records.setdefault(name, []).append((settled, record))
                    if not resource.links and settled.confidence is Confidence.CERTAIN:
                        learned += learned_from(self._cells(resource, record), f"{self.name}: {name}")
            except GestandError as fault:
                why_not = fault.message
            number = len(records.get(name, ()))
            searches.append(Search(self.name, name, tuple(sorted(kinds)), self._place.clock(), number, why_not))
        have = {(one.kind, one.normal) for one in known}
        new = {(one.kind, one.normal): one for one in learned if (one.kind, one.normal) not in have}
        return Found(tuple(t for found in records.values() for t, _ in found), tuple(new.values()), tuple(searches))

    def _of(  # noqa: PLR0917 - what a resource is asked with
        self,
        asking: Asking,
        name: str,
        resource: Resource,
        known: Sequence[Known],
        records: Mapping[str, Sequence[tuple[Trace, Mapping[str, Any]]]],
        kinds: set[str],
        sought: Sought,
        person: Person,
    ) -> Iterator[tuple[Trace, Mapping[str, Any]]]:
        for one in known:
            endpoint = resource.find.get(one.kind)
            if endpoint is None:
                continue
            kinds.add(str(one.kind))
            for record in asking.records(endpoint, {"value": one.value}, resource.paging, resource.key):
                agreement = sought.agreements(self._cells(resource, record)).get(person)
                if agreement is not None:
                    yield self._trace(name, resource, record, agreement.confidence, agreement.why), record
        for column, target in resource.links.items():
            table, _, wanted = target.partition(".")
            for trace, other in records.get(table, ()):
                value = at_path(other, wanted)
                if resource.linked is None or value is None or trace.confidence is Confidence.DOUBTFUL:
                    continue
                kinds.add("link")
                for record in asking.records(resource.linked, {"value": str(value)}, resource.paging, resource.key):
                    if str(at_path(record, column)) == str(value):
                        why = f"{name}.{column} is {target} of the person"
                        yield self._trace(name, resource, record, trace.confidence, why), record

    def _ordered(self) -> Sequence[str]:
        resources = self._declared.resources
        return sorted(resources, key=lambda name: (len(resources[name].links), list(resources).index(name)))

    def _cells(self, resource: Resource, record: Mapping[str, Any]) -> list[Cell]:
        policy = self._place.policy
        return cells_of(
            (kind_of(said, policy), said.part, _text(at_path(record, path)))
            for path, said in resource.columns.items()
            if not said.none
        )

    def _trace(
        self, name: str, resource: Resource, record: Mapping[str, Any], confidence: Confidence, why: str
    ) -> Trace:
        key = (str(at_path(record, resource.key)),)
        said = tuple(
            TraceValue(path, column.field, text)
            for path, column in resource.columns.items()
            if column.field and (text := _text(at_path(record, path)))
        )
        version = self._place.digest(json.dumps(record, sort_keys=True, ensure_ascii=False))
        return Trace(self._place.trace_id(self.name, name, key), self.name, name, key, said, confidence, why, version)

    def export(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Yield each record as it stands now, where the service can be asked for one."""
        with self._asking() as asking:
            for trace in traces:
                resource = self._declared.resources[trace.place]
                if resource.export is None:
                    yield trace
                    continue
                answer = asking.call(resource.export, {"key": str(trace.key[0])})
                if answer is not GONE:
                    yield self._exported(resource, at_path(answer, resource.export.records), trace)

    def _exported(self, resource: Resource, record: Any, trace: Trace) -> Trace:
        """Return a record as it stands now; one that is asked for by its key need not repeat it.

        :raises GestandError: ``source-failed`` for what is no record, or another one.
        """
        if isinstance(record, dict):
            now = self._trace(trace.place, resource, record, trace.confidence, trace.why)
            if now.key == trace.key:
                return now
            if now.values and at_path(record, resource.key) is None:
                return replace(now, id=trace.id, key=trace.key)
        raise failed(self.name, f"the answer about one of '{trace.place}' is not that record (export, records, key)")

    def marks(self, plan: SourcePlan) -> tuple[str, ...]:
        """Return the mark of each record that leaves, where every record can be listed: what it says, as a keyed digest."""
        return tuple(
            self._mark(trace)
            for trace in plan.traces
            if self._act(trace) is not Act.KEEP and self._declared.resources[trace.place].all is not None
        )

    def _mark(self, trace: Trace) -> str:
        """Return by what a record is known again: its number and the declared parts, whatever else the service adds to it."""
        return f"{trace.id}:{self._place.digest(*(f'{one.column}={one.value}' for one in trace.values))}"

    def returned(self, marks: Sequence[str]) -> int:
        """Return how many records with these marks are there again; every record of a list is compared."""
        wanted = frozenset(marks)
        back = 0
        with self._asking() as asking:
            for name, resource in self._declared.resources.items() if wanted else ():
                for record in asking.records(resource.all, {}, resource.paging, resource.key) if resource.all else ():
                    back += self._mark(self._trace(name, resource, record, Confidence.CERTAIN, _AGAIN)) in wanted
        return back

    def uncompared(self) -> tuple[str, ...]:
        """Return the resources from which records are erased and of which no call lists every record."""
        return tuple(
            name for name, one in self._declared.resources.items() if one.erase is not None and one.all is None
        )

    def _act(self, trace: Trace) -> Act:
        return Act.KEEP if self._declared.resources[trace.place].erase is None else Act.DELETE

    def _kept(self, trace: Trace) -> tuple[str, str]:
        resource = self._declared.resources[trace.place]
        return resource.ground, resource.until

    def _remove(self, traces: Sequence[Trace], known: Sequence[Known]) -> Iterator[Trace]:  # noqa: ARG002 - of the base
        """Ask the service to erase record by record, what hangs from others first."""
        order = list(reversed(self._ordered()))
        with self._asking() as asking:
            for trace in sorted(traces, key=lambda trace: order.index(trace.place)):
                endpoint = self._declared.resources[trace.place].erase
                assert endpoint is not None
                asking.call(endpoint, {"key": str(trace.key[0])})
                yield trace

    def rectify(self, traces: Sequence[Trace], corrections: Sequence[Correction], *, note: str) -> Corrected:  # noqa: ARG002 - a service has no place for a note
        """Send the right values of each record that says the wrong ones."""
        changed = to_attach = 0
        conflicts: list[Conflict] = []
        with self._asking() as asking:
            for trace in sure_of(traces):
                resource = self._declared.resources[trace.place]
                wrong: dict[str, str] = {}
                for value in trace.values:
                    kind = kind_of(resource.columns[value.column], self._place.policy)
                    for one in corrections:
                        if one.field != value.field:
                            continue
                        said, bad, good = (normal_form(kind, text) for text in (value.value, one.wrong, one.right))
                        if said == bad:
                            wrong[value.column] = one.right
                        elif said != good:
                            conflicts.append(Conflict(f"{trace.place}.{value.column}", value.field, value.value))
                if wrong and resource.rectify is not None:
                    asking.call(resource.rectify, {"key": str(trace.key[0])}, body=wrong)
                    changed += 1
                elif wrong:
                    to_attach += 1
        return Corrected(self.name, changed, 0, to_attach, tuple(conflicts))

    def unmarkable(self, traces: Sequence[Trace], *, restricted: bool) -> tuple[Unmarked, ...]:
        """Return the records of resources that no call marks, or of which none lifts the mark."""
        why = {
            name: f"'{name}' has no call that {'marks a record as restricted' if restricted else 'lifts the mark'}"
            for name, one in self._declared.resources.items()
            if (one.restrict if restricted else one.release) is None
        }
        return unmarked_of(sure_of(traces), why)

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:
        """Ask the service to mark each record, or to lift the mark.

        :raises RefusedError: ``source-cannot-restrict`` before any is marked, if one cannot be.
        """
        calls = []
        for trace in sure_of(traces):
            resource = self._declared.resources[trace.place]
            endpoint = resource.restrict if restricted else resource.release
            if endpoint is None:
                raise self._no_mark(f"'{trace.place}' has no call that marks a record as restricted, or lifts the mark")
            calls.append((endpoint, {"key": str(trace.key[0])}))
        with self._asking() as asking:
            for endpoint, values in calls:
                asking.call(endpoint, values)
        return len(calls)

    def count(self) -> int:
        """Return how many records the resources that can be counted hold."""
        total = 0
        with self._asking() as asking:
            for resource in self._declared.resources.values():
                if resource.count is not None:
                    number = at_path(asking.call(resource.count, {}), resource.count.records)
                    total += number if isinstance(number, int) else len(number) if isinstance(number, list) else 0
        return total


_AGAIN = "listed again"


def _text(value: Any) -> str:
    """Return a value of a record as text; lists and objects as JSON, nothing as nothing."""
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


_NOBODY: Mapping[FieldKind, str] = {
    FieldKind.EMAIL: "nobody@gestand.invalid",
    FieldKind.NAME: "Nobody Gestand-Invalid",
    FieldKind.PHONE: "+31000000000",
    FieldKind.CUSTOMER_NUMBER: "GESTAND-NOBODY-0",
}
