"""HTML with nothing left in it that acts, loads or leads anywhere. For the child that may be killed: a parser can be made to work for hours."""

from __future__ import annotations

import html
from typing import Final

from gestand.reading.marks import spaced, too_deep, without_marks

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


def sanitised(markup: str) -> str:
    """Return HTML with nothing left that acts, loads or leads anywhere; a link becomes its text and where it led."""
    import nh3

    if too_deep(markup):
        return f"<p>{html.escape(without_marks(spaced(markup)))}</p>"
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
