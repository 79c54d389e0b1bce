"""What an actor opened between two moments, as the ledger has it: of whom, for what, and what was opened to be given away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from gestand.breach.affected import Reach
from gestand.breach.found import Found
from gestand.breach.ports import Handed
from gestand.kernel.ids import PurposeId, SubjectId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.statement.policy import Policy
from gestand.vault.model import Statements
from gestand.vault.service import Vault


class Openings:
    """Finds the people of whom an actor opened something."""

    def __init__(self, vault: Vault, ledger: Ledger, statements: Statements, handed: Handed | None) -> None:
        self._vault = vault
        self._ledger = ledger
        self._statements = statements
        self._handed = handed

    def touch(self, reach: Reach, found: Found) -> None:
        """Note in ``found`` what the actor of ``reach`` opened between its moments."""
        policy = self._statements.in_force().policy
        by_reference: defaultdict[str, list[Event]] = defaultdict(list)
        to_give: Counter[str] = Counter()
        for event in self._events(reach):
            if event.subject:
                by_reference[event.subject].append(event)
            elif record := str(event.facts.get("under") or ""):
                to_give[record] += int(str(event.facts.get("subjects") or 0))
            else:
                found.estimated = True
                for subject in self._vault.collected_for(PurposeId(str(event.facts.get("purpose")))):
                    self._seen(subject, event, policy, found)
        for subject in self._vault.subjects() if by_reference else ():
            for event in by_reference.pop(self._vault.reference(subject), ()):
                self._seen(subject, event, policy, found)
        found.unlisted += len(by_reference)  # erased since: that they were seen is known, who they are no longer
        for record, people in to_give.items():
            self._seen_to_give(record, people, found)

    def _events(self, reach: Reach) -> Iterator[Event]:
        for entry in self._ledger.entries():
            event = entry.event
            if event.name == "data.opened" and event.actor == reach.opened_by and _within(event.at, reach):
                yield event

    def _seen_to_give(self, record: str, people: int, found: Found) -> None:
        """Count what was opened to be given to others: by the record of it, or how many ``people`` it was once that left."""
        given = self._handed.under(record) if self._handed is not None else None
        if given is None:
            found.unlisted += people
            found.estimated = True
            return
        for subject, items in given:
            if not self._vault.exists(subject):
                found.unlisted += 1  # erased since
                continue
            for holding in self._vault.holdings(subject):
                if holding.item in items:
                    found.touch(holding)

    def _seen(self, subject: SubjectId, event: Event, policy: Policy, found: Found) -> None:
        purpose = policy.purposes.get(str(event.facts.get("purpose")))
        for holding in self._vault.holdings(subject):
            if holding.collected_at <= event.at and (purpose is None or purpose.allows(holding.field)):
                found.touch(holding)


def _within(at: datetime, reach: Reach) -> bool:
    return (reach.first is None or reach.first <= at) and (reach.last is None or at <= reach.last)
