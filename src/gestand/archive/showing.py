"""Showing a message safely: text first; HTML sanitised, in a frame that may do nothing and load nothing."""

from __future__ import annotations

import html
from typing import Final

from gestand.archive.model import OpenedMessage
from gestand.archive.threads import headline
from gestand.reading.mail import Mail

TAGS: Final = frozenset(
    [
        "p",
        "br",
        "div",
        "span",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "blockquote",
        "pre",
        "code",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "dl",
        "dt",
        "dd",
        "sub",
        "sup",
        "small",
        "a",
    ]
)
POLICY: Final = (
    "default-src 'none'; style-src 'none'; img-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def sanitised(markup: str) -> str:
    """Return HTML with nothing left that acts, loads or leads anywhere; a link becomes its text and where it led."""
    import nh3

    kept = nh3.clean(
        markup,
        tags=set(TAGS),
        attributes={"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )
    return _links_told(kept)


def _links_told(markup: str) -> str:
    """Return sanitised HTML in which each link is text with its address behind it."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(markup)
    for node in tree.css("a"):
        address = node.attributes.get("href") or ""
        node.replace_with(f"{node.text()} [{address}]" if address else node.text())
    return (tree.body.inner_html or "") if tree.body is not None else ""


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
