"""``gestand retention``: what is due to leave; do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.ids import ActorId
from gestand.retention.model import Staying
from gestand.retention.rules import kept_in_groups
from gestand.retention.tasks import Task

if TYPE_CHECKING:
    from gestand.system import System

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
        waiting = _waiting(house)
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
                waiting=waiting,
            )
        )
        return
    say(f"On {found.on}: {due} due, {len(found.leaving)} would leave, {len(found.moving)} would move to a next shelf.")
    _show_staying(found.staying)
    for one in waiting:
        say(
            f"  {one['n']} on the shelf {one['shelf']} wait for '{one['trigger']}', the oldest since {one['since']}: "
            "no day is set before that is reported ('gestand dossier events', 'gestand dossier close')."
        )


@app.command()
def run(
    org: Org = HERE,
    as_json: Json = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would leave.")] = False,
    at_most: Annotated[
        int | None, typer.Option("--at-most", min=1, help="Erase no more than so many; the next run goes on.")
    ] = None,
) -> None:
    """Carry out what is due today: erase, search again, write the certificate."""
    if dry_run:
        plan(None, org, as_json)
        return
    from gestand.system import open_system

    with open_system(org) as house:
        done = house.retention.run(actor=ActorId("owner"), at_most=at_most)
    if as_json:
        emit(
            _document(done.due, done.erased, done.staying, done.certificate, moved=done.moved, ledger_entry=done.entry)
        )
        return
    say(f"{done.due} due, {done.erased} erased, {done.moved} moved on; searched again: {done.found_afterwards} found.")
    say(f"Certificate {done.certificate}")
    _show_staying(done.staying)


@app.command()
def forecast(
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Look so far ahead; two years if left out.")
    ] = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="Write it for one's own calendar.")] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Write it as a picture.")] = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Say what leaves when, by month: as a table, for one's own calendar, and as a picture."""
    from gestand.kernel.clock import local_date
    from gestand.retention.forecast import as_calendar, as_picture
    from gestand.system import open_system

    with open_system(org) as house:
        now = house.clock()
        end = until.date() if until else local_date(now) + timedelta(days=730)
        found = house.retention.forecast(end)
        titles = {name: shelf.title.nl for name, shelf in house.statements.in_force().policy.shelves.items()}
    if ics is not None:
        ics.write_bytes(as_calendar(found, titles, now))
    if svg is not None:
        svg.write_text(as_picture(found, titles), "utf-8")
    rows = [
        {"month": f"{one.month:%Y-%m}", "custodian": one.custodian, "shelf": one.shelf, "leaving": one.leaving,
         "moving": one.moving, "held": one.held}
        for one in found.months
    ]  # fmt: skip
    if as_json:
        emit({"on": found.on.isoformat(), "until": found.until.isoformat(), "total": found.total, "months": rows})
        return
    table(
        f"What leaves from {found.on} until {found.until}: {found.total}",
        ("month", "shelf", "leaves", "moves on", "held back"),
        [
            (
                str(r["month"]),
                titles.get(str(r["shelf"]), str(r["shelf"])),
                *(str(r[k]) for k in ("leaving", "moving", "held")),
            )
            for r in rows
        ],
    )


@app.command()
def certificates(org: Org = HERE, as_json: Json = False) -> None:
    """List the certificates of destruction."""
    from gestand.retention.certificate import certificates as all_of_them
    from gestand.system import open_system

    with open_system(org) as house:
        found = all_of_them(house.engine)
    if as_json:
        emit(
            [
                {"run": c.run, "at": c.at.isoformat(), "due": c.due, "erased": c.erased, "certificate": c.digest}
                for c in found
            ]
        )
        return
    rows = [(c.run, f"{c.at:%Y-%m-%d %H:%M}", str(c.due), str(c.erased), c.digest[:16]) for c in found]
    table("Certificates of destruction", ("run", "at", "due", "erased", "certificate"), rows)


@app.command()
def certificate(
    name: Annotated[str, typer.Argument(help="The run's id, or the certificate's digest.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file.")] = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Give the certificate of one run, with the ledger's receipt that anyone can verify."""
    from gestand.retention.certificate import certificate as one
    from gestand.system import open_system

    with open_system(org) as house:
        found = one(house.engine, house.ledger, name)
        text = found.text(house.statements.in_force().policy.controller.name)
    if out is not None:
        out.write_text(text, "utf-8")
    if as_json:
        emit({"run": found.run, "at": found.at.isoformat(), "on": found.on.isoformat(), "due": found.due,
              "erased": found.erased, "certificate": found.digest, "receipt": found.receipt})  # fmt: skip
    elif out is None:
        say(text)


@app.command()
def task(
    system: Annotated[str, typer.Option("--system", help="Where it lies: a system that this program cannot reach.")],
    what: Annotated[str, typer.Option("--what", help="What must leave there; a kind of data, nobody's name.")],
    due: Annotated[datetime, typer.Option("--due", formats=["%Y-%m-%d"], help="The last day.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Open a task for a system out of reach; past its day it breaks the promise."""
    from gestand.system import open_system

    with open_system(org) as house:
        opened = house.tasks.open(system, what, due.date(), actor=ActorId("owner"))
    emit(_task(opened)) if as_json else say(
        f"{opened.id}: {opened.system}, {opened.what}, before the end of {opened.due}."
    )


@app.command()
def tasks(
    done: Annotated[str, typer.Option("--done", help="This task was done; with --evidence.")] = "",
    evidence: Annotated[str, typer.Option("--evidence", help="What shows that it was done.")] = "",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """List the tasks for systems out of reach, or record that one was done."""
    from gestand.system import open_system

    with open_system(org) as house:
        if done:
            house.tasks.done(done, evidence, actor=ActorId("owner"))
        found = list(house.tasks.all())
    if as_json:
        emit([_task(one) for one in found])
        return
    rows = [(t.id, t.system, t.what, t.due.isoformat(), t.done_on.isoformat() if t.done_on else "open") for t in found]
    table("Work in systems out of reach", ("task", "system", "what", "before the end of", "done"), rows)


def _task(one: Task) -> dict[str, Any]:
    return {"id": one.id, "system": one.system, "what": one.what, "due": one.due.isoformat(),
            "done": one.done_on.isoformat() if one.done_on else None, "evidence": one.evidence}  # fmt: skip


def _waiting(house: System) -> list[dict[str, Any]]:
    """Return what has no due date yet by shelf, with the event it waits for; the oldest first."""
    shelves = house.publication.in_force().policy.shelves
    return [
        {
            "shelf": shelf,
            "trigger": str(shelves[shelf].trigger) if shelf in shelves else "",
            "n": n,
            "since": since.isoformat(),
        }
        for shelf, (n, since) in sorted(house.vault.waiting().items(), key=lambda one: (one[1][1], one[0]))
    ]


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
