"""What the verbs of rights share: the rooms they work with, and the steps that every request goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.publication.service import Publication
from gestand.register.service import Register
from gestand.rights.choices import Suppress
from gestand.rights.filing import RequestFiles
from gestand.rights.model import Breached, Disclosed, Right, State, SubjectRequest
from gestand.rights.receipts import Receipts
from gestand.rights.sending import Sending
from gestand.rights.showing import refuse_unshown
from gestand.rights.store import RequestStore
from gestand.sources.service import Sources
from gestand.staff.service import Staff
from gestand.statement.policy import Policy
from gestand.storage.engine import Engine
from gestand.vault.model import Holding
from gestand.vault.service import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """Rows, files, and the rooms below; handed to every verb as one value."""

    engine: Engine
    store: RequestStore
    files: RequestFiles
    vault: Vault
    ledger: Ledger
    register: Register
    statements: Publication
    clock: Clock
    entropy: Entropy
    sources: Sources
    suppress: Suppress = lambda _subject, _purposes: 0
    disclosed: Disclosed | None = None
    receipts: Receipts | None = None
    four_eyes: Staff | None = None  # who looks a second time at a plan, where the firm wants that
    sending: Sending | None = None
    breached: Breached | None = None

    def one(self, request_id: str) -> SubjectRequest:
        """Return a request.

        :raises UsageError: if there is none with this id.
        """
        request = self.store.one(request_id)
        if request is None:
            raise UsageError(
                "request-unknown",
                f"there is no request '{request_id}'",
                remedy="List them with 'gestand request list'.",
            )
        return request

    def open_one(self, request_id: str) -> SubjectRequest:
        """Return a request whose clock still runs.

        :raises UsageError: if there is none with this id. :raises RefusedError: if it is closed.
        """
        request = self.one(request_id)
        if not request.open:
            raise RefusedError(
                "request-closed", f"the request is {request.state}", where=request.id, remedy="Open a new one."
            )
        return request

    def confirmed(self, request_id: str, *rights: Right) -> SubjectRequest:
        """Return an open request of one of ``rights``, of whom it was judged who asks, and that they may.

        :raises UsageError: ``request-right``. :raises RefusedError: ``identity-not-judged``, ``representation-not-shown``.
        """
        request = self.open_one(request_id)
        if request.right not in rights:
            raise UsageError(
                "request-right",
                f"what was asked is {request.right} (this is for {', '.join(sorted(rights))})",
                where=request.id,
                remedy="Use fulfil for access, portability and erasure; for the rest 'gestand subject', then 'gestand request close'.",
            )
        if request.identity is None:
            raise RefusedError(
                "identity-not-judged",
                "nothing is disclosed or changed before identity is judged (Article 12(6))",
                where=request.id,
                remedy=f"Run 'gestand request verify {request.id} --level contact-point' once you are sure.",
            )
        refuse_unshown(self.engine, request)
        return request

    def finish(
        self,
        request: SubjectRequest,
        outcome: str,
        actor: ActorId,
        *,
        digest: str = "",
        items: int = 0,
        reference: str = "",
    ) -> SubjectRequest:
        """Close a request; ``digest`` is that of what was answered, ``reference`` the subject as it stood before it was erased."""
        now = self.clock()
        closed = replace(request, state=State.CLOSED, closed_at=now, outcome=outcome)
        with self.engine.transaction():
            self.store.close(closed)
            subject = reference or self.reference(request)
            if digest:
                facts: dict[str, Fact] = {"request": request.id, "digest": digest, "items": items}
                self.ledger.stage(Event("request.answered", now, actor, facts, subject))
            self.ledger.stage(Event("request.closed", now, actor, {"request": request.id, "outcome": outcome}, subject))
            self.close_file(closed, actor)
        return closed

    def close_file(self, request: SubjectRequest, actor: ActorId) -> None:
        """Begin the period of the request's own file, unless another request of the same file still runs."""
        if not any(other.open for other in self.store.of_subject(request.filed_under)):
            self.files.close(request.filed_under, local_date(self.clock()), actor)

    def write(self, request: SubjectRequest, event: str, actor: ActorId, **facts: str | int) -> None:
        """Write what changed of a request, with its entry in the ledger."""
        with self.engine.transaction():
            self.store.update(request)
            self.stage(event, request, actor, **facts)

    def stage(self, event: str, request: SubjectRequest, actor: ActorId, **facts: str | int) -> None:
        """Record an event of a request in the open transaction."""
        reference = self.reference(request)
        self.ledger.stage(Event(event, self.clock(), actor, {"request": request.id, **facts}, reference))

    def reference(self, request: SubjectRequest) -> str:
        """Return the ledger reference of the subject; empty once all their data have left: the request stays answerable."""
        return self.vault.reference(request.subject) if self.vault.exists(request.subject) else ""

    def policies(self, holdings: Sequence[Holding] = ()) -> Mapping[str, Policy]:
        """Return the policy of every published version, and the one in force for data under a version that is none."""
        in_force = self.statements.in_force()
        found = {in_force.version: in_force.policy}
        for published in self.statements.history():
            statement = self.statements.version(published.version)
            if statement is not None:
                found[published.version] = statement.policy
        for holding in holdings:
            found.setdefault(holding.version, in_force.policy)
        return found
