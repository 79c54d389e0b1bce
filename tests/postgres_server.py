"""A PostgreSQL server of the tests' own: made in a temporary folder, on this machine only, durable as a real one."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

SUPERUSER = "postgres"
SETTINGS = """
fsync = on
full_page_writes = on
synchronous_commit = off
shared_buffers = 32MB
max_connections = 60
max_wal_size = 256MB
log_min_messages = fatal
"""  # that commits wait for the disk is for the engine to ask, whatever the server's default


def binaries() -> Path | None:
    """Return the folder of initdb and postgres, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).resolve().parent if on_path else None


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@dataclass
class Server:
    """A cluster that can be started, stopped and killed; ``dsn`` gives a schema's connection string."""

    folder: Path
    bin: Path
    port: int = field(default_factory=free_port)
    _numbers: itertools.count = field(default_factory=itertools.count)

    def run(self, *words: str) -> None:
        as_other = ["runuser", "-u", SUPERUSER, "--"] if os.geteuid() == 0 else []
        done = subprocess.run([*as_other, *words], check=False, capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"

    def make(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, SUPERUSER)
        cluster = self.folder / "cluster"
        self.run(
            *(str(self.bin / "initdb"), "-D", str(cluster), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"),
            *("--locale=C.UTF-8", "--data-checksums", "--no-sync"),
        )
        with (cluster / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)
        self.start()
        with psycopg.connect(self.dsn(SUPERUSER, SUPERUSER), autocommit=True) as connection:
            for name in ("gestand", "gestand_keys"):
                connection.execute(f"CREATE ROLE {name} LOGIN")
                connection.execute(f"CREATE DATABASE {name} OWNER {name}")

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
        cluster, log = str(self.folder / "cluster"), str(self.folder / "log")
        self.run(str(self.bin / "pg_ctl"), "-D", cluster, "-l", log, "-o", options, "-w", "-t", "60", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: ``fast`` breaks every connection, ``immediate`` is as good as a crash."""
        self.run(str(self.bin / "pg_ctl"), "-D", str(self.folder / "cluster"), "-m", mode, "-w", "stop")

    def dsn(self, database: str = "gestand", role: str | None = None) -> str:
        return f"postgresql://{role or database}@127.0.0.1:{self.port}/{database}"

    @property
    def keys_dsn(self) -> str:
        return self.dsn("gestand_keys")

    def schema(self) -> str:
        """Return a name that no other test uses."""
        return f"s{os.getpid()}_{next(self._numbers)}"


def unavailable() -> str:
    """Say why no server can run here; empty if one can."""
    if binaries() is None:
        return "PostgreSQL is not installed (apt-get install postgresql)"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root, and there is no runuser"
    return ""


_SERVERS: list[Server] = []


def running_server() -> Server:
    """Return the server of this test run, started at the first call; it is stopped when the run ends."""
    why = unavailable()
    if why:
        if os.environ.get("CI"):
            pytest.fail(f"In CI nothing may be skipped: {why}")
        pytest.skip(why)
    if not _SERVERS:
        made = Server(Path(tempfile.mkdtemp(prefix="gestand-postgres-")), binaries() or Path())
        made.make()
        _SERVERS.append(made)
    return _SERVERS[0]


def stop_servers() -> None:
    for server in _SERVERS:
        server.stop("immediate")
        shutil.rmtree(server.folder, ignore_errors=True)
    _SERVERS.clear()
