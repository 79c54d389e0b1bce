"""gestand dossier: questions, quotes, agreements, jobs, invoices, complaints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import OWNER, date_of, opened, pairs_of
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import DossierId, SubjectId

if TYPE_CHECKING:
    from gestand.register.model import Dossier as Case
    from gestand.register.model import Involved
    from gestand.system import System

app = typer.Typer(add_completion=False, rich_markup_mode=None)

On = Annotated[str, typer.Option("--on", help="The day it happened, as 2026-12-01; today if left out.")]
Dossier = Annotated[str, typer.Argument(help="The id of the dossier.")]


@app.command("add")
def add(
    kind: Annotated[str, typer.Option("--kind", help="question, quote, agreement, job, invoice or complaint.")],
    purpose: Annotated[str, typer.Option("--purpose", help="The purpose of the statement it serves.")],
    subject: Annotated[list[str], typer.Option("--subject", help="Who it is about, as ID or ID:role; repeat it.")],
    number: Annotated[str, typer.Option("--number", help="The firm's own number; no names.")] = "",
    field: Annotated[list[str] | None, typer.Option("--field", help="A datum for the first subject.")] = None,
    on: On = "",
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """Open a dossier. What is written about people goes into the vault with --field, never into the number."""
    from gestand.kernel.ids import PurposeId
    from gestand.register.model import DossierKind

    if kind not in set(DossierKind):
        raise UsageError(
            "dossier-kind", f"'{kind}' is no kind of dossier", remedy="Kinds: " + ", ".join(DossierKind) + "."
        )
    values = pairs_of(field or [])
    people = [_involved(one) for one in subject]
    with opened(org) as house:
        if values:
            from gestand.intake.admission import judge_values

            judge_values(house.statements.in_force().policy, values, PurposeId(purpose), "dossier")
        fresh = house.register.open_dossier(
            DossierKind(kind), PurposeId(purpose), people, number=number, on=date_of(on), actor=OWNER
        )
        if values:
            house.intake.admit(
                people[0].subject,
                values,
                PurposeId(purpose),
                dossier=fresh.id,
                source="dossier",
                actor=OWNER,
                on=date_of(on),
            )
    _say(fresh, as_json=as_json)


@app.command("event")
def event(
    dossier: Dossier,
    trigger: Annotated[str, typer.Argument(help="What happened, such as job-closed or last-contact.")],
    on: On = "",
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """Report what happened to a dossier; the periods of its data begin."""
    from gestand.statement.policy import Trigger

    if trigger not in set(Trigger):
        raise UsageError("dossier-event", f"'{trigger}' is no event", remedy="Events: " + ", ".join(Trigger) + ".")
    with _with_day(org, on) as (house, day):
        changed = house.register.record_event(DossierId(dossier), Trigger(trigger), on=day, actor=OWNER)
    _say(changed, as_json=as_json)


@app.command("events")
def events(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV or XLSX: the kind of dossier, its number, the event, the date. Without it other systems are asked."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be recorded, and record nothing.")] = False,
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """Report what happened to dossiers, from a file or other systems; what is known already changes nothing."""
    from gestand.intake.happenings import read_happenings
    from gestand.kernel.errors import Problem
    from gestand.register.happenings import record_happenings

    rows = list(read_happenings(file)) if file else []
    broken = [row for row in rows if isinstance(row, Problem)]
    with opened(org) as house:
        heard = None if file else house.sources.upkeep.hear()
        said = heard.told if heard else (row for row in rows if not isinstance(row, Problem))
        today = local_date(house.clock())
        told = record_happenings(house.register, said, today, actor=OWNER, dry=dry_run)
    away = [Problem(name, 0, fault.code, fault.message, fault.remedy) for name, fault in (heard.away if heard else ())]
    refused = sorted([*broken, *told.refused], key=lambda problem: problem.line) + away
    read = told.read + len(broken)
    if as_json:
        problems = [
            {"where": one.file, "line": one.line, "code": one.code, "message": one.message, "remedy": one.remedy}
            for one in refused
        ]
        emit(
            {
                "read": read,
                "recorded": told.recorded,
                "known": told.known,
                "refused": len(refused),
                "problems": problems,
            }
        )
    else:
        would = "would be recorded" if dry_run else "recorded"
        say(f"{read} told: {told.recorded} {would}, {told.known} known already, {len(refused)} refused")
        for one in refused:
            say(f"  {one}")
    if refused:
        raise typer.Exit(1)


@app.command("close")
def close(dossier: Dossier, on: On = "", as_json: Json = False, org: Org = HERE) -> None:
    """Close a dossier; its own event is reported with it if that was not done before."""
    with _with_day(org, on) as (house, day):
        closed = house.register.close(DossierId(dossier), on=day, actor=OWNER)
    _say(closed, as_json=as_json)


@app.command("show")
def show(dossier: Dossier, as_json: Json = False, org: Org = HERE) -> None:
    """Show a dossier: kind, number, dates, events, the ids of the people in it."""
    with opened(org) as house:
        found = house.register.dossier(dossier)
    if found is None:
        raise UsageError("unknown-dossier", f"there is no dossier {dossier}", remedy="See 'gestand dossier list'.")
    _say(found, as_json=as_json)


@app.command("list")
def list_(
    subject: Annotated[str, typer.Option("--subject", help="Only those of this person.")] = "",
    only_open: Annotated[bool, typer.Option("--open", help="Only those that still run.")] = False,
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """List dossiers."""
    with opened(org) as house:
        found = list(house.register.dossiers_of(SubjectId(subject)) if subject else house.register.all_dossiers())
    found = [one for one in found if not only_open or one.closed_on is None]
    if as_json:
        emit({"dossiers": [_document(one) for one in found]})
    else:
        table(
            f"{len(found)} dossiers",
            ("id", "kind", "number", "purpose", "opened", "state"),
            [(one.id, str(one.kind), one.number, one.purpose, one.opened_on.isoformat(), one.state) for one in found],
        )


# Steps


@app.command("import")
def import_documents(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Invoices and quotes in UBL 2.1.")],
    purpose: Annotated[str, typer.Option("--purpose", help="The purpose of the statement they serve.")],
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """Open a dossier for each invoice or quote; the buyer is found by their own numbers, or admitted."""
    from gestand.intake.documents import admit_document
    from gestand.kernel.ids import PurposeId
    from gestand.reading.ubl import read_ubl

    documents = [read_ubl(_content(file), str(file)) for file in files]  # all are read before the first is taken in
    with opened(org) as house:
        policy = house.statements.in_force().policy
        made = [
            admit_document(
                document,
                intake=house.intake,
                register=house.register,
                vault=house.vault,
                policy=policy,
                purpose=PurposeId(purpose),
                actor=OWNER,
            )
            for document in documents
        ]
    if as_json:
        emit({"dossiers": [_document(dossier) for dossier in made]})
        return
    for dossier in made:
        _say(dossier, as_json=False)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise UsageError(
            "file-unreadable", f"it cannot be read: {fault.strerror}", where=str(file), remedy="Name a file."
        ) from None


@contextmanager
def _with_day(org: Path, on: str) -> Iterator[tuple[System, date]]:
    day = date_of(on)
    with opened(org) as house:
        yield house, day or local_date(house.clock())


def _involved(written: str) -> Involved:
    from gestand.kernel.ids import SubjectId
    from gestand.register.model import ROLES, Involved

    subject, _, role = written.partition(":")
    known = next((one for one in ROLES if one == (role or "customer")), None)
    if known is None:
        raise UsageError("dossier-role", f"'{role}' is no role", remedy="Roles: " + ", ".join(ROLES) + ".")
    return Involved(SubjectId(subject), known)


def _say(dossier: Case, *, as_json: bool) -> None:
    if as_json:
        emit(_document(dossier))
        return
    say(f"{dossier.id}: {dossier.kind} {dossier.number}".rstrip() + f", {dossier.state}, for '{dossier.purpose}'")
    say(f"  opened {dossier.opened_on.isoformat()}")
    for one in dossier.events:
        say(f"  {one.trigger} {one.on.isoformat()}")
    if dossier.closed_on:
        say(f"  closed {dossier.closed_on.isoformat()}")
    for involved in dossier.people:
        say(f"  {involved.subject} ({involved.role})")


def _document(dossier: Case) -> dict[str, Any]:
    return {
        "id": dossier.id,
        "kind": str(dossier.kind),
        "number": dossier.number,
        "purpose": dossier.purpose,
        "state": dossier.state,
        "opened_on": dossier.opened_on.isoformat(),
        "closed_on": dossier.closed_on.isoformat() if dossier.closed_on else None,
        "people": [{"subject": one.subject, "role": one.role} for one in dossier.people],
        "events": [{"event": str(one.trigger), "on": one.on.isoformat()} for one in dossier.events],
    }
