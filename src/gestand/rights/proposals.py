"""Mail that may ask something: proposed from the archive, with the clock of its receipt, for a person to accept or dismiss.

kept in the archive -> opened for the purpose of rights (in the ledger) -> read -> proposed -> accepted or dismissed by a person.
The program never accepts, never dismisses and never answers on its own; what is proposed and lies too long breaks a promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from gestand.archive.model import OpenedMessage
from gestand.archive.service import Archive
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId, PurposeId, new_id
from gestand.law.terms import rights_request_due
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.post.rules import never_answered
from gestand.reading.mail import Mail
from gestand.rights import case_store as sql
from gestand.rights.cues import Asked
from gestand.rights.model import Channel, Right, SubjectRequest
from gestand.rights.proposal import Proposal, ProposalState, open_proposals, proposal_of, proposals_in
from gestand.rights.recognising import Recognised, recognise
from gestand.rights.service import Requests
from gestand.storage.engine import Engine
from gestand.vault.model import Statements

WINDOW: Final = timedelta(days=100)
"""How far back mail is read: the longest term of a request, and a little more. What is older was imported."""
CHANNEL: Final = {"letter": Channel.POST, "note": Channel.TELEPHONE, "form": Channel.WEB, "chat": Channel.WEB}
_HEAD_SIZE: Final = 65_536


class Proposals:
    """The list of proposals, and how it is made from the archive."""

    def __init__(  # noqa: PLR0917 - the rooms below, in the order system builds them
        self,
        engine: Engine,
        archive: Archive,
        requests: Requests,
        ledger: Ledger,
        statements: Statements,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._engine = engine
        self._archive = archive
        self._requests = requests
        self._ledger = ledger
        self._statements = statements
        self._clock = clock
        self._entropy = entropy

    def look(self, *, actor: ActorId = SYSTEM) -> tuple[Proposal, ...]:
        """Read what came into the archive since the last look, and return what is proposed anew. Killed, it looks again."""
        rows = self._engine.execute(sql.LOOKED)
        last = int(str(rows[0][0])) if rows else 0
        since = local_date(self._clock() - WINDOW)
        fresh = list(self._archive.every(after=last))
        wanted = [kept.message for kept in fresh if kept.parsed and kept.received >= since]
        purpose = PurposeId(self._statements.in_force().policy.rights.purpose)
        found: list[Proposal] = []
        for opened in self._archive.open_many(wanted, purpose, actor=actor, reason="does it ask something"):
            proposed = self._propose(opened)
            found += [proposed] if proposed is not None else []
        if not fresh:
            return ()
        with self._engine.transaction():
            for one in found:
                self._insert(one)
                self._ledger.stage(
                    Event(
                        "request.proposed",
                        self._clock(),
                        actor,
                        {"proposal": one.id, "right": str(one.asked), "due": one.due.isoformat()},
                    )
                )
            highest = max(kept.number for kept in fresh)
            self._engine.execute(sql.SET_LOOKED, (highest, highest))
        return tuple(found)

    def waiting(self, most: int, first: int = 0) -> Iterator[Proposal]:
        """Yield the proposals that wait for somebody, oldest receipt first: at most so many, after the first so many."""
        return open_proposals(self._engine, most, first)

    def count_waiting(self) -> int:
        """Return how many wait for somebody."""
        [(number,)] = self._engine.execute(sql.COUNT_OPEN_PROPOSALS)
        assert isinstance(number, int)
        return number

    def after(self, proposal: str, most: int) -> Iterator[Proposal]:
        """Yield proposals in the order of their ids, from after one on: a page of them."""
        return (proposal_of(row) for row in self._engine.execute(sql.PROPOSALS_AFTER, (proposal, most)))

    def all(self, *, state: ProposalState | None = None) -> Iterator[Proposal]:
        """Yield the proposals, oldest receipt first."""
        return (one for one in proposals_in(self._engine) if state is None or one.state is state)

    def one(self, proposal: str) -> Proposal:
        """Return a proposal that is open.

        :raises UsageError: ``proposal-unknown``. :raises RefusedError: ``proposal-settled``.
        """
        rows = self._engine.execute(sql.PROPOSAL, (proposal,))
        if not rows:
            raise UsageError(
                "proposal-unknown",
                f"there is no proposal '{proposal}'",
                remedy="List them with 'gestand request proposals'.",
            )
        found = proposal_of(rows[0])
        if found.state is not ProposalState.OPEN:
            raise RefusedError("proposal-settled", f"it was {found.state} before", where=proposal, remedy="Leave it.")
        return found

    def accept(self, proposal: str, *, actor: ActorId, right: Right | None = None, contact: str = "") -> SubjectRequest:
        """Make a request of a proposal; its clock runs from the receipt of the mail. ``right``: what it asks after all.

        :raises UsageError: ``proposal-unknown``; ``proposal-right`` if a complaint is accepted without naming a right.
        :raises RefusedError: ``proposal-settled``, ``proposal-person``.
        """
        _a_person(actor, proposal)
        found = self.one(proposal)
        if right is None and found.asked is Asked.COMPLAINT:
            raise UsageError(
                "proposal-right",
                "a complaint is a dossier, no request",
                where=proposal,
                remedy="Open a dossier of kind complaint, and dismiss this; or name a right with --right.",
            )
        wanted = right or Right(str(found.asked))
        purpose = PurposeId(self._statements.in_force().policy.rights.purpose)
        opened = self._archive.open(found.message, purpose, actor=actor, reason=f"proposal {found.id}")
        read = self._archive.read(opened)
        sender = contact or next((one.address for one in read.sender), "") or f"message {found.message}"
        with self._engine.transaction():
            request = self._requests.receive(
                wanted,
                contact=sender,
                channel=CHANNEL.get(opened.ways[0].kind, Channel.EMAIL) if opened.ways else Channel.EMAIL,
                actor=actor,
                received_at=found.received_at,
                answering=headers_of(opened.raw),
            )
            self._settle(found, ProposalState.ACCEPTED, request.id)
            facts = {"proposal": found.id, "request": request.id, "right": str(wanted)}
            self._ledger.stage(Event("request.accepted", self._clock(), actor, facts))
        return request

    def dismiss(self, proposal: str, *, actor: ActorId) -> Proposal:
        """Say that a mail asks nothing of this: only a person does.

        :raises UsageError: ``proposal-unknown``. :raises RefusedError: ``proposal-settled``, ``proposal-person``.
        """
        _a_person(actor, proposal)
        found = self.one(proposal)
        with self._engine.transaction():
            dismissed = self._settle(found, ProposalState.DISMISSED, "")
            self._ledger.stage(Event("request.dismissed", self._clock(), actor, {"proposal": found.id}))
        return dismissed

    def _propose(self, opened: OpenedMessage) -> Proposal | None:
        if any(way.kind == "sent" for way in opened.ways) or never_answered(headers_of(opened.raw)):
            return None
        read = self._archive.read(opened)
        if not read.parsed or self._ours(read):
            return None
        found: Recognised | None = recognise(read.subject, read.body)
        if found is None:
            return None
        received = min((way.received for way in opened.ways), default=self._clock())
        due = rights_request_due(received).conservative
        assert due is not None
        return Proposal(
            id=new_id("prp", self._entropy), message=opened.kept.message, asked=found.asked, confidence=found.confidence,
            cues=found.cues, also=found.also, received_at=received, due=due, state=ProposalState.OPEN, settled_at=None,
            request="",
        )  # fmt: skip

    def _ours(self, read: Mail) -> bool:
        own = {contact.value.lower() for contact in self._statements.in_force().policy.controller.contacts}
        return any(one.address in own for one in read.sender)

    def _insert(self, one: Proposal) -> None:
        row = (one.id, one.message, str(one.asked), str(one.confidence), "\n".join(one.cues), " ".join(map(str, one.also)),
               one.received_at.isoformat(), one.due.isoformat(), str(one.state), "", one.request)  # fmt: skip
        self._engine.execute(sql.ADD_PROPOSAL, row)

    def _settle(self, one: Proposal, state: ProposalState, request: str) -> Proposal:
        now = self._clock()
        self._engine.execute(sql.SETTLE_PROPOSAL, (str(state), now.isoformat(), request, one.id))
        return replace(one, state=state, settled_at=now, request=request)


def headers_of(raw: bytes) -> tuple[tuple[str, str], ...]:
    """Return the headers of a message by name, unfolded, as text: enough to see whether a machine wrote it. Linear."""
    found: list[tuple[str, str]] = []
    for line in _head(raw[:_HEAD_SIZE]):
        if line[:1] in {" ", "\t"} and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}"[:1000])
        else:
            name, colon, value = line.partition(":")
            if colon and " " not in name.strip():
                found.append((name.strip(), value.strip()))
    return tuple(found)


def _head(raw: bytes) -> Iterable[str]:
    for line in raw.split(b"\n"):
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        if not text:
            return
        yield text


def _a_person(actor: ActorId, proposal: str) -> None:
    if actor == SYSTEM:
        raise RefusedError(
            "proposal-person",
            "only a person says what a mail asks",
            where=proposal,
            remedy="Name yourself with --actor.",
        )
