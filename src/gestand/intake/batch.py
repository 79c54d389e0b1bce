"""A batch of rows becomes what is to be sealed: who is new, who is known already, what is added and what contradicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gestand.intake.duplicates import Key, Known, identifying, judge, keys_of, merge
from gestand.intake.model import Datum, Remark, Row
from gestand.kernel.ids import FieldPath, SubjectId
from gestand.statement.policy import FieldKind, Policy

AMBIGUOUS = "fits more than one person that is known; say which one by the customer number"
APART = "somebody with another name has the same e-mail or telephone; kept apart as a person of their own"
CONFLICT = "another value is held; nothing was changed. If this one is right, rectify it"

Find = Callable[[Iterable[Key]], Mapping[Key, tuple[SubjectId, ...]]]
Look = Callable[[Sequence[SubjectId]], Iterable[Known]]


@dataclass(slots=True)
class Batch:
    """The result: ``fresh`` people and ``grown`` ones that something is added to; every remark; how many rows were which."""

    fresh: list[Known] = field(default_factory=list)
    grown: list[Known] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    merged: int = 0
    refused: int = 0


class Sorter:
    """Sorts rows over people, batch by batch, under one policy."""

    def __init__(self, policy: Policy, find: Find, look: Look) -> None:
        self._fields = identifying(policy)
        self._kinds: dict[FieldPath, FieldKind] = {
            FieldPath(path): found.kind for path in policy.field_paths() if (found := policy.field(path))
        }
        self._names = tuple(path for path, kind in self._kinds.items() if kind is FieldKind.NAME)
        self._find = find
        self._look = look

    def sort(self, rows: Sequence[Row]) -> Batch:
        """Return what a batch of rows comes to."""
        batch = Batch()
        keyed: list[tuple[Row, list[Key]]] = []
        for row in rows:
            if row.remarks:
                batch.remarks.extend(row.remarks)
                batch.refused += 1
            else:
                keyed.append((row, keys_of(row.data, self._fields)))
        people = self._people(keyed)
        for row, keys in keyed:
            self._place(batch, people, row.number, row.data, keys)
        return batch

    def _people(self, keyed: Sequence[tuple[Row, list[Key]]]) -> dict[Key, list[Known]]:
        """Return those in the vault whom the rows' keys lead to."""
        found = {key: ids for key, ids in self._find({key for _, keys in keyed for key in keys}).items() if ids}
        wanted = list(dict.fromkeys(subject for ids in found.values() for subject in ids))
        known = {one.subject: one for one in self._look(wanted)} if wanted else {}
        return {key: [known[subject] for subject in ids if subject in known] for key, ids in found.items()}

    def _place(
        self, batch: Batch, people: dict[Key, list[Known]], number: int, data: list[Datum], keys: list[Key]
    ) -> None:
        numbered: list[Known] = []
        reached: list[Known] = []
        for key in keys:
            for known in people.get(key, ()):
                hits = numbered if key[0] is FieldKind.CUSTOMER_NUMBER else reached
                if known not in hits:
                    hits.append(known)
        if not reached and not numbered:
            self._enter(batch, people, data, keys)
            return
        names = [datum.value for datum in data if datum.path in self._names]
        match = judge(numbered, reached, names, self._names)
        if match.outcome == "ambiguous":
            batch.refused += 1
            batch.remarks.append(Remark(number, "", "refused", AMBIGUOUS, ""))
        elif match.known is None:
            batch.remarks.append(Remark(number, "", "kept-apart", APART, ""))
            self._enter(batch, people, data, keys)
        else:
            self._grow(batch, people, match.known, number, data)

    def _enter(self, batch: Batch, people: dict[Key, list[Known]], data: list[Datum], keys: list[Key]) -> None:
        known = Known(None, data)
        batch.fresh.append(known)
        for key in keys:
            people.setdefault(key, []).append(known)

    def _grow(self, batch: Batch, people: dict[Key, list[Known]], known: Known, number: int, data: list[Datum]) -> None:
        verdict = merge(known, data, self._kinds)
        batch.merged += 1
        batch.remarks.extend(
            Remark(number, datum.column, "conflict", CONFLICT, datum.value) for datum in verdict.conflicts
        )
        if verdict.missing and known.subject is not None and not known.added:
            batch.grown.append(known)
        known.added.extend(verdict.missing)
        for key in keys_of(verdict.missing, self._fields):
            people.setdefault(key, []).append(known)
