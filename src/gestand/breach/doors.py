"""Which doors are shut while a breach is contained. What the ledger says of them outlives the store: a restore asks it."""

from __future__ import annotations

from datetime import datetime

from gestand.storage.engine import Engine

SHUT = "INSERT INTO breach_door (door, breach, closed_at) VALUES (?,?,?) ON CONFLICT (door) DO NOTHING RETURNING 1"
OPEN = "DELETE FROM breach_door WHERE door = ? RETURNING 1"
ALL = "SELECT door FROM breach_door ORDER BY door"


class ShutDoors:
    """The doors that answer nobody, as rows; their table is made by ``BreachStore``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def shut(self, door: str, breach_id: str, at: datetime) -> bool:
        """Write that a door is shut; False if it was: it stays with the breach that shut it first."""
        return bool(self._engine.execute(SHUT, (door, breach_id, at.isoformat())))

    def open(self, door: str) -> bool:
        """Write that a door is open again; False if it was."""
        return bool(self._engine.execute(OPEN, (door,)))

    def all(self) -> frozenset[str]:
        """Return the doors that are shut."""
        return frozenset(str(door) for (door,) in self._engine.execute(ALL))
