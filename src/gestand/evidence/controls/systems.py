"""Controls of other systems: each answer and erasure went through all of them; each answers, and who was erased stays away."""

from __future__ import annotations

from datetime import datetime, timedelta

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Finding, Verdict, World
from gestand.kernel.clock import local_date
from gestand.kernel.errors import InputError
from gestand.ledger.model import Entry
from gestand.rights.model import Right
from gestand.statement.policy import Text

LOOKED_WITHIN = timedelta(days=31)
"""A system at which nobody looked for longer may have moved, or hold again what was erased."""
NO_OTHERS = Text(nl="Er zijn geen andere systemen opgegeven.", en="No other systems are declared.")
ABOUT = "request "
"""How the reason of a search begins that was made for a request."""


def other_systems_searched(world: World) -> Verdict:
    """Whoever was answered or erased was searched for in every system that was known then; none fell out of sight unsaid."""
    known: set[str] = set()
    missed: dict[tuple[str, str], set[str]] = {}
    for entry in entries(world, "source.looked", "source.retired", "source.shown", "source.searched"):
        facts = entry.event.facts
        if entry.event.name == "source.looked":
            known.add(str(facts.get("source")))
        elif entry.event.name == "source.retired":
            known.discard(str(facts.get("source")))
        else:
            searched = facts.get("sources")
            named = set(searched) if isinstance(searched, tuple) else set()
            about = str(facts.get("job") or facts.get("reason")).removeprefix(ABOUT)
            missed[entry.event.name, about] = known - named
    faults: list[str] = []
    seen = 0
    for request in world.requests.all():
        event = _certified_by(request.right, request.outcome)
        if not event:
            continue
        seen += 1
        without = missed.get((event, request.id))
        if without is None:
            faults.append(f"request {request.id}: closed as '{request.outcome}', and no other system was searched")
        elif without:
            faults.append(f"request {request.id}: closed as '{request.outcome}', and not searched in {_list(without)}")
    try:
        declared = {str(file.name) for file in world.sources.files()}
        faults += [
            f"sources/{name}.toml is gone, and nobody said what became of the system ('gestand source retire {name}')"
            for name in sorted(known - declared)
        ]
    except InputError as broken:
        faults += [f"{problem.file}: {problem.message}" for problem in broken.problems]
    return judged(
        faults,
        seen,
        kept=Text(nl="Elk antwoord ging door alle systemen.", en="Every answer went through every system."),
        broken=Text(nl="Een systeem is overgeslagen.", en="A system was left out."),
        figures={"systems": len(known)},
    )


def _certified_by(right: Right, outcome: str) -> str:
    """Return the entry that says where was searched for a request that was closed so; empty where nothing had to be."""
    if right is Right.ACCESS and outcome == "answered":
        return "source.shown"
    if right is Right.ERASURE and outcome in {"erased", "partly-erased"}:
        return "source.searched"
    return ""


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names))


def other_systems_in_order(world: World) -> Verdict:
    """Every declared system was looked at within a month, answers as declared, and nobody who was erased is back in it."""
    now = world.clock()
    last: dict[str, Entry] = {}
    for entry in entries(world, "source.looked"):
        last[str(entry.event.facts.get("source"))] = entry
    faults: list[str] = []
    seen = 0
    try:
        names = [str(file.name) for file in world.sources.files()]
    except InputError as broken:
        names = []
        faults += [f"{problem.file}: {problem.message}" for problem in broken.problems]
    for name in names:
        seen += 1
        faults += _faults_of(name, last.get(name), now)
    if not names and not faults:
        return Verdict(Finding.KEPT, NO_OTHERS, {"looked_at": 0, "deviations": 0})
    return judged(
        faults,
        seen,
        kept=Text(
            nl="De andere systemen zijn in orde, en wie gewist is, is daar weg.",
            en="The other systems are in order, and who was erased is gone there.",
        ),
        broken=Text(nl="Met een ander systeem is iets mis.", en="Something is wrong with another system."),
    )


def _faults_of(name: str, looked: Entry | None, now: datetime) -> list[str]:
    if looked is None:
        return [f"{name}: declared, and nobody looked whether it answers"]
    facts, where = looked.event.facts, f"ledger entry {looked.index}"
    found = []
    if now - looked.event.at > LOOKED_WITHIN:
        found.append(f"{name}: last looked at on {local_date(looked.event.at)} ({where})")
    if facts.get("problems"):
        found.append(f"{name}: {facts['problems']} faults between what is declared and what is there ({where})")
    if facts.get("back"):
        found.append(f"{name}: {facts['back']} rows of people who were erased are back ({where})")
    return found


CONTROLS = (
    Control(
        "other-systems-searched",
        Text(nl="In elk systeem wordt gezocht", en="Every system is searched"),
        Text(
            nl="van elk antwoord en elke wissing waar gezocht is",
            en="of every answer and every erasure where was searched",
        ),
        "measured",
        other_systems_searched,
        __name__,
        ("ledger-intact", "openings-recorded"),
    ),
    Control(
        "other-systems-in-order",
        Text(nl="Ook elders blijft gewist wat gewist is", en="What was erased stays erased elsewhere too"),
        Text(
            nl="de laatste blik op elk ander systeem",
            en="the last look at every other system",
        ),
        "measured",
        other_systems_in_order,
        __name__,
        ("ledger-intact", "statement-current"),
    ),
)
