"""What controls share: how a verdict is said, and the sweeps over ledger and vault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gestand.evidence.model import Figure, Finding, Verdict, World
from gestand.ledger.model import Entry
from gestand.statement.policy import Text
from gestand.vault.model import Holding

SHOWN = 5
NOTHING_YET = Text(
    nl="Hier is nog niets gebeurd om naar te kijken.", en="Nothing has happened here yet that could be looked at."
)


def entries(world: World, *names: str) -> Iterator[Entry]:
    """Yield the ledger's entries with these event names, oldest first."""
    for entry in world.ledger.entries():
        if entry.event.name in names:
            yield entry


def every_holding(world: World) -> Iterator[Holding]:
    """Yield the context of every datum in the vault; no value is opened."""
    for subject in world.vault.subjects():
        yield from world.vault.holdings(subject)


def judged(
    faults: Iterable[str], looked_at: int, *, kept: Text, broken: Text, figures: Mapping[str, Figure] | None = None
) -> Verdict:
    """Return broken with the first faults as evidence, kept if all that was looked at held, unproven if there was nothing.

    What never happened proves nothing: a firm that was never asked anything has not shown that it answers in time.
    """
    found = list(faults)
    numbers: dict[str, Figure] = {"looked_at": looked_at, "deviations": len(found), **(figures or {})}
    if found:
        return Verdict(Finding.BROKEN, broken, numbers, tuple(found[:SHOWN]))
    if not looked_at:
        return Verdict(Finding.UNPROVEN, NOTHING_YET, numbers)
    return Verdict(Finding.KEPT, kept, numbers)


def marked(world: World) -> dict[str, Holding]:
    """Return every datum by the mark under which it stands in the ledger, and one of each subject by its reference."""
    return {
        mark: holding
        for holding in every_holding(world)
        for mark in (world.vault.mark(holding.item), world.vault.reference(holding.subject))
    }
