"""What mailboxes, file shares and HTTP services have in common: no transaction over several messages, files or records.

Each piece is changed whole or not at all; an erasure that was killed goes on with the pieces that are left. A kind of source says
what happens to one piece (``_act``), why it stays (``_kept``) and how it goes (``_remove``); plan and erasure are the same for all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from gestand.kernel.errors import RefusedError
from gestand.sources.load import SourceFile
from gestand.sources.model import Act, Corrected, Correction, Known, PlannedRows, Removal, SourceName, SourcePlan, Trace
from gestand.sources.place import SourcePlace
from gestand.sources.settling import removal_of, sure_of


class PiecewiseSource(ABC):
    """A source without transactions."""

    whole: ClassVar[bool] = False
    _mend = "Do that, and plan again."
    _out_of_use = "Take it out of use by hand."

    def __init__(self, file: SourceFile, place: SourcePlace) -> None:
        self._file = file
        self._place = place

    @property
    def name(self) -> SourceName:
        """The name of its file."""
        return self._file.name

    @abstractmethod
    def _act(self, trace: Trace) -> Act:
        """Say what an erasure does to one piece."""

    @abstractmethod
    def _kept(self, trace: Trace) -> tuple[str, str]:
        """Return the ground on which a piece stays, and until when."""

    @abstractmethod
    def _remove(self, traces: Sequence[Trace], known: Sequence[Known]) -> Iterator[Trace]:
        """Remove or change pieces one by one, and yield each that is done.

        :raises RefusedError: ``source-changed`` if one is not what was planned.
        """

    def _conflicts(self, traces: Sequence[Trace], known: Sequence[Known]) -> tuple[str, ...]:  # noqa: ARG002 - for who has some
        """Return what stands in the way of erasing these."""
        return ()

    def plan(self, traces: Sequence[Trace], *, known: Sequence[Known] = (), rehearse: bool = True) -> SourcePlan:  # noqa: ARG002 - of the protocol: there are no constraints to try
        """Say what goes, changes and stays, place by place, and what is in the way."""
        sure = sure_of(traces)
        counted: dict[tuple[str, Act, str, str], int] = {}
        for trace in sure:
            act = self._act(trace)
            group = (trace.place, act, *(self._kept(trace) if act is Act.KEEP else ("", "")))
            counted[group] = counted.get(group, 0) + 1
        rows = tuple(
            PlannedRows(place, act, n, (), ground, until) for (place, act, ground, until), n in counted.items()
        )
        going = [trace for trace in sure if self._act(trace) is not Act.KEEP]
        digest = self._place.digest("plan", *sorted(f"{t.id}:{t.version}:{self._act(t)}" for t in going))
        conflicts = self._conflicts(sure, known)
        return SourcePlan(self.name, rows, sure, digest, conflicts, len(traces) - len(sure), tuple(known))

    def erase(self, plan: SourcePlan) -> Removal:
        """Carry out a plan piece by piece."""
        if plan.conflicts:
            raise RefusedError("source-conflict", plan.conflicts[0], where=self.name, remedy=self._mend)
        done = 0
        for _ in self._remove([trace for trace in plan.traces if self._act(trace) is not Act.KEEP], plan.known):
            done += 1
            self._place.failpoint(f"{self.name}.piece")
        return removal_of(self.name, plan, done)

    def rectify(self, traces: Sequence[Trace], corrections: Sequence[Correction], *, note: str) -> Corrected:  # noqa: ARG002 - of the protocol
        """Rewrite no document: what was written stays, and the correction stays in the file of the request."""
        return Corrected(self.name, 0, 0, len(sure_of(traces)))

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:  # noqa: ARG002 - of the protocol
        """Refuse: there is no place for the mark.

        :raises RefusedError: ``source-cannot-restrict``.
        """
        raise self._no_mark(f"'{self.name}' has no place for a mark of restriction")

    def _no_mark(self, why: str) -> RefusedError:
        return RefusedError("source-cannot-restrict", why, where=self.name, remedy=self._out_of_use)

    def _changed(self, what: str) -> RefusedError:
        return RefusedError(
            "source-changed",
            f"{what} was changed or removed since the plan was made",
            where=self.name,
            remedy="Make the plan again, and read what changed.",
        )
