"""The browser's own process: reads one order from standard input, visits, writes what it saw to standard output, and ends.

A browser library brings an event loop of its own; in a process apart it disturbs no door, and can be ended when it hangs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import TypeAdapter

from gestand.evidence.scan.browser import launched, visit
from gestand.evidence.scan.model import Scan, ScanOrder
from gestand.evidence.scan.report import write_pdf
from gestand.kernel.clock import system_clock


def main() -> None:
    """Do what standard input asks: ``{"browser", "sandboxed", "orders"}`` or ``{"browser", "sandboxed", "html", "pdf"}``."""
    asked = json.loads(sys.stdin.buffer.read())
    orders = TypeAdapter(tuple[ScanOrder, ...]).validate_python(asked.get("orders", ()))
    with launched(asked["browser"], sandboxed=asked["sandboxed"]) as browser:
        if "pdf" in asked:
            write_pdf(browser, asked["html"], Path(asked["pdf"]))
        scans = tuple(visit(browser, order, clock=system_clock) for order in orders)
    sys.stdout.buffer.write(TypeAdapter(tuple[Scan, ...]).dump_json(scans))


if __name__ == "__main__":
    main()
