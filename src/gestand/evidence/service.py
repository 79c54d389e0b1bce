"""Verbs of proof: run every control that the statement in force names, judge its clauses, record the run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from gestand.evidence.model import (
    ClauseFinding,
    Control,
    ControlResult,
    Finding,
    ProofRun,
    Verdict,
    World,
)
from gestand.evidence.registry import AWAITED, controls
from gestand.evidence.rules import dependants, judge_statement, propagate
from gestand.kernel.canonical import canonical
from gestand.kernel.errors import DamagedError, GestandError
from gestand.kernel.ids import SYSTEM
from gestand.ledger.model import Event
from gestand.statement.model import Statement
from gestand.statement.policy import Text


def run_control(control: Control, world: World) -> ControlResult:
    """Run one control. What it cannot read is not an error here: it is a broken promise, and says where."""
    try:
        verdict = control.check(world)
    except GestandError as fault:
        damaged = isinstance(fault, DamagedError)
        verdict = Verdict(
            Finding.BROKEN,
            Text(
                nl=f"{'Beschadigd' if damaged else 'Niet te lezen'}: {fault.message}",
                en=f"{'Damaged' if damaged else 'Cannot be read'}: {fault.message}",
            ),
            {"code": fault.code},
            (fault.where,) if fault.where else (),
        )
    return ControlResult(control.id, control.proof, verdict)


def run_all(world: World, wanted: Iterable[str]) -> dict[str, ControlResult]:
    """Run the wanted controls and all they rest on; return the wanted ones, broken where what they rest on is."""
    known = controls()
    asked = dict.fromkeys(wanted)
    running = dict.fromkeys(name for name in asked if name in known)
    below = {other: None for other in known if dependants(other, known) & running.keys()}
    running |= below
    run = propagate({name: run_control(known[name], world) for name in running}, known)
    return {name: run[name] if name in run else awaited(name) for name in asked}


def awaited(control_id: str) -> ControlResult:
    """Return the verdict on a control whose room is not built yet: unproven, never kept by assertion."""
    room = AWAITED.get(control_id, "?")
    why = Text(
        nl=f"Nog niet te bewijzen: het onderdeel '{room}' is er nog niet.",
        en=f"Not provable yet: the room '{room}' is not built.",
    )
    return ControlResult(control_id, "measured", Verdict(Finding.UNPROVEN, why, {"room": room}), awaited=True)


def prove(world: World, *, only: str | None = None, record: bool = True) -> ProofRun:
    """Run the controls of the statement in force and judge its clauses.

    ``only``: the id of one clause. With ``record`` the run is an entry in the ledger: counts and a digest of all verdicts;
    a ledger that cannot take it does not keep the verdict back, for then the verdict is what matters.
    """
    text = world.statement.texts[0]
    clauses = [clause for clause in text.clauses if only in {None, clause.id}]
    wanted = dict.fromkeys(name for clause in clauses for name in (*clause.kept_by, *clause.awaits))
    results = run_all(world, wanted)
    everything = {name: awaited(name) for clause in text.clauses for name in (*clause.kept_by, *clause.awaits)}
    judged = judge_statement(world.statement, {**everything, **results}, _earlier(world))
    run = ProofRun(world.statement.version, world.clock(), tuple(r for r in judged if only in {None, r.clause.id}))
    if not record or only is not None:
        return run
    try:
        world.history.take(results, _clauses_of(world.statement, results))
        entry = world.ledger.append(Event("proof.run", run.at, SYSTEM, _facts(run)))
    except GestandError:
        return run
    return ProofRun(run.version, run.at, run.clauses, entry)


def _clauses_of(statement: Statement, results: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the clauses that name each control."""
    clauses = statement.texts[0].clauses
    return {name: tuple(clause.id for clause in clauses if name in clause.kept_by) for name in results}


def _earlier(world: World) -> tuple[Statement, ...]:
    """Return the earlier versions that can still be read; one that cannot is another control's business."""
    found: list[Statement] = []
    for published in world.publication.history():
        try:
            statement = world.publication.version(published.version)
        except GestandError:
            continue
        if statement is not None and statement.version < world.statement.version:
            found.append(statement)
    return tuple(found)


def _facts(run: ProofRun) -> dict[str, str | int]:
    verdicts = {
        r.clause.id: [str(r.finding), [[c.id, str(c.verdict.finding)] for c in r.controls]] for r in run.clauses
    }
    counts: dict[str, str | int] = {str(finding): run.count(finding) for finding in ClauseFinding}
    return {"version": run.version, **counts, "digest": hashlib.sha256(canonical(verdicts)).hexdigest()}
