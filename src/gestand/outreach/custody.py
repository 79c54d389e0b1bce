"""What outreach keeps of people, as a custodian: tokens of who is gone, suppressions and calls whose time is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.ids import ActorId, SubjectId
from gestand.law.periods import keeping
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.outreach.store import OutreachStore
from gestand.outreach.suppression import shelf_of
from gestand.retention.model import Due
from gestand.statement.policy import Policy
from gestand.storage.engine import Engine
from gestand.vault.model import Statements
from gestand.vault.service import Vault


class OutreachCustodian:
    """Lets retention drive what outreach keeps. A token and a call leave with their person at the latest."""

    name = "outreach"

    def __init__(self, engine: Engine, vault: Vault, ledger: Ledger, statements: Statements, clock: Clock) -> None:
        self._store = OutreachStore(engine)
        self._engine = engine
        self._vault = vault
        self._ledger = ledger
        self._statements = statements
        self._clock = clock

    def due(self, on: date) -> Iterator[Due]:
        """Yield what is due, oldest first."""
        policy = self._statements.in_force().policy
        found = [*self._tokens(policy, on), *self._marks(policy), *self._calls(policy, on)]
        yield from sorted((due for due in found if due.since <= on), key=lambda due: due.since)

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Remove these; return how many are still there."""
        with self._engine.transaction():
            for key in keys:
                what, *parts = key.split(" ")
                if what == "token":
                    self._store.forget_tokens(parts[0])
                elif what == "mark":
                    self._store.unsuppress(bytes.fromhex(parts[0]), parts[1] if len(parts) > 1 else "")
                else:
                    self._store.delete_call(parts[0], parts[1], int(parts[2]))
            if keys:
                facts: dict[str, Fact] = {"n": len(keys), "ground": ground}
                self._ledger.stage(Event("outreach.expired", self._clock(), actor, facts))
        return len(set(keys) & self._present())

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves (``due`` never names a next shelf)."""
        assert not due

    def count(self) -> int:
        """Return how many rows about people are kept."""
        return self._store.count()

    def _present(self) -> set[str]:
        tokens = {f"token {subject}" for subject, _purpose in self._store.tokens()}
        marks = {_mark_key(mark, purpose) for mark, purpose, _since in self._store.marks()}
        calls = {f"call {subject} {campaign} {number}" for subject, campaign, number, _at in self._store.call_rows()}
        return tokens | marks | calls

    def _tokens(self, policy: Policy, on: date) -> Iterator[Due]:
        for subject in sorted({subject for subject, _purpose in self._store.tokens()}):
            if not self._vault.exists(SubjectId(subject)):
                yield Due(f"token {subject}", policy.rights.shelf, on)

    def _marks(self, policy: Policy) -> Iterator[Due]:
        found = shelf_of(policy)
        for mark, purpose, since in self._store.marks():
            began = local_date(since)
            if found is None:  # the statement no longer has a place for it
                yield Due(_mark_key(mark, purpose), policy.rights.shelf, began, trigger_on=began)
            else:
                name, shelf = found
                ends = keeping(began, shelf.period, shelf.counts_from).erase_from
                yield Due(_mark_key(mark, purpose), name, ends, trigger_on=began)

    def _calls(self, policy: Policy, on: date) -> Iterator[Due]:
        campaigns = {one.id: one for one in self._store.all()}
        for subject, campaign, number, at in self._store.call_rows():
            purpose = policy.purposes.get(campaigns[campaign].purpose) if campaign in campaigns else None  # type: ignore[index]  # an id as text
            shelf_id = purpose.shelf if purpose else policy.rights.shelf
            shelf, began = policy.shelves[shelf_id], local_date(at)
            ends = keeping(began, shelf.period, shelf.counts_from).erase_from
            there = self._vault.exists(SubjectId(subject))
            yield Due(f"call {subject} {campaign} {number}", shelf_id, ends if there else on, trigger_on=began)


def _mark_key(mark: bytes, purpose: str) -> str:
    return f"mark {mark.hex()} {purpose}".rstrip()
