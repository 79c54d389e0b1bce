"""The control of backups: what was backed up came back, lately, with what was erased since erased again."""

from __future__ import annotations

from datetime import timedelta

from gestand.evidence.controls.common import entries
from gestand.evidence.model import Control, Figure, Finding, Verdict, World
from gestand.kernel.clock import local_date
from gestand.statement.policy import Text

LATELY = timedelta(days=100)  # a drill each quarter, and some days


def restore_drilled(world: World) -> Verdict:
    """The last restore drill succeeded, not more than a hundred days ago."""
    drills = list(entries(world, "drill.done"))
    figures: dict[str, Figure] = {"drills": len(drills)}
    if not drills:
        why = Text(nl="Het terugzetten is nog nooit geoefend.", en="A restore was never drilled.")
        return Verdict(Finding.UNPROVEN, why, figures)
    last = drills[-1]
    facts = last.event.facts
    figures |= {"last": local_date(last.event.at).isoformat()}
    figures |= {name: facts[name] for name in ("items", "replayed") if isinstance(facts.get(name), int)}  # type: ignore[misc]
    evidence = (f"ledger entry {last.index}",)
    if facts.get("verified") is not True:
        fault = str(facts.get("fault", ""))
        why = Text(nl="De laatste oefening is mislukt.", en="The last drill failed.")
        return Verdict(Finding.BROKEN, why, {**figures, "fault": fault}, evidence)
    if world.clock() - last.event.at > LATELY:
        why = Text(nl="Het terugzetten is te lang niet geoefend.", en="A restore was not drilled lately.")
        return Verdict(Finding.UNPROVEN, why, figures, evidence)
    why = Text(
        nl="De reservekopie is teruggezet, nagekeken, en wat gewist was bleef gewist.",
        en="The backup was restored and checked, and what was erased stayed erased.",
    )
    return Verdict(Finding.KEPT, why, figures, evidence)


CONTROLS = (
    Control(
        "restore-drilled",
        Text(nl="Het terugzetten is geoefend", en="A restore was drilled"),
        Text(nl="de oefeningen in het logboek", en="the drills in the ledger"),
        "measured",
        restore_drilled,
        __name__,
        ("ledger-intact",),
    ),
)
