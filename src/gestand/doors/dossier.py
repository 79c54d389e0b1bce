"""What an opened organisation puts in its dossier."""

from __future__ import annotations

from pathlib import Path

from gestand.breach.registering import as_json
from gestand.doors.cli.prove import as_document
from gestand.doors.house import world_of
from gestand.evidence.dossier.making import Dossier, Part, as_part, ledger_part, proof_parts, write_dossier
from gestand.evidence.ropa import record_of
from gestand.evidence.ropa_sheets import to_json
from gestand.evidence.service import prove
from gestand.kernel.ids import ActorId
from gestand.system import System

OWNER = ActorId("owner")


def make_dossier(house: System, folder: Path) -> Dossier:
    """Prove once more and write everything into ``folder``.

    :raises UsageError: if the folder holds something, or cannot be written.
    """
    run = prove(world_of(house))
    firm = house.statements.in_force().policy.controller.name
    breaches = house.history.breaches()
    parts = [
        *proof_parts(run, as_document(run), firm, breaches),
        as_part("broken-promises.json", "wat gebroken was, van wanneer tot wanneer", "what was broken, from when to when", [
            {"control": one.control, "clauses": one.clauses, "since": one.since.isoformat(),
             "until": one.until.isoformat() if one.until else None, "why": one.why_en, "mended_by": one.mended_by}
            for one in breaches
        ]),
        _processing(house),
        _breaches(house),
        _disclosures(house),
        _requests(house),
        _measures(house),
        _retention(house),
        *_statements(house),
        ledger_part(house.ledger),
    ]  # fmt: skip
    return write_dossier(folder, parts, firm=firm, at=house.clock(), ledger=house.ledger)


def _processing(house: System) -> Part:
    record = to_json(record_of(world_of(house)))
    return as_part(
        "processing.json", "het verwerkingsregister (artikel 30)", "the record of processing (Article 30)", record
    )


def _breaches(house: System) -> Part:
    lines = house.breaches.register(actor=OWNER)
    document = as_json(lines, house.statements.in_force().policy.controller.name, house.clock())
    return as_part(
        "breaches.json",
        "het register van datalekken (artikel 33, vijfde lid)",
        "the breach register (Article 33(5))",
        document,
    )


def _disclosures(house: System) -> Part:
    """List what was given to others, without whom it was about; what an order keeps secret is not told here either."""
    rows = [
        {"at": one.at.isoformat(), "recipient": str(one.recipient), "purpose": str(one.purpose), "ground": one.ground,
         "fields": [str(field) for field in one.fields], "people": len(one.given), "statement": str(one.version)}
        for one in house.sharing.disclosures() if not house.sharing.hidden(one)
    ]  # fmt: skip
    return as_part("disclosures.json", "wat aan anderen is verstrekt", "what was given to others", rows)


def _requests(house: System) -> Part:
    rows = [
        {"id": str(one.id), "right": str(one.right), "channel": str(one.channel), "received": one.received_at.isoformat(),
         "due": one.due.isoformat(), "state": str(one.state), "identity": str(one.identity) if one.identity else None,
         "extended_because": one.extended_because, "closed": one.closed_at.isoformat() if one.closed_at else None}
        for one in house.requests.all()
    ]  # fmt: skip
    return as_part(
        "requests.json", "verzoeken van betrokkenen met hun klok", "requests of data subjects with their clocks", rows
    )


def _measures(house: System) -> Part:
    rows = []
    for name, measure in house.measures.declared.items():
        last = house.measures.last(name)
        rows.append({"id": name, "title": measure.title.model_dump(), "attested": str(last.on) if last else None,
                     "outcome": last.outcome if last else None, "expires": str(last.expires) if last else None})  # fmt: skip
    return as_part("measures.json", "maatregelen die een mens nagaat", "measures that a person attests", rows)


def _retention(house: System) -> Part:
    names = {"retention.run", "erasure.done", "restore.done", "drill.done", "epoch.closed"}
    rows = [
        {"entry": entry.index, "event": entry.event.name, "at": entry.event.at.isoformat(), **entry.event.facts}
        for entry in house.ledger.entries() if entry.event.name in names
    ]  # fmt: skip
    return as_part(
        "destruction.json", "wat gewist is, en de proeven daarvan", "what was destroyed, and its proofs", rows
    )


def _statements(house: System) -> list[Part]:
    parts: list[Part] = []
    for published in house.statements.history():
        statement = house.statements.version(published.version)
        if statement is not None:
            parts += [
                Part(f"statements/{published.version}/{Path(text.file).name}", "een versie van de verklaring", "a version of the statement",
                     text.source.encode())
                for text in statement.texts
            ]  # fmt: skip
    return parts
