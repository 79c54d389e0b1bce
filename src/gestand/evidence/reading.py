"""What a visitor reads of a page: its visible text, white space folded."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser


def visible_text(body: bytes) -> str:
    """Return the text of a page's body as a reader sees it, without scripts and styles."""
    tree = LexborHTMLParser(body)
    for unseen in tree.css("script, style, template, noscript"):
        unseen.decompose()
    return " ".join(tree.body.text().split()) if tree.body is not None else ""
