"""Moving an organisation's rows from SQLite to PostgreSQL and back: carried, compared, switched over, told.

Nobody else may have the organisation open. The settings change last, in one step: killed before it, everything is as it
was and the next call goes on; after it, reads and writes go to the new place alone. The move stands in the outbox of
the new place before the switch, so that it comes into the ledger exactly once. The old place is left as it was until
``remove_old``; until then it still holds what is erased at the new one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

from gestand.kernel.clock import Clock
from gestand.kernel.config import FILE, Config, environment, load_config
from gestand.kernel.config_edit import write_settings
from gestand.kernel.config_keys import ENGINES
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.kernel.rootkey import load_root_key
from gestand.ledger import store as outbox
from gestand.ledger.model import Event, Fact
from gestand.ledger.rules import leaf_of
from gestand.storage.engine import Engine
from gestand.storage.moving import Carried, carry
from gestand.storage.postgres import PostgresEngine
from gestand.stores import DATA_FILE, POSTGRES, Variable, open_data, open_keys
from gestand.system import open_system
from gestand.vault.service import KEY_FILE

Told = Callable[[str, int], None]


class Moved(NamedTuple):
    """What a move came to: every table, equal on both sides, of the data and of the keys."""

    engine: str
    data: tuple[Carried, ...]
    keys: tuple[Carried, ...]


def move(
    folder: Path,
    engine: str,
    *,
    settings: dict[str, str],
    actor: ActorId,
    clock: Clock,
    entropy: Entropy,
    variable: Variable = environment,
    each: Told = lambda _table, _rows: None,
    failpoint: Callable[[str], None] = lambda _step: None,
) -> Moved:
    """Move the organisation in ``folder`` to ``engine``; ``settings`` (dsn, keys_dsn, schema) are written with it.

    :raises UsageError: ``move-engine``, ``move-already``; settings that lead nowhere.
    :raises GestandError: ``store-busy`` if a process uses the organisation.
    :raises DamagedError: ``move-differs``; nothing was switched over.
    """
    config = load_config(folder)
    if engine not in ENGINES:
        raise UsageError("move-engine", f"there is no engine '{engine}'", remedy="Name one of: " + ", ".join(ENGINES))
    if config.engine == engine:
        raise UsageError(
            "move-already",
            f"the organisation is on {engine} already",
            where=str(folder / FILE),
            remedy="Nothing is to be done; 'gestand storage move --remove-old' removes what an earlier move left.",
        )
    with open_system(folder, clock=clock, entropy=entropy, variable=variable):
        pass  # tables brought forward, interrupted erasures finished, the outbox in the ledger
    root_key = load_root_key(config.root_key, config.folder, variable=variable)
    written = {"engine": engine, **settings}
    after = write_settings(folder, written, dry_run=True)
    with ExitStack() as opened:

        def both(where: Config) -> tuple[Engine, Engine | None]:
            data = opened.enter_context(closing(open_data(where, root_key, variable=variable, alone=True)))
            if not _keys_move(config, after):
                return data, None
            return data, opened.enter_context(closing(open_keys(where, root_key, variable=variable, alone=True)))

        old_data, old_keys = both(config)
        new_data, new_keys = both(after)
        failpoint("move.begun")
        keys = carry(old_keys, new_keys, each=each) if old_keys and new_keys else ()
        failpoint("move.keys")
        data = carry(old_data, new_data, each=each)
        failpoint("move.data")
        facts: dict[str, Fact] = {
            "engine": engine,
            "tables": len(data) + len(keys),
            "rows": sum(one.rows for one in (*data, *keys)),
        }
        with new_data.transaction():
            outbox.number_from(
                new_data, 0
            )  # in a file the next number follows from a row, which may have stayed behind
            outbox.stage(new_data, leaf_of(Event("storage.moved", clock(), actor, facts)))
        failpoint("move.told")
        write_settings(folder, written)
        failpoint("move.switched")
    with open_system(folder, clock=clock, entropy=entropy, variable=variable):
        pass  # the move comes into the ledger
    return Moved(engine, data, keys)


def remove_old(folder: Path, *, variable: Variable = environment) -> tuple[str, ...]:
    """Remove the rows that a move left at the place it moved from, and return the names of what went.

    :raises GestandError: ``store-busy`` if somebody uses the old place.
    """
    config = load_config(folder)
    if config.engine == POSTGRES:
        files = [DATA_FILE, *([KEY_FILE] if config.database.keys_dsn else [])]
        found = [config.data / (name + ending) for name in files for ending in ("", "-wal", "-shm")]
        gone = tuple(str(path) for path in found if path.exists())
        for path in found:
            path.unlink(missing_ok=True)
        return gone
    if not config.database.dsn:
        return ()
    root_key = load_root_key(config.root_key, config.folder, variable=variable)
    old = write_settings(folder, {"engine": POSTGRES}, dry_run=True)
    removed = []
    for opener, named in ((open_data, True), (open_keys, bool(config.database.keys_dsn))):
        if named:
            engine = opener(old, root_key, variable=variable, alone=True)
            try:
                if isinstance(engine, PostgresEngine):
                    removed.append(engine.place.where)
                    engine.drop()
            finally:
                engine.close()
    return tuple(removed)


def _keys_move(before: Config, after: Config) -> bool:
    """Say whether the keys change place: on PostgreSQL they may stay in their file."""
    return bool((after if after.engine == POSTGRES else before).database.keys_dsn)
