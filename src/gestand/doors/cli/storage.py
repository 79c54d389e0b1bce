"""``gestand storage``: where the rows are, and moving them."""

from __future__ import annotations

from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.ids import ActorId

app = typer.Typer()


@app.command()
def show(org: Org = HERE, as_json: Json = False) -> None:
    """Say which engine holds the data and the keys."""
    from gestand.kernel.config import load_config

    config = load_config(org)
    own = config.engine == "postgres" and bool(config.database.keys_dsn)
    keys = "a database of its own" if own else "the file keys.db"
    if as_json:
        emit({"engine": config.engine, "keys": keys, "schema": config.database.schema if own else None})
        return
    say(f"Data: {config.engine}. Keys: {keys}.")


@app.command()
def move(
    to: Annotated[str | None, typer.Option("--to", help="sqlite or postgres.")] = None,
    dsn: Annotated[str | None, typer.Option("--dsn", help="Where the data go: env:NAME or file:PATH.")] = None,
    keys_dsn: Annotated[str | None, typer.Option("--keys-dsn", help="Where the keys go; another database.")] = None,
    schema: Annotated[str | None, typer.Option("--schema", help="The schema in both databases.")] = None,
    remove_old: Annotated[bool, typer.Option("--remove-old", help="Remove what an earlier move left behind.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Carry all rows to the other engine, compare every table, switch over. What was interrupted goes on."""
    from gestand.kernel.clock import system_clock
    from gestand.kernel.entropy import system_entropy
    from gestand.kernel.errors import UsageError
    from gestand.relocation import move as carry_over
    from gestand.relocation import remove_old as remove

    if to is None and not remove_old:
        raise UsageError(
            "move-where", "nothing says where to", remedy="Give --to postgres, --to sqlite or --remove-old."
        )
    if to is not None:
        given = {"dsn": dsn, "keys_dsn": keys_dsn, "schema": schema}
        settings = {name: value for name, value in given.items() if value is not None}
        done = carry_over(
            org, to, settings=settings, actor=ActorId("owner"), clock=system_clock, entropy=system_entropy
        )
        carried = (*done.data, *done.keys)
        if as_json:
            emit({"engine": to, "tables": {one.table: {"rows": one.rows, "sha256": one.digest} for one in carried}})
        else:
            table(
                f"On {to} now", ("table", "rows", "SHA-256"), [(c.table, str(c.rows), c.digest[:16]) for c in carried]
            )
            say("The old place still holds everything, also what you erase from now on: remove it with --remove-old.")
    if remove_old:
        gone = remove(org)
        if as_json:
            emit({"removed": list(gone)})
        else:
            say("Removed: " + (", ".join(gone) or "nothing, for nothing was there") + ".")
