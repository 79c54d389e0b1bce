"""``gestand postbook``: what came by letter, telephone or at the counter, and where it was filed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import date_of, opened
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, Right
from gestand.rights.postbook import What

if TYPE_CHECKING:
    from gestand.rights.postbook import Piece

app = typer.Typer()


@app.command()
def add(
    way: Annotated[Channel, typer.Argument(help="How it came in.")],
    what: Annotated[What, typer.Argument(help="What it is.")],
    person: Annotated[str, typer.Option("--from", help="Who wrote or called; kept sealed, never in the book.")] = "",
    right: Annotated[Right | None, typer.Option("--right", help="Open a request for this right at once.")] = None,
    scan: Annotated[list[Path] | None, typer.Option("--scan", help="A scan; it goes into the archive.")] = None,
    filed: Annotated[str, typer.Option("--filed", help="Where the paper lies, without names.")] = "",
    on: Annotated[str, typer.Option("--on", help="The day it came in; today if left out.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Annotated[str, typer.Option("--actor", help="Who acts.")] = "owner",
) -> None:
    """Enter a piece; with --right it is a request whose clock runs from the day it came in."""
    from gestand.doors.incoming import enter_post

    with opened(org) as house:
        piece = enter_post(
            house,
            way,
            what,
            person=person,
            right=right,
            scans=scan or (),
            filed=filed,
            on=date_of(on),
            actor=ActorId(actor),
        )
    if as_json:
        emit(_document(piece))
    else:
        say(f"{piece.id}: {piece.what} by {piece.way}{f', request {piece.request}' if piece.request else ''}.")


@app.command("list")
def list_book(org: Org = HERE, as_json: Json = False) -> None:
    """List the book, oldest first."""
    with opened(org) as house:
        found = list(house.post_book.all())
    if as_json:
        emit({"entries": [_document(one) for one in found]})
        return
    rows = [
        (one.id, str(one.received_on), str(one.way), str(one.what), one.filed, one.request, one.message)
        for one in found
    ]
    table("Post book", ("entry", "received", "by", "what", "filed", "request", "scan"), rows)


def _document(one: Piece) -> dict[str, Any]:
    return {
        "id": one.id,
        "received_on": one.received_on.isoformat(),
        "way": str(one.way),
        "what": str(one.what),
        "filed": one.filed or None,
        "request": one.request or None,
        "message": one.message or None,
        "entered_by": one.entered_by,
    }
