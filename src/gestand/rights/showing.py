"""Whether who asks may ask it: looked at when identity is judged, and again at everything that answers. Articles 12(6), 15(4)."""

from __future__ import annotations

from datetime import datetime

from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.rights import case_store as sql
from gestand.rights.circumstances import Circumstance, Judgement, Shown, unshown
from gestand.rights.model import SubjectRequest
from gestand.storage.engine import Engine


def judgements_of(engine: Engine, request_id: str) -> tuple[Judgement, ...]:
    """Return what was judged of a request, oldest first."""
    rows = [[str(value) for value in row] for row in engine.execute(sql.JUDGEMENTS, (request_id,))]
    return tuple(
        Judgement(Circumstance(kind), Shown(shown), other, ActorId(by), datetime.fromisoformat(at))
        for kind, shown, other, by, at in rows
    )


def refuse_unshown(engine: Engine, request: SubjectRequest) -> None:
    """Refuse to act while somebody asks for another and nothing shows that they may.

    :raises RefusedError: ``representation-not-shown``.
    """
    lacking = unshown((one.kind, one.shown) for one in judgements_of(engine, request.id))
    if lacking is not None:
        raise RefusedError(
            "representation-not-shown",
            f"it is {lacking}, and nothing shows yet that this person may ask it",
            where=request.id,
            remedy="Ask for it ('gestand request judge' writes the letter), and record what was shown.",
        )
