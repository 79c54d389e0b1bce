"""A small client that asks for one page over and over on loopback: as fast as it is answered, or at a steady pace.

At a steady pace the time of an answer counts from the moment its question was due, also where it had to wait for a free
connection: a server that stands still for a second is not forgiven the questions of that second.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable

END = b"\r\n\r\n"
LENGTH = b"content-length:"


def ask(host: str, port: int, path: str) -> tuple[int, bytes]:
    """Ask once on a connection of its own; return status and body.

    :raises OSError: if nobody listens.
    """
    with socket.create_connection((host, port), timeout=10) as line:
        line.sendall(_question(host, path, keep=False))
        found = b""
        while block := line.recv(65536):
            found += block
    head, _, body = found.partition(END)
    return int(head.split(b" ", 2)[1]), body


def fastest(host: str, port: int, path: str, *, seconds: float, lines: int = 32) -> tuple[float, int]:
    """Ask on so many connections at once, each again as soon as it is answered; return answers a second, and failures."""
    return asyncio.run(_fastest(host, port, path, seconds, lines))


def paced(host: str, port: int, path: str, *, rate: float, seconds: float, lines: int = 64) -> tuple[list[float], int]:
    """Ask at a steady pace; return the seconds that each answer took, sorted, and failures."""
    return asyncio.run(_paced(host, port, path, rate, seconds, lines))


class _Line(asyncio.Protocol):
    """One connection that is kept; ``answered`` is called with the status of each answer."""

    def __init__(self, answered: Callable[[_Line, int], None]) -> None:
        self._answered = answered
        self._seen = bytearray()
        self.transport: asyncio.Transport | None = None
        self.due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        seen = self._seen
        seen += data
        head = seen.find(END)
        if head < 0:
            return
        lowered = bytes(seen[:head]).lower()
        at = lowered.index(LENGTH) + len(LENGTH)
        whole = head + len(END) + int(lowered[at:].split(b"\r\n", 1)[0])
        if len(seen) < whole:
            return
        status = int(lowered[9:12])
        del seen[:whole]
        self._answered(self, status)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._answered(self, 0)


async def _connected(host: str, port: int, lines: int, answered: Callable[[_Line, int], None]) -> list[_Line]:
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: _Line(answered), host, port) for _ in range(lines)]
    return [line for _, line in made]


async def _fastest(host: str, port: int, path: str, seconds: float, lines: int) -> tuple[float, int]:
    question = _question(host, path)
    counts = {"well": 0, "failed": 0}
    until = float("inf")

    def answered(line: _Line, status: int) -> None:
        counts["well" if status == 200 else "failed"] += 1
        if status and line.transport is not None and time.perf_counter() < until:
            line.transport.write(question)

    made = await _connected(host, port, lines, answered)
    began = time.perf_counter()
    until = began + seconds
    for line in made:
        assert line.transport is not None
        line.transport.write(question)
    await asyncio.sleep(seconds)
    well, took = counts["well"], time.perf_counter() - began
    await asyncio.sleep(0.2)
    failed = counts["failed"]
    _close(made)
    return well / took, failed


async def _paced(  # noqa: C901, PLR0917 - a clock, a queue and the answers belong together
    host: str, port: int, path: str, rate: float, seconds: float, lines: int
) -> tuple[list[float], int]:
    question = _question(host, path)
    times: list[float] = []
    failed = 0
    waiting: deque[float] = deque()
    free: list[_Line] = []

    def send(line: _Line, due: float) -> None:
        assert line.transport is not None
        line.due = due
        line.transport.write(question)

    def answered(line: _Line, status: int) -> None:
        nonlocal failed
        if status == 200:
            times.append(time.perf_counter() - line.due)
        else:
            failed += 1
        if not status:
            return
        if waiting:
            send(line, waiting.popleft())
        else:
            free.append(line)

    made = await _connected(host, port, lines, answered)
    free.extend(made)
    began, asked, every = time.perf_counter(), 0, int(rate * seconds)
    while asked < every:
        now = time.perf_counter()
        while asked < every and began + asked / rate <= now:
            due = began + asked / rate
            asked += 1
            if free:
                send(free.pop(), due)
            else:
                waiting.append(due)
        await asyncio.sleep(0.0005)
    for _ in range(500):
        if len(times) + failed >= every:
            break
        await asyncio.sleep(0.01)
    lost = every - len(times) - failed
    failed_then = failed
    _close(made)
    return sorted(times), failed_then + lost


def _close(lines: list[_Line]) -> None:
    for line in lines:
        if line.transport is not None:
            line.transport.abort()


def _question(host: str, path: str, *, keep: bool = True) -> bytes:
    connection = "keep-alive" if keep else "close"
    return f"GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: {connection}\r\n\r\n".encode()
