"""``gestand prove``: the statement, clause by clause, with verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.evidence.model import ClauseFinding, Finding, ProofRun
from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from gestand.system import System

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
    html: Annotated[Path | None, typer.Option("--html", help="Write it as one self-contained page.")] = None,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="Write it as PDF, with a note beside it that the ledger's key signed.")
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="What was broken, from when to when, how mended.")] = False,
    mended: Annotated[str, typer.Option("--mended", help="Say of this control how it was mended, with --how.")] = "",
    how: Annotated[str, typer.Option("--how", help="How it was mended, in your own words.")] = "",
) -> None:
    """Run every control that the statement names, and print each clause in its own words with its verdict."""
    if history or mended:
        _past(org, mended, how, as_json=as_json)
        return
    if list_breaks or break_:
        run = _broken(break_, as_json=as_json)
    else:
        from gestand.doors.house import world_of
        from gestand.evidence.service import prove
        from gestand.system import open_system

        with open_system(org) as house:
            run = prove(world_of(house), only=clause or None)
            _write(house, run, html, pdf)
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


def _write(house: System, run: ProofRun, html: Path | None, pdf: Path | None) -> None:
    """Write the run as files; the PDF with a signed note beside it."""
    from gestand.evidence.report.render import render_page, render_pdf
    from gestand.ledger.vouching import vouch

    firm = house.statements.in_force().policy.controller.name
    if html is not None:
        html.write_text(render_page(run, firm, house.history.breaches()), "utf-8")
    if pdf is not None:
        made = render_pdf(run, firm, house.history.breaches())
        pdf.write_bytes(made)
        note = vouch(made, f"proof of statement {run.version} at {run.at.isoformat()}", house.ledger.sign_text)
        pdf.with_name(f"{pdf.name}.note").write_text(note, "utf-8")


def _past(org: Path, mended: str, how: str, *, as_json: bool) -> None:
    from gestand.system import open_system

    with open_system(org) as house:
        if mended:
            house.history.mended(mended, how)
        found = house.history.breaches()
    if as_json:
        emit([
            {"control": one.control, "clauses": list(one.clauses), "since": one.since.isoformat(),
             "until": one.until.isoformat() if one.until else None, "why": {"nl": one.why_nl, "en": one.why_en},
             "mended_by": one.mended_by}
            for one in found
        ])  # fmt: skip
        return
    rows = [
        (one.control, f"{one.since:%Y-%m-%d %H:%M}", f"{one.until:%Y-%m-%d %H:%M}" if one.until else "still",
         f"{one.why_en} {one.mended_by}".strip(), " ".join(one.clauses))
        for one in found
    ]  # fmt: skip
    table("Promises that were broken", ("control", "from", "until", "what, and how mended", "clauses"), rows)


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
    """Return the run in the form that scripts rely on (docs/formats.md)."""
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
        f"Statement {run.version}, checked {run.at.strftime('%Y-%m-%d %H:%M')} UTC",
        ("", "verdict", "sentence"),
        rows,
        marked=True,
    )
    say(summary(run))
    steps = next_steps(run)
    if steps:
        say("Do next:")
    for step in steps:
        say(f"  - {step}")


def next_steps(run: ProofRun) -> list[str]:
    """Return what a person can do so that more is proven, each once; what only time brings is one line at the end."""
    open_ = {c.id: c for result in run.clauses for c in result.controls if c.verdict.finding is Finding.UNPROVEN}
    attest = [f"gestand measure attest {name} --evidence '...'" for name, c in open_.items() if c.proof == "attested"]
    told = [c.verdict.why.en for c in open_.values() if c.proof == "measured"]
    to_do = [why for why in dict.fromkeys(told) if "gestand" in why]
    waits = len(told) - sum(why in to_do for why in told)
    later = [f"{waits} more wait until something happens that can be looked at; nothing to do."] if waits else []
    return [*attest, *to_do, *later]


def summary(run: ProofRun) -> str:
    """Return the run in one line: counts, and what they do and do not say."""
    counts = ", ".join(f"{run.count(finding)} {finding}" for finding in ClauseFinding)
    broken = run.count(ClauseFinding.BROKEN)
    said = f"{broken} promise(s) broken." if broken else "Checked: no deviation found."
    return f"{len(run.clauses)} clauses: {counts}. {said}"
