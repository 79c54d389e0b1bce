"""A vault with the real ledger beside it, to be killed, robbed of power and damaged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from vault_world import OWNER, ROOT, START, SUPPORT, Versions

from engines import on_postgres, open_store
from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.ids import SubjectId
from gestand.ledger.service import Ledger, open_ledger
from gestand.statement.policy import FieldKind
from gestand.storage.engine import Engine
from gestand.vault.service import Vault, data_key, open_vault


def forked(work: Callable[[], None]) -> int:
    """Do something in a child process, and return its number; it ends with 0 if all went well."""
    child = os.fork()
    if child:
        return child
    status = 3
    try:
        work()
        status = 0
    finally:
        os._exit(status)


class House:
    """A vault and its ledger, as the switchboard would open them."""

    def __init__(
        self,
        folder: Path,
        failpoint: Callable[[str], None] = lambda _: None,
        opener: Callable[[Path, bytes], Engine] = open_store,
    ) -> None:
        self.engine: Engine = opener(folder / "data.db", data_key(ROOT))
        clock = SettableClock(START)
        self.ledger: Ledger = open_ledger(
            folder / "ledger",
            self.engine,
            clock=clock,
            entropy=system_entropy,
            remembered=folder / "remembered" / "checkpoint",
            origin="example.nl/gestand",
            spread=on_postgres(),
        )
        self.vault: Vault = open_vault(
            folder,
            self.engine,
            self.ledger,
            Versions(),
            root_key=ROOT,
            clock=clock,
            entropy=system_entropy,
            failpoint=failpoint,
            keys=opener,
        )

    def close(self) -> None:
        self.vault.close()
        self.ledger.close()
        self.engine.close()

    def only_anna(self) -> SubjectId:
        return self.vault.find(FieldKind.NAME, "Anna de Vries")[0]

    def items(self, *fields: str) -> list[str]:
        return [h.item for h in self.vault.holdings(self.only_anna()) if h.field in fields]

    def read(self, name: str) -> dict[str, str] | None:
        """What opens of the one person of that name; None if nobody is found."""
        found = self.vault.find(FieldKind.NAME, name)
        if not found:
            return None
        opening = self.vault.open(found[0], SUPPORT, actor=OWNER, reason="call")
        return {item.holding.field: item.value for item in opening.items}
