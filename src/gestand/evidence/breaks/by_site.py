"""Violations at the firm's own website, which stands at a host where others can change it."""

from __future__ import annotations

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox


def counter_pasted(sandbox: Sandbox) -> World:
    """The web designer pastes a visitor counter into the page, and the weekly visit is made."""
    page = sandbox.website / "nl" / "index.html"
    counter = "<script>localStorage.setItem('visits', 1 + Number(localStorage.getItem('visits')))</script>"
    page.write_text(page.read_text("utf-8").replace("</body>", f"{counter}</body>", 1), "utf-8")
    return sandbox.look_at_website()


def words_changed_at_the_host(sandbox: Sandbox) -> World:
    """Someone tidies a sentence on the live page, at the host, and not in the statement."""
    page = sandbox.website / "nl" / "index.html"
    page.write_text(page.read_text("utf-8").replace("GEEN", "geen onnodige", 1), "utf-8")
    return sandbox.look_at_website()


BREAKS = (
    Break("own-sites-store-nothing", counter_pasted.__doc__ or "", counter_pasted),
    Break("live-site-equals-version", words_changed_at_the_host.__doc__ or "", words_changed_at_the_host),
)
