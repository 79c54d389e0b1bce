"""What a benchmark reports: the machine, and for each figure what was measured, against what, and whether it holds."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. ``other`` is the other side of a comparison, ``reach`` what must be reached; None where there is none.

    ``ratio`` is ours ÷ other. Without a ``reach`` a figure is told, not judged: ``holds`` is true.
    """

    name: str
    size: int
    ours: float
    unit: str
    other: float | None = None
    ratio: float | None = None
    reach: float | None = None
    holds: bool = True


def document(results: Sequence[Result]) -> dict[str, Any]:
    """Return the machine form (docs/formats.md)."""
    return {"machine": machine(), "results": [asdict(result) for result in results]}


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, cores, memory in MB, system, Python, and the load before the run."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
