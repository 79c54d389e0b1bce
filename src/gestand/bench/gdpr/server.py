"""A PostgreSQL of our own for the length of a run: a fresh cluster in a temporary folder, reached by a socket in it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PLACES = "/usr/lib/postgresql/*/bin"
_ACCOUNT = "postgres"  # the server refuses to run as root


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: how it is reached, and its version."""

    address: str
    version: str


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL on this machine, or None."""
    found = sorted(Path("/").glob(_PLACES.lstrip("/")), key=lambda path: path.parent.name)
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def started(folder: Path, *, port: int = 0) -> Iterator[Server | None]:
    """Start a server that keeps its files in ``folder``; yield None where PostgreSQL or psycopg is not installed.

    ``port``: also listen there, on this machine alone.
    """
    programs = binaries()
    account = _account()
    if programs is None or not _client() or (os.geteuid() == 0 and account is None):
        yield None
        return
    place = folder / "postgres"
    place.mkdir()
    if account is not None:
        for path in (folder, *folder.parents):  # the account must reach its own folder
            if path.stat().st_uid == os.geteuid() and path.name.startswith("gestand-bench-"):
                path.chmod(0o711)
        os.chown(place, account.pw_uid, account.pw_gid)
    run = _Runner(account.pw_name if account else None, place)
    cluster = place / "cluster"
    run(programs / "initdb", "-D", cluster, "-A", "trust", "-U", "bench", "--encoding=UTF8", "--locale=C")
    listens = f"'127.0.0.1' -p {port}" if port else "''"
    options = f"-c listen_addresses={listens} -c unix_socket_directories='{place}' -c shared_buffers=256MB"
    run(programs / "pg_ctl", "-D", cluster, "-w", "-l", place / "log", "-o", options, "start")
    try:
        version = run(programs / "postgres", "--version").strip()
        yield Server(f"host={place} user=bench dbname=postgres" + (f" port={port}" if port else ""), version)
    finally:
        run(programs / "pg_ctl", "-D", cluster, "-m", "fast", "stop")


class _Runner:
    def __init__(self, account: str | None, place: Path) -> None:
        self._account = account
        self._place = place

    def __call__(self, program: Path, *arguments: str | Path) -> str:
        done = subprocess.run(  # noqa: S603 - the database's own programs, by their full path
            [program, *arguments],
            user=self._account,
            cwd=self._place,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if "--version" in arguments else subprocess.DEVNULL,
            text=True,
        )
        return done.stdout or ""


def _account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_ACCOUNT)
    except KeyError:
        return None


def _client() -> bool:
    try:
        import psycopg  # noqa: F401 - only whether it is there
    except ImportError:
        return False
    return True
