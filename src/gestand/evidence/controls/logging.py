"""Controls of the ledger: it verifies, it names a purpose for every opening, it took every opening."""

from __future__ import annotations

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Finding, Verdict, World
from gestand.rights.model import Right
from gestand.statement.policy import Policy, Text


def ledger_intact(world: World) -> Verdict:
    """Rebuild the tree from the leaves and hold it against every signed checkpoint."""
    head = world.ledger.verify()
    return Verdict(
        Finding.KEPT,
        Text(
            nl="Het logboek klopt van de eerste tot de laatste regel.",
            en="The ledger verifies from first to last entry.",
        ),
        {"entries": head.size},
        (f"root {head.root.hex()}",),
    )


def openings_purpose_bound(world: World) -> Verdict:
    """Every opening names a purpose that the statement in force at that moment knows."""
    faults: list[str] = []
    unexplained: list[str] = []
    seen = 0
    policies = _policies(world)
    for entry in entries(world, "data.opened"):
        if (
            "under" in entry.event.facts
        ):  # its purpose stands in a sealed record: disclosures-within-statement judges it
            continue
        seen += 1
        purpose = str(entry.event.facts.get("purpose", ""))
        if not any(purpose in policy.purposes for policy in policies):
            faults.append(f"ledger entry {entry.index}: purpose '{purpose}' is in no version of the statement")
        elif not str(entry.event.facts.get("reason", "")).strip():
            unexplained.append(f"ledger entry {entry.index}: opened without a reason")
    return judged(
        faults + unexplained,
        seen,
        kept=Text(nl="Elke inzage had een doel uit de verklaring.", en="Every opening had a purpose of the statement."),
        broken=Text(
            nl="Er is ingezien zonder doel uit de verklaring.",
            en="Data were opened without a purpose of the statement.",
        )
        if faults
        else Text(
            nl="Er is ingezien zonder dat is opgeschreven waarom.",
            en="Data were opened and it was not written down why.",
        ),
    )


def openings_recorded(world: World) -> Verdict:
    """Every access request that was answered has its opening in the ledger: nobody read by a way around the vault."""
    opened = [entry.event.facts for entry in entries(world, "data.opened") if "under" not in entry.event.facts]
    reasons = {str(facts.get("reason", "")) for facts in opened}
    faults: list[str] = []
    answered = 0
    for request in world.requests.all():
        if request.right is Right.ACCESS and request.outcome == "answered":
            answered += 1
            if f"request {request.id}" not in reasons:
                faults.append(f"request {request.id} was answered, and the ledger holds no opening for it")
    return judged(
        faults,
        answered,
        kept=Text(nl="Elke inzage staat in het logboek.", en="Every opening is in the ledger."),
        broken=Text(nl="Er is ingezien buiten het logboek om.", en="Data were read by a way around the ledger."),
        figures={"openings": len(reasons)},
    )


def _policies(world: World) -> list[Policy]:
    found = [world.policy]
    for published in world.publication.history():
        statement = world.publication.version(published.version)
        if statement is not None:
            found.append(statement.policy)
    return found


CONTROLS = (
    Control(
        "ledger-intact",
        Text(nl="Het logboek is niet veranderd", en="The ledger was not rewritten"),
        Text(nl="alle regels en alle ondertekende standen", en="all entries and all signed checkpoints"),
        "measured",
        ledger_intact,
        __name__,
    ),
    Control(
        "openings-purpose-bound",
        Text(nl="Gegevens worden alleen ingezien voor een doel", en="Data are opened for a purpose only"),
        Text(nl="elke inzage in het logboek", en="every opening in the ledger"),
        "measured",
        openings_purpose_bound,
        __name__,
        ("ledger-intact", "statement-history-kept"),
    ),
    Control(
        "openings-recorded",
        Text(nl="Elke inzage wordt vastgelegd", en="Every opening is recorded"),
        Text(nl="elk beantwoord verzoek naast het logboek", en="every answered request beside the ledger"),
        "measured",
        openings_recorded,
        __name__,
        ("ledger-intact",),
    ),
)
