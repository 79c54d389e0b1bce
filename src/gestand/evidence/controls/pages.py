"""Control of the pages: nothing is stored on a visitor's device, nothing is fetched from elsewhere.

This looks at the bytes that leave the door. What a real browser keeps is looked at in a real browser (tests/proof).
Telecommunicatiewet 11.7a covers every reading and writing on the device, not only cookies.
"""

from __future__ import annotations

import re

from gestand.evidence.controls.common import judged
from gestand.evidence.model import Control, Page, Verdict, World
from gestand.statement.policy import Text

SCRIPT = re.compile(
    rb"<script|\bon[a-z]+\s*=\s*[\"']|javascript:|document\.cookie|localStorage|sessionStorage|indexedDB", re.IGNORECASE
)
ELSEWHERE = re.compile(
    rb"(?:src|action|poster|data)\s*=\s*[\"']\s*(?:https?:)?//|<(?:iframe|object|embed|base)\b|@import|"
    rb"url\((?!\"[a-z0-9-]+\.woff2\"\))",
    re.IGNORECASE,
)
"""A style sheet may name a font that lies beside it, by its plain name and nothing else: no path, no host, no escape."""
STORING = re.compile(
    rb"document\.cookie|localStorage|sessionStorage|indexedDB|serviceWorker|caches\.open", re.IGNORECASE
)
OFFICE = (
    "/office/nl/",
    "/office/en/today",
    "/office/static/office.js",
    "/office/static/worker.js",
    "/office/static/office.css",
    "/office/nowhere/",
)
"""The office before anybody signed in: its shell, the same for everybody, and all that the shell runs."""
LINKED = re.compile(rb"<link\b[^>]*href\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)


def pages_store_nothing(world: World) -> Verdict:
    """No page sets a cookie, runs a script or fetches from another host; the header that forbids it is there."""
    faults: list[str] = []
    paths = [
        "/",
        *(f"/{text.language}/" for text in world.statement.texts),
        "/nl/versies/",
        "/en/versions/",
        "/nowhere",
    ]
    for path in paths:
        faults += look_at(world.visit(path))
    for path in OFFICE:
        faults += look_at_office(world.visit(path))
    return judged(
        faults,
        len(paths) + len(OFFICE),
        kept=Text(nl="De pagina's bewaren niets bij de bezoeker.", en="The pages store nothing on a device."),
        broken=Text(
            nl="Een pagina bewaart iets of haalt iets elders.", en="A page stores something or fetches from elsewhere."
        ),
    )


def look_at(page: Page) -> list[str]:
    """Return what a page would store on a device or fetch from elsewhere, by its headers and bytes."""
    faults = [f"{page.path}: sets a cookie" for name, _ in page.headers if name == "set-cookie"]
    policy = next((value for name, value in page.headers if name == "content-security-policy"), "")
    if "default-src 'none'" not in policy:
        faults.append(f"{page.path}: the header that forbids scripts and foreign hosts is missing")
    for pattern, what in (
        (SCRIPT, "carries a script"),
        (ELSEWHERE, "fetches from elsewhere"),
        (LINKED, "links a foreign sheet"),
    ):
        if pattern.search(page.body):
            faults.append(f"{page.path}: {what}")
    return faults


def look_at_office(page: Page) -> list[str]:
    """Return what the office would store or fetch from elsewhere: it has two scripts of its own, and no others may run."""
    faults = [f"{page.path}: sets a cookie" for name, _ in page.headers if name == "set-cookie"]
    policy = next((value for name, value in page.headers if name == "content-security-policy"), "")
    if "default-src 'none'" not in policy or "require-trusted-types-for 'script'" not in policy:
        faults.append(f"{page.path}: the header that forbids other scripts and foreign hosts is missing")
    if STORING.search(page.body):
        faults.append(f"{page.path}: stores something on the device")
    if not page.path.endswith(".js") and (ELSEWHERE.search(page.body) or LINKED.search(page.body)):
        faults.append(f"{page.path}: fetches from elsewhere")
    return faults


CONTROLS = (
    Control(
        "pages-store-nothing",
        Text(nl="De pagina's bewaren niets bij de bezoeker", en="The pages store nothing on a visitor's device"),
        Text(
            nl="elke openbare pagina en het kantoor, kop en inhoud",
            en="every public page and the office, headers and body",
        ),
        "measured",
        pages_store_nothing,
        __name__,
        ("statement-current",),
    ),
)
