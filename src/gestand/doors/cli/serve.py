"""``gestand serve``: the public pages, on the address of gestand.toml."""

from __future__ import annotations

from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Org
from gestand.doors.cli.output import say


def command(
    org: Org = HERE,
    host: Annotated[str, typer.Option("--host", help="Instead of serve.host in gestand.toml.")] = "",
    port: Annotated[
        int | None, typer.Option("--port", help="Instead of serve.port in gestand.toml; 0 takes a free one.")
    ] = None,
) -> None:
    """Serve the statement in force and its earlier versions. No access log: it would hold IP addresses."""
    from gestand.doors.house import pages_of
    from gestand.doors.public.server import serve
    from gestand.system import open_system

    with open_system(org) as house:
        serve(
            pages_of(house),
            host or house.config.host,
            house.config.port if port is None else port,
            lambda address: say(f"The statement is at {address} (Ctrl-C ends)"),
        )
