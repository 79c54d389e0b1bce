"""Health, readiness and metrics: for whatever watches the machine. Counts and moments alone, nothing about anybody.

``/health`` says that the process answers; ``/ready`` that it can do its work: store, ledger and statement are there;
``/metrics`` is the text format of Prometheus (version 0.0.4), on a port of its own on this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gestand.doors.headers import NothingStored
from gestand.doors.running.counting import BOUNDS, Stock, Tally
from gestand.doors.running.ticking import standing
from gestand.kernel.errors import GestandError
from gestand.system import System

FORMAT = "text/plain; version=0.0.4; charset=utf-8"


def not_ready(house: System) -> str:
    """Return the code of what keeps an organisation from its work; empty where nothing does."""
    try:
        house.engine.execute("SELECT 1")
        house.publication.in_force()
        house.ledger.extent()
    except GestandError as fault:
        return fault.code
    return ""


def probes(house: System, tally: Tally | None = None) -> ASGIApp:
    """Return ``/health`` and ``/ready``, and with a ``tally`` also ``/metrics``."""
    stock = Stock(house)

    def health(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_request: Request) -> Response:
        why = await run_in_threadpool(not_ready, house)
        return PlainTextResponse(f"not ready: {why}\n" if why else "ready\n", status_code=503 if why else 200)

    async def metrics(_request: Request) -> Response:
        return Response(await run_in_threadpool(measured, house, tally or Tally(), stock), media_type=FORMAT)

    routes = [Route("/health", health), Route("/ready", ready)]
    return NothingStored(Starlette(routes=[*routes, Route("/metrics", metrics)] if tally is not None else routes))


def measured(house: System, tally: Tally, stock: Stock | None = None) -> str:
    """Return all metrics in the text format."""
    lines: list[str] = []
    for name, kind, told, values in _families(house, tally, stock or Stock(house)):
        lines += [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]
        lines += [
            f"{name}{labels} {value:g}" if isinstance(value, float) else f"{name}{labels} {value}"
            for labels, value in values
        ]
    return "\n".join(lines) + "\n"


Values = list[tuple[str, int | float]]


def _families(house: System, tally: Tally, stock: Stock) -> Iterator[tuple[str, str, str, Values]]:
    yield "gestand_ready", "gauge", "1 where store, ledger and statement are there.", [("", int(not not_ready(house)))]
    yield "gestand_ledger_entries", "counter", "Entries of the ledger.", [("", house.ledger.head().size)]
    counts, _ = stock.counts()
    yield "gestand_subjects", "gauge", "Subjects in the vault.", [("", counts.subjects)]
    yield "gestand_items", "gauge", "Data in the vault.", [("", counts.items)]
    now, running = house.clock(), list(house.requests.running())
    yield "gestand_requests_open", "gauge", "Requests of data subjects whose clock runs.", [("", len(running))]
    late = sum(one.conservative < now for one in running)
    yield "gestand_requests_late", "gauge", "Of these, those past their term.", [("", late)]
    open_breaches = sum(not case.breach.rehearsal for case in house.breaches.running())
    yield "gestand_breaches_open", "gauge", "Breaches that are not closed.", [("", open_breaches)]
    yield from _work(house)
    yield from _answers(tally)
    yield "process_resident_memory_bytes", "gauge", "Memory in use.", [("", resident())]


def _work(house: System) -> Iterator[tuple[str, str, str, Values]]:
    now, rows = house.clock(), [row for row in standing(house) if not row[3]]
    done: Values = [(_label(work=work.name), record.done.timestamp()) for work, record, _, _ in rows if record.done]
    yield (
        "gestand_due_work_done_seconds",
        "gauge",
        "When due work was done last, in seconds since 1970.",
        [(label, int(at)) for label, at in done],
    )
    failures: Values = [(_label(work=work.name), record.failures) for work, record, _, _ in rows]
    yield "gestand_due_work_failures", "gauge", "Failures in a row.", failures
    waiting: Values = [(_label(work=work.name), int(due is None or due <= now)) for work, _, due, _ in rows]
    yield "gestand_due_work_waiting", "gauge", "1 where it is due and not done.", waiting


def _answers(tally: Tally) -> Iterator[tuple[str, str, str, Values]]:
    ended: Values = [(_label(door=door, status=status), n) for (door, status), n in sorted(tally.ended.items())]
    yield "gestand_http_requests_total", "counter", "Requests that ended, by door and class of status.", ended
    buckets: Values = []
    for door, counts in sorted(tally.times.items()):
        total = 0
        for bound, count in zip((*BOUNDS, float("inf")), counts, strict=True):
            total += count
            buckets.append((_label(door=door, le="+Inf" if bound == float("inf") else f"{bound:g}"), total))
    name = "gestand_http_request_seconds"
    yield f"{name}_bucket", "counter", "Requests that took no longer, by door.", buckets
    yield (
        f"{name}_sum",
        "counter",
        "Seconds that requests took.",
        [(_label(door=d), float(s)) for d, s in sorted(tally.seconds.items())],
    )
    yield "gestand_http_requests_running", "gauge", "Requests that are being answered.", [("", tally.running)]


def _label(**labels: str) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"


def resident(status: Callable[[], str] = lambda: Path("/proc/self/status").read_text("ascii", "replace")) -> int:
    """Return the memory this process has, in bytes; 0 where the system does not say."""
    try:
        line = next((line for line in status().splitlines() if line.startswith("VmRSS:")), "")
    except OSError:
        return 0
    words = line.split()
    return int(words[1]) * 1024 if len(words) > 1 else 0
