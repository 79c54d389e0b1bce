"""Erasure: how soon what was held is unreadable, how soon its bytes are gone, how fast keys are wrapped anew, and a sweep.

Unreadable is measured to the step at which the keys are destroyed on stable storage; bytes gone to the moment at which
the logs of both stores are cut and a renewed search has found nothing.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from gestand.bench.gdpr.kept import DUE, OWNER, Kept
from gestand.bench.gdpr.plain import Plain, SqliteTable
from gestand.bench.gdpr.records import PER_SUBJECT, record, text_of
from gestand.bench.gdpr.timing import Steps, seconds
from gestand.bench.report import Result, document
from gestand.kernel.clock import SettableClock, system_clock
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import FieldPath, ItemId, PurposeId, ShelfId, SubjectId
from gestand.retention.service import BATCH
from gestand.vault.model import NewItem, NewSubject

_GROUND = "17(1)(b)"
_REACH_UNREADABLE = 3
_REACH_GONE = 50_000
_REACH_REWRAP = 50_000
_REACH_SWEEP = 3
_SMALL = 10
_MONTH = 1000  # a period that no record has by itself


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Measure with subjects of up to ``size`` items, and a sweep of a tenth of ten times as many."""
    size, rounds = (min(size, 10_000), 2) if quick else (size, 5)
    return document([*_subjects(size, rounds), *_epoch(size), *_sweep(size)])


def _subjects(size: int, rounds: int) -> list[Result]:
    unreadable: dict[int, list[float]] = {}
    gone: list[float] = []
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room:
        steps = Steps()
        kept = Kept(Path(room), failpoint=steps)
        sizes = sorted({_SMALL, min(1000, size), size})
        for _ in range(rounds):
            for items in sizes:
                subject = _subject(kept, items)
                kept.vault.cut_residue()
                steps.at.clear()
                gc.collect()
                gc.disable()
                started = time.perf_counter()
                erasure = kept.vault.erase_subject(subject, ground=_GROUND, actor=OWNER)
                kept.vault.cut_residue()
                gc.enable()
                if items == size:
                    gone.append(items / (time.perf_counter() - started))
                unreadable.setdefault(items, []).append(steps.at["erase.destroyed"] - started)
                _expect((erasure.items, erasure.found_afterwards), (items, 0))
        kept.close()
    told = [
        Result(f"a subject of {items:,} items is unreadable", items, round(median(times) * 1000, 2), "ms")
        for items, times in unreadable.items()
    ]
    small, large = median(unreadable[_SMALL]), median(unreadable[size])
    told.append(
        Result(
            f"unreadable, {size:,} items ÷ {_SMALL} items",
            size,
            round(large * 1000, 2),
            "ms",
            other=round(small * 1000, 2),
            ratio=round(large / small, 2),
            reach=_REACH_UNREADABLE,
            holds=large <= small * _REACH_UNREADABLE,
        )
    )
    rate = median(gone)
    told.append(
        Result("bytes gone too, SQLite", size, round(rate), "items/s", reach=_REACH_GONE, holds=rate >= _REACH_GONE)
    )
    return told


def _epoch(size: int) -> list[Result]:
    """Turn the key over as many subjects, one item each: afterwards no older copy opens."""
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room:
        kept = Kept(Path(room))
        kept.load((record(key, size) for key in range(size)), size)
        started = time.perf_counter()
        turned = kept.vault.rotate(actor=OWNER)
        rate = turned.rewrapped / (time.perf_counter() - started)
        _expect(turned.rewrapped, size + kept.vault.counts().keys)
        kept.close()
    return [
        Result(
            "unreadable in every backup: keys wrapped anew, committed, tried, tokens mapped",
            size,
            round(rate),
            "keys/s",
            reach=_REACH_REWRAP,
            holds=rate >= _REACH_REWRAP,
        )
    ]


def _sweep(due: int) -> list[Result]:
    """One in ten of all records is due: erased in the batches of ``retention run``, against one indexed DELETE.

    Due is a tenth of every subject, spread over the order of intake. The second figure is against a table that happens to
    have all of it in one run: it then writes a tenth of its pages, and Gestand, whose data lie by subject, every page.
    """
    size = due * PER_SUBJECT
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room:
        clock = SettableClock(system_clock())
        folder = Path(room) / "kept"
        folder.mkdir()
        kept = Kept(folder, clock=clock)
        kept.load((record(key, due) for key in range(size)), due)
        clock.advance(timedelta(days=(DUE - system_clock().date()).days + 1))
        found: list[ItemId] = []
        reading = seconds(lambda: found.extend(one.item for one in kept.vault.due_items(DUE)))
        _expect(len(found), due)

        def sweep() -> None:
            items = iter(found)
            while batch := list(islice(items, BATCH)):
                _expect(kept.vault.erase(batch, ground="5(1)(e)", actor=OWNER).found_afterwards, 0)
            kept.vault.cut_residue()

        ours = seconds(sweep)
        _expect(kept.vault.counts().items, size - due)
        kept.close()
        spread = _plain_sweep(Path(room) / "spread", due, lambda plain: plain.mark_due(0, _MONTH))
        run = _plain_sweep(Path(room) / "run", due, lambda plain: plain.mark_first_due(due, _MONTH))
    return [
        Result("reading what is due", due, round(due / reading), "items/s"),
        Result(
            "retention sweep, one in ten due, ledger and keys ÷ one indexed DELETE in plain SQLite",
            size,
            round(ours, 2),
            "s",
            other=round(spread, 2),
            ratio=round(ours / spread, 2),
            reach=_REACH_SWEEP,
            holds=ours <= spread * _REACH_SWEEP,
        ),
        Result(
            "the same ÷ a DELETE of as many that lie in one run of the plain table",
            size,
            round(ours, 2),
            "s",
            other=round(run, 2),
            ratio=round(ours / run, 2),
            reach=_REACH_SWEEP,
            holds=ours <= run * _REACH_SWEEP,
        ),
    ]


def _plain_sweep(folder: Path, due: int, mark: Callable[[Plain], None]) -> float:
    """Return the seconds in which the plain side deletes what ``mark`` makes due, one in ten of its rows."""
    folder.mkdir()
    plain = Plain("plain SQLite", SqliteTable(folder))
    plain.load((record(key, due) for key in range(due * PER_SUBJECT)), due)
    mark(plain)
    gone: list[int] = []
    took = seconds(lambda: gone.append(plain.expire(_MONTH)))
    _expect(gone, [due])
    plain.close()
    return took


def _subject(kept: Kept, count: int) -> SubjectId:
    items = tuple(
        NewItem(FieldPath("cat1.datum"), text_of(at, count), ShelfId("s0"), "src0", purposes=(PurposeId("p0"),))
        for at in range(count)
    )
    return kept.vault.add([NewSubject(items)], actor=OWNER, reason="benchmark")[0]


def _expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise GestandError(
            "bench-wrong",
            f"{wanted} was to be found, {found} was",
            remedy="The figures of this run count for nothing.",
        )
