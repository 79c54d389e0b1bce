"""Controls of what people chose: an objection holds, and a consent was really given."""

from __future__ import annotations

from collections import defaultdict

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.statement.policy import LawfulBasis, Text


def objection_honoured(world: World) -> Verdict:
    """Every objection in the ledger stands at the person's data, and nothing was opened for that purpose since."""
    objected: defaultdict[str, set[str]] = defaultdict(set)
    faults: list[str] = []
    for entry in entries(world, "objection.recorded", "objection.withdrawn", "data.opened"):
        event = entry.event
        purposes = event.facts.get("purposes")
        named = set(purposes) if isinstance(purposes, tuple) else set()
        if event.name == "objection.recorded":
            objected[event.subject] |= named
        elif event.name == "objection.withdrawn":
            objected[event.subject] -= named
        elif event.facts.get("purpose") in objected[event.subject] and event.facts.get("items"):
            faults.append(f"ledger entry {entry.index}: opened for a purpose that was objected to")
    for subject in world.vault.subjects():
        gone = objected.get(world.vault.reference(subject), set()) - set(world.vault.objections(subject))
        faults += [f"subject {subject}: the objection to '{name}' is gone" for name in sorted(gone)]
    return judged(
        faults,
        sum(map(len, objected.values())),
        kept=Text(nl="Elk bezwaar geldt nog.", en="Every objection holds."),
        broken=Text(nl="Een bezwaar is niet gevolgd.", en="An objection was not honoured."),
    )


def consent_on_record(world: World) -> Verdict:
    """Every consent the vault acts on was given (ledger), and nothing was opened on consent before it or after it ended."""
    needs = {name for name, p in world.policy.purposes.items() if p.basis is LawfulBasis.CONSENT}
    given: defaultdict[str, set[str]] = defaultdict(set)
    faults: list[str] = []
    seen = 0
    for entry in entries(world, "consent.recorded", "consent.withdrawn", "data.opened"):
        event = entry.event
        purposes = event.facts.get("purposes")
        named = set(purposes) if isinstance(purposes, tuple) else set()
        if event.name == "consent.recorded":
            seen += 1
            given[event.subject] |= named
        elif event.name == "consent.withdrawn":
            given[event.subject] -= named
        elif event.facts.get("purpose") in needs - given[event.subject] and event.facts.get("items"):
            faults.append(f"ledger entry {entry.index}: opened for '{event.facts.get('purpose')}' without consent")
    for subject in world.vault.subjects():
        held = set(world.vault.consents(subject))
        extra = held - given.get(world.vault.reference(subject), set())
        faults += [
            f"subject {subject}: the vault holds a consent to '{name}' that nobody gave" for name in sorted(extra)
        ]
    return judged(
        faults,
        seen,
        kept=Text(nl="Elke toestemming is echt gegeven.", en="Every consent was really given."),
        broken=Text(nl="Er wordt gehandeld zonder toestemming.", en="There is a consent that nobody gave."),
    )


CONTROLS = (
    Control(
        "objection-honoured",
        Text(nl="Bezwaar geldt", en="Objections hold"),
        Text(nl="elk bezwaar in het logboek", en="every objection in the ledger"),
        "measured",
        objection_honoured,
        __name__,
        ("ledger-intact",),
    ),
    Control(
        "consent-on-record",
        Text(nl="Toestemming is echt gegeven", en="Consent was really given"),
        Text(nl="elke toestemming in de kluis naast het logboek", en="every consent in the vault beside the ledger"),
        "measured",
        consent_on_record,
        __name__,
        ("ledger-intact",),
    ),
)
