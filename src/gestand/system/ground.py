"""The ground floor of an organisation: store, ledger, statement, vault and register, opened from the bottom up."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from gestand.backup.drilling import SCRATCH as DRILLED
from gestand.kernel.clock import Clock
from gestand.kernel.config import FILE, Config, load_config
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.rootkey import Variable
from gestand.ledger.keys import places
from gestand.ledger.note import origin_of
from gestand.ledger.service import Ledger, open_ledger
from gestand.publication.service import Publication
from gestand.register.service import Register
from gestand.storage.engine import Engine
from gestand.storage.pinned import CARRIED
from gestand.storage.scratch import sweep
from gestand.stores import POSTGRES, keys_opener, open_data
from gestand.vault.service import Vault, open_vault


@dataclass(frozen=True, slots=True)
class Ground:
    """What every room stands on. ``root_key`` is 32 bytes; nothing outside this package sees it.

    ``machine``: the folder that holds ``proc`` and ``sys``; ``/`` but in a demonstration.
    """

    config: Config
    root_key: bytes
    clock: Clock
    entropy: Entropy
    variable: Variable
    machine: Path
    engine: Engine
    ledger: Ledger
    publication: Publication
    vault: Vault
    register: Register


def open_ground(
    config: Config,
    root_key: bytes,
    opened: ExitStack,
    *,
    clock: Clock,
    entropy: Entropy,
    variable: Variable,
    machine: Path,
) -> Ground:
    """Open the ground floor and finish interrupted erasures; ``opened`` closes what is open if a later room cannot be.

    :raises UsageError: if the organisation moved to another engine while this process waited for it.
    :raises DamagedError: if the store, the keys or the ledger do not verify.
    """
    engine = open_data(config, root_key, variable=variable)
    opened.callback(engine.close)
    if load_config(config.folder) != config:  # moved to another engine while this one waited for it
        raise UsageError(
            "config-changed",
            "the settings changed while the organisation was being opened",
            where=str(config.folder / FILE),
            remedy="Do it again.",
        )
    place, remembered = places(config)
    ledger = open_ledger(
        place,
        engine,
        clock=clock,
        entropy=entropy,
        remembered=remembered,
        origin=origin_of(f"gestand/{config.folder.name}"),
        spread=config.engine == POSTGRES,
    )
    opened.callback(ledger.close)
    publication = Publication(config.folder, engine, ledger, clock=clock)
    keys = keys_opener(config, root_key, variable=variable)
    vault = open_vault(
        config.data, engine, ledger, publication, root_key=root_key, clock=clock, entropy=entropy, keys=keys
    )
    opened.callback(vault.close)
    vault.resume()
    for left in (config.data / CARRIED, config.folder / DRILLED):  # copies with keys that may be destroyed by now
        sweep(left)
    register = Register(engine, vault, ledger, publication, clock, entropy)
    return Ground(config, root_key, clock, entropy, variable, machine, engine, ledger, publication, vault, register)
