"""Requests over a shop's database: 100,000 customers, 1.95 million rows, 11 tables without FK indexes.

Both sides find by e-mail address in the same columns and read the same columns of the same tables. By hand: one statement that knows
the schema. Ours: the walk, with verdicts, reasons and the certificate. The erasure by hand is the policy's UPDATEs over whole sets.
"""

from __future__ import annotations

import gc
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from gestand.bench.gdpr.server import started
from gestand.bench.report import Result, document
from gestand.bench.shop import BY_HAND, BY_HAND_PLAIN, CARDS, HEAVY, LOGINS, MAPPING, POLICY, UPDATES, fill
from gestand.kernel.clock import system_clock
from gestand.kernel.errors import GestandError, UsageError
from gestand.sources.load import read_source
from gestand.sources.model import Known
from gestand.sources.place import SourcePlace
from gestand.sources.sql.service import SqlSource
from gestand.statement.policy import FieldKind, Policy

REACH_ACCESS = 2.0
REACH_REQUESTS = 50
REACH_ERASURE = 2.0
TOGETHER = 100


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Run the benchmark with ``size`` customers and return the machine form.

    :raises UsageError: ``bench-no-postgres``. :raises GestandError: ``bench-wrong`` if both sides do not find the same.
    """
    return document(measure(size=min(size, 5_000) if quick else size, rounds=3 if quick else 9))


def measure(*, size: int, rounds: int) -> list[Result]:
    """Measure with medians of ``rounds``."""
    import psycopg

    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room:
        port = _free_port()
        with started(Path(room), port=port) as server:
            if server is None:
                raise UsageError(
                    "bench-no-postgres",
                    "this benchmark needs PostgreSQL and psycopg",
                    remedy="apt-get install postgresql; pip install 'gestand[postgres]'",
                )
            address = f"postgresql://bench@127.0.0.1:{port}/postgres"
            with psycopg.connect(server.address, autocommit=True) as connection:
                rows = fill(connection, size)
                source = _source(Path(room), address)
                results = [
                    _access(connection, source, size, rows, rounds),
                    _throughput(source, size, rounds),
                    _erasure(connection, source, rows),
                ]
                source.close()
                return results


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _source(folder: Path, address: str) -> SqlSource:
    policy = Policy.model_validate(POLICY)
    place = SourcePlace(folder, policy, system_clock, bytes(32), {"SHOP": address}.get)
    return SqlSource(read_source("shop", MAPPING.encode(), "sources/shop.toml", policy), place)


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        found = act()
        return time.perf_counter() - began, found
    finally:
        gc.enable()


def _known(number: int) -> tuple[Known, ...]:
    return (Known(FieldKind.EMAIL, f"u{number}@example.org"),)


def _customers(size: int, rounds: int) -> Iterator[int]:
    """Yield ordinary customers, spread over the table."""
    yield from (HEAVY + 1 + (size - HEAVY - 1) * at // rounds for at in range(rounds))


def _access(connection: Any, source: SqlSource, size: int, rows: int, rounds: int) -> Result:
    ours: list[float] = []
    by_hand: dict[str, list[float]] = {BY_HAND: [], BY_HAND_PLAIN: []}
    source.find({"": _known(HEAVY + 1)})  # the schema is read once
    for number in _customers(size, rounds):
        for statement, times in by_hand.items():
            email = {"email": f"u{number}@example.org"}
            took, told = _timed(partial(_fetched, connection, statement, email))
            times.append(took)
        took, found = _timed(partial(_one, source, number))
        ours.append(took)
        if len(told) != len(found.traces) or not told or not found.complete:
            raise GestandError("bench-wrong", f"by hand {len(told)} rows, by the walk {len(found.traces)}")
    other = min(median(times) for times in by_hand.values())
    ratio = median(ours) / other
    return Result(
        "access: one person (other: one hand-written statement)", rows, round(median(ours) * 1000, 1), "ms",
        other=round(other * 1000, 1), ratio=round(ratio, 2), reach=REACH_ACCESS, holds=ratio <= REACH_ACCESS,
    )  # fmt: skip


def _fetched(connection: Any, statement: str, values: dict[str, str]) -> Any:
    return connection.execute(statement, values).fetchall()


def _one(source: SqlSource, number: int) -> Any:
    return source.find({"": _known(number)})[""]


def _throughput(source: SqlSource, size: int, rounds: int) -> Result:
    people = {str(number): _known(number) for number in _customers(size, TOGETHER)}
    speeds = []
    for _ in range(max(rounds // 3, 1)):
        took, found = _timed(lambda: source.find(people))
        if not all(one.traces and one.complete for one in found.values()):
            raise GestandError("bench-wrong", "not everybody was found")
        speeds.append(len(people) / took)
    speed = median(speeds)
    return Result(
        f"access: {TOGETHER} persons in one pass", len(people), round(speed, 1), "requests/s", reach=REACH_REQUESTS,
        holds=speed >= REACH_REQUESTS,
    )  # fmt: skip


def _erasure(connection: Any, source: SqlSource, rows: int) -> Result:
    """Erase heavy subjects in turn: by hand, ours, by hand, ours; each is of its own, so that none is found erased."""
    ours: list[float] = []
    by_hand: list[float] = []
    for number in range(1, HEAVY, 2):
        connection.execute("CHECKPOINT")
        took, _ = _timed(partial(_updates, connection, number))
        by_hand.append(took)
        connection.execute("CHECKPOINT")
        ours.append(_erased(source, number + 1))
    ratio = median(ours) / median(by_hand)
    return Result(
        f"erasure: {CARDS:,} cards and {LOGINS:,} logins, searched again (other: the policy's UPDATEs by hand)", rows,
        round(median(ours) * 1000, 1), "ms", other=round(median(by_hand) * 1000, 1), ratio=round(ratio, 2),
        reach=REACH_ERASURE, holds=ratio <= REACH_ERASURE,
    )  # fmt: skip


def _updates(connection: Any, number: int) -> None:
    with connection.transaction():
        for update in UPDATES:
            connection.execute(update, {"email": f"u{number}@example.org"})


def _erased(source: SqlSource, number: int) -> float:
    known = _known(number)
    plan = source.plan(source.find({"": known})[""].traces, known=known)
    if plan.conflicts or plan.actionable < CARDS + LOGINS:
        raise GestandError("bench-wrong", f"{plan.actionable} rows planned; {plan.conflicts}")

    def act() -> int:
        removed = source.erase(plan).removed
        again = source.find({"": known})[""]
        return removed if not source.plan(again.traces, rehearse=False).actionable else -1

    took, removed = _timed(act)
    if removed != plan.actionable:
        raise GestandError("bench-wrong", f"{removed} of {plan.actionable} rows erased")
    return took
