"""Who says yes to an order where the firm has two keepers: another one than who took it in, with a passkey, in the room of staff.

Who looks a second time at what is given to a key that was not agreed, or of many, is asked there too (OWASP ASVS 5.0.0, 2.3.5).
"""

from __future__ import annotations

from datetime import timedelta

from gestand.kernel.clock import Clock
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.sharing.approvals import Act, Approvals
from gestand.sharing.model import SECOND_PERSON, Approval
from gestand.staff.model import Act as StaffAct
from gestand.staff.service import Staff

PROGRAM = "program-"
"""How the name of an actor begins that is a program (``staff.programs``)."""


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
        given = approvals.of(StaffAct.ORDER, act.digest, now=now)
        if given is None:
            self._staff.ask_approval(StaffAct.ORDER, act.digest, actor=act.asked_by)
        if given is None or given.given_by is None or given.given_by == act.asked_by:
            raise RefusedError(
                "order-second-person",
                "another keeper than who took it in approves an order; it is asked",
                where=act.id,
                remedy="Let the other keeper read it and give it under 'Staff and keys' in the office, then do this again.",
            )
        approvals.use(StaffAct.ORDER, act.digest, actor=actor, now=now)
        return Approval(given.given_by, now, SECOND_PERSON, int((now - act.asked_at) / timedelta(minutes=1)))

    def export(self, digest: str, *, actor: ActorId) -> None:
        """Use the second look at a giving up; the first time, ask for it. ``where`` of the refusal is the id of what waits.

        While nobody is listed as staff, whoever holds the keys is the firm; what a program gives waits for a keeper then too.

        :raises RefusedError: ``approval-missing``, ``approval-waiting``.
        """
        if not self._staff.keepers() and not actor.startswith(PROGRAM):
            return
        now, approvals = self._clock(), self._staff.approvals
        try:
            approvals.use(StaffAct.EXPORT, digest, actor=actor, now=now)
        except RefusedError as waits:
            found = approvals.of(StaffAct.EXPORT, digest, now=now)
            waits.where = (found or self._staff.ask_approval(StaffAct.EXPORT, digest, actor=actor)).id
            raise
