"""What a person consented and objected to, and when that ended: read from the ledger, under the person's reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gestand.kernel.ids import PurposeId
from gestand.ledger.service import Ledger
from gestand.outreach.model import Moment

EVENTS = ("consent.recorded", "consent.withdrawn", "objection.recorded", "objection.withdrawn", "outreach.unsubscribed")


def history(ledger: Ledger, reference: str, versions: Callable[[PurposeId], Mapping[str, str]]) -> tuple[Moment, ...]:
    """Return the moments of one person, oldest first. ``versions``: of the statement, by the digest of a consent text."""
    found: list[Moment] = []
    for entry in ledger.of_subject(reference):
        event = entry.event
        if event.name not in EVENTS:
            continue
        purposes = event.facts.get("purposes")
        named = tuple(map(str, purposes)) if isinstance(purposes, (tuple, list)) else ()
        channel = str(event.facts.get("channel") or event.facts.get("by") or "")
        digest = str(event.facts.get("text_digest") or "")
        texts = {known[digest] for one in named if digest in (known := versions(PurposeId(one)))} if digest else set()
        found.append(Moment(event.at, event.name, named, channel, entry.index, ", ".join(sorted(texts)) or digest))
    return tuple(found)
