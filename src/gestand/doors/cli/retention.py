"""``gestand retention``: what is due to leave; do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.ids import ActorId
from gestand.retention.model import Staying
from gestand.retention.rules import kept_in_groups

app = typer.Typer()


@app.command()
def plan(
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As if it were this day.")] = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Say what is due on a day, what would leave and what stays and why. Nothing changes."""
    from gestand.system import open_system

    with open_system(org) as house:
        found = house.retention.plan(on.date() if on else None)
    due = len(found.leaving) + len(found.moving) + len(found.staying)
    if as_json:
        emit(
            _document(
                due,
                0,
                found.staying,
                None,
                on=found.on.isoformat(),
                leaving=len(found.leaving),
                moving=len(found.moving),
            )
        )
        return
    say(f"On {found.on}: {due} due, {len(found.leaving)} would leave, {len(found.moving)} would move to a next shelf.")
    _show_staying(found.staying)


@app.command()
def run(org: Org = HERE, as_json: Json = False, dry_run: Annotated[bool, typer.Option("--dry-run")] = False) -> None:
    """Carry out what is due today: erase, search again, write the certificate."""
    if dry_run:
        plan(None, org, as_json)
        return
    from gestand.system import open_system

    with open_system(org) as house:
        done = house.retention.run(actor=ActorId("owner"))
    if as_json:
        emit(
            _document(done.due, done.erased, done.staying, done.certificate, moved=done.moved, ledger_entry=done.entry)
        )
        return
    say(f"{done.due} due, {done.erased} erased, {done.moved} moved on; searched again: {done.found_afterwards} found.")
    say(f"Certificate {done.certificate}")
    _show_staying(done.staying)


def _document(
    due: int, erased: int, staying: Sequence[Staying], certificate: str | None, **more: Any
) -> dict[str, Any]:
    kept = [
        {"why": why, "until": until.isoformat() if until else None, "n": n} for why, until, n in kept_in_groups(staying)
    ]
    return {"due": due, "erased": erased, "kept": kept, "certificate": certificate, **more}


def _show_staying(staying: Sequence[Staying]) -> None:
    if staying:
        rows = [(why, until.isoformat() if until else "open", str(n)) for why, until, n in kept_in_groups(staying)]
        table("What stays, and why", ("why", "until", "data"), rows)
