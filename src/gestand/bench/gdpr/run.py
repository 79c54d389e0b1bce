"""The run: both sides get the same operations, one client each, and the model says whether every answer was right."""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from gestand.bench.gdpr.kept import Kept
from gestand.bench.gdpr.model import Answer, Model, Side, agreement
from gestand.bench.gdpr.plain import Plain, PostgresTable, SqliteTable
from gestand.bench.gdpr.records import PER_SUBJECT, record
from gestand.bench.gdpr.server import Server, started
from gestand.bench.gdpr.workload import MIXES, Kind, Op, checks, operations
from gestand.bench.report import Result, document
from gestand.kernel.errors import GestandError

REACH = {
    "regulator": (2.5, 0.25),
    "customer": (1.2, 0.3),
    "processor": (0.4, 0.15),
    "controller": (50.0, None),
}
"""For each mix: what Gestand on SQLite must reach against plain PostgreSQL, and against plain SQLite (the limit)."""
_GROWTH = 1.2
_CHECKS = 300
_LONGEST = 20  # seconds a round; a side that takes longer gets fewer operations in the next, the same mix


@dataclass(slots=True)
class Measured:
    """What one side came to in one mix: operations a second in each round, and the share of right answers."""

    rates: list[float] = field(default_factory=list)
    right: float = 100.0
    grown: float = 1.0


def run(*, size: int, quick: bool, mix: str = "") -> dict[str, Any]:
    """Run the mixes (or one) over ``size`` records and return the machine form of DESIGN 6.

    :raises GestandError: ``bench-wrong`` if an answer of any side is not the model's.
    """
    size, count, rounds = (min(size, 10_000), 200, 2) if quick else (size, 2_000, 5)
    found = measure(size, count, rounds, [mix] if mix else list(MIXES))
    return {**document(found.results), "notes": found.notes}


@dataclass(slots=True)
class Told:
    """The figures, and what must be said beside them."""

    results: list[Result] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def measure(size: int, count: int, rounds: int, mixes: Sequence[str]) -> Told:
    """Measure: ``count`` operations a round; plain by-purpose changes are cut to the time they are given."""
    told = Told()
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room, ExitStack() as stack:
        place = Path(room)
        server = stack.enter_context(started(place))
        if server is None:
            told.notes.append("PostgreSQL or psycopg is not installed: the other side is missing from this run")
        for mix in mixes:
            wanted = Wanted(mix, size, size // PER_SUBJECT, count, rounds)
            measured = [_one_side(side, wanted, told) for side in _sides(place, mix, server)]
            _judge(mix, size, measured, told)
    return told


class Wanted(NamedTuple):
    """What is run on each side: a mix over so many records of so many subjects, so many operations a round."""

    mix: str
    size: int
    users: int
    asked: int
    rounds: int


def _sides(place: Path, mix: str, server: Server | None) -> Iterator[Side]:
    """Yield the sides one after another, each fresh: two stores open at once would share the machine's memory."""
    yield Kept(_folder(place, f"kept-{mix}"))
    yield Plain("plain SQLite", SqliteTable(_folder(place, f"plain-{mix}")))
    if server is not None:
        yield Plain("plain PostgreSQL", PostgresTable(server))


def _one_side(side: Side, wanted: Wanted, told: Told) -> tuple[str, Measured]:
    mix, size, users, asked, rounds = wanted
    try:
        side.load((record(key, users) for key in range(size)), users)
        model = Model(size, users)
        gc.collect()
        gc.freeze()
        before = side.occupied()
        measured = Measured()
        share = asked
        for at in range(rounds):
            ops = _numbered(operations(mix, share, size, users, at), model)
            expected, answers, seconds = _timed(side, ops, model)
            measured.rates.append(len(ops) / seconds)
            measured.right = min(measured.right, agreement(expected, answers))
            if seconds > _LONGEST:
                share = max(50, share // 10)
        reads = checks(_CHECKS, size, users, 0)
        measured.right = min(measured.right, agreement([model.run(op) for op in reads], [side.run(op) for op in reads]))
        measured.grown = side.occupied() / before
        if measured.right < 100:
            raise GestandError(
                "bench-wrong",
                f"{side.name}, {mix}: {measured.right:.2f} % of the answers are the model's",
                remedy="The figures of this run count for nothing.",
            )
        if isinstance(side, Kept):
            told.notes.append(_duties(mix, side))
        return side.name, measured
    finally:
        side.close()
        gc.unfreeze()


def _timed(side: Side, ops: Sequence[Op], model: Model) -> tuple[list[Answer], list[Answer], float]:
    expected = [model.run(op) for op in ops]
    run = side.run
    started_at = time.perf_counter()
    answers = [run(op) for op in ops]
    return expected, answers, time.perf_counter() - started_at


def _numbered(ops: list[Op], model: Model) -> list[Op]:
    """Give the records that are created numbers that no round before has used."""
    return [op._replace(number=model.fresh()) if op.kind is Kind.INSERT else op for op in ops]


def _duties(mix: str, side: Kept) -> str:
    recorded = sum(side.opened())
    if recorded != side.duties.openings:
        raise GestandError(
            "bench-wrong",
            f"{side.duties.openings} openings, but {recorded} of them in the ledger",
            remedy="The figures of this run count for nothing.",
        )
    return (
        f"{mix}: purpose and objection judged, values sealed, due dates kept; {side.duties.openings} openings = {recorded}"
        f" in the ledger, {side.duties.erasures} erasures, {side.ledger.head().size} entries"
    )


def _judge(mix: str, size: int, measured: list[tuple[str, Measured]], told: Told) -> None:
    (_, ours), *others = measured
    rate = statistics.median(ours.rates)
    for name, other in others:
        reach = REACH[mix]["PostgreSQL" not in name]
        plain = statistics.median(other.rates)
        ratio = rate / plain
        told.results.append(
            Result(
                f"{mix}, Gestand on SQLite ÷ {name}",
                size,
                round(rate, 1),
                "ops/s",
                other=round(plain, 1),
                ratio=round(ratio, 3),
                reach=reach,
                holds=reach is None or ratio >= reach,
            )
        )
    if mix == "controller":
        told.results.append(
            Result(
                "bytes after ÷ before, controller mix",
                size,
                round(ours.grown, 3),
                "",
                other=round(others[-1][1].grown, 3),
                ratio=round(ours.grown / others[-1][1].grown, 3),
                reach=_GROWTH,
                holds=ours.grown <= _GROWTH,
            )
        )


def _folder(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir()
    return folder
