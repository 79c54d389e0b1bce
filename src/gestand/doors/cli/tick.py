"""``gestand tick``: the due work, once; for a timer, or after a laptop woke."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table

if TYPE_CHECKING:
    from gestand.doors.running.ticking import Done
    from gestand.system import System


def command(
    org: Org = HERE,
    as_json: Json = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is due; do nothing.")] = False,
    now: Annotated[list[str] | None, typer.Option("--now", help="Do this too, due or not; may be repeated.")] = None,
) -> None:
    """Do what is due: data that leave, proof, own sites, backups, witnesses. Status 1 if a piece of work failed."""
    from gestand.doors.running.ticking import tick
    from gestand.system import open_system

    with open_system(org) as house:
        if dry_run:
            _standing(house, as_json=as_json)
            return
        found = tick(house, now_too=now or ())
    if as_json:
        emit({"work": [as_document(one) for one in found], "ok": all(one.state != "failed" for one in found)})
    else:
        for one in found:
            say(_line(one))
    if any(one.state == "failed" for one in found):
        raise typer.Exit(1)


def as_document(done: Done) -> dict[str, Any]:
    """Return what came of one piece of work in the form that scripts rely on."""
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(done).items()}


def _line(done: Done) -> str:
    if done.state == "done":
        late = (
            f" (late: {done.missed} missed, due since {done.late_since:%Y-%m-%d %H:%M} UTC)" if done.late_since else ""
        )
        figures = ", ".join(f"{name} {value}" for name, value in done.figures.items())
        return f"{done.name}: done{late}. {figures}".rstrip()
    if done.state == "failed":
        again = f" Tried again from {done.next:%Y-%m-%d %H:%M} UTC." if done.next else ""
        return f"{done.name}: FAILED [{done.code}] {done.message}. {done.remedy}{again}"
    if done.state == "not-due":
        return f"{done.name}: not due before {done.next:%Y-%m-%d %H:%M} UTC" if done.next else f"{done.name}: not due"
    return f"{done.name}: nothing to do here: {done.message}"


def _standing(house: System, *, as_json: bool) -> None:
    from gestand.doors.running.ticking import standing

    now, rows = house.clock(), standing(house)
    if as_json:
        emit({
            "work": [
                {"name": work.name, "every": str(work.every), "last": record.done.isoformat() if record.done else None,
                 "due": due.isoformat() if due else None, "is_due": not why and (due is None or due <= now),
                 "failures": record.failures, "code": record.fault, "message": why}
                for work, record, due, why in rows
            ],
            "ok": True,
        })  # fmt: skip
        return
    table(
        "Due work",
        ("work", "every", "last done", "due", ""),
        [
            (work.name, str(work.every), f"{record.done:%Y-%m-%d %H:%M}" if record.done else "never",
             why or ("now" if due is None or due <= now else f"{due:%Y-%m-%d %H:%M}"), record.fault)
            for work, record, due, why in rows
        ],
    )  # fmt: skip
