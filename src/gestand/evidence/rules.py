"""Judgements of proof, pure: a clause's verdict from its controls, and which clauses a broken control must turn red."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gestand.evidence.model import ClauseFinding, ClauseResult, Control, ControlResult, Finding
from gestand.statement.model import Clause, Statement
from gestand.statement.policy import ClauseNote, Text


def judge_clause(controls: Sequence[ControlResult], note: ClauseNote | None) -> ClauseFinding:
    """Return the worst of the controls; a clause without any only informs, if the policy says so, else is unproven.

    One broken control breaks the clause, whatever the others say; one unproven control leaves it unproven.
    """
    findings = {result.verdict.finding for result in controls}
    if Finding.BROKEN in findings:
        return ClauseFinding.BROKEN
    if Finding.UNPROVEN in findings:
        return ClauseFinding.UNPROVEN
    if findings:
        return ClauseFinding.KEPT
    return ClauseFinding.INFORMATIVE if note is not None else ClauseFinding.UNPROVEN


def judge_statement(
    statement: Statement, results: Mapping[str, ControlResult], earlier: Sequence[Statement] = ()
) -> tuple[ClauseResult, ...]:
    """Return the verdict of every clause, by number.

    A clause that the policy only notes (withdrawn) stands there with its sentence from the last of the ``earlier``
    versions that had it.
    """
    text = statement.texts[0]
    notes = statement.policy.clauses
    judged: list[ClauseResult] = []
    for clause in text.clauses:
        note = notes.get(clause.id)
        own = tuple(results[control] for control in (*clause.kept_by, *clause.awaits))
        judged.append(ClauseResult(clause, judge_clause(own, note), own, note.reason if note else None))
    for clause_id, note in notes.items():
        if text.clause(clause_id) is None:
            last = next((c for s in reversed(earlier) if (c := s.text(text.language).clause(clause_id))), None)
            gone = Clause(clause_id, last.text if last else "", (), (), 0)
            judged.append(ClauseResult(gone, ClauseFinding.INFORMATIVE, (), note.reason))
    return tuple(sorted(judged, key=lambda result: _number(result.clause.id)))


def _number(clause_id: str) -> tuple[str, int]:
    letters = clause_id.rstrip("0123456789")
    digits = clause_id[len(letters) :]
    return letters, int(digits) if digits else 0


def propagate(results: Mapping[str, ControlResult], controls: Mapping[str, Control]) -> dict[str, ControlResult]:
    """Return the results with every control broken that rests, directly or through others, on a broken one.

    What rests on a ledger that does not verify proves nothing, whatever it counted.
    """
    judged = dict(results)
    for name, result in results.items():
        if result.verdict.finding is not Finding.BROKEN:
            continue
        for resting in dependants(name, controls) - {name}:
            there = judged.get(resting)
            if there is not None and there.verdict.finding is not Finding.BROKEN:
                why = Text(nl=f"Rust op '{name}', en dat is gebroken.", en=f"Rests on '{name}', which is broken.")
                verdict = replace(there.verdict, finding=Finding.BROKEN, why=why)
                judged[resting] = replace(there, verdict=verdict)
    return judged


def dependants(control_id: str, controls: Mapping[str, Control]) -> frozenset[str]:
    """Return the control and every control that depends on it, directly or through others."""
    found = {control_id}
    grown = True
    while grown:
        more = {c.id for c in controls.values() if c.id not in found and found & set(c.depends_on)}
        grown = bool(more)
        found |= more
    return frozenset(found)


def clauses_that_turn_red(control_id: str, statement: Statement, controls: Mapping[str, Control]) -> tuple[str, ...]:
    """Return the clauses that must be broken when this control is: from ``kept-by`` and dependencies, nothing else."""
    red = dependants(control_id, controls)
    return tuple(clause.id for clause in statement.texts[0].clauses if red & set(clause.kept_by))
