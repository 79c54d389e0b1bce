"""Who says yes to an order where the firm has two keepers: another one than who took it in, with a passkey, in the room of staff."""

from __future__ import annotations

from datetime import timedelta

from gestand.kernel.clock import Clock
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.sharing.approvals import Act, Approvals
from gestand.sharing.model import SECOND_PERSON, Approval
from gestand.staff.model import Act as StaffAct
from gestand.staff.service import Staff


class SecondPerson:
    """Fills ``approvals.Approvals`` from staff. ``alone``: what holds while there is one keeper, or none."""

    def __init__(self, staff: Staff, alone: Approvals, clock: Clock) -> None:
        self._staff = staff
        self._alone = alone
        self._clock = clock

    def approve(self, act: Act, *, actor: ActorId, proof: str) -> Approval:
        """Return the approval that another keeper gave, and use it up; the first time, ask for it.

        It is asked in the name of who took the order in, so that nobody gives it who did.

        :raises RefusedError: ``order-second-person``; what ``alone`` refuses where there are no two keepers.
        """
        if len(self._staff.keepers()) < 2:
            return self._alone.approve(act, actor=actor, proof=proof)
        now, approvals = self._clock(), self._staff.approvals
        given = approvals.of(StaffAct.ORDER, act.id, now=now)
        if given is None:
            self._staff.ask_approval(StaffAct.ORDER, act.id, actor=act.asked_by)
        if given is None or given.given_by is None or given.given_by == act.asked_by:
            raise RefusedError(
                "order-second-person",
                "another keeper than who took it in approves an order; it is asked",
                where=act.id,
                remedy="Let the other keeper read it and give it under 'Staff and keys' in the office, then do this again.",
            )
        approvals.use(StaffAct.ORDER, act.id, actor=actor, now=now)
        return Approval(given.given_by, now, SECOND_PERSON, int((now - act.asked_at) / timedelta(minutes=1)))
