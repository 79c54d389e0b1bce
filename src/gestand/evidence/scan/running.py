"""Runs a scan in a process of its own and reads back what it saw."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from gestand.evidence.scan.browser import find_browser
from gestand.evidence.scan.model import Scan, ScanOrder
from gestand.kernel.errors import UsageError

STARTING = 30.0
"""Seconds that the browser may take beside its pages."""


def scan_sites(orders: Sequence[ScanOrder], *, browser: str = "") -> tuple[Scan, ...]:
    """Visit the sites with a real browser, a fresh profile each.

    :raises UsageError: if there is no browser, or it fails.
    """
    limit = STARTING + sum(order.pages * (2 * order.seconds + order.settle) for order in orders)
    out = _run({"orders": [asdict(order) for order in orders]}, browser, limit)
    return TypeAdapter(tuple[Scan, ...]).validate_json(out)


def print_pdf(html: str, target: Path, *, browser: str = "") -> None:
    """Print a page to PDF.

    :raises UsageError: if there is no browser, or it fails.
    """
    _run({"html": html, "pdf": str(target.absolute())}, browser, STARTING)


def as_root() -> bool:
    """Tell whether the browser must do without its own sandbox, which root cannot have."""
    return os.geteuid() == 0


def _run(asked: dict[str, Any], browser: str, limit: float) -> bytes:
    whole = {"browser": find_browser(browser), "sandboxed": not as_root(), **asked}
    command = [sys.executable, "-m", "gestand.evidence.scan.child"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by our own interpreter
            command, input=json.dumps(whole).encode(), capture_output=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        raise UsageError(
            "browser-failed", f"the browser was not done after {limit:.0f} s", remedy="Try again with fewer --pages."
        ) from None
    if done.returncode:
        last = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it ended"])[-1]
        raise UsageError(
            "browser-failed", f"the browser failed: {last}", where=whole["browser"], remedy="Try it by hand, or name another with --browser."
        )  # fmt: skip
    return done.stdout
