"""The lever 'revoke access', pulled in the room of staff."""

from __future__ import annotations

from gestand.kernel.ids import ActorId
from gestand.staff.service import Staff


class StaffAccess:
    """Fills ``ports.Access`` with the sessions, passkeys and passwords of staff."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    def revoke_all(self, *, person: str, reason: str, actor: ActorId) -> int:  # noqa: ARG002 - the entry of the breach has it
        """End every session and key of ``person``, who acts no more; or, empty, every session but those of ``actor``.

        :raises UsageError: ``staff-unknown``. :raises RefusedError: ``last-keeper``: nobody could let others in again.
        """
        if not person:
            return self._staff.end_all(actor=actor, but_own=True)
        known = self._staff.person(person)
        return known.passkeys + known.password + self._staff.revoke(person, actor=actor)
