"""The clients of a run: each a fresh process with a side of its own, open over the same store, and its share of the operations."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, Protocol

from gestand.bench.gdpr.kept import Duties, Kept
from gestand.bench.gdpr.model import Answer, Side
from gestand.bench.gdpr.plain import Plain, PostgresTable, SqliteTable
from gestand.bench.gdpr.workload import Op

_KIB = 1024


class Engine(StrEnum):
    """What a side stands on, and whether it is Gestand."""

    KEPT_SQLITE = "Gestand on SQLite"
    KEPT_POSTGRES = "Gestand on PostgreSQL"
    PLAIN_SQLITE = "plain SQLite"
    PLAIN_POSTGRES = "plain PostgreSQL"

    @property
    def kept(self) -> bool:
        """Say whether it is Gestand."""
        return self in {Engine.KEPT_SQLITE, Engine.KEPT_POSTGRES}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a side keeps its files, and how its server is reached; opened by each process for itself."""

    engine: Engine
    folder: Path
    address: str = ""
    users: int = 1

    def open(self, *, fresh: bool = False) -> Side:
        """Open the side; ``fresh``: nothing is there yet."""
        match self.engine:
            case Engine.KEPT_SQLITE | Engine.KEPT_POSTGRES:
                return Kept(self.folder, address=self.address, name=self.engine.value)
            case Engine.PLAIN_SQLITE:
                return Plain(self.engine.value, SqliteTable(self.folder), self.users)
            case Engine.PLAIN_POSTGRES:
                return Plain(self.engine.value, PostgresTable(self.address, fresh=fresh), self.users)


class Done(NamedTuple):
    """What a client did: its answers, and when it began and ended, by the clock that all processes share."""

    answers: list[Answer]
    began: float
    ended: float


class Left(NamedTuple):
    """What a client says when it leaves: the duties that it kept, and the most memory that it took, in bytes."""

    duties: Duties
    memory: int


class Client(Protocol):
    """One client. ``give`` hands it operations; ``take`` waits until they are done."""

    def give(self, ops: Sequence[Op]) -> None:
        """Hand over operations, to be begun at once."""
        ...

    def take(self) -> Done:
        """Wait for the answers."""
        ...

    def leave(self) -> Left:
        """Close the side."""
        ...


class Here:
    """A client within this process, for a test."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._done = Done([], 0, 0)

    def give(self, ops: Sequence[Op]) -> None:
        """Do them."""
        self._done = _run(self._side, ops)

    def take(self) -> Done:
        """Return the answers."""
        return self._done

    def leave(self) -> Left:
        """Close the side."""
        return _leave(self._side)


class Process:
    """A client in a process of its own."""

    def __init__(self, place: Place) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, place), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()  # it has opened its side

    def give(self, ops: Sequence[Op]) -> None:
        """Hand over operations."""
        self._pipe.send(list(ops))

    def take(self) -> Done:
        """Wait for the answers."""
        done: Done = self._pipe.recv()
        return done

    def leave(self) -> Left:
        """Let it close its side and end."""
        self._pipe.send(None)
        left: Left = self._pipe.recv()
        self._process.join()
        return left

    def end(self) -> None:
        """End it, whatever it is doing."""
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()
        self._pipe.close()


@contextmanager
def clients(place: Place, count: int) -> Iterator[list[Client]]:
    """Start so many clients; 0: one within this process."""
    if not count:
        yield [Here(place.open())]
        return
    made: list[Process] = []
    try:
        made.extend(Process(place) for _ in range(count))
        yield list(made)
    finally:
        for one in made:
            one.end()


def _serve(pipe: Connection, place: Place) -> None:
    side = place.open()
    gc.collect()
    gc.freeze()
    pipe.send(None)
    while (ops := pipe.recv()) is not None:
        pipe.send(_run(side, ops))
    pipe.send(_leave(side))


def _run(side: Side, ops: Sequence[Op]) -> Done:
    run = side.run
    began = time.monotonic()
    answers = [run(op) for op in ops]
    return Done(answers, began, time.monotonic())


def _leave(side: Side) -> Left:
    duties = side.duties if isinstance(side, Kept) else Duties()
    side.close()
    return Left(duties, most_memory())


def most_memory() -> int:
    """Return the most memory that this process ever had, in bytes.

    Linux tells the most that a process had *before* it began its program too: the size of whoever started it. Where there
    is ``/proc`` it is asked for this program alone.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * _KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
