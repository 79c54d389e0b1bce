"""A new organisation that is served, by the command that a firm would give."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gestand.bench.loading import ask

PROGRAM = (sys.executable, "-m", "gestand.doors.cli.main")


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens, as which process, and how long it took to its first answer (seconds)."""

    host: str
    port: int
    pid: int
    first_answer: float


@contextmanager
def organisation() -> Iterator[Path]:
    """Make an organisation whose statement is in force, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as folder:
        firm = Path(folder) / "firm"
        told = ("--name", "Winkel", "--email", "privacy@example.nl", "--address", "Lindelaan 14, 1234 AB Zandstad")
        _run("init", str(firm), *told, "--website", "https://www.example.nl")
        _run("statement", "publish", "--org", str(firm))
        yield firm


@contextmanager
def served(firm: Path) -> Iterator[Served]:
    """Serve an organisation with one process, without due work beside it."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*PROGRAM, "serve", "--org", str(firm), "--port", "0", "--no-due-work"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        parts = urlsplit(next(word for word in line.split() if word.startswith("http://")))
        host, port = parts.hostname or "", parts.port or 0
        while True:
            with suppress(OSError):
                if ask(host, port, "/nl/")[0] == 200:
                    break
            time.sleep(0.002)
        yield Served(host, port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def _run(*words: str) -> None:
    subprocess.run([*PROGRAM, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
