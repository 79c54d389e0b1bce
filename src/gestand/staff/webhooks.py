"""Webhooks: other programs are told that something happened, signed, without anything about anybody but ids.

A message has the name of a ledger event, its number, its moment, and the ids among its facts; what it was about is asked at
the API, with a token. It is sent again until it is taken; several may come twice, and the number tells them apart.
How a message is made and signed stands in ``posting.py``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gestand.kernel.clock import Clock
from gestand.kernel.crypto import derive
from gestand.kernel.egress import Egress, Peer, Resolve, lookup
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import ActorId, new_id
from gestand.kernel.posting import target_of
from gestand.ledger.events import EVENTS
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.staff.posting import body_of, post_signed, sign, trial_body
from gestand.storage.engine import Engine, Row

SILENT = ("sharing.", "webhook.", "data.opened")
"""Events that are never told: an order that must stay secret looks like any other record of sharing."""
AT_ONCE = 200
"""Messages to one address in one turn."""
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)

MIGRATIONS = (
    """CREATE TABLE webhook (
        id TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT NOT NULL, near INTEGER NOT NULL, made TEXT NOT NULL,
        next_entry INTEGER NOT NULL, failures INTEGER NOT NULL, next_try TEXT NOT NULL, fault TEXT NOT NULL)""",
    "ALTER TABLE webhook ADD COLUMN turn INTEGER NOT NULL DEFAULT 0",
)
ADD = "INSERT INTO webhook (id, url, events, near, made, next_entry, failures, next_try, fault) VALUES (?,?,?,?,?,?,0,'','')"
ALL = "SELECT id, url, events, near, made, next_entry, failures, next_try, fault, turn FROM webhook ORDER BY made, id"
TURN = "UPDATE webhook SET turn = turn + 1 WHERE id = ? RETURNING id"
TURNED = "UPDATE webhook SET turn = ? WHERE id = ? AND turn < ? RETURNING id"
DROP = "DELETE FROM webhook WHERE id = ? RETURNING id"
MOVE = "UPDATE webhook SET next_entry = ?, failures = 0, next_try = '', fault = '' WHERE id = ?"
FAIL = "UPDATE webhook SET next_entry = ?, failures = failures + 1, next_try = ?, fault = ? WHERE id = ?"

Post = Callable[[str, bytes, str], int]
"""Posts a body with its signature to an address and returns the status. :raises GestandError: if nobody answers."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of ``events``; ``near``: it may lie in a private network; ``turn``: how often its secret was replaced."""

    id: str
    url: str
    events: tuple[str, ...]
    near: bool
    made: datetime
    next_entry: int
    failures: int
    next_try: datetime | None
    fault: str
    turn: int = 0


def drop_webhooks(engine: Engine, removed: Collection[str]) -> int:
    """Remove, from a restored store, the webhooks that were removed after it was copied; return how many were there."""
    engine.migrate("webhooks", MIGRATIONS)
    with engine.transaction():
        return sum(bool(engine.execute(DROP, (webhook,))) for webhook in removed)


def turn_secrets(engine: Engine, turns: Mapping[str, int]) -> int:
    """Let no earlier secret sign again in a restored store: ``turns`` is how often that of each was replaced, as the ledger says."""
    engine.migrate("webhooks", MIGRATIONS)
    return sum(bool(engine.execute(TURNED, (turn, webhook, turn))) for webhook, turn in turns.items())


class Webhooks:
    """The webhooks of one organisation."""

    def __init__(
        self,
        engine: Engine,
        root_key: bytes,
        ledger: Ledger,
        clock: Clock,
        entropy: Entropy,
        *,
        resolve: Resolve = lookup,
    ) -> None:
        engine.migrate("webhooks", MIGRATIONS)
        self._engine = engine
        self._key = derive(root_key, "webhooks")
        self._ledger = ledger
        self._clock = clock
        self._entropy = entropy
        self._resolve = resolve

    def add(self, url: str, events: Sequence[str], *, near: bool, actor: ActorId) -> tuple[Webhook, str]:
        """Add an address and return it with the secret of its signatures, which is shown now and never again.

        :raises UsageError: ``webhook-address``, ``webhook-event``.
        """
        target = target_of(url)
        if target is None or (target.scheme != "https" and not near):
            raise UsageError(
                "webhook-address", "a webhook goes to https://host/path, without name or password", where="URL",
                remedy="Write such an address; --near allows http to a machine in your own network.",
            )  # fmt: skip
        unknown = [name for name in events if name not in EVENTS or name.startswith(SILENT)]
        if unknown or not events:
            raise UsageError(
                "webhook-event", f"'{unknown[0]}' is never told" if unknown else "no event is named", where="--event",
                remedy="Name events of docs/formats.md, as request.received.",
            )  # fmt: skip
        now = self._clock()
        id_ = new_id("whk", self._entropy)
        with self._engine.transaction():
            self._engine.execute(
                ADD, (id_, url, " ".join(dict.fromkeys(events)), int(near), now.isoformat(), self._ledger.head().size)
            )
            self._ledger.stage(Event("webhook.added", now, actor, {"webhook": id_, "events": tuple(events)}))
        made = self.one(id_)
        return made, self._secret(made)

    def one(self, webhook: str) -> Webhook:
        """Return a webhook.

        :raises UsageError: ``webhook-unknown``.
        """
        found = next((one for one in self.all() if one.id == webhook), None)
        if found is None:
            raise _unknown(webhook)
        return found

    def all(self) -> tuple[Webhook, ...]:
        """Return every webhook, oldest first."""
        return tuple(_webhook(row) for row in self._engine.execute(ALL))

    def remove(self, webhook: str, *, actor: ActorId) -> None:
        """Remove a webhook.

        :raises UsageError: ``webhook-unknown``.
        """
        with self._engine.transaction():
            if not self._engine.execute(DROP, (webhook,)):
                raise _unknown(webhook)
            self._ledger.stage(Event("webhook.removed", self._clock(), actor, {"webhook": webhook}))

    def replace_secret(self, webhook: str, *, actor: ActorId) -> tuple[Webhook, str]:
        """Give a webhook a new secret, and return it with that; the earlier one signs nothing from now on.

        :raises UsageError: ``webhook-unknown``.
        """
        with self._engine.transaction():
            if not self._engine.execute(TURN, (webhook,)):
                raise _unknown(webhook)
            self._ledger.stage(Event("webhook.secret-replaced", self._clock(), actor, {"webhook": webhook}))
        one = self.one(webhook)
        return one, self._secret(one)

    def attempt(self, webhook: str, post: Post | None = None) -> str:
        """Send a signed message that tells of nothing, once; return what is wrong, empty where it was taken.

        What waits for the address stays as it is.

        :raises UsageError: ``webhook-unknown``.
        """
        one = self.one(webhook)
        return self._fault(one, trial_body(one.id, self._clock()), post or self._poster(one))

    def _fault(self, one: Webhook, body: bytes, post: Post) -> str:
        try:
            status = post(one.url, body, sign(self._secret(one), int(self._clock().timestamp()), body))
        except GestandError as error:
            return error.code
        return "" if 200 <= status < 300 else f"status-{status}"

    def deliver(self, post: Post | None = None) -> tuple[int, int]:
        """Tell every address what it has not been told; return how many messages were taken and how many addresses failed."""
        sent = failed = 0
        for one in self.all():
            if one.next_try is not None and self._clock() < one.next_try:
                continue
            count, well = self._deliver(one, post or self._poster(one))
            sent, failed = sent + count, failed + (not well)
        return sent, failed

    def _deliver(self, one: Webhook, post: Post) -> tuple[int, bool]:
        sent, at = 0, one.next_entry
        for entry in self._ledger.entries(one.next_entry):
            if sent == AT_ONCE:
                break
            if entry.event.name in one.events:
                fault = self._fault(one, body_of(entry), post)
                if fault:
                    rest = min(FIRST_RETRY * (1 << min(one.failures, 12)), LONGEST_RETRY)
                    self._engine.execute(FAIL, (at, (self._clock() + rest).isoformat(), fault, one.id))
                    return sent, False
                sent += 1
            at = entry.index + 1
        if at != one.next_entry or one.failures:
            self._engine.execute(MOVE, (at, one.id))
        return sent, True

    def _poster(self, one: Webhook) -> Post:
        target = target_of(one.url)
        assert target is not None
        egress = Egress([Peer(target.host, target.port, one.near)], resolve=self._resolve)

        def post(url: str, body: bytes, signature: str) -> int:
            return post_signed(egress, url, body, signature)

        return post

    def _secret(self, one: Webhook) -> str:
        named = f"{one.id}/{one.turn}" if one.turn else one.id
        return "whs_" + hmac.new(self._key, named.encode(), hashlib.sha256).hexdigest()


def _unknown(webhook: str) -> UsageError:
    return UsageError(
        "webhook-unknown", "there is no such webhook", where=webhook, remedy="See 'gestand api webhook list'."
    )


def _webhook(row: Row) -> Webhook:
    id_, url, events, near, made, entry, failures, next_try, fault, turn = row
    return Webhook(
        str(id_), str(url), tuple(str(events).split()), bool(near), datetime.fromisoformat(str(made)), int(str(entry)),
        int(str(failures)), datetime.fromisoformat(str(next_try)) if next_try else None, str(fault), int(str(turn)),
    )  # fmt: skip
