"""Tickets: short texts that a page or program carries to us and back, sealed, of one kind, for a stated time.

Nothing is stored on a device and nothing waits on the server: whatever must survive from one request to the next travels in
the ticket. A ticket of one kind never opens as another (domain separation). That it is used once is the matter of
``storage.once``.
"""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from gestand.kernel.clock import Clock
from gestand.kernel.crypto import NONCE_SIZE, Sealer, derive
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, RefusedError

_MOMENT = struct.Struct(">Q")  # seconds since 1970
LONGEST = 8192
"""Characters in a ticket that are looked at at all."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """An opened ticket: what it carries, when it was issued and until when it holds; ``mark`` tells it from every other."""

    content: bytes
    issued: datetime
    until: datetime
    mark: bytes


class Tickets:
    """Issues and opens tickets under keys derived from the root key, one for each kind."""

    def __init__(self, root_key: bytes, clock: Clock, entropy: Entropy, *, since: datetime | None = None) -> None:
        """``since``: what was issued before opens no more; who restores a copy cannot know which of it was used."""
        self._since = since
        self._root = _Hidden(derive(root_key, "tickets"))
        self._clock = clock
        self._entropy = entropy

    def issue(self, kind: str, content: bytes, *, lasting: timedelta) -> str:
        """Return a ticket of ``kind`` that carries ``content`` and holds for ``lasting``."""
        now = int(self._clock().timestamp())
        body = _MOMENT.pack(now) + _MOMENT.pack(now + int(lasting.total_seconds())) + content
        sealed = self._sealer(kind).seal(body, kind.encode(), self._entropy(NONCE_SIZE))
        return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")

    def open(self, kind: str, text: str) -> Ticket:
        """Return an opened ticket.

        :raises RefusedError: ``ticket`` if it is none of this kind, was changed, or its time is over: one answer for all.
        """
        refused = RefusedError("ticket", "this page was open too long, or was not made here", remedy="Begin again.")
        try:
            sealed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
            body = self._sealer(kind).open(sealed, kind.encode(), "ticket") if len(text) <= LONGEST else b""
        except (binascii.Error, UnicodeEncodeError, DamagedError):
            raise refused from None
        if len(body) < 2 * _MOMENT.size:
            raise refused
        issued, until = (datetime.fromtimestamp(_MOMENT.unpack_from(body, at)[0], UTC) for at in (0, _MOMENT.size))
        if self._clock() > until or (self._since is not None and issued < self._since):
            raise refused
        return Ticket(body[2 * _MOMENT.size :], issued, until, sealed[-16:])

    def _sealer(self, kind: str) -> Sealer:
        return Sealer(derive(self._root.key, kind))


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A key that does not show itself when it is printed."""

    key: bytes = field(repr=False)
