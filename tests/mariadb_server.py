"""A MariaDB server of the tests' own: made in a temporary folder, on this machine only, as an ordinary user."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pymysql
import pytest

from postgres_server import free_port

USER = "mysql"
SETTINGS = """
[mysqld]
skip-name-resolve
skip-log-bin
innodb_buffer_pool_size = 32M
innodb_log_file_size = 16M
innodb_flush_log_at_trx_commit = 2
performance_schema = OFF
max_connections = 40
character-set-server = utf8mb4
"""


def binary() -> Path | None:
    found = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


@dataclass
class Server:
    """A server that can be started and stopped; ``database`` makes a new one and gives its connection string."""

    folder: Path
    mariadbd: Path
    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None
    _numbers: itertools.count = field(default_factory=itertools.count)

    def make(self) -> None:
        as_root = os.geteuid() == 0
        if as_root:
            shutil.chown(self.folder, USER, USER)
        settings = self.folder / "my.cnf"
        settings.write_text(SETTINGS)
        install = shutil.which("mariadb-install-db") or "mariadb-install-db"
        words = [
            install,
            f"--defaults-file={settings}",
            f"--datadir={self.folder}/data",
            "--auth-root-authentication-method=normal",
        ]
        words += ["--skip-test-db", *([f"--user={USER}"] if as_root else [])]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        self.start()

    def start(self) -> None:
        words = [
            str(self.mariadbd), f"--defaults-file={self.folder}/my.cnf", f"--datadir={self.folder}/data", f"--port={self.port}",
            f"--socket={self.folder}/s", "--bind-address=127.0.0.1", f"--pid-file={self.folder}/pid", f"--log-error={self.folder}/log.err",
        ]  # fmt: skip
        words += [f"--user={USER}"] if os.geteuid() == 0 else []
        self.running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            assert self.running.poll() is None, (self.folder / "log.err").read_text()
            if (self.folder / "s").exists() and "ready for connections" in (self.folder / "log.err").read_text():
                return
            time.sleep(0.1)
        raise AssertionError("MariaDB did not start")

    def stop(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            self.running = None

    def connect(self, database: str | None = None) -> pymysql.Connection:
        return pymysql.connect(
            unix_socket=f"{self.folder}/s", user="root", database=database, charset="utf8mb4", autocommit=True
        )

    def database(self) -> str:
        """Make a database that no other test uses, with a user of its own; return its connection string."""
        name = f"d{os.getpid()}_{next(self._numbers)}"
        connection = self.connect()
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
            cursor.execute(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY 'geheim'")
            cursor.execute(f"GRANT ALL ON {name}.* TO {name}@'127.0.0.1'")
        connection.close()
        return f"mysql://{name}:geheim@127.0.0.1:{self.port}/{name}"


_SERVERS: list[Server] = []


def running_mariadb() -> Server:
    """Return the server of this test run, started at the first call; it is stopped when the run ends."""
    found = binary()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("In CI nothing may be skipped: MariaDB is not installed")
        pytest.skip("MariaDB is not installed (apt-get install mariadb-server)")
    if not _SERVERS:
        made = Server(Path(tempfile.mkdtemp(prefix="gestand-mariadb-")), found)
        _SERVERS.append(made)
        made.make()
    return _SERVERS[0]


def stop_mariadb() -> None:
    for server in _SERVERS:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
    _SERVERS.clear()
