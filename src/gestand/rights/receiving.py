"""The clock of a request: received, identity judged, extended, rejected, closed. Articles 12(3), (4), (6) GDPR."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, RequestId, SubjectId, new_id
from gestand.law.deadline import Deadline
from gestand.law.terms import Extension, rights_request_due
from gestand.reading.kinds import guess_kind
from gestand.rights import casework
from gestand.rights.circumstances import unshown
from gestand.rights.desk import Desk
from gestand.rights.model import Channel, Closing, Exempt, IdentityLevel, Right, State, SubjectRequest
from gestand.rights.showing import judgements_of, refuse_unshown
from gestand.vault.rules import followed

ON_THE_DATA = frozenset({Right.RECTIFICATION, Right.RESTRICTION, Right.OBJECTION})
"""Rights that are carried out on the data themselves, and closed then."""


def receive(
    desk: Desk,
    right: Right,
    *,
    contact: str,
    channel: Channel,
    actor: ActorId,
    received_at: datetime | None = None,
    answering: Iterable[tuple[str, str]] = (),
) -> SubjectRequest:
    """Record that a request came in; its clock runs from ``received_at`` (aware; now if None); see ``Requests.receive``."""
    now = desk.clock()
    received = received_at or now
    if received.tzinfo is None or received > now:
        raise UsageError(
            "request-moment",
            f"'{received.isoformat()}' is no moment of receipt",
            where="--received",
            remedy="Give a past instant with its zone, such as 2026-11-22T09:30:00+01:00.",
        )
    if not contact.strip():
        raise UsageError(
            "request-contact",
            "a request comes from somewhere",
            where="--from",
            remedy="Give the e-mail address, the number, or what the letter says about who wrote it.",
        )
    due, conservative = _moments(rights_request_due(received))
    kind = guess_kind(contact)
    found = desk.vault.find(kind, contact) if kind is not None else ()
    holders = [subject for subject in found if desk.files.known_beyond(subject)]
    files = [subject for subject in found if subject not in holders]
    with desk.engine.transaction():
        one = holders if len(holders) == 1 else files
        filed = one[0] if one else desk.files.open_new(kind, contact, actor, question=right is Right.QUESTION)
        desk.files.reopen(filed, actor)
        request = SubjectRequest(
            id=RequestId(new_id("req", desk.entropy)),
            right=right,
            subject=filed,
            filed_under=filed,
            channel=channel,
            received_at=received,
            due=due,
            conservative=conservative,
            state=State.RECEIVED,
            identity=None,
            confirmed_at=None,
            extended_because="",
            ground="",
            closed_at=None,
            outcome="",
            matches=len(holders),
        )
        desk.store.insert(request)
        desk.stage(
            "request.received",
            request,
            actor,
            right=str(right),
            channel=str(channel),
            due=request.due.isoformat(),
            conservative=request.conservative.isoformat(),
        )
    if desk.receipts is not None:
        desk.receipts.send(request, contact, answering=answering)
    return request


def confirm(
    desk: Desk, request_id: str, level: IdentityLevel, *, actor: ActorId, subject: SubjectId | None = None
) -> SubjectRequest:
    """Record how identity was judged, and whose data the request is about if the contact point did not tell; see ``Requests.confirm``."""
    request = desk.open_one(request_id)
    if subject is not None:
        if not desk.vault.exists(subject):
            raise UsageError(
                "subject-unknown",
                f"there is no subject {subject}",
                where="--subject",
                remedy="Look it up with 'gestand subject find'.",
            )
        request = replace(request, subject=subject)
    if request.ambiguous:
        raise RefusedError(
            "request-ambiguous",
            f"{request.matches} subjects have this contact point; nobody has said which of them asks",
            where=request.id,
            remedy="Look them up with 'gestand subject find', be sure who asks, and name that one with --subject.",
        )
    refuse_unshown(desk.engine, request)
    with desk.engine.transaction():
        running = casework.end_pause(desk, request, actor)
        confirmed = replace(running, state=State.CONFIRMED, identity=level, confirmed_at=desk.clock())
        desk.store.decide(request.id, [])
        desk.write(confirmed, "request.confirmed", actor, level=str(level))
    return confirmed


def extend(desk: Desk, request_id: str, reason: str, *, actor: ActorId) -> SubjectRequest:
    """Extend by two months (Article 12(3)): once, within the first month, with a reason that the person is told; see ``Requests.extend``."""
    request = desk.open_one(request_id)
    now = desk.clock()
    if now > request.conservative or request.extended_because or not reason.strip():
        raise RefusedError(
            "request-extension",
            "an extension is told once, within the first month, with its reasons (Article 12(3))",
            where=request.id,
            remedy="Give --reason if you did not; else answer now, for a late or second extension has no effect.",
        )
    paused = casework.pauses(desk, request.id)
    due, conservative = _moments(rights_request_due(request.received_at, extension=Extension(now), pauses=paused))
    extended = replace(request, due=due, conservative=conservative, extended_because=reason.strip())
    facts = {"due": extended.due.isoformat(), "conservative": extended.conservative.isoformat()}
    desk.write(extended, "request.extended", actor, **facts, reason=digest_of(request.id, reason))
    return extended


def reject(desk: Desk, request_id: str, ground: str, *, actor: ActorId, exempt: Exempt | None = None) -> SubjectRequest:
    """Reject a request; only a person may, and never without a ground (Article 12(4)); see ``Requests.reject``."""
    request = desk.open_one(request_id)
    if actor == "system" or not ground.strip():
        raise RefusedError(
            "request-rejection",
            "only a person may reject a request, and with a ground",
            where=request.id,
            remedy="Give --ground with the article and the reason; the letter names the authority and the court.",
        )
    if exempt is None:
        _refuse_absolute(desk, request)
    now = desk.clock()
    rejected = replace(request, state=State.REJECTED, closed_at=now, outcome="rejected", ground=ground.strip())
    with desk.engine.transaction():
        beside = {"exempt": str(exempt)} if exempt is not None else {}
        desk.write(rejected, "request.rejected", actor, ground=digest_of(request.id, ground), **beside)
        desk.close_file(rejected, actor)
    return rejected


def _refuse_absolute(desk: Desk, request: SubjectRequest) -> None:
    """Refuse to reject an objection as long as any direct marketing goes on: to that it is absolute (Article 21(2), (3)).

    :raises RefusedError: ``objection-absolute``.
    """
    if request.right is not Right.OBJECTION:
        return
    offers = {name for name, one in desk.statements.in_force().policy.purposes.items() if one.marketing}
    stopped = desk.vault.objections(request.subject) if desk.vault.exists(request.subject) else ()
    left = sorted(offers.difference(stopped))
    if left and unshown((one.kind, one.shown) for one in judgements_of(desk.engine, request.id)) is None:
        raise RefusedError(
            "objection-absolute",
            f"an objection to direct marketing is never refused, and it goes on for: {', '.join(left)} (Article 21(2)-(3))",
            where=request.id,
            remedy="Record the objection to these; or say that it is against another use, or that who asks is not this person "
            f"(--exempt {Exempt.OTHER_USE}, {Exempt.OTHER_PERSON}).",
        )


def close(desk: Desk, request_id: str, outcome: Closing, *, actor: ActorId) -> SubjectRequest:
    """Close a request that was carried out on the data themselves, or that the person took back; see ``Requests.close``."""
    if outcome is Closing.WITHDRAWN:
        request = desk.open_one(request_id)
        if actor == "system":
            raise RefusedError(
                "request-rejection",
                "only a person may record that a request was taken back",
                where=request.id,
                remedy="Name yourself with --actor.",
            )
    elif outcome is Closing.ANSWERED:
        request = _question(desk, request_id)
    else:
        request = desk.confirmed(request_id, *ON_THE_DATA)
        done = _carried_out(desk, request)
        if done is not (outcome is Closing.CARRIED_OUT):
            raise RefusedError(
                "request-not-carried-out",
                "nothing in the data shows that it was carried out"
                if outcome is Closing.CARRIED_OUT
                else "there are data, or it was carried out: 'nothing held' is no answer",
                where=request.id,
                remedy="Carry it out with 'gestand subject', or reject it with its ground.",
            )
    return desk.finish(request, str(outcome), actor)


def _question(desk: Desk, request_id: str) -> SubjectRequest:
    request = desk.open_one(request_id)
    if request.right is not Right.QUESTION:
        raise UsageError(
            "request-right",
            f"what was asked is {request.right}: only a plain question is closed as answered",
            where=request.id,
            remedy="Answer it with 'gestand request fulfil'.",
        )
    return request


def _carried_out(desk: Desk, request: SubjectRequest) -> bool:
    if not desk.vault.exists(request.subject):
        return False
    holdings = desk.vault.holdings(request.subject)
    match request.right:
        case Right.RECTIFICATION:
            since = request.received_at.replace(microsecond=0)
            return any(h.rectified_at is not None and h.rectified_at >= since for h in holdings)
        case Right.RESTRICTION:
            return any(holding.restricted for holding in holdings)
        case _:
            return bool(followed(desk.statements.in_force().policy, desk.vault.objections(request.subject)))


def digest_of(request: RequestId, reason: str) -> str:
    """Return what the ledger keeps of words that may name people: a digest. The words stand in the request's own row."""
    return hashlib.sha256(f"{request}\n{reason.strip()}".encode()).hexdigest()


def _moments(deadline: Deadline) -> tuple[datetime, datetime]:
    """Return both readings of a request's deadline; for a request under Articles 15 to 22 the law always gives them."""
    assert deadline.expected is not None
    assert deadline.conservative is not None
    return deadline.expected, deadline.conservative
