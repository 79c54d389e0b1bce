"""A ledger in a folder of the test, beside a store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engines import open_store
from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import SeededEntropy, system_entropy
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger, open_ledger
from gestand.storage.engine import Engine

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ORIGIN = "example.org/ledger"
BRAM = ActorId("staff-bram")


class World:
    """An organisation's folder, of which only the ledger exists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data" / "ledger"
        self.log = self.data / "log"
        self.remembered = folder / "keys" / "ledger.checkpoint"
        self.clock = SettableClock(NOON)

    def engine(self) -> Engine:
        (self.folder / "data").mkdir(exist_ok=True)
        return open_store(self.folder / "data" / "store.db", bytes(range(32)))

    def open(self, engine: Engine | None = None, *, older_store: bool = False, spread: bool = False) -> Ledger:
        return open_ledger(
            self.data,
            engine,
            clock=self.clock,
            entropy=system_entropy if spread else SeededEntropy("ledger"),
            remembered=self.remembered,
            origin=ORIGIN,
            older_store=older_store,
            spread=spread,
        )

    def filled(self, count: int) -> None:
        with self.open() as ledger:
            for number in range(count):
                ledger.append(opening(number))


def opening(number: int, **facts: Fact) -> Event:
    return Event(
        name="data.opened",
        at=NOON,
        actor=BRAM,
        facts={"purpose": "support", "reason": f"call {number}", "items": number, **facts},
        subject=f"{number:032x}",
    )
