"""``gestand subject import``: persons from a file, tried first, then batch by batch."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import OWNER, date_of, opened
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from gestand.intake.model import DryRun as ImportPlan

Purpose = Annotated[str, typer.Option("--purpose", help="The purpose of the statement it is for.")]
Source = Annotated[str, typer.Option("--source", help="Where the data come from, in words that name nobody.")]
On = Annotated[str, typer.Option("--on", help="The day of collection, as 2026-12-01; today if left out.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


def add_to(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("import")(import_)


def import_(
    file: Annotated[Path, typer.Argument(help="A CSV, XLSX or vCard file.")],
    mapping: Annotated[Path | None, typer.Option("--mapping", help="Which column is which field (TOML).")] = None,
    purpose: Purpose = "service",
    source: Source = "",
    on: On = "",
    values: Annotated[bool, typer.Option("--values", help="Repeat refused values in the errors file.")] = False,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask after the dry run.")] = False,
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """Import persons from a file: a dry run, then batch by batch. Run it again to go on after an interruption."""
    from gestand.intake.model import ImportOrder
    from gestand.kernel.ids import PurposeId

    order = ImportOrder(file, mapping, PurposeId(purpose), source, date_of(on), values)
    ask = not (yes or as_json or dry_run)
    if ask and not sys.stdin.isatty():
        raise UsageError("not-confirmed", "nobody is there to confirm", remedy="Look with --dry-run, then say --yes.")
    with opened(org) as house:
        if dry_run or ask:
            with _bar(f"{file.name}: dry run", shown=not as_json) as told:
                plan = house.intake.plan_import(order, lambda read: told(read, None))
            _say_plan(plan, as_json=as_json)
            if dry_run:
                return
            typer.confirm("Import these rows?", abort=True)
        with _bar(file.name, shown=not as_json) as told:
            outcome = house.intake.import_file(order, actor=OWNER, on_progress=lambda at: told(at.records, at))
    if as_json:
        emit(
            {
                "read": outcome.read,
                "added": outcome.added,
                "merged": outcome.merged,
                "refused": outcome.refused,
                "errors_file": str(outcome.errors_file) if outcome.errors_file else None,
                "resumed": outcome.resumed,
                "again": outcome.again,
            }
        )
        return
    if outcome.again:
        say("This file was imported before, with these columns; nothing was done.")
    say(f"{outcome.read} read, {outcome.added} added, {outcome.merged} merged, {outcome.refused} refused.")
    if outcome.errors_file:
        say(f"What was refused or needs a look: {outcome.errors_file}")


def _say_plan(plan: ImportPlan, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "dry_run": True,
                "read": plan.read,
                "sound": plan.sound,
                "unsound": plan.unsound,
                "duplicates": plan.duplicates,
                "mapped": [{"column": c.name, "field": c.path, "purpose": c.purpose} for c in plan.columns.mapped],
                "refused_columns": [
                    {"column": c.name, "code": c.code, "reason": c.reason} for c in plan.columns.refused
                ],
                "faults": [{"reason": reason, "n": count} for reason, count in plan.faults],
            }
        )
        return
    rows: list[tuple[str, str, str]] = [(c.name, c.path, f"for {c.purpose}") for c in plan.columns.mapped]
    rows += [(c.name, "refused", c.reason) for c in plan.columns.refused]
    table(f"{plan.survey.path.name} ({plan.survey.kind})", ("column", "field", "why"), rows)
    say(f"{plan.read} rows: {plan.sound} sound ({plan.duplicates} seem known), {plan.unsound} to be refused.")
    for reason, count in plan.faults[:20]:
        say(f"  {count} × {reason}")


@contextmanager
def _bar(title: str, *, shown: bool) -> Iterator[Any]:
    """Draw a progress bar on standard error while a person looks on."""
    if not shown or not sys.stderr.isatty():
        yield lambda _read, _at: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None, told="")

        def told(read: int, at: Any) -> None:
            words = f"{read} rows" if at is None else f"{at.added} added, {at.merged} merged, {at.refused} refused"
            progress.update(
                task, told=words, total=1 if at is not None and at.done else None, completed=int(bool(at and at.done))
            )

        yield told
