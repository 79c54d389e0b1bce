"""Where things lie in a backup, whatever the organisation's settings say: data in ``data``, keys in ``keys``, rows in SQLite.

A restored organisation lies like that too. Its settings are rewritten where they say otherwise: a path that begins at the
root of the disk would lead out of the new folder, into the old organisation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from gestand.kernel.config import FILE, Config, load_config
from gestand.kernel.config_edit import with_settings
from gestand.kernel.errors import DamagedError, RefusedError
from gestand.kernel.rootkey import root_key_file
from gestand.ledger.keys import KEY, REMEMBERED

DATA = "data"
KEYS = "keys"
ROOT = f"{KEYS}/root.key"


def root_inside(config: Config) -> Path | None:
    """Return the file of the root key if it lies in the organisation's folder: then it goes into the archive of keys."""
    path = root_key_file(config.root_key, config.folder)
    return path if path is not None and path.parent.resolve().is_relative_to(config.folder) else None


def root_carried(config: Config) -> str:
    """Return how a copy names the root key: in its own folder if the archive of keys has it, else where it lies now."""
    path = root_key_file(config.root_key, config.folder)
    if path is None:
        return config.root_key
    if root_inside(config) is None:
        return _named(config, str(path.parent.resolve() / path.name))
    return config.root_key if _relative(config) and _same(config, ROOT) else _named(config, ROOT)


def settled(text: str, config: Config, root: str) -> str:
    """Return the settings as a copy has them: rows in SQLite, data in ``data``, the root key as in ``root``.

    :raises RefusedError: ``backup-settings`` if they cannot be rewritten.
    """
    storage = {} if config.engine == "sqlite" else {"engine": "sqlite"}
    if config.data != config.folder / DATA:
        storage["folder"] = DATA
    wanted: Mapping[str, Mapping[str, str]] = {
        "storage": storage,
        "keys": {} if root == config.root_key else {"root": root},
    }
    try:
        for section, settings in wanted.items():
            text = with_settings(text, settings, section=section)
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        found = {}
    if any(
        found.get(section, {}).get(key) != value for section, those in wanted.items() for key, value in those.items()
    ):
        raise RefusedError(
            "backup-settings",
            "a restore needs other settings of storage and keys, and they cannot be rewritten as they stand there",
            where=str(config.folder / FILE),
            remedy="Write storage.folder, storage.engine and keys.root each on a line of its own, below [storage] and [keys].",
        )
    return text


def brought_settings(place: Path, keys: Collection[str]) -> tuple[Config, bytes]:
    """Return the settings that a backup brought to ``place``, and their text: all that they name lies there, nothing in the
    old organisation. ``keys``: what the archive of keys brought.

    :raises DamagedError: ``restore-outside`` if that cannot be.
    """  # noqa: D205 - two results need two sentences
    content = (place / FILE).read_bytes() if (place / FILE).is_file() else None
    found = load_config(place, content)
    text = settled((content or b"").decode(), found, _root_brought(found, keys)).encode()
    config = load_config(place, text)
    if config.data != config.folder / DATA:
        raise DamagedError(
            "restore-outside",
            "the settings in the backup name data outside the folder that it is restored to",
            where=str(config.data),
            remedy="Restore another backup, and report this.",
        )
    return config, text


def _root_brought(config: Config, keys: Collection[str]) -> str:
    """Return how a restored organisation names its root key: where the archive of keys put it, if it did."""
    brought = sorted({name for name in keys if name.startswith(f"{KEYS}/")} - {f"{KEYS}/{KEY}", f"{KEYS}/{REMEMBERED}"})
    if not brought or root_key_file(config.root_key, config.folder) is None:
        return config.root_key
    if _relative(config) and _same(config, brought[0]):
        return config.root_key
    return _named(config, brought[0])


def _same(config: Config, name: str) -> bool:
    return root_key_file(config.root_key, config.folder) == config.folder / name


def _relative(config: Config) -> bool:
    return not Path(config.root_key.partition(":")[2]).is_absolute()


def _named(config: Config, place: str) -> str:
    return f"{config.root_key.partition(':')[0]}:{place}"
