"""The server: doors, probes, due work inside; a stop (SIGTERM, Ctrl-C) lets requests finish and closes every file."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from gestand.doors.public.server import listen
from gestand.doors.running.counting import Counted, Tally, door_of
from gestand.doors.running.probes import probes
from gestand.doors.running.ticking import Done, tick
from gestand.kernel.errors import GestandError
from gestand.system import System

LOG = logging.getLogger("gestand.running")
FIRST_LOOK = 5.0
PAUSE = 60.0
"""Seconds until the first look at what is due, so that pages are there first, and between two looks."""
LAST_REQUESTS = 20
"""Seconds that running requests have to finish after a stop."""


def serve_house(
    house: System,
    doors: Callable[[int], ASGIApp],
    host: str,
    port: int,
    announce: Callable[[str, int], None] = lambda _address, _port: None,
    *,
    due_work: bool = True,
) -> None:
    """Serve what ``doors`` makes for its port, with the probes before it, until stopped; due work is done meanwhile.

    :raises UsageError: ``address-taken`` if an address is taken or not ours: then nothing was opened.
    """
    tally = Tally()
    listening = listen(host, port)
    own = listening.getsockname()[1]
    try:
        watched = (
            listen("127.0.0.1", house.config.metrics_port, "serve.metrics_port") if house.config.metrics_port else None
        )
    except GestandError:
        listening.close()
        raise
    app = Counted(_with_probes(doors(own), probes(house)), tally, door_of)
    with listening, _stopping_kindly() as asked, _metrics(house, tally, watched), _working(house, due_work=due_work):
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{own}/", own)
        _server(app, asked).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that does not begin if it was asked to stop before it could hear that."""

    def __init__(self, config: uvicorn.Config, asked: threading.Event) -> None:
        super().__init__(config)
        self._asked = asked

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin; its own handlers of signals stand by now."""
        await super().startup(sockets=sockets)
        self.should_exit = self.should_exit or self._asked.is_set()


def _server(app: ASGIApp, asked: threading.Event) -> uvicorn.Server:
    return _Server(
        uvicorn.Config(
            app, access_log=False, log_level="warning", server_header=False, date_header=True, lifespan="off",
            timeout_graceful_shutdown=LAST_REQUESTS, proxy_headers=True, forwarded_allow_ips="127.0.0.1",
        ),
        asked,
    )  # fmt: skip


def _with_probes(doors: ASGIApp, watched: ASGIApp) -> ASGIApp:
    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        await (watched if scope.get("path") in {"/health", "/ready"} else doors)(scope, receive, send)

    return both


@contextmanager
def _stopping_kindly() -> Iterator[threading.Event]:
    """Let SIGTERM end the server as Ctrl-C does; the server sends the signal on when it is done, and then it means nothing.

    Yields what is set by one that comes before the server itself listens for it.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: asked.set())
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _metrics(house: System, tally: Tally, watched: socket.socket | None) -> Iterator[None]:
    if watched is None:
        yield
        return
    server = _server(probes(house, tally), threading.Event())
    thread = threading.Thread(target=server.run, kwargs={"sockets": [watched]}, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(LAST_REQUESTS)
        watched.close()


@contextmanager
def _working(house: System, *, due_work: bool) -> Iterator[None]:
    """Do the due work in a thread; what it is at when the server stops is finished first."""
    stop = threading.Event()
    thread = threading.Thread(target=work_until, args=(house, stop), name="due work", daemon=True)
    if due_work:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if due_work:
            thread.join()


def work_until(house: System, stop: threading.Event, first: float = FIRST_LOOK, pause: float = PAUSE) -> None:
    """Do what is due, look again every ``pause`` seconds, until ``stop``; what happened is told in the log, by name and code."""
    stop.wait(first)
    while not stop.is_set():
        try:
            for done in tick(house):
                _tell(done)
        except GestandError as fault:  # the store itself: it may come back
            LOG.error("due work: %s", fault.code)  # noqa: TRY400 - a code, no values
        stop.wait(pause)


def _tell(done: Done) -> None:
    if done.state == "done" and done.missed:
        LOG.warning("due work %s: late, %d missed", done.name, done.missed)
    elif done.state == "failed":
        LOG.warning("due work %s: failed (%s)", done.name, done.code)
