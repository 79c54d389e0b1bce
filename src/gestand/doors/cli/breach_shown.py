"""gestand breach list, show: where every breach stands, and one of them with its file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from gestand.doors.cli.breach_said import say_case
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.ids import ActorId

BreachArg = Annotated[str, typer.Argument(metavar="BREACH", help="The breach's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


def add_to(app: typer.Typer) -> None:
    """Give the group its words."""
    app.command("list")(list_breaches)
    app.command("show")(show)


def list_breaches(org: Org = HERE, as_json: Json = False) -> None:
    """List every breach with what is due, unconfirmed reports too; rehearsals are marked."""
    from gestand.doors.cli.breach_said import document

    with opened(org) as house:
        found = [document(house, case) for case in house.breaches.all()]
    if as_json:
        emit({"breaches": found})
        return
    rows = [
        (
            one["id"],
            "rehearsal" if one["rehearsal"] else "breach",
            one["state"],
            one["risk"] or "-",
            one["due"] or "-",
            str(one["counts"]["people"]),
        )
        for one in found
    ]
    table("breaches", ("id", "kind", "state", "risk", "due", "people"), rows)


def show(
    breach: BreachArg,
    read: Annotated[bool, typer.Option("--read", help="Open its file as well.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Show where it stands: what was done, what is due to whom, and what is left."""
    with opened(org) as house:
        pages = house.breaches.read(breach, actor=ActorId(actor)) if read else ()
        file = [
            {"part": str(one.page.part), "at": _iso(one.page.at), "by": one.page.actor, "text": one.text}
            for one in pages
        ]
        say_case(house, breach, as_json=as_json, **({"file": file} if read else {}))
        if not as_json:
            for one in file:
                say(f"{one['at']} {one['by']} {one['part']}\n    {one['text']}")


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
