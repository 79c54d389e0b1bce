"""Whose page asks: Fetch Metadata, and Origin where a browser sends none (OWASP CSRF Prevention, W3C Fetch Metadata).

Nothing ambient opens anything here, for there is no cookie; this is the second bar on the same door.
"""

from __future__ import annotations

from starlette.requests import Request


def from_own_page(request: Request, origin: str) -> bool:
    """Say whether a page of ``origin`` itself asks."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("origin") == origin
