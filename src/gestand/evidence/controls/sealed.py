"""The control of what lies on disk: the store is sealed, and no list of people lies readable in the folder around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gestand.evidence.controls.common import judged
from gestand.evidence.lying import beside_the_store, in_the_store
from gestand.evidence.model import Control, Verdict, World
from gestand.sources.load import places_of_sources
from gestand.statement.policy import Text


def sealed_at_rest(world: World) -> Verdict:
    """Every file of the store is of a sealed shape and has no address in the clear; around it lies no list of people.

    What somebody works at may lie there plain: a list for a day, a disk in the folder for that for a week.
    """
    now = world.clock()
    store = in_the_store(world.data, now)
    beside = beside_the_store(world.folder, [world.data, *_declared(world)], now)
    plain = store.worked_at + beside.worked_at
    nl = "De opslag is versleuteld, en in de map van de organisatie ligt geen leesbare lijst van mensen."
    en = "The store is sealed, and no readable list of people lies in the organisation's folder."
    if plain:
        nl = f"De opslag is versleuteld; in de map van de organisatie ligt nog leesbaar waar nu aan gewerkt wordt ({plain})."
        en = f"The store is sealed; in the organisation's folder lies readable what is worked at now ({plain})."
    elif not beside.whole:
        nl = "De opslag is versleuteld; in het deel van de map van de organisatie dat bekeken is, ligt geen leesbare lijst."
        en = "The store is sealed; no readable list lies in the part of the organisation's folder that was looked through."
    return judged(
        [*store.faults, *beside.faults],
        store.files,
        kept=Text(nl=nl, en=en),
        broken=Text(
            nl="Er staan leesbare gegevens op schijf, in de opslag of in de map van de organisatie.",
            en="Readable data lie on disk, in the store or in the organisation's folder.",
        ),
        figures={"bytes": store.size, "beside": beside.files, "worked_at": plain},
    )


def _declared(world: World) -> Iterator[Path]:
    """Yield what the settings and the sources name: other systems, which have controls of their own."""
    for box in world.ways.settings.mailboxes:
        if box.maildir is not None:
            yield box.maildir
    yield from places_of_sources(world.folder)


CONTROLS = (
    Control(
        "sealed-at-rest",
        Text(nl="Versleuteld bewaard", en="Sealed at rest"),
        Text(
            nl="elk bestand van de opslag, en leesbare lijsten in de map van de organisatie",
            en="every file of the store, and readable lists in the organisation's folder",
        ),
        "measured",
        sealed_at_rest,
        __name__,
    ),
)
