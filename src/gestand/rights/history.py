"""When a person's data were opened, and for which purpose: from the ledger, never by staff name (C-579/21)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from gestand.kernel.clock import local_date
from gestand.ledger.service import Ledger
from gestand.statement.policy import Policy, Text


def openings_of(ledger: Ledger, reference: str, policy: Policy) -> tuple[tuple[date, Text, int], ...]:
    """Return per day and purpose how many data of the subject with this ledger reference were opened."""
    counted: Counter[tuple[date, str]] = Counter()
    for entry in ledger.entries():
        event = entry.event
        if event.name == "data.opened" and event.subject == reference:
            items = event.facts.get("items")
            counted[local_date(event.at), str(event.facts.get("purpose"))] += items if isinstance(items, int) else 0
    found = []
    for (day, purpose), items in sorted(counted.items()):
        declared = policy.purposes.get(purpose)
        found.append((day, declared.title if declared else Text(nl=purpose, en=purpose), items))
    return tuple(found)
