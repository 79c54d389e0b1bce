"""``gestand serve``: the public pages and the office, on the address of gestand.toml."""

from __future__ import annotations

from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Org
from gestand.doors.cli.output import say_now


def command(
    org: Org = HERE,
    host: Annotated[str, typer.Option("--host", help="Instead of serve.host in gestand.toml.")] = "",
    port: Annotated[
        int | None, typer.Option("--port", help="Instead of serve.port in gestand.toml; 0 takes a free one.")
    ] = None,
    due_work: Annotated[
        bool, typer.Option("--due-work/--no-due-work", help="Do the due work inside, or leave it to 'gestand tick'.")
    ] = True,
) -> None:
    """Serve the statement, the office and the API. No access log: it would hold IP addresses.

    Where nobody works yet, a link is printed that lets the first person in, once.
    """
    from gestand.doors.house import doors_of, first_link, office_site
    from gestand.doors.running.serving import serve_house
    from gestand.doors.running.settings import check_settings
    from gestand.kernel.config import load_config
    from gestand.system import open_system

    check_settings(load_config(org))

    with open_system(org) as house:

        def announce(address: str, own: int) -> None:
            say_now(f"The statement is at {address} (Ctrl-C ends)")
            say_now(f"The office is at    {office_site(house, own).origin}/office/")
            link = first_link(house, own)
            if link:
                say_now(f"Nobody works here yet. Open this once, within 24 hours, to come in:\n  {link}")

        serve_house(
            house,
            lambda own: doors_of(house, own),
            host or house.config.host,
            house.config.port if port is None else port,
            announce,
            due_work=due_work,
        )
