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
        results.append(
            _speed("bodies with an identifier every 87 bytes", [one["text"] for one in labelled], rounds, 2.5)
        )
        results += _quality(labelled)
    else:
        notes.append(f"{corpora / BODIES} is not there: set GESTAND_CORPORA to measure bodies full of identifiers.")
    results.append(_speed("ordinary mail", [read_mail(raw).body for raw in mails(size)], rounds, 12.0))
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


def _speed(name: str, texts: list[str], rounds: int, reach: float) -> Result:
    total = sum(len(text.encode()) for text in texts)
    took: list[float] = []
    for _ in range(rounds):
        start = time.process_time()  # one process that computes and waits for nothing
        for text in texts:
            discover(text)
        took.append(time.process_time() - start)
    speed = total / 1e6 / median(took)
    return Result(
        f"discover: {name}", len(texts), round(speed, 2), "MB per processor second", reach=reach, holds=speed >= reach
    )
