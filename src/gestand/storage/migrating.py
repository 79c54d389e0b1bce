"""Bringing the tables of a room forward, on either engine: each script once, in order, with its version.

The scripts stand beside the versions as they were written, so that a store can be built again elsewhere from what it
says itself (``storage.moving``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from gestand.storage.engine import Engine

_VERSIONS = "CREATE TABLE IF NOT EXISTS room_version (room TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID"
_SCRIPTS = """
    CREATE TABLE IF NOT EXISTS room_script (
        room TEXT NOT NULL, number INTEGER NOT NULL, script TEXT NOT NULL, PRIMARY KEY (room, number)
    ) WITHOUT ROWID
"""
_VERSION_OF = "SELECT version, (SELECT count(*) FROM room_script WHERE room_script.room = room_version.room) FROM room_version WHERE room = ?"
_SET_VERSION = "INSERT INTO room_version VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET version = excluded.version"
_KEEP_SCRIPT = "INSERT INTO room_script VALUES (?, ?, ?) ON CONFLICT (room, number) DO NOTHING"
_ALL = "SELECT room, script FROM room_script ORDER BY room, number"


def bring_forward(engine: Engine, room: str, scripts: Sequence[str], *, run: Callable[[str], None], where: str) -> bool:
    """Run the scripts of ``room`` that were not run yet, each with its version in one transaction; see ``Engine.migrate``.

    ``run`` carries out the SQL of tables. Processes that start together take turns: each looks again in its own. Returns
    whether there was one to run.

    :raises UsageError: ``store-newer`` if more scripts were run than there are.
    """
    changed = False
    while True:
        with engine.transaction():
            run(_VERSIONS)
            run(_SCRIPTS)
            found = engine.execute(_VERSION_OF, (room,))
            done, kept = (int(found[0][0] or 0), int(found[0][1] or 0)) if found else (0, 0)
            if done > len(scripts):
                raise UsageError(
                    "store-newer",
                    f"the tables of {room} were made by a newer Gestand (version {done}, this one knows {len(scripts)})",
                    where=where,
                    remedy="Run the newer Gestand.",
                )
            if kept < done:  # made before scripts were kept
                engine.many(_KEEP_SCRIPT, [(room, number, scripts[number - 1]) for number in range(1, done + 1)])
            if done == len(scripts):
                return changed
            run(scripts[done])
            changed = True
            engine.execute(_SET_VERSION, (room, done + 1))
            engine.execute(_KEEP_SCRIPT, (room, done + 1, scripts[done]))


def scripts_of(engine: Engine) -> dict[str, list[str]]:
    """Return the scripts that made the tables of each room."""
    found: dict[str, list[str]] = {}
    for room, text in engine.execute(_ALL):
        found.setdefault(str(room), []).append(str(text))
    return found
