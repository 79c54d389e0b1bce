"""Where an organisation's rows are: which engine holds the data and which the keys, as its settings say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from gestand.kernel.config import Config
from gestand.kernel.crypto import derive
from gestand.kernel.dsn import read_dsn
from gestand.kernel.errors import UsageError
from gestand.storage.engine import Engine
from gestand.storage.sqlite import open_sqlite
from gestand.vault.service import KEY_FILE, data_key

Variable = Callable[[str], str | None]
DATA_FILE: Final = "data.db"
POSTGRES: Final = "postgres"


def open_data(config: Config, root_key: bytes, *, variable: Variable, alone: bool = False) -> Engine:
    """Open the store of data. ``alone``: nobody else may use it meanwhile.

    :raises UsageError: if it cannot be opened as the settings say. :raises GestandError: ``store-busy``.
    """
    if config.engine == POSTGRES:
        return _open_postgres(config, config.database.dsn, "storage.dsn", variable, alone=alone)
    return open_sqlite(config.data / DATA_FILE, data_key(root_key), create=True, alone=alone)


def open_keys(config: Config, root_key: bytes, *, variable: Variable, alone: bool = False) -> Engine:
    """Open the store of keys: a file of its own, or, on PostgreSQL and if one is named, a database of its own.

    :raises UsageError: as ``open_data``; ``keys-not-apart`` if keys and data would share a database or a role.
    """
    if config.engine != POSTGRES or not config.database.keys_dsn:
        return open_sqlite(config.data / KEY_FILE, derive(root_key, KEY_FILE), create=True, alone=alone)
    _refuse_together(config, variable)
    return _open_postgres(config, config.database.keys_dsn, "storage.keys_dsn", variable, alone=alone)


def keys_opener(config: Config, root_key: bytes, *, variable: Variable) -> Callable[[Path, bytes], Engine] | None:
    """Return how the vault opens the store of keys; None for its own file."""
    if config.engine != POSTGRES or not config.database.keys_dsn:
        return None
    return lambda _path, _key: open_keys(config, root_key, variable=variable)


def _open_postgres(config: Config, setting: str, where: str, variable: Variable, *, alone: bool) -> Engine:
    try:
        from gestand.storage.postgres import open_postgres
    except ImportError:
        raise UsageError(
            "postgres-not-installed",
            "the PostgreSQL driver is not installed",
            where=f"gestand.toml: {where}",
            remedy="pip install 'gestand[postgres]'",
        ) from None
    dsn = read_dsn(setting, config.folder, variable=variable, where=f"gestand.toml: {where}")
    return open_postgres(dsn, schema=config.database.schema, alone=alone)


def _refuse_together(config: Config, variable: Variable) -> None:
    from gestand.storage.postgres_session import Place

    settings = (config.database.dsn, config.database.keys_dsn)
    data, keys = (
        Place(read_dsn(one, config.folder, variable=variable, where="gestand.toml: storage"), config.database.schema)
        for one in settings
    )
    if data.where == keys.where or data.role == keys.role:
        raise UsageError(
            "keys-not-apart",
            "keys and data share a database or a role: who gets a copy of one would have the other",
            where="gestand.toml: storage.keys_dsn",
            remedy="Make a database of its own for the keys, owned by a role of its own, and leave it out of backups of data.",
        )
