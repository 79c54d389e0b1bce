"""``gestand prove``: the statement, clause by clause, with verdicts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.evidence.model import ClauseFinding, ProofRun
from gestand.kernel.errors import UsageError

MARK = {
    ClauseFinding.KEPT: "[green]kept[/]",
    ClauseFinding.BROKEN: "[bold red]BROKEN[/]",
    ClauseFinding.UNPROVEN: "[yellow]unproven[/]",
    ClauseFinding.INFORMATIVE: "[dim]informative[/]",
}


def command(
    org: Org = HERE,
    as_json: Json = False,
    clause: Annotated[str, typer.Option("--clause", help="Only this clause.")] = "",
    break_: Annotated[
        str, typer.Option("--break", help="In a throw-away organisation: break this control first.")
    ] = "",
    list_breaks: Annotated[
        bool, typer.Option("--list-breaks", help="Every control, and the clauses it keeps.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Every control of every clause.")] = False,
) -> None:
    """Run every control that the statement names, and print each clause in its own words with its verdict."""
    if list_breaks or break_:
        run = _broken(break_, as_json=as_json)
    else:
        from gestand.doors.house import world_of
        from gestand.evidence.service import prove
        from gestand.system import open_system

        with open_system(org) as house:
            run = prove(world_of(house), only=clause or None)
    if run is None:
        return
    if clause and not run.clauses:
        raise UsageError(
            "clause-unknown", f"the statement has no clause '{clause}'", remedy="Leave --clause out to see all."
        )
    if as_json:
        emit(as_document(run))
    else:
        show(run, full=full or bool(clause))
    if run.count(ClauseFinding.BROKEN):
        raise typer.Exit(1)


def _broken(control: str, *, as_json: bool) -> ProofRun | None:
    from gestand.doors.demonstration.sandbox import list_breaks, prove_broken

    if control:
        return prove_broken(control)
    rows = list_breaks()
    if as_json:
        emit([{"id": name, "clauses": list(clauses)} for name, clauses in rows])
    else:
        table(
            "Controls, and the clauses that turn red when they break",
            ("control", "clauses"),
            [(n, " ".join(c)) for n, c in rows],
        )
    return None


def as_document(run: ProofRun) -> dict[str, Any]:
    """Return the run in the form that scripts rely on (DESIGN 6)."""
    return {
        "statement": run.version,
        "at": run.at.isoformat(),
        "clauses": [
            {
                "id": result.clause.id,
                "verdict": str(result.finding),
                "sentence": result.clause.text,
                "note": {"nl": result.note.nl, "en": result.note.en} if result.note else None,
                "controls": [
                    {
                        "id": control.id,
                        "verdict": str(control.verdict.finding),
                        "proof": control.proof,
                        "awaited": control.awaited,
                        "why": {"nl": control.verdict.why.nl, "en": control.verdict.why.en},
                        "figures": dict(control.verdict.figures),
                        "evidence": list(control.verdict.evidence),
                    }
                    for control in result.controls
                ],
            }
            for result in run.clauses
        ],
        "ledger_entry": run.entry,
    }


def show(run: ProofRun, *, full: bool) -> None:
    """Print every clause in its own words with its verdict, and beneath it why, where that is not simply 'kept'."""
    from rich.markup import escape

    rows = []
    for result in run.clauses:
        lines = [escape(result.clause.text)]
        if result.note is not None and not result.controls:
            lines.append(f"[dim]{escape(result.note.en)}[/]")
        for control in result.controls:
            if full or control.verdict.finding != "kept":
                lines.append(f"[dim]{control.id}: {escape(control.verdict.why.en)}[/]")
                lines += [
                    f"[red]{escape(line)}[/]"
                    for line in control.verdict.evidence
                    if control.verdict.finding == "broken"
                ]
        proofs = ", ".join(dict.fromkeys(c.proof for c in result.controls if not c.awaited))
        rows.append(
            (result.clause.id, MARK[result.finding] + (f"\n[dim]{proofs}[/]" if proofs else ""), "\n".join(lines))
        )
    table(
        f"Statement {run.version}, checked {run.at.strftime('%Y-%m-%d %H:%M')} UTC", ("", "verdict", "sentence"), rows
    )
    say(summary(run))


def summary(run: ProofRun) -> str:
    """Return the run in one line: counts, and what they do and do not say."""
    counts = ", ".join(f"{run.count(finding)} {finding}" for finding in ClauseFinding)
    broken = run.count(ClauseFinding.BROKEN)
    said = f"{broken} promise(s) broken." if broken else "Checked: no deviation found."
    return f"{len(run.clauses)} clauses: {counts}. {said}"
