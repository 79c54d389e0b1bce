"""Showing a message safely: text first; HTML (sanitised where it is read), in a frame that may do nothing and load nothing."""

from __future__ import annotations

import html
from typing import Final

from gestand.archive.model import OpenedMessage
from gestand.archive.threads import headline
from gestand.reading.mail import Mail

POLICY: Final = (
    "default-src 'none'; style-src 'none'; img-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def page_of(opened: OpenedMessage, mail: Mail, markup: str = "") -> str:
    """Return a page that shows a message: its head and text, and, if given, its (sanitised) HTML in an empty sandbox."""
    line = headline(opened, mail)
    head = "".join(
        f"<dt>{name}</dt><dd>{html.escape(value)}</dd>"
        for name, value in (
            ("Van", line.sender),
            ("Aan", line.recipients),
            ("Op", line.sent),
            ("Onderwerp", line.subject),
        )
    )
    files = "".join(f"<li>{html.escape(one.name or '?')} ({one.size} bytes)</li>" for one in mail.attachments)
    frame = ""
    if markup:
        inner = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">{markup}'
        frame = f'<iframe sandbox="" referrerpolicy="no-referrer" title="HTML" srcdoc="{html.escape(inner)}"></iframe>'
    return (
        f'<!doctype html><html lang="nl"><meta charset="utf-8"><title>{html.escape(line.subject)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
        f"<dl>{head}</dl><pre>{html.escape(mail.body)}</pre><ul>{files}</ul>{frame}</html>"
    )
