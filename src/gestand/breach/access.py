"""The lever 'revoke access', pulled in the room of staff: sessions and keys of people, and the tokens of programs."""

from __future__ import annotations

from gestand.kernel.ids import ActorId
from gestand.staff.programs import Programs
from gestand.staff.service import Staff

EVERY_PROGRAM = "programs"


class StaffAccess:
    """Fills ``ports.Access`` with the sessions, passkeys and passwords of staff, and the keys of the API."""

    def __init__(self, staff: Staff, programs: Programs) -> None:
        self._staff = staff
        self._programs = programs

    def revoke_all(self, *, person: str, reason: str, actor: ActorId) -> int:  # noqa: ARG002 - the entry of the breach has it
        """End every session and key of ``person``, who acts no more; or, empty, every session but those of ``actor``.

        ``person`` may be the token of a program (``tok_…``), or ``programs`` for all of them.

        :raises UsageError: ``staff-unknown``, ``token-unknown``. :raises RefusedError: ``last-keeper``: nobody could let others in again.
        """
        if not person:
            return self._staff.end_all(actor=actor, but_own=True)
        if person == EVERY_PROGRAM:
            running = [one.id for one in self._programs.all() if one.revoked is None]
            for token in running:
                self._programs.revoke(token, actor=actor)
            return len(running)
        if person.startswith("tok_"):
            self._programs.revoke(person, actor=actor)
            return 1
        known = self._staff.person(person)
        return known.passkeys + known.password + self._staff.revoke(person, actor=actor)
