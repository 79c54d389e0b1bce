"""What a restore removes again, by the ledger: whatever left the store since the backup, and whatever was revoked.

A program whose token was ended, a person who was sent away, a key that was lost, a role that was taken, a code that was
fetched, a secret that was replaced: the store of an older backup still takes them. The ledger does not. A door that a breach shut since is shut again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from gestand.backup.restoring import Copy
from gestand.breach.store import BreachStore
from gestand.kernel.ids import BreachId, PurposeId, RequestId
from gestand.ledger.model import Entry, Event, Fact
from gestand.outreach.model import CampaignState
from gestand.outreach.store import OutreachStore
from gestand.outreach.suppression import Suppression
from gestand.post.outbox import token_of
from gestand.post.store import OutboxStore
from gestand.rights.circumstances import Circumstance, Shown, unshown
from gestand.rights.parcels import drop_parcels
from gestand.rights.portal.store import CodeStore
from gestand.rights.store import RequestStore
from gestand.sharing.store import SharingStore
from gestand.sources.jobs import Jobs
from gestand.staff.programs import end_tokens
from gestand.staff.store import CutOff, cut_off
from gestand.staff.webhooks import drop_webhooks, turn_secrets
from gestand.storage.engine import Engine
from gestand.system.containment import Containment, shut_again

LEFT = {
    "request.expired": "request",
    "mail.sent": "message",
    "mail.expired": "message",
    "letter.posted": "message",
    "breach.expired": "breach",
    "staff.revoked": "person",
    "staff.forgotten": "person",
    "staff.key-removed": "key",
}
"""Events that say of something beside the vault that it left for good, and the fact that names it."""
WANTED = "Article 17"
"""How the ground of an erasure begins that the person themself asked for."""


@dataclass
class _Said:
    """What the ledger says of rooms beside the vault. What has no end but is replaced counts from the backup on."""

    left: list[str] = field(default_factory=list)
    roles: dict[str, tuple[str, bool]] = field(default_factory=dict)
    tokens: dict[str, datetime] = field(default_factory=dict)
    webhooks: set[str] = field(default_factory=set)
    secrets: Counter[str] = field(default_factory=Counter)  # how often that of each webhook was replaced
    parcels: set[str] = field(default_factory=set)
    stopped: dict[str, datetime] = field(default_factory=dict)  # campaigns
    unwilling: dict[str, list[tuple[PurposeId, ...]]] = field(default_factory=dict)  # who objected, or was erased
    printed: set[str] = field(default_factory=set)
    passwords: set[str] = field(default_factory=set)
    containment: Containment = field(default_factory=Containment)

    def read_program(self, event: Event) -> None:
        """Take an entry about programs into account: tokens that were ended, addresses that are told no more or signed anew."""
        match event.name:
            case "program.revoked":
                self.tokens[str(event.facts.get("token"))] = event.at
            case "webhook.removed":
                self.webhooks.add(str(event.facts.get("webhook")))
            case "webhook.secret-replaced":
                self.secrets[str(event.facts.get("webhook"))] += 1
            case _:
                pass

    def read_wish(self, event: Event, *, since: bool) -> None:
        """Take an entry into account by which somebody, or everybody, is not approached any more."""
        facts, subject = event.facts, event.subject
        match event.name:
            case "outreach.stopped":
                self.stopped[str(facts.get("campaign"))] = event.at
            case "objection.recorded" if since and subject:
                self.unwilling.setdefault(subject, []).append(_named(facts.get("purposes")))
            case "erasure.begun" if since and subject and str(facts.get("ground", "")).startswith(WANTED):
                self.unwilling.setdefault(subject, []).append(())
            case _:
                pass


def _named(purposes: Fact) -> tuple[PurposeId, ...]:
    return tuple(map(PurposeId, purposes)) if isinstance(purposes, tuple) else ()


def forget_requests(copy: Copy, entries: Iterable[Entry], before: int) -> int:
    """Remove what left or was revoked after a backup with ``before`` entries was made; return how much of it was there.

    For a restore: a message that was sent since is not sent again, a campaign that was stopped stays stopped, whoever
    wanted nothing any more is not approached, and nobody comes in who was kept out since.
    """
    said, engine = _read(entries, before), copy.engine
    requests, records, outbox = RequestStore(engine), SharingStore(engine), OutboxStore(engine)
    codes, jobs, breaches = CodeStore(engine), Jobs(engine), BreachStore(engine)
    marked = _suppress(copy, said)
    gone = set(said.left)
    asked = [RequestId(one) for one in said.left if requests.one(one) is not None]
    shared = [one for one in said.left if records.one(one) is not None]
    ended = [one for one in said.left if breaches.one(one) is not None]
    sent = [one.message_id for one in outbox.all() if token_of(one.message_id) in gone]
    with engine.transaction():
        for request in asked:
            requests.delete(request)
            codes.forget(request)
            jobs.forget(request)
        for record in shared:
            records.delete(record)
        for breach in ended:
            breaches.delete(BreachId(breach))
        for message in sent:
            outbox.delete(message)
        stopped = _stop(engine, outbox, said.stopped)
        kept_out = cut_off(engine, CutOff(said.left, said.roles, said.printed, said.passwords))
        kept_out += end_tokens(engine, said.tokens) + drop_webhooks(engine, said.webhooks)
        kept_out += turn_secrets(engine, said.secrets)
        kept_out += shut_again(engine, said.containment)
        left = len(asked) + len(shared) + len(ended) + len(sent)
        return left + stopped + marked + kept_out + drop_parcels(engine, said.parcels)


def _suppress(copy: Copy, said: _Said) -> int:
    """Keep marks of those who objected or were erased since, while their addresses are still in the copy."""
    if not said.unwilling:
        return 0
    keeper = Suppression(OutreachStore(copy.engine), copy.engine, copy.vault, copy.publication, copy.clock)
    found = copy.vault.referred(said.unwilling)
    return sum(keeper.keep(found[one], purposes) for one in found for purposes in said.unwilling[one])


def _stop(engine: Engine, outbox: OutboxStore, campaigns: Mapping[str, datetime]) -> int:
    """Stop campaigns that were stopped since; what waits of them does not leave."""
    store, done = OutreachStore(engine), 0
    for campaign, at in campaigns.items():
        found = store.one(campaign)
        if found is not None and found.state is not CampaignState.STOPPED:
            store.update(replace(found, state=CampaignState.STOPPED, stopped_at=at))
            outbox.cancel(campaign, at)
            done += 1
    return done


def _may_not_ask(facts: Mapping[str, Fact]) -> bool:
    judged = (Circumstance(str(facts.get("kind"))), Shown(str(facts.get("shown"))))
    return unshown([judged]) is not None


def _read(entries: Iterable[Entry], before: int) -> _Said:
    said = _Said()
    for entry in entries:
        event, facts, since = entry.event, entry.event.facts, entry.index >= before
        person = str(facts.get("person", ""))
        said.containment.read(event)
        said.read_program(event)
        said.read_wish(event, since=since)
        match event.name:
            case "sharing.left" if isinstance(records := facts.get("records"), tuple):
                said.left += records
            case "staff.roles":
                said.roles[person] = (str(facts.get("roles", "")), bool(facts.get("keeper")))
            case "request.fetched" | "request.handed-over" if since:
                said.parcels.add(str(facts.get("request")))
            case "request.judged" if since and _may_not_ask(facts):
                said.parcels.add(str(facts.get("request")))
            case "staff.code-printed" | "staff.key-added" if since:
                said.printed.add(person)
                if facts.get("how") == "password":
                    said.passwords.add(person)
            case name if name in LEFT:
                said.left.append(str(facts.get(LEFT[name])))
    return said
