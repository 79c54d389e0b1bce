"""Control of notices: who a wider version concerns was told before it came into force, by mail or letter.

What counts is the mail server's answer, or the day a letter was posted, as the ledger has it; a mail that waits or came back tells nobody.
"""

from __future__ import annotations

from datetime import date

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import local_date
from gestand.rights.announcing import TOLD, about_of, by_post, people_concerned, reference_of, returned
from gestand.statement.policy import Text

SENT = frozenset({"mail.sent", "letter.posted"})


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
        told, lost, back = _heard(world, version.version)
        about = about_of(world.publication, at)
        for subject in people_concerned(world.vault, world.publication, about, before=version.in_force_from):
            looked_at += 1
            mark = world.vault.reference(subject)
            on = told.get(mark)
            nowhere = mark in lost or (mark in back and not by_post(world.policy, world.vault.holdings(subject)))
            unreachable += on is None and nowhere
            if on is None and not nowhere:
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


def _heard(world: World, version: str) -> tuple[dict[str, date], frozenset[str], frozenset[str]]:
    """Return who was told of a version and when first, who could not be reached, and whose mail came back."""
    reference = reference_of(version)
    named = entries(world, *TOLD, "mail.bounced")
    found = [e.event for e in named if e.event.facts.get("reference") == reference]
    back = returned(found)
    told: dict[str, date] = {}
    for event in found:
        if event.name in SENT and event.facts.get("message") not in back:
            on = event.facts.get("on")
            told.setdefault(event.subject, date.fromisoformat(str(on)) if on else local_date(event.at))
    lost, came_back = (
        frozenset(event.subject for event in found if event.name == name)
        for name in ("notice.unreachable", "mail.bounced")
    )
    return told, lost, came_back


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
