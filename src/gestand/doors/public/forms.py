"""What every public form shares: its ticket, its trap for machines, its limits, and how it is read.

A form carries a ticket that was made with it. It is accepted between three seconds and twelve hours later, once. A field
that people do not see is filled in by machines only; those are told the same as everybody. Who asks is counted by
neighbourhood of the address, in memory, under a key that lives for a day (see ``doors.web.limits``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gestand.doors.web.limits import Buckets, neighbourhood
from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError
from gestand.kernel.tickets import Tickets
from gestand.reading.kinds import guess_kind
from gestand.reading.normal import normal_form
from gestand.statement.policy import FieldKind
from gestand.storage.once import Once

YOUNGEST = timedelta(seconds=3)
OLDEST = timedelta(hours=12)
MOST_FIELDS = 20
TRAP = "website"
LEAST_SECONDS = 0.6
"""An answer to a form never leaves sooner: what was looked up on the way cannot be told from how long it took."""
Fields = Mapping[str, str]
Pause = Callable[[float], Awaitable[None]]


class Sent(Enum):
    """What may be said of a form before its words are read."""

    GOOD = "good"
    TRAPPED = "trapped"  # by a machine: the same is shown as to anybody, and nothing is kept
    FOREIGN = "foreign"  # from a page of somebody else
    QUICK = "quick"
    OLD = "old"  # or not made here
    AGAIN = "again"
    OFTEN = "often"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one form: for a neighbourhood, and for everyone together."""

    each: Buckets
    all: Buckets


class Forms:
    """Makes and judges the tickets of forms."""

    def __init__(self, tickets: Tickets, once: Once, clock: Clock, entropy: Entropy) -> None:
        self._tickets = tickets
        self._once = once
        self._clock = clock
        self._limits = Limits(
            Buckets(clock, entropy, size=10, seconds=60), Buckets(clock, entropy, size=300, seconds=2)
        )
        self._mailboxes = Buckets(clock, entropy, size=3, seconds=3600)

    def ticket(self, kind: str) -> str:
        """Return a fresh ticket for a form."""
        return self._tickets.issue(f"form {kind}", b"", lasting=OLDEST)

    def judge(self, kind: str, request: Request, fields: Fields) -> Sent:
        """Say what may be said of a form that was sent; its ticket is not used up by it."""
        if not from_here(request):
            return Sent.FOREIGN
        who = neighbourhood(request.client.host if request.client else "")
        if not self._limits.each.take(kind, who) or not self._limits.all.take(kind, ""):
            return Sent.OFTEN
        try:
            ticket = self._tickets.open(f"form {kind}", fields.get("ticket", ""))
        except RefusedError:
            return Sent.OLD
        if fields.get(TRAP, ""):
            return Sent.TRAPPED
        return Sent.QUICK if self._clock() - ticket.issued < YOUNGEST else Sent.GOOD

    def spend(self, kind: str, fields: Fields) -> bool:
        """Use the ticket of a good form up; False if it was used before."""
        ticket = self._tickets.open(f"form {kind}", fields.get("ticket", ""))
        return self._once.spend(f"form {kind}", ticket.mark, now=self._clock(), until=ticket.until)

    def mailbox_free(self, address: str) -> bool:
        """Say whether more may be asked from one contact point within this hour; one that is found under it counts as it."""
        kind = guess_kind(address) or FieldKind.EMAIL
        return self._mailboxes.take("mailbox", normal_form(kind, address))


def from_here(request: Request) -> bool:
    """Say whether a page of this door sent it: Fetch Metadata, else Origin against Host.

    A client that sends neither is no browser, and carries nothing that another page could make it send.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or (
        bool(urlsplit(origin).netloc) and urlsplit(origin).netloc == request.headers.get("host", "")
    )


async def read_fields(request: Request) -> Fields:
    """Return the fields of a form as text; empty for a body of another kind, too many fields, or none."""
    body = await request.body()
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        return dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


async def answered(
    request: Request,
    work: Callable[[Request, Fields], Response],
    *,
    least: float = LEAST_SECONDS,
    pause: Pause = asyncio.sleep,
) -> Response:
    """Read a form, let ``work`` answer it in a thread, and return that answer after ``least`` seconds, not sooner."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    fields = await read_fields(request)
    answer = await run_in_threadpool(work, request, fields)
    await pause(max(0.0, least - (loop.time() - begun)))
    return answer
