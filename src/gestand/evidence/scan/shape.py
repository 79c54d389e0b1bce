"""The shape of a page: what it loads and what it runs. As long as that stays the same, a scan of it still speaks for it.

The words of a page may change without a new scan; a script, a frame or a picture from elsewhere may not.
"""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from gestand.kernel.canonical import canonical

LOADED = (("script", "src"), ("iframe", "src"), ("img", "src"), ("link", "href"), ("object", "data"), ("embed", "src"),
          ("video", "src"), ("audio", "src"), ("source", "src"), ("form", "action"))  # fmt: skip


def shape_of(body: bytes) -> str:
    """Return the SHA-256 over what the page loads (hosts and paths, without queries) and how many scripts stand in it."""
    tree = LexborHTMLParser(body.decode("utf-8", "replace"))
    loaded = sorted(
        f"{tag} {_bare(value)}"
        for tag, attribute in LOADED
        for node in tree.css(f"{tag}[{attribute}]")
        if (value := node.attributes.get(attribute))
    )
    inline = sum(1 for node in tree.css("script") if not node.attributes.get("src"))
    events = sum(1 for node in tree.css("*") for name in node.attributes if name.startswith("on"))
    return hashlib.sha256(canonical({"loaded": loaded, "inline": inline, "events": events})).hexdigest()


def _bare(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{parts.path}" if parts.scheme not in {"data", "javascript"} else parts.scheme
