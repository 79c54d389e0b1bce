"""Who says yes to an order (promise of two people): a second person, or one person afresh after a wait.

Where there are two keepers, ``second_person`` fills ``Approvals`` from staff; else ``AloneAfterWaiting`` holds: the one person types
the order's own id when it is carried out, and not before the wait is over. Article 32(4) GDPR: who acts does so on instructions, not on an impulse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from gestand.kernel.clock import AMSTERDAM, Clock
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.sharing.model import FRESH_PROOF, Approval

LEAST_WAIT: Final = timedelta(minutes=15)
"""Whatever the settings say, one person alone never decides faster than this."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be approved: an opaque id (nothing of it may stand in the ledger but that id), by whom and since when asked.

    ``mark``: of the key and the people, where these are said only when it is carried out: a yes is to them and no others.
    """

    id: str
    asked_by: ActorId
    asked_at: datetime
    mark: str = ""

    @property
    def digest(self) -> str:
        """What a yes is bound to."""
        return f"{self.id} {self.mark}".strip()


class Approvals(Protocol):
    """Judges whether an act has the yes it needs."""

    def approve(self, act: Act, *, actor: ActorId, proof: str) -> Approval:
        """Return the approval of ``act`` by, or on behalf of, ``actor``; ``proof`` is what they showed afresh.

        :raises RefusedError: if a second person is needed and did not approve, the wait is not over, or the proof is none.
        """
        ...

    def export(self, digest: str, *, actor: ActorId) -> None:
        """Let a giving pass that asks a second look: the first time, ask for it; once it is given, use it up.

        :raises RefusedError: ``approval-missing``, ``approval-waiting``.
        """
        ...


class AloneAfterWaiting:
    """One person runs everything: a wait, and the id of the act typed afresh."""

    def __init__(self, clock: Clock, waiting: timedelta) -> None:
        self._clock = clock
        self._waiting = max(waiting, LEAST_WAIT)

    def approve(self, act: Act, *, actor: ActorId, proof: str) -> Approval:
        """Return the approval, once the wait is over and the id was typed.

        :raises RefusedError: ``order-waiting``, ``order-unconfirmed``.
        """
        now = self._clock()
        ready = act.asked_at + self._waiting
        if now < ready:
            raise RefusedError(
                "order-waiting",
                f"one person alone carries out an order after a wait; this one waits until {ready.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}",
                where=act.id,
                remedy="Read it once more then. Where the firm has two people, the second one approves it at once.",
            )
        if proof != act.id:
            raise RefusedError(
                "order-unconfirmed",
                "it is not confirmed afresh",
                where=act.id,
                remedy=f"Read it, and confirm with --confirm {act.id}.",
            )
        return Approval(actor, now, FRESH_PROOF, int((now - act.asked_at) / timedelta(minutes=1)))

    def export(self, digest: str, *, actor: ActorId) -> None:
        """Let it pass: nobody is there to look a second time."""
