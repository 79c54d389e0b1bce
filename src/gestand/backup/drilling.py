"""A restore drill: the newest backup brought back to a scratch folder, checked like a real restore, and recorded.

What a drill proves is that *these* identities bring *this* backup back today, with the live ledger's erasures replayed. Its
outcome is an entry in the ledger whether it succeeded or not.
"""

from __future__ import annotations

from pathlib import Path

from gestand.backup.ledgers import LedgerCopy
from gestand.backup.making import Home
from gestand.backup.manifest import choose
from gestand.backup.model import Drill
from gestand.backup.own import own
from gestand.backup.recipients import Identities
from gestand.backup.restoring import Forget, Means, Wish, restore
from gestand.kernel.errors import DamagedError, GestandError
from gestand.kernel.ids import ActorId
from gestand.kernel.rootkey import Variable
from gestand.ledger.keys import places, read_note
from gestand.ledger.model import Event, Fact
from gestand.ledger.note import VerifyKey
from gestand.storage.scratch import scratch

SCRATCH = ".drill"


def drill(
    home: Home,
    folder: Path,
    identities: Identities,
    *,
    known: tuple[VerifyKey, ...],
    backup: str,
    variable: Variable,
    forget: Forget,
    actor: ActorId,
) -> Drill:
    """Restore to ``.drill`` in the organisation's folder, check, remove it, record; see ``Backups.drill``."""
    with scratch(home.config.folder / SCRATCH) as place:
        outcome = _try(
            home, folder, identities, place, known=known, backup=backup, variable=variable, forget=forget, actor=actor
        )
    facts: dict[str, Fact] = {
        "backup": outcome.backup,
        "items": outcome.items,
        "replayed": outcome.replayed,
        "verified": outcome.verified,
        "fault": outcome.fault,
    }
    home.ledger.append(Event("drill.done", home.clock(), actor, facts), durable=True)
    return outcome


def _try(
    home: Home,
    folder: Path,
    identities: Identities,
    place: Path,
    *,
    known: tuple[VerifyKey, ...],
    backup: str,
    variable: Variable,
    forget: Forget,
    actor: ActorId,
) -> Drill:
    name = backup
    try:
        reached = [one for one in own(folder, home.root_key).proven if one.entries <= home.ledger.head().size]
        name = choose(folder, backup, proven=reached).id
        wish = Wish(
            folder, place / home.config.folder.name, identities,
            backup=name, ledger=live_ledger(home), known=known or (home.ledger.key,),
        )  # fmt: skip
        means = Means(home.clock, home.entropy, variable, forget, home.failpoint)
        restored = restore(wish, means, actor=actor)
    except GestandError as fault:
        damaged = isinstance(fault, DamagedError)
        return Drill(name, 0, 0, verified=False, fault=fault.code, message=str(fault), damaged=damaged)
    return Drill(name, restored.items, restored.replayed, verified=True)


def live_ledger(home: Home) -> LedgerCopy:
    """Return the ledger as it is now, of an organisation that is open."""
    folder, remembered = places(home.config)
    note = read_note(remembered)
    signed = home.ledger.signed_text()
    return LedgerCopy(folder / "log", home.ledger.extent(), signed, note, live=True)
