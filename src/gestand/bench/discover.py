"""How fast identifiers are found in free text: in bodies full of them, and in ordinary mail."""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median
from typing import Any

from gestand.bench.mails import mails
from gestand.bench.report import Result, document
from gestand.kernel.config import environment
from gestand.reading.discover import discover
from gestand.reading.mailparse import read_mail

BODIES = Path("mail") / "dutch_bodies.json"


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Run the benchmark on the labelled bodies of ``GESTAND_CORPORA`` (../shared), if they are there, and generated mail."""
    size, rounds = (min(size, 2_000), 1) if quick else (size, 5)
    corpora = Path(environment("GESTAND_CORPORA") or "../shared")
    results: list[Result] = []
    notes: list[str] = []
    if (corpora / BODIES).is_file():
        bodies = [one["text"] for one in json.loads((corpora / BODIES).read_text("utf-8"))]
        results.append(_speed("bodies with an identifier every 87 bytes", bodies, rounds, 2.5))
    else:
        notes.append(f"{corpora / BODIES} is not there: set GESTAND_CORPORA to measure bodies full of identifiers.")
    results.append(_speed("ordinary mail", [read_mail(raw).body for raw in mails(size)], rounds, 12.0))
    return {**document(results), "notes": notes}


def _speed(name: str, texts: list[str], rounds: int, reach: float) -> Result:
    total = sum(len(text.encode()) for text in texts)
    took: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        for text in texts:
            discover(text)
        took.append(time.perf_counter() - start)
    speed = total / 1e6 / median(took)
    return Result(f"discover: {name}", len(texts), round(speed, 2), "MB/s", reach=reach, holds=speed >= reach)
