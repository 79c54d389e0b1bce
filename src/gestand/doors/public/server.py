"""Runs the public pages: one process, no access log, no banner that names the software."""

from __future__ import annotations

import socket

import uvicorn
from starlette.types import ASGIApp

from gestand.kernel.errors import UsageError


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve ``app`` until interrupted.

    :raises UsageError: if the address is taken or not ours.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as fault:
        listening.close()
        raise UsageError(
            "address-taken",
            f"cannot listen on {host}:{port}: {fault.strerror}",
            where="serve.host, serve.port in gestand.toml",
            remedy="Choose another with --host and --port, or end the program that has it.",
        ) from None
    settings = uvicorn.Config(
        app, access_log=False, log_level="warning", server_header=False, date_header=True, lifespan="off"
    )
    uvicorn.Server(settings).run(sockets=[listening])
