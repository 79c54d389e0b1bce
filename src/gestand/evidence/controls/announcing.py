"""Control of notices: who a wider version concerns was told before it came into force, by mail or letter.

What counts is the mail server's answer, or the day a letter was posted, as the ledger has it; a mail that waits tells nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import local_date
from gestand.rights.announcing import TOLD, about_of, people_concerned, reference_of
from gestand.statement.policy import Text


def enlarging_change_announced(world: World) -> Verdict:
    """Everyone concerned by a version that lets more happen was told before the day it came into force."""
    history = world.publication.history()
    published = {
        str(e.event.facts["version"]) for e in entries(world, "statement.published") if e.event.facts["enlarging"]
    }
    today = local_date(world.clock())
    faults: list[str] = []
    looked_at = unreachable = 0
    for at, version in enumerate(history):
        if version.version not in published or version.in_force_from > today:
            continue
        told, lost = dict(_told(world, version.version)), _unreachable(world, version.version)
        about = about_of(world.publication, at)
        for subject in people_concerned(world.vault, world.publication, about, before=version.in_force_from):
            looked_at += 1
            mark = world.vault.reference(subject)
            on = told.get(mark)
            unreachable += on is None and mark in lost
            if on is None and mark not in lost:
                faults.append(f"version {version.version}: {subject} was not told")
            elif on is not None and on >= version.in_force_from:
                faults.append(f"version {version.version}: {subject} was told on {on.isoformat()}, not before")
    return judged(
        faults,
        looked_at,
        kept=Text(
            nl="Wie een ruimere versie aangaat, hoorde het voordat zij gold.",
            en="Whom a wider version concerns was told before it was in force.",
        ),
        broken=Text(
            nl="Een ruimere versie ging gelden zonder dat iedereen die het aangaat het wist.",
            en="A wider version came into force while somebody concerned had not been told.",
        ),
        figures={"unreachable": unreachable},
    )


def _told(world: World, version: str) -> Iterator[tuple[str, date]]:
    """Yield who was told of a version and when, the last first, so that the first stays."""
    reference = reference_of(version)
    found = [e.event for e in entries(world, *TOLD) if e.event.facts.get("reference") == reference]
    for event in reversed(found):
        if event.name == "notice.unreachable":
            continue
        on = event.facts.get("on")
        yield event.subject, date.fromisoformat(str(on)) if on else local_date(event.at)


def _unreachable(world: World, version: str) -> frozenset[str]:
    reference = reference_of(version)
    return frozenset(
        e.event.subject for e in entries(world, "notice.unreachable") if e.event.facts["reference"] == reference
    )


CONTROLS = (
    Control(
        "enlarging-change-announced",
        Text(nl="Wie een ruimere versie aangaat, hoort het vooraf", en="Whom a wider version concerns is told beforehand"),
        Text(nl="elke ruimere versie, wie zij aangaat, en wanneer die bericht kreeg",
             en="each wider version, whom it concerns, and when they were told"),
        "measured",
        enlarging_change_announced,
        __name__,
        ("ledger-intact", "statement-current", "statement-history-kept"),
    ),
)  # fmt: skip
