"""Runs the doors: one process, no access log, no banner that names the software."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from gestand.kernel.errors import UsageError

BACKLOG = 2048
"""Connections that may wait to be taken."""


def serve(app: ASGIApp, host: str, port: int, announce: Callable[[str], None] = lambda _: None) -> None:
    """Serve ``app`` until interrupted. ``announce`` gets its address once it listens; port 0 takes a free one.

    :raises UsageError: if the address is taken or not ours.
    """
    serve_made(lambda _port: app, host, port, lambda address, _port: announce(address))


def serve_made(
    made: Callable[[int], ASGIApp],
    host: str,
    port: int,
    announce: Callable[[str, int], None] = lambda _address, _port: None,
) -> None:
    """Serve what ``made`` makes for the port it listens on, until interrupted; port 0 takes a free one.

    ``announce`` gets address and port once it listens.

    :raises UsageError: if the address is taken or not ours.
    """
    listening = listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    own = listening.getsockname()[1]
    app = made(own)
    announce(f"http://{shown}:{own}/", own)
    settings = uvicorn.Config(
        app, access_log=False, log_level="warning", server_header=False, date_header=True, lifespan="off"
    )
    uvicorn.Server(settings).run(sockets=[listening])


def listen(host: str, port: int, setting: str = "serve.host, serve.port") -> socket.socket:
    """Return a socket that listens on an address: who comes before there is an answer waits; ``setting``: what in gestand.toml names it.

    :raises UsageError: ``address-taken`` if it is taken or not ours.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as fault:
        listening.close()
        why = fault.strerror if isinstance(fault, OSError) else "a port is a number from 0 to 65535"
        raise UsageError(
            "address-taken",
            f"cannot listen on {host}:{port}: {why}",
            where=f"{setting} in gestand.toml",
            remedy="Choose another with --host and --port, or end the program that has it.",
        ) from None
    return listening
