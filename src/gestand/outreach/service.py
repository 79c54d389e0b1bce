"""The verbs of outreach: a campaign made, judged, tried, sent, stopped; calls listed and recorded; the list of those passed over."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, ShelfId, SubjectId, new_id
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.outreach.calling import Calling
from gestand.outreach.composing import FIRM, SAMPLE, SITE, Composing
from gestand.outreach.desk import Desk
from gestand.outreach.history import history
from gestand.outreach.judging import Judging
from gestand.outreach.model import (
    Audience,
    CallLine,
    Campaign,
    CampaignId,
    CampaignKind,
    CampaignState,
    Judged,
    Moment,
    Objecting,
    Objections,
    Outcome,
    Status,
    Versions,
    Via,
    Why,
)
from gestand.outreach.rendering import check_template
from gestand.outreach.rules import check_campaign
from gestand.outreach.store import OutreachStore
from gestand.outreach.suppression import Suppression
from gestand.outreach.tokens import Tokens
from gestand.outreach.unsubscribing import Unsubscribing
from gestand.post.model import Bulk, MailKind, State
from gestand.post.service import Post
from gestand.register.service import Register
from gestand.storage.engine import Engine
from gestand.vault.service import Vault

LANGUAGES = ("nl", "en")


class Outreach:
    """The campaigns of one organisation. ``unsubscribing`` and ``suppression`` are for the doors and rooms that need them."""

    def __init__(
        self,
        *,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        register: Register,
        statements: Versions,
        post: Post,
        suppression: Suppression,
        objections: Objections,
        root_key: bytes,
        clock: Clock,
        entropy: Entropy,
        unsubscribe_url: str = "",
        objecting: Objecting = dict,
    ) -> None:
        tokens = Tokens(root_key, unsubscribe_url)
        desk = Desk(
            OutreachStore(engine),
            engine,
            vault,
            ledger,
            register,
            statements,
            post,
            suppression,
            objections,
            tokens,
            clock,
            objecting,
        )
        self._desk = desk
        self._entropy = entropy
        self.suppression = suppression
        self._judging = Judging(desk)
        self._composing = Composing(desk, self._judging)
        self._calling = Calling(desk, self._judging, self._composing)
        self.unsubscribing = Unsubscribing(desk)
        post.composed_by(self._composing, (MailKind.NEWSLETTER, MailKind.SERVICE, MailKind.OFFER))

    def new(
        self,
        kind: CampaignKind,
        via: Via,
        purpose: PurposeId,
        *,
        title: str,
        template: str,
        language: str = "nl",
        own_similar: bool | None = None,
        stop_at_collection: bool | None = None,
        actor: ActorId,
    ) -> Campaign:
        """Make a campaign; nothing is sent yet.

        :raises RefusedError: if the statement has no such purpose, kind or channel, or the template may not be (``rules``,
            ``rendering``). :raises UsageError: ``campaign-title``, ``campaign-language``.
        """
        if not title.strip() or "\n" in title or "\r" in title:
            raise UsageError("campaign-title", "a campaign has a title of one line", remedy="It is the mail's subject.")
        if language not in LANGUAGES:
            raise UsageError("campaign-language", f"'{language}' is no language here", remedy="Write nl or en.")
        policy = self._desk.statements.in_force().policy
        found = check_campaign(policy, kind, via, purpose, f"{title}\n{template}")
        fields = {path for path in policy.field_paths() if found.allows(path)}
        check_template(template, fields | {FIRM, SITE})
        campaign = Campaign(
            CampaignId(new_id("cam", self._entropy)), kind, via, purpose, title.strip(), template, language,
            own_similar, stop_at_collection, CampaignState.DRAFT, self._desk.clock(),
        )  # fmt: skip
        with self._desk.engine.transaction():
            self._desk.store.insert(campaign)
            facts: dict[str, Fact] = {"campaign": campaign.id, "kind": str(kind), "via": str(via), "purpose": purpose}
            self._record("outreach.made", actor, facts)
        return campaign

    def one(self, campaign_id: str) -> Campaign:
        """Return a campaign.

        :raises UsageError: ``campaign-unknown``.
        """
        found = self._desk.store.one(campaign_id)
        if found is None:
            raise UsageError(
                "campaign-unknown", f"there is no campaign '{campaign_id}'", remedy="See 'gestand outreach status'."
            )
        return found

    def all(self) -> Sequence[Campaign]:
        """Return every campaign, oldest first."""
        return self._desk.store.all()

    def audience(self, campaign_id: str) -> Audience:
        """Judge everyone of whom an address was collected for the purpose: who may get it, who is left out, and why."""
        return self._judging.audience(self.one(campaign_id))

    def why(self, campaign_id: str, subject: SubjectId) -> Judged:
        """Judge one person for a campaign."""
        return self._judging.one(self.one(campaign_id), subject)

    def test(self, campaign_id: str, to: str, *, actor: ActorId) -> str:
        """Queue a trial message to the firm's own address ``to``, with invented values, and return its Message-ID.

        :raises UsageError: ``campaign-by-telephone``. :raises RefusedError: ``message-remote``, ``mail-address``.
        """
        campaign = self._by_mail(campaign_id)
        values = {FieldPath(path): f"[{path}]" for path in self._desk.statements.in_force().policy.field_paths()}
        why = Why.SERVICE if campaign.kind is CampaignKind.SERVICE else Why.CONSENT
        mail = self._composing.mail(campaign, to, values, why=why, token=SAMPLE, kind=MailKind.TEST)
        message_id = self._desk.post.send(mail)
        with self._desk.engine.transaction():
            self._desk.store.update(replace(self.one(campaign.id), tested_at=self._desk.clock()))
            self._record("outreach.tested", actor, {"campaign": campaign.id})
        return message_id

    def send(self, campaign_id: str, *, actor: ActorId) -> Audience:
        """Judge the audience and queue a message for everyone who may get it; ``post.deliver`` sends them.

        Each is judged again just before it leaves. Nothing of their words or addresses is kept until then.

        :raises RefusedError: ``campaign-not-tested``, ``campaign-started``, ``campaign-nobody``.
        """
        campaign = self._by_mail(campaign_id)
        _startable(campaign)
        if campaign.tested_at is None:
            raise RefusedError(
                "campaign-not-tested",
                "nobody has seen this message yet",
                where=campaign.id,
                remedy="Send it to yourself first: gestand outreach test ID --to ADDRESS.",
            )
        audience = self.audience(campaign.id)
        if not audience.allowed:
            left = ", ".join(f"{n} {why}" for why, n in audience.counts(allowed=False).items())
            raise RefusedError(
                "campaign-nobody",
                f"nobody may get this message ({left or 'no address was collected for its purpose'})",
                where=campaign.id,
                remedy="See 'gestand outreach audience'. Who objected or never consented cannot be written to.",
            )
        shelf = ShelfId(self._desk.statements.in_force().policy.purposes[campaign.purpose].shelf)
        kind = MailKind(str(campaign.kind))
        with self._desk.engine.transaction():
            campaign = self._by_mail(campaign_id)  # while the audience was judged another may have sent or stopped it
            _startable(campaign)
            self._start(campaign, audience, actor)
            self._desk.post.send_many(Bulk(one.subject, kind, campaign.id, shelf) for one in audience.allowed)
        return audience

    def stop(self, campaign_id: str, *, actor: ActorId) -> int:
        """Stop a campaign: what has not left does not leave. Return how many messages were taken back."""
        with self._desk.engine.transaction():
            campaign = self.one(campaign_id)
            self._desk.store.update(replace(campaign, state=CampaignState.STOPPED, stopped_at=self._desk.clock()))
            cancelled = self._desk.post.cancel(campaign.id)
            self._record("outreach.stopped", actor, {"campaign": campaign.id, "cancelled": cancelled})
        return cancelled

    def status(self, campaign_id: str) -> Status:
        """Return a campaign with what became of its messages and calls."""
        campaign = self.one(campaign_id)
        calls = Counter(str(outcomes[-1]) for outcomes in self._desk.store.calls(campaign.id).values())
        return Status(campaign, self._messages(campaign), dict(calls))

    def calls(self, campaign_id: str, *, actor: ActorId, limit: int = 25) -> tuple[CallLine, ...]:
        """Open the next people to call, judged at this moment; see ``calling``."""
        campaign = self.one(campaign_id)
        if campaign.via is not Via.TELEPHONE:
            raise UsageError("campaign-by-mail", "this campaign goes by mail", where=campaign.id, remedy="Send it.")
        if campaign.state is CampaignState.DRAFT:
            with self._desk.engine.transaction():
                campaign = self.one(campaign_id)
                if campaign.state is CampaignState.DRAFT:  # still: nobody else has begun to call
                    self._start(campaign, self.audience(campaign.id), actor)
            campaign = self.one(campaign_id)
        return self._calling.next(campaign, limit)

    def record(
        self, campaign_id: str, subject: SubjectId, outcome: Outcome, *, offered: bool, objected: bool, actor: ActorId
    ) -> None:
        """Record how a call went; an objection works at once. See ``calling`` for what it raises."""
        self._calling.record(self.one(campaign_id), subject, outcome, offered=offered, objected=objected, actor=actor)

    def history(self, subject: SubjectId) -> tuple[Moment, ...]:
        """Return every consent and objection of a person, and their ends, from the ledger."""
        return history(self._desk.ledger, self._desk.vault.reference(subject), self._judging.versions)

    def tokens(self) -> dict[tuple[str, str], bytes]:
        """Return the hash of the unsubscribe token of each person and purpose."""
        return self._desk.store.tokens()

    def _messages(self, campaign: Campaign) -> dict[State, int]:
        return self._desk.post.counts(campaign.id)

    def _by_mail(self, campaign_id: str) -> Campaign:
        campaign = self.one(campaign_id)
        if campaign.via is not Via.MAIL:
            raise UsageError(
                "campaign-by-telephone",
                "this campaign goes by telephone",
                where=campaign.id,
                remedy="See its list with 'gestand outreach calls'.",
            )
        return campaign

    def _start(self, campaign: Campaign, audience: Audience, actor: ActorId) -> None:
        self._desk.store.update(replace(campaign, state=CampaignState.RUNNING, started_at=self._desk.clock()))
        facts: dict[str, Fact] = {
            "campaign": campaign.id,
            "kind": str(campaign.kind),
            "purpose": campaign.purpose,
            "allowed": len(audience.allowed),
            "left_out": len(audience.judged) - len(audience.allowed),
            "digest": hashlib.sha256(campaign.template.encode()).hexdigest(),
        }
        self._record("outreach.started", actor, facts)

    def _record(self, name: str, actor: ActorId, facts: dict[str, Fact]) -> None:
        self._desk.ledger.stage(Event(name, self._desk.clock(), actor, facts))


def _startable(campaign: Campaign) -> None:
    if campaign.state is not CampaignState.DRAFT:
        raise RefusedError(
            "campaign-started",
            f"it is {campaign.state}: a campaign goes out once",
            where=campaign.id,
            remedy="Messages that wait leave with 'gestand post deliver'; for another round make a new campaign.",
        )
