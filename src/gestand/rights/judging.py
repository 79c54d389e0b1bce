"""What a person judges beside a request: its circumstances, a question on identity that is out, a second look at its plan."""

from __future__ import annotations

from gestand.kernel.ids import ActorId
from gestand.rights import casework
from gestand.rights.circumstances import Circumstance, Judgement, Shown
from gestand.rights.desk import Desk
from gestand.rights.model import SubjectRequest
from gestand.rights.showing import judgements_of


class Judging:
    """The verbs of judging; a part of ``Requests``."""

    _desk: Desk

    def judge(self, request_id: str, kind: Circumstance, shown: Shown, *, actor: ActorId, other: str = "") -> Judgement:
        """Record what a person judged to be special of a request; judged again it replaces the first.

        While an answer waits to be fetched, that may still be judged: of who may not ask, it leaves unfetched.

        :raises RefusedError: ``judgement-person`` if the program judges. :raises UsageError: ``judgement-shown``,
            ``judgement-other``.
        """
        return casework.judge(self._desk, request_id, kind, shown, actor=actor, other=other)

    def judgements(self, request_id: str) -> tuple[Judgement, ...]:
        """Return what was judged of a request, oldest first."""
        return judgements_of(self._desk.engine, request_id)

    def pause(self, request_id: str, *, actor: ActorId) -> SubjectRequest:
        """Record that who asks was asked who they are. Until the answer the clock stands on the better reading only.

        :raises RefusedError: ``request-pause`` if identity was judged or the question is out.
        """
        return casework.pause(self._desk, request_id, actor=actor)

    def resume(self, request_id: str, *, actor: ActorId) -> SubjectRequest:
        """Record that the question was answered, and count anew when the request is due. Confirming does so too.

        :raises RefusedError: ``request-pause`` if no question is out.
        """
        return casework.resume(self._desk, request_id, actor=actor)

    def paused(self, request_id: str) -> bool:
        """Say whether a question on identity is out."""
        return any(one.answered is None for one in casework.pauses(self._desk, request_id))

    def approve(self, request_id: str, digest: str, *, actor: ActorId) -> None:
        """Record a second look at the plan with this digest, by somebody else than who made it.

        Where nobody is listed as staff the one person who approves waits, and the ledger says that one person did both.

        :raises UsageError: ``approval-plan``, ``staff-unknown``. :raises RefusedError: ``approval-own``, ``not-keeper``.
        """
        casework.approve(self._desk, request_id, digest, actor=actor)
