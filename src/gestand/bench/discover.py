"""How fast identifiers are found in free text: in bodies full of them, and in ordinary mail."""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

from gestand.bench.mails import mails
from gestand.bench.report import Result, document
from gestand.kernel.config import environment
from gestand.reading.discover import discover
from gestand.reading.mailparse import read_mail

KINDS: Final = ("PHONE", "EMAIL", "IBAN", "BSN", "POSTCODE", "IP")
REACH: Final = 0.98
BODIES = Path("mail") / "dutch_bodies.json"


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Run the benchmark on the labelled bodies of ``GESTAND_CORPORA`` (../shared), if they are there, and generated mail."""
    size, rounds = (min(size, 2_000), 1) if quick else (size, 5)
    corpora = Path(environment("GESTAND_CORPORA") or "../shared")
    results: list[Result] = []
    notes: list[str] = []
    discover("bel 06-12345678 of +32 2 555 12 12")  # what is loaded once is loaded
    if (corpora / BODIES).is_file():
        labelled = json.loads((corpora / BODIES).read_text("utf-8"))
        results += _speed("bodies with an identifier every 87 bytes", [one["text"] for one in labelled], rounds, 2.5)
        results += _quality(labelled)
    else:
        notes.append(f"{corpora / BODIES} is not there: set GESTAND_CORPORA to measure bodies full of identifiers.")
    results += _speed("ordinary mail", [read_mail(raw).body for raw in mails(size)], rounds, 12.0)
    return {**document(results), "notes": notes}


def _quality(labelled: list[Any]) -> list[Result]:
    """Return precision and recall of each kind: a find counts if it stands exactly where the label says."""
    wanted: dict[str, set[tuple[int, int, int]]] = {kind: set() for kind in KINDS}
    found: dict[str, set[tuple[int, int, int]]] = {kind: set() for kind in KINDS}
    for number, one in enumerate(labelled):
        for start, end, kind, _ in one["spans"]:
            if kind in wanted:
                wanted[kind].add((number, start, end))
        for spot in discover(one["text"]):
            if spot.kind.name in found:
                found[spot.kind.name].add((number, spot.start, spot.end))
    results: list[Result] = []
    for kind in KINDS:
        right = len(wanted[kind] & found[kind])
        for name, among in (("precision", found[kind]), ("recall", wanted[kind])):
            share = right / max(len(among), 1)
            title = f"discover: {name} of {kind.lower().replace('_', ' ')}"
            results.append(Result(title, len(among), round(share, 4), "share", reach=REACH, holds=share >= REACH))
    return results


def _speed(name: str, texts: list[str], rounds: int, reach: float) -> list[Result]:
    """Return the speed of one process on one core, by the clock; and by the time its processor gave it, on a busy machine."""
    total = sum(len(text.encode()) for text in texts) / 1e6
    clock: list[float] = []
    processor: list[float] = []
    for _ in range(rounds):
        begun, used = time.perf_counter(), time.process_time()
        for text in texts:
            discover(text)
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    speed = total / median(clock)
    by_processor = round(total / median(processor), 2)
    return [
        Result(f"discover: {name}", len(texts), round(speed, 2), "MB/s", reach=reach, holds=speed >= reach),
        Result(f"the same, by the processor: {name}", len(texts), by_processor, "MB per processor second"),
    ]
