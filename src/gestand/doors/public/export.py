"""The public pages as plain files, for a firm whose site stands at an ordinary host: no program runs there."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.types import ASGIApp

from gestand.doors.public.visit import visitor
from gestand.doors.web.templates import FONTS
from gestand.kernel.errors import UsageError

LINK = re.compile(rb"(?:href|src)=\"(/[^\"#?]*)")
START = (
    "/nl/", "/en/", "/static/style.css", *(f"/static/{name}" for name in FONTS), "/robots.txt", "/.well-known/security.txt",
    "/.well-known/gpc.json",
)  # fmt: skip
SKIPPED = ("/office/", "/api/", "/portal/")


def export_site(app: ASGIApp, folder: Path) -> tuple[Path, ...]:
    """Write every page that the start pages lead to into ``folder`` and return the files; each folder has an index.html.

    A page that needs an answer (a form that is sent) is left out: nobody answers there. Links are made relative, so that the
    files work under any path.

    :raises UsageError: if the folder cannot be written.
    """
    visit = visitor(app)
    waiting, met, written = list(START), set(START), list[Path]()
    try:
        while waiting:
            path = waiting.pop(0)
            page = visit(path)
            if page.status != 200:
                continue
            target = folder / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_relative(page.body, path) if path.endswith("/") else page.body)
            written.append(target)
            for link in (found.decode("ascii", "ignore") for found in LINK.findall(page.body)):
                if link not in met and not link.startswith(SKIPPED):
                    met.add(link)
                    waiting.append(link)
        index = folder / "index.html"
        index.write_text(FORWARD, "utf-8")
    except OSError as fault:
        raise UsageError(
            "export-unwritable",
            f"cannot write: {fault.strerror}",
            where=str(folder),
            remedy="Name a folder of your own.",
        ) from None
    return (*written, index)


FORWARD = """<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=nl/"><title>Privacyverklaring</title></head>
<body><p><a href="nl/">Privacyverklaring</a> · <a href="en/" lang="en">Privacy statement</a></p></body></html>
"""


def _relative(body: bytes, path: str) -> bytes:
    up = b"../" * (path.strip("/").count("/") + 1)
    return LINK.sub(lambda found: found[0].replace(b'"/', b'"' + up, 1), body)
