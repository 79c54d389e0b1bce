"""The rooms an intake needs, over real files, with the statement of the worked example and an invented cast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from engines import open_store
from gestand.intake.service import Intake
from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.ledger.service import Ledger, open_ledger
from gestand.publication.folder import read_statement
from gestand.register.service import Register
from gestand.statement.model import Statement
from gestand.storage.engine import Engine
from gestand.vault.service import Vault, data_key, open_vault

ROOT = bytes(range(32))
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
OWNER = ActorId("owner")
SERVICE = PurposeId("service")
KOPER = Path(__file__).parents[1] / "examples" / "koper"


@cache
def koper() -> Statement:
    return read_statement(KOPER)


class OneVersion:
    def in_force(self) -> Statement:
        return koper()

    def version(self, version: str, /) -> Statement | None:
        return koper() if version == koper().version else None


@dataclass
class House:
    engine: Engine
    vault: Vault
    ledger: Ledger
    register: Register
    intake: Intake
    statements: OneVersion
    clock: SettableClock

    def values(self, subject: SubjectId, purpose: str = "rights") -> dict[str, list[str]]:
        opened = self.vault.open(subject, PurposeId(purpose), actor=OWNER, reason="test")
        found: dict[str, list[str]] = {}
        for item in opened.items:
            found.setdefault(item.holding.field, []).append(item.value)
        return found

    def events(self, name: str) -> list[dict]:
        return [dict(e.event.facts) for e in self.ledger.entries() if e.event.name == name]

    def admit(self, purpose: str = "service", subject=None, **fields: str) -> SubjectId:
        values = {FieldPath(name.replace("__", ".").replace("_", "-")): value for name, value in fields.items()}
        return self.intake.admit(subject, values, PurposeId(purpose), source="test", actor=OWNER)


@contextmanager
def open_house(folder: Path, start: datetime = START) -> Iterator[House]:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    clock = SettableClock(start)
    versions = OneVersion()
    engine = open_store(folder / "data" / "data.db", data_key(ROOT))
    ledger = open_ledger(
        folder / "data" / "ledger",
        engine,
        clock=clock,
        entropy=system_entropy,
        remembered=folder / "keys" / "remembered",
        origin="example.nl/test",
    )
    vault = open_vault(folder / "data", engine, ledger, versions, root_key=ROOT, clock=clock, entropy=system_entropy)
    vault.resume()
    register = Register(engine, vault, ledger, versions, clock, system_entropy)
    intake = Intake(engine, vault, ledger, register, versions, clock, system_entropy)
    try:
        yield House(engine, vault, ledger, register, intake, versions, clock)
    finally:
        vault.close()
        ledger.close()
        engine.close()
