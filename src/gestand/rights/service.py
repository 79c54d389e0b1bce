"""Verbs of rights: receive, confirm, extend, reject, plan, answer, erase; each with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, RequestId, ShelfId, SubjectId, new_id
from gestand.law.deadline import Deadline
from gestand.law.terms import Extension, rights_request_due
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.publication.service import Publication
from gestand.reading.kinds import guess_kind
from gestand.register.service import Register
from gestand.rights.answer import build_answer
from gestand.rights.bylaw import ask_retention
from gestand.rights.history import openings_of
from gestand.rights.model import (
    AccessAnswer,
    Channel,
    Decision,
    ErasurePlan,
    IdentityLevel,
    Right,
    State,
    SubjectRequest,
)
from gestand.rights.rules import plan_erasure
from gestand.rights.store import RequestStore
from gestand.statement.policy import FieldKind, Policy
from gestand.storage.engine import Engine
from gestand.vault.model import Erasure, Hold, Holding, NewItem, NewSubject
from gestand.vault.service import Vault


@dataclass(frozen=True, slots=True)
class ErasureOutcome:
    """An erasure request carried out: the plan, the erasure, and what a renewed search found (must be 0)."""

    plan: ErasurePlan
    erasure: Erasure | None
    found_afterwards: int

    @property
    def absence_proven(self) -> bool:
        """Say whether the renewed search found nothing of what was to be erased."""
        return self.found_afterwards == 0


class Requests:
    """The requests of data subjects over the vault's own data."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        register: Register,
        statements: Publication,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._store = RequestStore(engine)
        self._engine = engine
        self._vault = vault
        self._ledger = ledger
        self._register = register
        self._statements = statements
        self._clock = clock
        self._entropy = entropy

    # -- the clock -----------------------------------------------------------------------------------------------

    def receive(
        self, right: Right, *, contact: str, channel: Channel, actor: ActorId, received_at: datetime | None = None
    ) -> SubjectRequest:
        """Record that a request came in; its clock runs from ``received_at`` (aware; now if None).

        Whoever asks is looked up by ``contact`` (e-mail address, telephone number, customer number); a stranger becomes
        a subject of their own, so that no request is ever lost and none is refused for being unknown (promise 11).

        :raises UsageError: if the moment lies in the future or has no zone, or the contact is empty.
        """
        now = self._clock()
        received = received_at or now
        if received.tzinfo is None or received > now:
            raise UsageError(
                "request-moment",
                f"'{received.isoformat()}' is no moment of receipt",
                where="--received",
                remedy="Give a past instant with its zone, such as 2026-11-22T09:30:00+01:00.",
            )
        kind = guess_kind(contact)
        if not contact.strip() or kind is None:
            raise UsageError(
                "request-contact",
                f"'{contact}' is no e-mail address, telephone number or customer number",
                where="--from",
                remedy="Give the contact point that the person wrote or called from.",
            )
        due, conservative = _moments(rights_request_due(received))
        found = self._vault.find(kind, contact)
        with self._engine.transaction():
            subject = found[0] if found else self._stranger(kind, contact, actor)
            request = SubjectRequest(
                id=RequestId(new_id("req", self._entropy)),
                right=right,
                subject=subject,
                channel=channel,
                received_at=received,
                due=due,
                conservative=conservative,
                state=State.RECEIVED,
                identity=None,
                confirmed_at=None,
                extended_because="",
                closed_at=None,
                outcome="",
                known=bool(found),
            )
            self._store.insert(request)
            self._stage(
                "request.received",
                request,
                actor,
                right=str(right),
                channel=str(channel),
                due=request.due.isoformat(),
                conservative=request.conservative.isoformat(),
            )
        return request

    def confirm(self, request_id: str, level: IdentityLevel, *, actor: ActorId) -> SubjectRequest:
        """Record how identity was judged. What was shown as proof is not kept (LAW.md 6)."""
        request = self._open_one(request_id)
        confirmed = replace(request, state=State.CONFIRMED, identity=level, confirmed_at=self._clock())
        self._write(confirmed, "request.confirmed", actor, level=str(level))
        return confirmed

    def extend(self, request_id: str, reason: str, *, actor: ActorId) -> SubjectRequest:
        """Extend by two months (Article 12(3)); only within the first month and with a reason that the person is told.

        :raises RefusedError: if the first month is over or no reason is given.
        """
        request = self._open_one(request_id)
        now = self._clock()
        if now > request.conservative or not reason.strip():
            raise RefusedError(
                "request-extension",
                "an extension is told within the first month, with its reasons (Article 12(3))",
                where=request.id,
                remedy="Answer now; a late extension has no effect.",
            )
        due, conservative = _moments(rights_request_due(request.received_at, extension=Extension(now)))
        extended = replace(request, due=due, conservative=conservative, extended_because=reason.strip())
        self._write(extended, "request.extended", actor, due=extended.due.isoformat(), reason=reason.strip()[:200])
        return extended

    def reject(self, request_id: str, ground: str, *, actor: ActorId) -> SubjectRequest:
        """Reject a request; only a person may, and never without a ground (Article 12(4)).

        :raises RefusedError: if the actor is the program itself or the ground is empty.
        """
        request = self._open_one(request_id)
        if actor == "system" or not ground.strip():
            raise RefusedError(
                "request-rejection",
                "only a person may reject a request, and with a ground",
                where=request.id,
                remedy="Give --ground with the article and the reason; the letter names the authority and the court.",
            )
        rejected = replace(request, state=State.REJECTED, closed_at=self._clock(), outcome="rejected")
        self._write(rejected, "request.rejected", actor, ground=ground.strip()[:200])
        return rejected

    # -- looking -------------------------------------------------------------------------------------------------

    def one(self, request_id: str) -> SubjectRequest:
        """Return a request.

        :raises UsageError: if there is none with this id.
        """
        request = self._store.one(request_id)
        if request is None:
            raise UsageError(
                "request-unknown",
                f"there is no request '{request_id}'",
                remedy="List them with 'gestand request list'.",
            )
        return request

    def all(self) -> Iterator[SubjectRequest]:
        """Yield every request, oldest first."""
        return self._store.all()

    def decisions(self, request_id: str) -> list[tuple[str, ...]]:
        """Return the recorded decisions: (item, field, decision, ground, why_nl, why_en, until)."""
        return self._store.decisions(request_id)

    # -- access --------------------------------------------------------------------------------------------------

    def answer(self, request_id: str, *, actor: ActorId) -> AccessAnswer:
        """Answer an access request: everything held, each datum with its context. Closes the request.

        :raises RefusedError: if identity has not been judged.
        """
        request = self._confirmed(request_id)
        rights = self._statements.in_force().policy.rights
        history = openings_of(self._ledger, self._vault.reference(request.subject), self._statements.in_force().policy)
        opening = self._vault.open(
            request.subject, PurposeId(rights.purpose), actor=actor, reason=f"request {request.id}"
        )
        answer = build_answer(
            request.id, opening, policies=self._policies(), openings=history, made_on=local_date(self._clock())
        )
        self._close(request, "answered", actor, digest=answer.digest, items=len(answer.data))
        return answer

    # -- erasure -------------------------------------------------------------------------------------------------

    def preview(self, request_id: str) -> ErasurePlan:
        """Judge every datum as ``plan`` does, and record nothing.

        :raises RefusedError: if identity has not been judged.
        """
        return self._judge(self._confirmed(request_id))

    def plan(self, request_id: str, *, actor: ActorId) -> ErasurePlan:
        """Judge every datum of an erasure request and record the plan; nothing is erased yet.

        :raises RefusedError: if identity has not been judged.
        """
        request = self._confirmed(request_id)
        plan = self._judge(request)
        rows = [
            (
                str(d.holding.item),
                str(d.holding.field),
                str(d.decision),
                d.ground,
                d.why.nl,
                d.why.en,
                d.until.isoformat() if d.until else "",
            )
            for d in plan.decisions
        ]
        planned = replace(request, state=State.PLANNED)
        with self._engine.transaction():
            self._store.decide(request.id, rows)
            self._store.update(planned)
            self._stage(
                "request.planned",
                planned,
                actor,
                erase=len(plan.having(Decision.ERASE)),
                keep=len(plan.having(Decision.KEEP)),
                restrict=len(plan.having(Decision.RESTRICT)),
                digest=plan.digest,
            )
        return plan

    def erase(self, request_id: str, *, actor: ActorId) -> ErasureOutcome:
        """Carry out an erasure request as planned, then search again; only absence closes it.

        What must stay by law is kept with its ground; what must be restricted is. Run again after a break, it goes on.

        :raises RefusedError: if the request was not planned, or what is held has changed since.
        :raises DamagedError: if the renewed search still finds something.
        """
        request = self._confirmed(request_id)
        if request.state is not State.PLANNED:
            raise RefusedError(
                "request-unplanned", "nothing is erased that was not planned first", where=request.id,
                remedy=f"Run 'gestand request plan {request.id}' and read it.",
            )  # fmt: skip
        plan = self._judge(request)
        shown = {row[0]: row[2] for row in self._store.decisions(request.id)}
        changed = [d for d in plan.decisions if shown.get(d.holding.item) != str(d.decision)]
        if changed:
            raise RefusedError(
                "request-changed",
                f"{len(changed)} data were added or are judged otherwise since the plan was made",
                where=request.id,
                remedy=f"Run 'gestand request plan {request.id}' again and read what changed.",
            )
        reference = self._vault.reference(request.subject)
        to_erase = [d.holding.item for d in plan.having(Decision.ERASE)]
        to_restrict = [d.holding.item for d in plan.having(Decision.RESTRICT) if not d.holding.restricted]
        if to_restrict:
            self._vault.restrict(to_restrict, actor=actor, reason=f"request {request.id}: Article 18")
        erasure = self._vault.erase(to_erase, ground="Article 17(1)", actor=actor) if to_erase else None
        if not self._vault.exists(request.subject):
            self._register.forget(request.subject)
        still = [item for item, decision in shown.items() if decision == "erase" and self._vault.item(ItemId(item))]
        found = len(still) + (erasure.found_afterwards if erasure else 0)
        if found:
            raise DamagedError(
                "erasure-incomplete",
                f"{found} data were still found after erasing",
                where=request.id,
                remedy="Run the same command again; if it stays, run 'gestand ledger verify'.",
            )
        kept = len(plan.decisions) - len(to_erase)
        outcome = "partly-erased" if kept else "erased" if shown else "nothing-held"
        self._close(request, outcome, actor, digest=plan.digest, items=len(to_erase), reference=reference)
        return ErasureOutcome(plan, erasure, found)

    # -- inside --------------------------------------------------------------------------------------------------

    def _judge(self, request: SubjectRequest) -> ErasurePlan:
        holdings = self._vault.holdings(request.subject)
        holds: Mapping[ItemId, Hold] = {
            item: hold for hold in self._vault.holds(request.subject) for item in hold.items
        }
        return plan_erasure(
            request.id,
            holdings,
            policies=self._policies(holdings),
            holds=holds,
            running=self._running(request.subject),
            by_law=ask_retention,
            on=local_date(self._clock()),
        )

    def _running(self, subject: SubjectId) -> Collection[str]:
        return {dossier.id for dossier in self._register.dossiers_of(subject) if dossier.closed_on is None}

    def _policies(self, holdings: tuple[Holding, ...] = ()) -> Mapping[str, Policy]:
        in_force = self._statements.in_force()
        found = {in_force.version: in_force.policy}
        for published in self._statements.history():
            statement = self._statements.version(published.version)
            if statement is not None:
                found[published.version] = statement.policy
        for holding in holdings:
            found.setdefault(holding.version, in_force.policy)
        return found

    def _stranger(self, kind: FieldKind, contact: str, actor: ActorId) -> SubjectId:
        policy = self._statements.in_force().policy
        paths = (path for path in policy.field_paths() if (field := policy.field(path)) and field.kind is kind)
        item = NewItem(
            field=FieldPath(next(paths)),
            value=contact.strip(),
            shelf=ShelfId(policy.rights.shelf),
            source="request",
            purposes=(PurposeId(policy.rights.purpose),),
        )
        [subject] = self._vault.add([NewSubject((item,))], actor=actor, reason="a request by someone not yet known")
        return subject

    def _open_one(self, request_id: str) -> SubjectRequest:
        request = self.one(request_id)
        if not request.open:
            raise RefusedError(
                "request-closed", f"the request is {request.state}", where=request.id, remedy="Open a new one."
            )
        return request

    def _confirmed(self, request_id: str) -> SubjectRequest:
        request = self._open_one(request_id)
        if request.identity is None:
            raise RefusedError(
                "identity-not-judged",
                "nothing is disclosed or changed before identity is judged (Article 12(6))",
                where=request.id,
                remedy=f"Run 'gestand request verify {request.id} --level contact-point' once you are sure.",
            )
        return request

    def _close(
        self, request: SubjectRequest, outcome: str, actor: ActorId, *, digest: str, items: int, reference: str = ""
    ) -> None:
        closed = replace(request, state=State.CLOSED, closed_at=self._clock(), outcome=outcome)
        with self._engine.transaction():
            self._store.update(closed)
            subject = reference or self._vault.reference(request.subject)
            facts: dict[str, Fact] = {"request": request.id, "digest": digest, "items": items}
            now = self._clock()
            self._ledger.stage(Event("request.answered", now, actor, facts, subject))
            self._ledger.stage(
                Event("request.closed", now, actor, {"request": request.id, "outcome": outcome}, subject)
            )

    def _write(self, request: SubjectRequest, event: str, actor: ActorId, **facts: str | int) -> None:
        with self._engine.transaction():
            self._store.update(request)
            self._stage(event, request, actor, **facts)

    def _stage(self, event: str, request: SubjectRequest, actor: ActorId, **facts: str | int) -> None:
        reference = self._vault.reference(request.subject)
        self._ledger.stage(Event(event, self._clock(), actor, {"request": request.id, **facts}, reference))


def _moments(deadline: Deadline) -> tuple[datetime, datetime]:
    """Return both readings of a request's deadline; for a request under Articles 15 to 22 the law always gives them."""
    assert deadline.expected is not None
    assert deadline.conservative is not None
    return deadline.expected, deadline.conservative
