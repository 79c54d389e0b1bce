"""What really is there: fields present, where they came from, purposes opened for, who got something. No value is opened.

An order that must stay secret is not among it: the record of processing is shown to others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from gestand.evidence.controls.common import every_holding
from gestand.evidence.model import World
from gestand.sharing.model import Stage


@dataclass(frozen=True, slots=True)
class Observed:
    """Counts of what is there, by the names that the policy uses: fields, sources, shelves, purposes, recipients.

    ``sources``: by field and source. ``opened``: openings by purpose, from the ledger. ``given``: disclosures by recipient.
    """

    people: int
    fields: Mapping[str, int]
    sources: Mapping[tuple[str, str], int]
    shelves: Mapping[str, int]
    collected_for: Mapping[str, int]
    opened: Mapping[str, int]
    given: Mapping[str, int]

    def sources_of(self, field: str) -> tuple[str, ...]:
        """Return where data of a field came from."""
        return tuple(sorted(source for path, source in self.sources if path == field))


def observe(world: World) -> Observed:
    """Count what is there, in one pass over the vault's context and one over the ledger."""
    fields: Counter[str] = Counter()
    sources: Counter[tuple[str, str]] = Counter()
    shelves: Counter[str] = Counter()
    collected: Counter[str] = Counter()
    for holding in every_holding(world):
        fields[holding.field] += 1
        sources[holding.field, holding.source] += 1
        shelves[holding.shelf] += 1
        collected.update(holding.purposes)
    opened: Counter[str] = Counter()
    for entry in world.ledger.entries():
        if entry.event.name == "data.opened" and "purpose" in entry.event.facts:
            opened[str(entry.event.facts["purpose"])] += 1
    given: Counter[str] = Counter()
    for one in world.sharing.disclosures():
        if one.stage is not Stage.WITHDRAWN and not world.sharing.hidden(one):
            given[one.recipient] += 1
            opened[one.purpose] += 1
    return Observed(world.vault.counts().subjects, fields, sources, shelves, collected, opened, given)
