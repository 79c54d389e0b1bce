"""How fast a file of customers comes in: judged, compared with who is known, encrypted, dated and in the ledger.

One process on one core: name, address, postcode, town, two telephones, e-mail, IBAN, btw-id and a note, on two shelves.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from gestand.bench import customers
from gestand.bench.report import Result, document
from gestand.intake.model import ImportOrder
from gestand.intake.service import Intake
from gestand.kernel.clock import system_clock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ActorId, PurposeId
from gestand.ledger.service import Ledger, open_ledger
from gestand.register.service import Register
from gestand.statement.model import Statement
from gestand.storage.sqlite import open_sqlite
from gestand.vault.service import Vault, data_key, open_vault

REACH = 5_000  # rows a second
_OWNER = ActorId("owner")
_SERVICE = PurposeId("service")


class House(NamedTuple):
    """The rooms an import needs, opened over a folder."""

    vault: Vault
    ledger: Ledger
    register: Register
    intake: Intake


class OneVersion:
    """A statement with one version."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def in_force(self) -> Statement:
        """Return it."""
        return self._statement

    def version(self, version: str, /) -> Statement | None:
        """Return it, if it is this one."""
        return self._statement if version == self._statement.version else None


@contextmanager
def open_house(folder: Path, statement: Statement) -> Iterator[House]:
    """Open a store, a ledger, a vault and an intake in ``folder``; everything is made that is not there."""
    root = folder / "root.key"
    if not root.exists():
        root.write_bytes(system_entropy(32))
    key = root.read_bytes()
    (folder / "data").mkdir(exist_ok=True)
    engine = open_sqlite(folder / "data" / "data.db", data_key(key), create=True)
    ledger = open_ledger(
        folder / "data" / "ledger",
        engine,
        clock=system_clock,
        entropy=system_entropy,
        remembered=folder / "keys" / "remembered",
        origin="example.nl/bench",
    )
    versions = OneVersion(statement)
    vault = open_vault(
        folder / "data", engine, ledger, versions, root_key=key, clock=system_clock, entropy=system_entropy
    )
    register = Register(engine, vault, ledger, versions, system_clock, system_entropy)
    intake = Intake(engine, vault, ledger, register, versions, system_clock, system_entropy)
    try:
        yield House(vault, ledger, register, intake)
    finally:
        vault.close()
        ledger.close()
        engine.close()


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Run the benchmark and return the machine form (docs/formats.md); ``quick``: at most 10,000 rows, one round."""
    return document(measure(size=min(size, 10_000) if quick else size, rounds=1 if quick else 5))


def measure(*, size: int, rounds: int) -> list[Result]:
    """Import ``size`` invented customers ``rounds`` times into an empty store, and a dry run; medians, rows a second.

    :raises DamagedError: ``bench-lost`` if fewer people than rows are in the vault afterwards.
    """
    imported, judged = [], []
    _one_core()
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="gestand-bench-") as folder:
            place = Path(folder)
            file, mapping = place / "customers.csv", place / "mapping.toml"
            customers.write_csv(file, size)
            mapping.write_text(customers.MAPPING, encoding="utf-8")
            order = ImportOrder(file, mapping, _SERVICE, source="bench")
            with open_house(place, customers.statement()) as house:
                start = time.perf_counter()
                house.intake.plan_import(order)
                judged.append(size / (time.perf_counter() - start))
                start = time.perf_counter()
                outcome = house.intake.import_file(order, actor=_OWNER)
                imported.append(size / (time.perf_counter() - start))
                if outcome.added != size or house.vault.counts().subjects != size:
                    raise DamagedError("bench-lost", f"{size} rows went in, {outcome.added} people came out")
    speed = round(median(imported))
    return [
        Result("import, 10 fields, encrypted, ledger on", size, speed, "rows/s", reach=REACH, holds=speed >= REACH),
        Result("dry run of the same file", size, round(median(judged)), "rows/s"),
    ]


def _one_core() -> None:
    """Keep this process on one core, where the system lets it be said."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
