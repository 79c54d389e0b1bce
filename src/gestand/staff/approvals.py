"""Approvals: a dangerous act is looked at twice (OWASP ASVS 5.0.0, 2.3.5).

Whoever wants it asks, bound to what exactly it would do. Another keeper gives it; where the firm has only one, the same
person gives it with a fresh passkey, after a waiting time, and the ledger is told that one person did both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, new_id
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.staff import store as sql
from gestand.staff.model import APPROVAL_LASTS, Act, Approval, Person
from gestand.staff.rules import ready_at, stands
from gestand.staff.store import StaffStore


class Approvals:
    """What was asked for, given and used. ``waiting``: what one person alone waits between giving and using."""

    def __init__(self, rows: StaffStore, ledger: Ledger, entropy: Entropy, waiting: timedelta) -> None:
        self._rows = rows
        self._ledger = ledger
        self._entropy = entropy
        self.waiting = waiting

    def ask(self, act: Act, digest: str, *, actor: ActorId, now: datetime) -> Approval:
        """Ask for an act on what ``digest`` names; asked again while it waits, it is the same."""
        with self._rows.engine.transaction():
            for there in self.open(now):
                if (there.act, there.digest, there.asked_by) == (act, digest, actor):
                    return there
            asked = Approval(new_id("apr", self._entropy), act, digest, actor, now, None, None, None)
            self._rows.engine.execute(sql.ADD_APPROVAL, (asked.id, str(act), digest, actor, now.isoformat()))
            facts: dict[str, Fact] = {"approval": asked.id, "act": str(act), "digest": digest}
            self._ledger.stage(Event("approval.asked", now, actor, facts))
        return asked

    def give(self, approval_id: str, *, giver: Person, keepers: Sequence[Person], now: datetime) -> Approval:
        """Give an approval.

        :raises UsageError: ``approval-unknown``.
        :raises RefusedError: ``approval-own`` if who asked gives it and somebody else could; ``not-keeper``.
        """
        found = next((one for one in self.open(now) if one.id == approval_id), None)
        if found is None:
            raise UsageError("approval-unknown", "there is nothing waiting under this id", remedy="Ask again.")
        if not giver.keeper:
            raise RefusedError("not-keeper", "this is given by a keeper", remedy="Ask one.")
        ready = ready_at(now, giver=giver.id, asker=found.asked_by, keepers=keepers, waiting=self.waiting)
        with self._rows.engine.transaction():
            if not self._rows.engine.execute(sql.GIVE, (giver.id, ready.isoformat(), found.id)):
                return next(one for one in self.open(now) if one.id == approval_id)
            given = replace(found, given_by=giver.id, ready=ready)
            facts: dict[str, Fact] = {
                "approval": found.id,
                "act": str(found.act),
                "alone": given.alone,
                "ready": ready.isoformat(),
            }
            self._ledger.stage(Event("approval.given", now, giver.id, facts))
        return given

    def of(self, act: Act, digest: str, *, now: datetime) -> Approval | None:
        """Return the approval that waits or stands for an act on what ``digest`` names, or None."""
        return next((one for one in self.open(now) if (one.act, one.digest) == (act, digest)), None)

    def use(self, act: Act, digest: str, *, actor: ActorId, now: datetime) -> Approval:
        """Use an approval up; call it in the transaction of the act.

        :raises RefusedError: ``approval-missing``, or ``approval-waiting`` until when.
        """
        found = [one for one in self.open(now) if (one.act, one.digest) == (act, digest)]
        standing = next((one for one in found if stands(one, now)), None)
        if standing is None:
            waits = next((one.ready for one in found if one.ready is not None and one.ready > now), None)
            raise RefusedError(
                "approval-waiting" if waits else "approval-missing",
                f"this may be done from {waits:%Y-%m-%d %H:%M} UTC on"
                if waits
                else "a second look is asked before this",
                remedy="Come back then." if waits else "Ask for it, and let another keeper give it.",
            )
        with self._rows.engine.transaction():
            if not self._rows.engine.execute(sql.USE, (now.isoformat(), standing.id)):
                raise RefusedError("approval-missing", "this approval was used", remedy="Ask again.")
            facts: dict[str, Fact] = {"approval": standing.id, "act": str(act), "alone": standing.alone}
            self._ledger.stage(Event("approval.used", now, actor, facts))
        return replace(standing, used_at=now)

    def open(self, now: datetime) -> tuple[Approval, ...]:
        """Return what waits or stands, oldest first; what grew old is not among it."""
        return tuple(one for one in self._rows.approvals() if now - (one.ready or one.asked_at) <= APPROVAL_LASTS)

    def sweep(self, now: datetime) -> None:
        """Forget what was asked long ago; the ledger keeps that it was."""
        self._rows.engine.execute(sql.DROP_APPROVALS, ((now - 4 * APPROVAL_LASTS).isoformat(),))
