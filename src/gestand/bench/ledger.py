"""The ledger's figures: appends by eight processes, verification, opening, a receipt.

Every round works on a fresh ledger in a temporary folder of the disk that is measured, and counts: entries in the
verified tree must be entries acknowledged, else the run counts for nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any

from gestand.bench.report import Result, document
from gestand.kernel.clock import system_clock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event
from gestand.ledger.receipt import verify_receipt
from gestand.ledger.service import SEAL_ENTRIES, Ledger, open_ledger

WRITERS = 8
REACH_APPEND = 30_000
REACH_DURABLE = 6_000
REACH_VERIFY = 200_000
_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Run the benchmark and return the machine form; ``quick``: at most 100,000 entries, one round."""
    return document(measure(size=min(size, 100_000) if quick else size, rounds=1 if quick else 5))


def measure(*, size: int, rounds: int, folder: Path | None = None) -> list[Result]:
    """Measure with ``size`` entries to verify, medians of ``rounds``. ``folder`` lies on the disk to measure.

    :raises GestandError: ``bench-wrong`` if any entry acknowledged is not in the verified tree.
    """
    per_writer = max(size // 20, 1000)
    with tempfile.TemporaryDirectory(dir=folder, prefix="gestand-bench-") as room:
        place = Path(room)
        quick = _median(rounds, lambda at: _append(place / f"append{at}", per_writer, durable=False))
        waiting = _median(rounds, lambda at: _append(place / f"durable{at}", per_writer // 5, durable=True))
        shared = _median(rounds, lambda at: _append(place / f"shared{at}", per_writer, durable=False, spread=False))
        together = _median(
            rounds, lambda at: _append(place / f"together{at}", per_writer // 5, durable=True, spread=False)
        )
        joined = _median(rounds, lambda at: _joined(place / f"joined{at}", per_writer))
        bare = _median(rounds, lambda _at: _bare(place / "bare", per_writer // 5))
        return [
            _judged("append, 8 processes, a stream each, rule for openings", per_writer * WRITERS, quick, REACH_APPEND),
            Result("the same into one file", per_writer * WRITERS, round(shared), "entries/s"),
            Result(
                "joining 8 streams into the tree",
                min(per_writer, SEAL_ENTRIES // 2) * WRITERS,
                round(joined),
                "entries/s",
            ),
            Result(
                "append, 8 processes, a stream each, each waiting for stable storage (other: bare write and sync, 1 process)",
                per_writer // 5 * WRITERS,
                round(waiting),
                "entries/s",
                other=round(bare),
                ratio=round(waiting / bare, 2),
                reach=REACH_DURABLE,
                holds=waiting >= REACH_DURABLE,
            ),
            Result("the same into one file", per_writer // 5 * WRITERS, round(together), "entries/s"),
            *_read(place / "big", size, rounds),
        ]


def _read(place: Path, size: int, rounds: int) -> list[Result]:
    with _open(place) as ledger:
        started = time.perf_counter()
        for number in range(size):
            ledger.append(_opening(number))
        alone = size / (time.perf_counter() - started)
    opened = _median(rounds, lambda _at: _seconds(lambda: _open(place).close()))
    with _open(place) as ledger:
        verified = _median(rounds, lambda _at: size / _seconds(lambda: _expect(ledger.verify().size, size)))
        last = ledger.checkpoint()
        made = _median(rounds, lambda at: _seconds(lambda: ledger.receipt((size - 1) // (at + 1), last).to_text()))
        text, key = ledger.receipt(size // 2, last).to_text(), ledger.key
        checked = _median(rounds, lambda _at: _seconds(lambda: verify_receipt(text, key)))
    return [
        _judged("verification, one core", size, verified, REACH_VERIFY),
        Result("append, 1 process", size, round(alone), "entries/s"),
        Result("opening", size, round(opened * 1000, 2), "ms"),
        Result("receipt made", size, round(made * 1000, 2), "ms"),
        Result("receipt verified", size, round(checked * 1000, 2), "ms"),
    ]


def _joined(place: Path, count: int) -> float:
    """Return entries per second that one process joins from 8 streams; each holds back its checkpoint meanwhile."""
    few = min(count, SEAL_ENTRIES // 2)
    with ExitStack() as opened:
        ledgers = [opened.enter_context(_open(place, spread=True)) for _ in range(WRITERS)]
        for number in range(few):
            for ledger in ledgers:
                ledger.record(_opening(number))
        return few * WRITERS / _seconds(lambda: _expect(ledgers[0].head().size, few * WRITERS))


def _append(place: Path, count: int, *, durable: bool, spread: bool = True) -> float:
    """Return entries per second, from the moment all writers are ready to the moment the last one is done."""
    _open(place).close()
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(WRITERS + 1)
    done = context.Barrier(WRITERS + 1)
    writers = [
        context.Process(target=_write, args=(place, count, durable, spread, ready, done)) for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    try:
        ready.wait()
        started = time.perf_counter()
        done.wait()
    except BrokenBarrierError:
        raise GestandError(
            "bench-wrong",
            "a writer failed; what it says stands above",
            remedy="The figures of this run count for nothing.",
        ) from None
    seconds = time.perf_counter() - started
    for writer in writers:
        writer.join()
    with _open(place) as ledger:
        _expect(ledger.verify().size, count * WRITERS)
    return count * WRITERS / seconds


def _bare(path: Path, count: int) -> float:
    """Return how often a second this disk takes 200 bytes and confirms them, at this moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        started = time.perf_counter()
        for _ in range(count):
            os.write(descriptor, bytes(200))
            os.fdatasync(descriptor)
        return count / (time.perf_counter() - started)
    finally:
        os.close(descriptor)


def _write(place: Path, count: int, durable: bool, spread: bool, ready: Barrier, done: Barrier) -> None:  # noqa: FBT001, PLR0917 - through a process
    try:
        with _open(place, spread=spread) as ledger:
            ready.wait()
            for number in range(count):
                ledger.record(_opening(number), durable=durable)
            done.wait()
    except GestandError:
        ready.abort()
        done.abort()
        raise


def _open(place: Path, *, spread: bool = False) -> Ledger:
    return open_ledger(
        place / "data" / "ledger",
        None,
        clock=system_clock,
        entropy=system_entropy,
        remembered=place / "keys" / "ledger.checkpoint",
        origin="example.org/bench",
        spread=spread,
    )


def _opening(number: int) -> Event:
    return Event(
        name="data.opened",
        at=_AT,
        actor=ActorId("staff-bram"),
        facts={"purpose": "support", "reason": "call about a job", "items": number % 7 + 1, "refused": 0},
        subject=f"{number:032x}",
    )


def _median(rounds: int, once: Callable[[int], float]) -> float:
    return statistics.median(once(at) for at in range(rounds))


def _seconds(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _expect(found: int, count: int) -> None:
    if found != count:
        raise GestandError(
            "bench-wrong",
            f"{count} entries were acknowledged, {found} are in the verified tree",
            remedy="The figures of this run count for nothing; verify the ledger's tests first.",
        )


def _judged(name: str, size: int, ours: float, reach: float) -> Result:
    return Result(name, size, round(ours), "entries/s", reach=reach, holds=ours >= reach)
