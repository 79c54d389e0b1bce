"""A judged scan for people: one self-contained page, plain Dutch first, and the same as PDF by the browser that scanned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from gestand.evidence.scan.model import Judged
from gestand.evidence.scan.notes import host_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KINDS = (
    ("cookies", "cookies"), ("storage", "andere opslag"), ("third_parties", "andere partijen"), ("beacons", "seintjes"),
    ("fingerprinting", "herkenning"), ("workers", "workers"),
)  # fmt: skip


def render_report(judged: Sequence[Judged]) -> str:
    """Return the page, a part a site. It loads nothing and runs nothing."""
    environment = Environment(
        loader=PackageLoader("gestand.evidence", "scan"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    sites = [(", ".join(dict.fromkeys(host_of(url) for url in one.scan.urls)), one) for one in judged]
    return environment.get_template("report.html").render(sites=sites, kinds=KINDS)


def write_pdf(browser: Browser, html: str, target: Path) -> None:
    """Print the page to ``target`` as tagged PDF, A4."""
    page = browser.new_page()
    try:
        page.set_content(html)
        page.pdf(path=str(target), format="A4", print_background=True, tagged=True,
                 margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"})  # fmt: skip
    finally:
        page.close()
