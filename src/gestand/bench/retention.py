"""A retention plan over a large store: how long until it is known what leaves, and what leaves when."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from gestand.bench.gdpr.kept import DUE, Kept
from gestand.bench.gdpr.records import PER_SUBJECT, record
from gestand.bench.gdpr.timing import seconds
from gestand.bench.report import Result, document
from gestand.kernel.clock import SettableClock, system_clock
from gestand.retention.model import Due
from gestand.retention.rules import plan_retention

_REACH = 5.0


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Measure a plan over ``size`` items of which one in ten is due, reading it from the vault, rules included."""
    size, rounds = (min(size, 50_000), 2) if quick else (size, 5)
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room:
        clock = SettableClock(system_clock())
        kept = Kept(Path(room), clock=clock)
        kept.load((record(key, size // PER_SUBJECT) for key in range(size)), size // PER_SUBJECT)
        clock.advance(timedelta(days=(DUE - system_clock().date()).days + 1))
        found: list[int] = []

        def plan() -> None:
            due = (Due(one.item, one.shelf, one.due, None, one.trigger_on) for one in kept.vault.due_items(DUE))
            found.append(len(plan_retention(DUE, {"vault": due}).leaving))

        took = median(seconds(plan) for _ in range(rounds))
        kept.close()
    return document([
        Result("a plan over all items, one in ten due", size, round(took, 2), "s", reach=_REACH, holds=took <= _REACH),
        Result("things that the plan names", size, found[0], "things"),
    ])  # fmt: skip
