"""Controls of what people chose: an objection holds, and a consent was really given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import local_date
from gestand.ledger.model import Entry
from gestand.statement.consent import words_digest
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
    """Every consent the vault acts on was given (ledger), and nothing was opened on consent before it or after it ended.

    Given means: to words of a statement that was in force by then, in a way that is known (Article 7(1)).
    """
    needs = {name for name, p in world.policy.purposes.items() if p.basis is LawfulBasis.CONSENT}
    given: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    faults: list[str] = []
    seen = 0
    for entry in entries(world, "consent.recorded", "consent.withdrawn", "data.opened"):
        event = entry.event
        purposes = event.facts.get("purposes")
        named = set(purposes) if isinstance(purposes, tuple) else set()
        if event.name == "consent.recorded":
            seen += 1
            given[event.subject] |= dict.fromkeys(named, entry)
        elif event.name == "consent.withdrawn":
            given[event.subject] = {name: one for name, one in given[event.subject].items() if name not in named}
        elif event.facts.get("purpose") in needs - given[event.subject].keys() and event.facts.get("items"):
            faults.append(f"ledger entry {entry.index}: opened for '{event.facts.get('purpose')}' without consent")
    asked = _asked(world)
    for subject in world.vault.subjects():
        recorded = given.get(world.vault.reference(subject), {})
        for name in sorted(world.vault.consents(subject)):
            if name not in recorded:
                faults.append(f"subject {subject}: the vault holds a consent to '{name}' that nobody gave")
            else:
                faults += [f"subject {subject}: {why}" for why in _unshown(recorded[name], asked.get(name, {}))]
    return judged(
        faults,
        seen,
        kept=Text(nl="Elke toestemming is echt gegeven.", en="Every consent was really given."),
        broken=Text(
            nl="Er is een toestemming die niet aantoonbaar gegeven is.",
            en="There is a consent that nobody is shown to have given.",
        ),
    )


def _asked(world: World) -> dict[str, dict[str, date]]:
    """Return of each purpose the digests of the words that were ever published for it, each with its first day."""
    found: dict[str, dict[str, date]] = {}
    for one in world.publication.history():
        statement = world.publication.version(one.version)
        for name, purpose in statement.policy.purposes.items() if statement else ():
            if purpose.consent_text is not None:
                days = found.setdefault(name, {})
                digest = words_digest(purpose.consent_text)
                days[digest] = min(one.in_force_from, days.get(digest, one.in_force_from))
    return found


def _unshown(entry: Entry, asked: dict[str, date]) -> Iterator[str]:
    """Yield what a recorded consent does not show."""
    since = asked.get(str(entry.event.facts.get("text_digest")))
    if since is None or local_date(entry.event.at) < since:
        yield f"the consent of ledger entry {entry.index} is to words that were not in the statement by then"
    if not str(entry.event.facts.get("channel") or "").strip():
        yield f"the consent of ledger entry {entry.index} does not say in which way it was given"


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
        Text(
            nl="elke toestemming in de kluis naast het logboek en naast de woorden waarin zij gevraagd is",
            en="every consent in the vault beside the ledger, and beside the words in which it was asked",
        ),
        "measured",
        consent_on_record,
        __name__,
        ("ledger-intact", "statement-history-kept"),
    ),
)
