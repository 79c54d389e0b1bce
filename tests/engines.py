"""The same tests on both engines: which one is said by the environment, so that child processes use it too.

A store is named by the path of the file it would be on SQLite. On PostgreSQL it is a schema named after that path, in
the database of data, or, for ``keys.db``, in the one of keys.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from gestand.storage.engine import Engine
from gestand.storage.moving import carry
from gestand.storage.postgres import open_postgres
from gestand.storage.sqlite import open_sqlite
from postgres_server import running_server

DATA, KEYS = "GESTAND_TEST_DSN", "GESTAND_TEST_KEYS_DSN"
BOTH = ("sqlite", "postgres")
STORES = ("data.db", "keys.db")


def chosen(kind: str) -> dict[str, str]:
    """Return the environment in which ``open_store`` uses an engine of that kind."""
    if kind == "sqlite":
        return {DATA: "", KEYS: ""}
    server = running_server()
    return {DATA: server.dsn(), KEYS: server.keys_dsn}


def on_postgres() -> bool:
    return bool(os.environ.get(DATA))


def open_store(path: Path, key: bytes, *, create: bool = True) -> Engine:
    dsn = os.environ.get(KEYS if path.name == "keys.db" else DATA)
    return open_postgres(dsn, schema=schema_of(path)) if dsn else open_sqlite(path, key, create=create)


def schema_of(path: Path) -> str:
    return "t" + hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:20]


def copy_stores(source: Path, target: Path) -> None:
    """Copy a folder with its stores, wherever they are."""
    shutil.copytree(source, target)
    if on_postgres():
        for name in STORES:
            old, new = open_store(source / name, b""), open_store(target / name, b"")
            carry(old, new)
            old.close()
            new.close()
