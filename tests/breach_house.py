"""The rooms a breach needs, over real stores, with the statement of the worked example and an invented cast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gestand.breach.custody import BreachCustodian
from gestand.breach.model import Breach, Part, Reporter
from gestand.breach.ports import Ports
from gestand.breach.service import Breaches
from gestand.kernel.entropy import system_entropy
from gestand.kernel.ids import ActorId
from gestand.statement.policy import Text
from intake_house import OWNER, START, House, open_house

BRAM = ActorId("staff-bram")


@dataclass
class BreachHouse:
    house: House
    breaches: Breaches
    custodian: BreachCustodian

    @property
    def now(self) -> datetime:
        return self.house.clock()

    def later(self, **step: float) -> datetime:
        self.house.clock.advance(timedelta(**step))
        return self.now

    def reported(self, what: str = "Een usb-stick is kwijt.", **more: object) -> Breach:
        return self.breaches.report(what, reporter=Reporter.STAFF, actor=BRAM, **more)  # type: ignore[arg-type]

    def written(self, breach: Breach) -> None:
        self.breaches.write(
            breach.id, Part.SUMMARY, Text(nl="Iemand las uw gegevens.", en="Someone read your data."), actor=OWNER
        )
        self.breaches.write(
            breach.id, Part.MEASURES, Text(nl="Wij sloten de toegang.", en="We shut the door."), actor=OWNER
        )
        self.breaches.write(
            breach.id, Part.CONSEQUENCES, Text(nl="Iemand kan u bellen.", en="Someone may call you."), actor=OWNER
        )


@contextmanager
def open_breach_house(folder: Path, ports: Ports | None = None, start: datetime = START) -> Iterator[BreachHouse]:
    with open_house(folder, start) as house:
        breaches = Breaches(
            house.engine, house.vault, house.ledger, house.statements, house.clock, system_entropy, ports=ports
        )
        custodian = BreachCustodian(house.engine, house.vault, house.ledger, house.statements, house.clock)
        yield BreachHouse(house, breaches, custodian)
