"""What was shut or frozen while a breach was contained, as the ledger says: a restore finds it shut and frozen again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gestand.archive.ways.store import WaysStore
from gestand.breach.doors import ShutDoors
from gestand.breach.store import BreachStore
from gestand.ledger.model import Event
from gestand.sources.freezing import Freezer
from gestand.storage.engine import Engine

_NO_KEY = bytes(32)  # digests of folders are made under the real one; nothing here makes any


@dataclass(frozen=True, slots=True)
class Shut:
    """By which breach something was shut, since when; ``kind``: ``door``, ``source`` or ``mailbox``."""

    breach: str
    at: datetime
    kind: str


@dataclass(slots=True)
class Containment:
    """What stands shut at the end of a ledger, read entry by entry; None: it was shut once and is open again."""

    doors: dict[str, Shut | None] = field(default_factory=dict)
    systems: dict[str, Shut | None] = field(default_factory=dict)

    def read(self, event: Event) -> None:
        """Take one entry into account."""
        facts = event.facts
        breach, door, system = (str(facts.get(name, "")) for name in ("breach", "door", "source"))
        match event.name:
            case "breach.door-shut" if self.doors.get(door) is None:
                self.doors[door] = Shut(breach, event.at, "door")
            case "breach.door-opened":
                self.doors[door] = None
            case "breach.source-frozen" if self.systems.get(system) is None:
                self.systems[system] = Shut(breach, event.at, str(facts.get("kind", "")))
            case "breach.source-released":
                self.systems[system] = None
            case "breach.expired":
                self.doors = {name: None if _of(one, breach) else one for name, one in self.doors.items()}
            case _:
                pass


def shut_again(engine: Engine, said: Containment) -> int:
    """Make doors, sources and mailboxes stand as the ledger says, in the open transaction; return how many stood otherwise."""
    BreachStore(engine)
    changed = _doors(ShutDoors(engine), said.doors)
    freezer, ways = Freezer(engine), WaysStore(engine, _NO_KEY)
    for name, one in said.systems.items():
        if one is None:
            changed += freezer.release(name) or ways.release(name)
        elif one.kind == "mailbox":
            changed += ways.freeze(name, f"breach {one.breach}", one.at)
        else:
            changed += freezer.freeze(name, f"breach {one.breach}", one.at)
    return changed


def _doors(doors: ShutDoors, said: Mapping[str, Shut | None]) -> int:
    return sum(doors.open(name) if one is None else doors.shut(name, one.breach, one.at) for name, one in said.items())


def _of(one: Shut | None, breach: str) -> bool:
    return one is not None and one.breach == breach
