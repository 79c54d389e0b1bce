"""Access: everything held is opened, told with its context, handed over, and only then is the request closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId, PurposeId, RequestId, SubjectId
from gestand.rights import searching
from gestand.rights.answer import build_answer
from gestand.rights.calendar import past_term
from gestand.rights.desk import Desk
from gestand.rights.history import openings_of
from gestand.rights.model import AccessAnswer, Record, Right
from gestand.rights.records import breaches_of, records_of, subjects_of
from gestand.sharing.model import Shared
from gestand.statement.policy import Policy
from gestand.vault.model import Holding, Opening

SALT_SIZE = 16

Deliver = Callable[[AccessAnswer], None]
"""Puts an answer where it can be sent from; what it raises leaves the request open."""


def answer(desk: Desk, request_id: str, *, actor: ActorId, deliver: Deliver | None = None) -> AccessAnswer:
    """Answer an access request: everything held, each datum with its context. Closes the request; see ``Requests.answer``."""
    request = desk.confirmed(request_id, Right.ACCESS)
    policies = desk.policies()
    in_force = desk.statements.in_force().policy
    named = [in_force, *policies.values()]
    among = desk.vault.shown_among_many(request.subject) if desk.vault.exists(request.subject) else ()
    history = openings_of(desk.ledger, desk.reference(request), named, among)
    openings: list[Opening] = []
    records: list[Record] = []
    shared: list[Shared] = []
    for subject in subjects_of(request):
        shared += desk.disclosed.shared_with(subject) if desk.disclosed is not None else ()
        if desk.vault.exists(subject):
            openings.append(
                desk.vault.open(
                    subject, PurposeId(in_force.rights.purpose), actor=actor, reason=f"request {request.id}"
                )
            )
            records += _records(desk, subject, named, request.id)
            records += breaches_of(desk.breached.listed_for(subject)) if desk.breached is not None else ()
    copies, systems = searching.copies(desk, request, actor=actor)
    answer = build_answer(
        request.id,
        openings,
        in_force=in_force,
        policies=desk.policies(_holdings(openings)),
        records=dict.fromkeys(records),
        history=history,
        salt=desk.entropy(SALT_SIZE),
        made_on=local_date(desk.clock()),
        copies=copies,
        systems=systems,
        shared=shared,
        late=past_term(request, local_date(desk.clock())),
    )
    if deliver is not None:
        deliver(answer)
    outcome = "nothing-held" if answer.nothing_held else "answered"
    desk.finish(request, outcome, actor, digest=answer.digest, items=len(answer.data) + len(answer.copies))
    return answer


def _records(desk: Desk, subject: SubjectId, policies: Sequence[Policy], answered: RequestId) -> tuple[Record, ...]:
    return records_of(
        desk.register.party(subject),
        desk.register.dossiers_of(subject),
        desk.vault.consents(subject),
        desk.vault.objections(subject),
        desk.store.of_subject(subject),
        policies,
        answered=answered,
    )


def _holdings(openings: Sequence[Opening]) -> list[Holding]:
    found = [item.holding for opening in openings for item in opening.items]
    return found + [item.holding for opening in openings for item in opening.refused]
