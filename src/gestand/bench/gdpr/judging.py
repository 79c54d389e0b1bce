"""What the measured sides come to: ratios against what must be reached."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from gestand.bench.gdpr.clients import Engine
from gestand.bench.report import Result

REACH: dict[tuple[Engine, Engine], dict[str, float]] = {
    (Engine.KEPT_SQLITE, Engine.PLAIN_POSTGRES): {
        "regulator": 2.5,
        "customer": 1.2,
        "processor": 0.4,
        "controller": 50.0,
    },
    (Engine.KEPT_SQLITE, Engine.PLAIN_SQLITE): {"regulator": 0.25, "customer": 0.3, "processor": 0.15},
    (Engine.KEPT_POSTGRES, Engine.PLAIN_POSTGRES): {
        "regulator": 0.6,
        "customer": 0.6,
        "processor": 0.35,
        "controller": 50.0,
    },
}
"""What each side of Gestand must reach against a plain one, for each mix; plain SQLite is the limit of ours on SQLite."""
_GROWTH = 1.2
_MEMORY = 300_000_000


@dataclass(slots=True)
class Measured:
    """What one side came to in one mix: operations a second in each round, the share of right answers, bytes."""

    rates: list[float] = field(default_factory=list)
    right: float = 100.0
    grown: float = 1.0
    memory: int = 0


@dataclass(slots=True)
class Told:
    """The figures, and what must be said beside them."""

    results: list[Result] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def judge(name: str, size: int, measured: Sequence[tuple[Engine, Measured]], told: Told, *, bound: bool = True) -> None:
    """Add the ratios of a mix; without ``bound`` they are told and not judged."""
    mix = name.partition(",")[0]
    for ours, mine in measured:
        for other, theirs in measured:
            reaches = REACH.get((ours, other))
            if reaches is not None:
                reach = reaches.get(mix) if bound else None
                told.results.append(_ratio(f"{name}: {ours} ÷ {other}", size, mine, theirs, reach))
        if ours.kept and bound:
            _bytes(name, size, ours, measured, told)


def _ratio(name: str, size: int, mine: Measured, theirs: Measured, reach: float | None) -> Result:
    rate, plain = statistics.median(mine.rates), statistics.median(theirs.rates)
    ratio = rate / plain
    return Result(
        name,
        size,
        round(rate, 1),
        "ops/s",
        other=round(plain, 1),
        ratio=round(ratio, 3),
        reach=reach,
        holds=reach is None or ratio >= reach,
    )


def _bytes(name: str, size: int, engine: Engine, measured: Sequence[tuple[Engine, Measured]], told: Told) -> None:
    mine = dict(measured)[engine]
    if name.startswith("controller"):
        plain = dict(measured).get(Engine.PLAIN_POSTGRES) or mine
        told.results.append(
            Result(
                f"{name}: bytes after ÷ before, {engine}",
                size,
                round(mine.grown, 3),
                "",
                other=round(plain.grown, 3),
                ratio=round(mine.grown / plain.grown, 3),
                reach=_GROWTH,
                holds=mine.grown <= _GROWTH,
            )
        )
    if mine.memory:
        told.results.append(
            Result(
                f"{name}: most memory of a client, {engine}",
                size,
                round(mine.memory / 1e6),
                "MB",
                reach=_MEMORY / 1e6,
                holds=mine.memory <= _MEMORY,
            )
        )
