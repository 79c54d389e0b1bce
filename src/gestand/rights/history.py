"""When a person's data were opened, and for which purpose: from the ledger, never by staff name (C-579/21).

The ledger has no index by subject, so this reads all of it: its cost grows with the ledger, not with the person's own data.
Openings of many subjects at once carry no reference to one of them and are not in this list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from gestand.kernel.clock import local_date
from gestand.ledger.service import Ledger
from gestand.statement.policy import Policy, Text


def openings_of(ledger: Ledger, reference: str, policies: Iterable[Policy]) -> tuple[tuple[date, Text, int], ...]:
    """Return per day and purpose how many data of the subject with this ledger reference were opened.

    ``policies``: of every version, the one in force first; a purpose is named as the first that has it does.
    """
    counted: Counter[tuple[date, str]] = Counter()
    for entry in ledger.entries():
        event = entry.event
        if event.name == "data.opened" and event.subject == reference:
            items = event.facts.get("items")
            counted[local_date(event.at), str(event.facts.get("purpose"))] += items if isinstance(items, int) else 0
    known = tuple(policies)
    found = []
    for (day, purpose), items in sorted(counted.items()):
        declared = next((policy.purposes[purpose] for policy in known if purpose in policy.purposes), None)
        found.append((day, declared.title if declared else Text(nl=purpose, en=purpose), items))
    return tuple(found)
