"""Verbs beside the main road of a request: judge what is special, pause, prove by a code, look twice. Each in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from gestand.kernel.canonical import canonical
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId
from gestand.law.terms import Extension, Pause, rights_request_due
from gestand.rights import case_store as sql
from gestand.rights.circumstances import Circumstance, Judgement, Shown, suffices, unshown
from gestand.rights.desk import Desk
from gestand.rights.model import ErasurePlan, SubjectRequest
from gestand.staff.model import Act, Person
from gestand.staff.service import Staff

PROMPT: Final = timedelta(days=7)
"""A question on identity later than this after the receipt pauses nothing ("without undue delay"; the number is ours)."""


def judge(
    desk: Desk, request_id: str, kind: Circumstance, shown: Shown, *, actor: ActorId, other: str = ""
) -> Judgement:
    """Record what a person judged to be special of a request; see ``Requests.judge``."""
    waits = bool(desk.engine.execute(sql.PARCEL, (request_id,)))
    request = desk.one(request_id) if waits else desk.open_one(request_id)
    if actor == SYSTEM:
        raise RefusedError(
            "judgement-person",
            "only a person judges what is special about a request",
            where=request.id,
            remedy="Name yourself with --actor.",
        )
    if not suffices(kind, shown) and shown is not Shown.NOTHING:
        raise UsageError(
            "judgement-shown",
            f"'{shown}' does not show that it is {kind}",
            where=request.id,
            remedy="Say what was shown, or 'nothing' while it must still be asked.",
        )
    if (kind is Circumstance.DUPLICATE) != bool(other):
        raise UsageError(
            "judgement-other",
            "a duplicate names the request that it repeats, and nothing else does",
            where=request.id,
            remedy="Give --of REQUEST with a duplicate.",
        )
    if other and (other == request.id or desk.one(other).right is not request.right):
        raise UsageError(
            "judgement-other",
            f"{other} is no other request for the same",
            where=request.id,
            remedy="Name the earlier request for the same right.",
        )
    made = Judgement(kind, shown, other, actor, desk.clock())
    with desk.engine.transaction():
        desk.engine.execute("DELETE FROM request_judgement WHERE request = ? AND kind = ?", (request.id, str(kind)))
        row = (request.id, str(kind), str(shown), other, actor, made.judged_at.isoformat())
        desk.engine.execute(sql.ADD_JUDGEMENT, row)
        if waits and unshown([(kind, shown)]) is not None:
            desk.engine.execute(sql.DROP_PARCEL, (request.id,))
        desk.stage("request.judged", request, actor, kind=str(kind), shown=str(shown))
    return made


def pause(desk: Desk, request_id: str, *, actor: ActorId) -> SubjectRequest:
    """Record that who asks was asked who they are: the days until the answer are added; see ``Requests.pause``."""
    request = desk.open_one(request_id)
    if request.identity is not None or any(one.answered is None for one in pauses(desk, request.id)):
        raise RefusedError(
            "request-pause",
            "identity was judged, or the question is out already",
            where=request.id,
            remedy="A pause lasts from a needed question to its answer; ask nothing that is known.",
        )
    with desk.engine.transaction():
        desk.engine.execute(sql.ADD_PAUSE, (request.id, desk.clock().isoformat()))
        desk.stage("request.paused", request, actor)
    return request


def resume(desk: Desk, request_id: str, *, actor: ActorId) -> SubjectRequest:
    """Record that the question was answered, and count anew when the request is due; see ``Requests.resume``."""
    request = desk.open_one(request_id)
    if all(one.answered is not None for one in pauses(desk, request.id)):
        raise RefusedError("request-pause", "no question is out", where=request.id, remedy="The clock runs already.")
    with desk.engine.transaction():
        return end_pause(desk, request, actor)


def end_pause(desk: Desk, request: SubjectRequest, actor: ActorId) -> SubjectRequest:
    """End the pause of a request that has one, in the open transaction, and return it with its dates counted anew."""
    if all(one.answered is not None for one in pauses(desk, request.id)):
        return request
    desk.engine.execute(sql.END_PAUSE, (desk.clock().isoformat(), request.id))
    extension = Extension(request.received_at) if request.extended_because else None
    deadline = rights_request_due(request.received_at, extension=extension, pauses=pauses(desk, request.id))
    assert deadline.expected is not None
    resumed = replace(request, due=deadline.expected)
    desk.write(resumed, "request.resumed", actor, due=resumed.due.isoformat())
    return resumed


def pauses(desk: Desk, request_id: str) -> tuple[Pause, ...]:
    """Return the questions on identity and their answers, as the law counts them."""
    received = desk.one(request_id).received_at
    found = []
    for asked, answered in desk.engine.execute(sql.PAUSES, (request_id,)):
        at = datetime.fromisoformat(str(asked))
        ended = datetime.fromisoformat(str(answered)) if answered else None
        found.append(Pause(at, ended, at - received <= PROMPT, question_necessary=True))
    return tuple(found)


def bound(digest: str, steps: Iterable[tuple[str, str]]) -> str:
    """Return the digest over a plan and what it does in other systems: (source, digest) of each."""
    whole = [digest, sorted(map(list, steps))]
    return hashlib.sha256(canonical(whole)).hexdigest()


def ask_approval(desk: Desk, plan: ErasurePlan, actor: ActorId) -> None:
    """Ask for a second look at a plan where the firm wants one, in the open transaction."""
    if desk.four_eyes is not None:
        desk.four_eyes.ask_approval(Act.ERASE_PLAN, plan.digest, actor=actor)


def approve(desk: Desk, request_id: str, digest: str, *, actor: ActorId) -> None:
    """Record a second look at a plan; see ``Requests.approve``."""
    request = desk.open_one(request_id)
    staff = desk.four_eyes
    asked = staff.approvals.of(Act.ERASE_PLAN, digest, now=desk.clock()) if staff is not None else None
    if staff is None or asked is None:
        raise UsageError(
            "approval-plan",
            "no plan with this digest waits for a second look",
            where=request.id,
            remedy=f"Run 'gestand request plan {request.id}', read it, and give its digest.",
        )
    with desk.engine.transaction():
        staff.approvals.give(
            asked.id, giver=_giver(desk, staff, asked.asked_by, actor), keepers=staff.keepers(), now=desk.clock()
        )
        desk.stage("request.approved", request, actor, digest=digest)


def _giver(desk: Desk, staff: Staff, asker: ActorId, actor: ActorId) -> Person:
    """Return who gives an approval. While nobody is listed as staff, whoever holds the keys is one person, and waits."""
    if staff.keepers():
        return staff.person(actor)
    return Person(asker, "", (), keeper=True, joined=desk.clock(), revoked=None, passkeys=0, password=False)


def use_approval(desk: Desk, digest: str, actor: ActorId) -> None:
    """Use the second look at a plan up, in the open transaction of what begins.

    :raises RefusedError: ``approval-missing``; ``approval-waiting`` where one person did both.
    """
    if desk.four_eyes is not None:
        desk.four_eyes.approvals.use(Act.ERASE_PLAN, digest, actor=actor, now=desk.clock())
