"""The events a ledger may hold, and for each the facts it may carry. Anything else is refused before it is written.

Facts are short: ids of the policy, counts, dates, digests. Never a value of a datum, a name, an address, an IP address:
the ledger outlives its subjects (DESIGN promise 7). A subject stands in an entry only as a reference that dies with
their key.
"""

from __future__ import annotations

EVENTS: dict[str, tuple[str, ...]] = {
    # the organisation and its statement
    "organisation.made": ("policy_digest",),
    "statement.published": ("version", "digest", "in_force_from", "enlarging", "narrowing"),
    # the register and what comes in
    "subject.added": ("kind", "items", "version", "source", "shelves", "reason"),
    "subject.aliased": ("kinds",),
    "representation.recorded": ("role",),
    "representation.ended": ("until",),
    "dossier.opened": ("dossier", "kind", "purpose"),
    "dossier.joined": ("dossier",),
    "dossier.event": ("dossier", "kind", "event", "on"),
    "dossier.closed": ("dossier", "kind"),
    "intake.imported": ("file_digest", "read", "added", "merged", "refused", "from_row", "to_row"),
    # the vault
    "data.sealed": ("items", "subjects", "version", "source", "shelves", "reason"),
    "data.opened": ("purpose", "reason", "items", "refused", "subjects", "under"),
    "data.rectified": ("item", "field", "reason"),
    "data.restricted": ("items", "reason", "marks"),
    "data.released": ("items", "reason", "marks"),
    "objection.recorded": ("purposes", "reason"),
    "objection.withdrawn": ("purposes", "reason"),
    "consent.recorded": ("purposes", "text_digest", "channel"),
    "consent.withdrawn": ("purposes", "channel"),
    "data.moved": ("items", "shelf", "reason"),
    "data.due": ("items", "trigger", "on"),
    "erasure.begun": ("erasure", "items", "ground", "marks"),
    "key.destroyed": ("erasure", "keys", "epoch"),
    "erasure.done": ("erasure", "items", "absent"),
    # the archive of messages
    "message.admitted": ("messages", "unread", "ways", "version"),
    "message.opened": ("purpose", "reason", "messages", "marks"),
    "message.searched": ("purpose", "reason", "people"),
    "message.classed": ("messages", "purpose", "shelf", "reason"),
    "message.erasing": ("erasure", "messages", "ground", "ids"),
    "message.erased": ("erasure", "messages", "absent"),
    "message.emptied": ("messages",),
    # holds, retention
    "hold.placed": ("hold", "items", "reason", "until", "marks"),
    "hold.lifted": ("hold", "reason"),
    "retention.run": ("run", "due", "erased", "kept", "certificate"),
    # rights
    "request.received": ("request", "right", "channel", "due", "conservative"),
    "request.confirmed": ("request", "level"),
    "request.extended": ("request", "due", "reason"),
    "request.rejected": ("request", "ground"),
    "request.planned": ("request", "erase", "keep", "restrict", "digest"),
    "request.proposed": ("proposal", "right", "due"),
    "request.accepted": ("proposal", "request", "right"),
    "request.dismissed": ("proposal",),
    "request.judged": ("request", "kind", "shown"),
    "request.paused": ("request",),
    "request.resumed": ("request", "due"),
    "request.code-sent": ("request",),
    "request.approved": ("request", "digest"),
    "request.handed-over": ("request",),
    "request.fetched": ("request",),
    "request.leftover": ("what", "n", "ground"),
    "postbook.entered": ("entry", "way", "what", "on"),
    "request.answered": ("request", "digest", "items"),
    "request.closed": ("request", "outcome"),
    "request.expired": ("request", "ground"),
    # post: what was sent, by its Message-ID, which is random; never to which address
    "mail.sent": ("message", "kind", "reference"),
    "mail.doubt": ("message", "kind", "reference"),
    "mail.failed": ("message", "kind", "reference"),
    "mail.withheld": ("message", "kind", "reference", "why"),
    "mail.bounced": ("message", "kind", "reference", "status"),
    "mail.retried": ("message", "kind", "reference"),
    "mail.opened": ("message", "kind", "reason"),
    "mail.expired": ("message", "ground"),
    "letter.posted": ("message", "kind", "reference", "on"),
    # outreach
    "outreach.made": ("campaign", "kind", "via", "purpose"),
    "outreach.tested": ("campaign",),
    "outreach.started": ("campaign", "kind", "purpose", "allowed", "left_out", "digest"),
    "outreach.stopped": ("campaign", "cancelled"),
    "outreach.called": ("campaign", "purpose", "outcome", "offered", "objected"),
    "outreach.unsubscribed": ("purposes", "by"),
    "outreach.expired": ("n", "ground"),
    # the ways in of mail
    "mailbox.read": ("mailbox", "folders", "new", "failed", "oldest"),
    "mailbox.emptied": ("mailbox", "removed", "left"),
    "mail.added": ("source_digest", "read", "new", "failed"),
    # what leaves to others: one shape for all of it, so that an order that must stay secret looks like anything else
    "sharing.noted": ("record", "digest"),
    "sharing.left": ("records",),
    # other systems that hold copies
    "source.planned": ("job", "source", "rows", "kept", "digest"),
    "source.judged": ("job", "traces", "outcome"),
    "source.erased": ("job", "source", "removed", "retained", "digest"),
    "source.searched": ("job", "found", "retained"),
    "source.rectified": ("source", "changed", "attached", "conflicts"),
    "source.restricted": ("source", "rows", "outcome"),
    "source.shown": ("reason", "found", "places"),
    # proof
    "measure.attested": ("measure", "outcome", "expires", "evidence_digest"),
    "proof.run": ("version", "kept", "broken", "unproven", "informative", "digest"),
    "promise.broken": ("control", "clauses"),
    "promise.mended": ("control", "clauses"),
    "site.scanned": ("site", "pages", "deviations", "failed", "digest"),
    "site.watched": ("site", "version", "same"),
    # keys and the log itself
    "storage.moved": ("engine", "tables", "rows"),
    "epoch.opened": ("epoch",),
    "epoch.closed": ("epoch", "rewrapped"),
    "escrow.made": ("epoch", "form", "recipients", "digest"),
    # backups
    "backup.made": ("backup", "items", "entries", "epoch", "full", "digest"),
    "backup.expired": ("backups", "what"),
    "restore.done": ("backup", "items", "replayed", "verified", "unseen"),
    "drill.done": ("backup", "items", "replayed", "verified", "fault"),
    "index.rebuilt": ("tokens", "epoch"),
}
