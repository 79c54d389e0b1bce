"""When a person's data were opened, and for which purpose: never by staff name (C-579/21).

What was opened of one alone is in the ledger, under the subject's reference; an index of that is kept here, brought up to date
from where it stopped: the cost of an answer is that of the person's own openings and of what is new in the ledger since the
last answer. It holds nothing that the ledger does not. What was opened among many the vault keeps beside the subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from gestand.kernel.clock import local_date
from gestand.kernel.ids import PurposeId
from gestand.ledger.service import Ledger
from gestand.rights import case_store as sql
from gestand.statement.policy import Policy, Text
from gestand.storage.engine import Engine

Shown = Iterable[tuple[date, PurposeId, int]]


def openings_of(
    engine: Engine, ledger: Ledger, reference: str, policies: Iterable[Policy], among_many: Shown = ()
) -> tuple[tuple[date, Text, int], ...]:
    """Return per day and purpose how many data of the subject with this ledger reference were opened.

    ``policies``: of every version, the one in force first; a purpose is named as the first that has it does.
    ``among_many``: what was opened together with others (``Vault.shown_among_many``).
    """
    catch_up(engine, ledger)
    counted: Counter[tuple[date, str]] = Counter()
    for day, purpose, items in engine.execute(sql.OPENINGS, (reference,)) if reference else ():
        counted[date.fromisoformat(str(day)), str(purpose)] += int(str(items))
    for on, named, number in among_many:
        counted[on, named] += number
    known = tuple(policies)
    found = []
    for (on, purpose), items in sorted(counted.items()):
        declared = next((policy.purposes[PurposeId(purpose)] for policy in known if purpose in policy.purposes), None)
        found.append((on, declared.title if declared else Text(nl=purpose, en=purpose), items))
    return tuple(found)


def catch_up(engine: Engine, ledger: Ledger) -> int:
    """Bring the index up to the end of the ledger and return how many entries were read; a shorter ledger is read anew."""
    head = ledger.head().size
    counted: Counter[tuple[str, str, str]] = Counter()
    with engine.transaction():
        rows = engine.execute(sql.INDEXED)
        first = int(str(rows[0][0])) if rows else 0
        if first > head:  # restored: the ledger is shorter than what was read
            engine.execute(sql.DROP_OPENINGS)
            first = 0
        if first == head:
            return 0
        for entry in ledger.entries(first, head - 1):
            event = entry.event
            items = event.facts.get("items")
            if event.name == "data.opened" and event.subject and isinstance(items, int):
                counted[event.subject, local_date(event.at).isoformat(), str(event.facts.get("purpose"))] += items
        engine.many(sql.ADD_OPENING, [(*key, items) for key, items in counted.items()])
        engine.execute(sql.SET_INDEXED, (head, head))
    return head - first
