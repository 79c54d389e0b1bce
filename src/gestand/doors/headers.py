"""The headers every answer carries, and the guard that lets no answer store anything on a device.

OWASP ASVS 5.0.0 section 3.4; RFC 6265 is here only to be refused.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For pages without a script."""
OFFICE_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types office"
)
"""For the office: its own two scripts, and no markup made by a script but through its one policy (W3C Trusted Types)."""
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"browsing-topics=()"),
)


class NothingStored:
    """Adds the headers, whatever the application says of them, and strips what would store or identify.

    That is a cookie, an entity tag or a date (a browser sends them back), and any leave to keep a copy in a cache: a cache
    lies on the visitor's device too (Telecommunicatiewet 11.7a).
    """

    def __init__(self, app: ASGIApp, policy: str = CONTENT_SECURITY_POLICY) -> None:
        self._app = app
        self._headers = (*HEADERS, (b"content-security-policy", policy.encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its cookies removed; let its answer out with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k.lower() != b"cookie"]}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message["headers"] if k.lower() not in _DROPPED]
                message = {**message, "headers": [*kept, *self._headers]}
            await send(message)

        await self._app(scope, receive, guarded)


_DROPPED = frozenset({b"set-cookie", b"etag", b"last-modified", b"expires", b"age", b"content-security-policy",
                      *(name for name, _ in HEADERS)})  # fmt: skip
