"""The statement page: answers a second of one process, and how long the slowest hundredth waits at half that load. Then the office.

The client runs on the same machine and takes its share of it: what is measured is less than the server alone could do.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from gestand.bench import office
from gestand.bench.loading import ask, fastest, paced
from gestand.bench.report import Result, document
from gestand.bench.served import Served, organisation, served

PAGE = "/nl/"
REACH = 1_500.0
REACH_MS = 20.0
REACH_KB = 100.0
BESIDE = re.compile(rb'(?:href|src)="(/static/[^"]+)"|url\("([^"]+)"\)')
"""What a page fetches beside itself: its style sheet, and the fonts that this names."""


def run(*, size: int, quick: bool = False) -> dict[str, Any]:
    """Measure one process that serves the statement of a new firm, and its office over ``size`` items."""
    seconds = 1.0 if quick else 6.0
    with organisation() as firm:
        with served(firm) as there:
            _, body = ask(there.host, there.port, PAGE)
            whole = body + _fetched(there, body)
            fastest(there.host, there.port, PAGE, seconds=seconds / 4)
            rounds = [fastest(there.host, there.port, PAGE, seconds=seconds) for _ in range(1 if quick else 5)]
            rate = sorted(one for one, _ in rounds)[len(rounds) // 2]
            times, lost = paced(there.host, there.port, PAGE, rate=rate / 2, seconds=2 * seconds)
        pages = office.measure(firm, min(size, 20_000) if quick else size, 3 if quick else 9)
    failed = sum(count for _, count in rounds) + lost
    late = times[max(0, int(len(times) * 0.99) - 1)] * 1000 if times else float("inf")
    page = len(whole) / 1000
    results = (
        Result("statement page", 1, rate, "requests/s", reach=REACH, holds=rate >= REACH),
        Result("p99 at half load", len(times), late, "ms", reach=REACH_MS, holds=late <= REACH_MS),
        Result("requests that failed", len(times), failed, "requests", reach=0, holds=not failed),
        Result(
            "first page with style and fonts",
            1,
            page,
            "kB",
            reach=REACH_KB,
            holds=page <= REACH_KB and b"<script" not in body,
        ),
        *pages,
    )
    return document(results)


def _fetched(there: Served, body: bytes) -> bytes:
    """Return what a browser fetches for a page beside it."""
    found, waiting = b"", [(PAGE, body)]
    met: set[str] = set()
    while waiting:
        here, text = waiting.pop()
        for parts in BESIDE.findall(text):
            path = urljoin(here, next(part for part in parts if part).decode())
            if path not in met:
                met.add(path)
                content = ask(there.host, there.port, path)[1]
                waiting.append((path, content))
                found += content
    return found
