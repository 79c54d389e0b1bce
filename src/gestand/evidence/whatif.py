"""What if: a draft of the statement against the data that are really there. Nothing changes, nothing is opened.

Which promises would be broken tomorrow, which data would lose their ground, and what would leave when. Only the context of each
datum is read, never its value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from gestand.evidence.controls.common import every_holding
from gestand.evidence.model import ClauseFinding, ProofRun, World
from gestand.evidence.service import prove
from gestand.kernel.clock import local_date
from gestand.law.periods import keeping
from gestand.statement.compare import compare
from gestand.statement.model import Change, Statement
from gestand.vault.model import Holding


@dataclass(frozen=True, slots=True)
class Loss:
    """Data that a draft leaves without a ground: how many, and why."""

    field: str
    shelf: str
    why: str
    items: int


@dataclass(frozen=True, slots=True)
class Shift:
    """Data whose day of leaving moves: how many, on which shelf, in which year they would leave, and when they do now.

    A year None: no end yet. ``overdue`` counts those that would have to be gone already.
    """

    shelf: str
    now: int | None
    then: int | None
    items: int
    overdue: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a draft would do to today's data and promises."""

    old: str
    new: str
    items: int
    changes: tuple[Change, ...]
    broken: tuple[tuple[str, str], ...]
    losses: tuple[Loss, ...]
    shifts: tuple[Shift, ...]

    @property
    def clean(self) -> bool:
        """Nothing would break and nothing would lose its ground."""
        return not self.broken and not self.losses


def try_statement(world: World, draft: Statement) -> WhatIf:
    """Return what ``draft`` would do. The cost is one pass over the contexts of all data."""
    today = local_date(world.clock())
    total, losses, shifts, overdue = (
        0,
        Counter[tuple[str, str, str]](),
        Counter[tuple[str, int | None, int | None]](),
        Counter[object](),
    )
    for holding in every_holding(world):
        total += 1
        for why in lost_ground(holding, draft):
            losses[str(holding.field), str(holding.shelf), why] += 1
        due = due_under(holding, draft)
        if due != holding.due:
            key = (str(holding.shelf), _year(holding.due), _year(due))
            shifts[key] += 1
            overdue[key] += due is not None and due <= today
    now = {clause.clause.id for clause in prove(world, record=False).clauses if clause.finding is ClauseFinding.BROKEN}
    run = prove(replace(world, statement=draft), record=False)
    return WhatIf(
        world.statement.version,
        draft.version,
        total,
        compare(world.statement, draft),
        tuple(_newly_broken(run, now)),
        tuple(Loss(field, shelf, why, n) for (field, shelf, why), n in sorted(losses.items())),
        tuple(
            Shift(shelf, was, then, n, overdue[shelf, was, then])
            for (shelf, was, then), n in sorted(
                shifts.items(), key=lambda one: (one[0][0], one[0][1] or 0, one[0][2] or 0)
            )
        ),
    )


def lost_ground(holding: Holding, draft: Statement) -> Iterator[str]:
    """Yield why a datum would have no ground under the draft; nothing if it has one."""
    policy = draft.policy
    if policy.field(holding.field) is None:
        yield "the draft has no such field"
        return
    kept = [
        name for name in holding.purposes if name in policy.purposes and policy.purposes[name].allows(holding.field)
    ]
    if not kept:
        gone = ", ".join(sorted(set(map(str, holding.purposes))))
        yield f"no purpose of it remains that needs it ({gone})"
    if holding.shelf not in policy.shelves:
        yield f"the draft has no shelf '{holding.shelf}'"


def due_under(holding: Holding, draft: Statement) -> date | None:
    """Return the day on which a datum would have to be gone under the draft; None: its period has not begun."""
    shelf = draft.policy.shelves.get(holding.shelf)
    if shelf is None or holding.trigger_on is None:
        return holding.due
    return keeping(holding.trigger_on, shelf.period, shelf.counts_from).erase_from


def _newly_broken(run: ProofRun, now: Iterable[str]) -> Iterator[tuple[str, str]]:
    already = set(now)
    for clause in run.clauses:
        if clause.finding is ClauseFinding.BROKEN and clause.clause.id not in already:
            why = next(c.verdict.why.en for c in clause.controls if c.verdict.finding == "broken")
            yield clause.clause.id, why


def _year(day: date | None) -> int | None:
    return day.year if day is not None else None
