"""When a person's data were opened, and for which purpose: never by staff name (C-579/21).

What was opened of one alone is in the ledger, under the subject's reference, and found there by its index: the cost of an
answer is that of the person's own entries. What was opened among many the vault keeps beside the subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from gestand.kernel.clock import local_date
from gestand.kernel.ids import PurposeId
from gestand.ledger.service import Ledger
from gestand.statement.policy import Policy, Text

Shown = Iterable[tuple[date, PurposeId, int]]


def openings_of(
    ledger: Ledger, reference: str, policies: Iterable[Policy], among_many: Shown = ()
) -> tuple[tuple[date, Text, int], ...]:
    """Return per day and purpose how many data of the subject with this ledger reference were opened.

    ``policies``: of every version, the one in force first; a purpose is named as the first that has it does.
    ``among_many``: what was opened together with others (``Vault.shown_among_many``); that is said, for it is a list or a
    comparison that the program made, and nobody looked at this one person.
    """
    counted: Counter[tuple[date, str, bool]] = Counter()
    for entry in ledger.of_subject(reference):
        event, items = entry.event, entry.event.facts.get("items")
        if event.name == "data.opened" and isinstance(items, int):
            counted[local_date(event.at), str(event.facts.get("purpose")), False] += items
    for on, named, number in among_many:
        counted[on, named, True] += number
    known = tuple(policies)
    found = []
    for (on, purpose, among), items in sorted(counted.items()):
        declared = next((policy.purposes[PurposeId(purpose)] for policy in known if purpose in policy.purposes), None)
        title = declared.title if declared else Text(nl=purpose, en=purpose)
        found.append((on, _among(title) if among else title, items))
    return tuple(found)


def _among(title: Text) -> Text:
    return Text(
        nl=f"{title.nl}, samen met gegevens van anderen: voor een lijst, of omdat ons programma een lijst die wij invoerden vergeleek",
        en=f"{title.en}, together with data of others: for a list, or because our program compared a list that we imported",
    )
