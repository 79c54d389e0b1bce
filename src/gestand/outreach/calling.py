"""Calls: a list that is judged when it is shown, and in each call the right to object, ticked before anything is recorded."""

from __future__ import annotations

from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.ledger.model import Event, Fact
from gestand.outreach.composing import Composing
from gestand.outreach.desk import Desk
from gestand.outreach.judging import Judging
from gestand.outreach.model import CallLine, Campaign, CampaignKind, CampaignState, Outcome, Via
from gestand.outreach.rules import addresses
from gestand.statement.policy import FieldKind

TRIES = 3
"""Who did not answer so often is not called again in a campaign."""


class Calling:
    """The call list of a campaign by telephone."""

    def __init__(self, desk: Desk, judging: Judging, composing: Composing) -> None:
        self._desk = desk
        self._judging = judging
        self._composing = composing

    def next(self, campaign: Campaign, limit: int) -> tuple[CallLine, ...]:
        """Open the next people to call: those whom the law allows to be called now, not spoken to yet.

        :raises RefusedError: ``campaign-stopped``.
        """
        _running(campaign)
        policy = self._desk.statements.in_force().policy
        fields = addresses(policy, policy.purposes[campaign.purpose], campaign.via)
        names = [path for path in policy.field_paths() if (f := policy.field(path)) and f.kind is FieldKind.NAME]
        done = self._desk.store.calls(campaign.id)
        lines: list[CallLine] = []
        for judged in self._judging.audience(campaign).allowed:
            tried = done.get(judged.subject, [])
            if len(lines) >= limit:
                break
            if any(outcome.final for outcome in tried) or len(tried) >= TRIES:
                continue
            values = self._composing.opened(campaign, judged.subject, f"call list {campaign.id}")
            numbers = tuple(number for path in fields for number in values.get(path, ()))
            if numbers:
                name = next((said for path in names for said in values.get(path, ())), "")  # type: ignore[call-overload]  # an id as text
                lines.append(CallLine(judged.subject, name, numbers, judged.ground, len(tried)))
        return tuple(lines)

    def record(
        self,
        campaign: Campaign,
        subject: SubjectId,
        outcome: Outcome,
        *,
        offered: bool,
        objected: bool,
        actor: ActorId,
    ) -> None:
        """Record a call. An objection is carried out first, whatever else is wrong with what is recorded.

        :raises RefusedError: ``call-without-objection`` if someone was spoken to and the right to object was not offered;
            ``call-not-allowed`` if this person may not be called.
        :raises UsageError: ``campaign-by-mail``, ``subject-unknown``.
        """
        if campaign.via is not Via.TELEPHONE:
            raise UsageError("campaign-by-mail", "this campaign goes by mail", where=campaign.id, remedy="Send it.")
        if not self._desk.vault.exists(subject):
            raise UsageError("subject-unknown", f"there is no subject {subject}", remedy="See 'outreach calls'.")
        judged = self._judging.one(campaign, subject)
        if objected:
            purposes = [PurposeId(campaign.purpose)]
            self._desk.objections.object_to(subject, purposes, actor=actor, reason="Article 21(2), said in a call")
        if outcome is Outcome.SPOKEN and not offered and campaign.kind is not CampaignKind.SERVICE:
            raise RefusedError(
                "call-without-objection",
                "in every call with an offer the right to object is offered (Tw 11.7)",
                where=campaign.id,
                remedy="Call back and say it, and tick it with --offered." if not objected else "The objection stands.",
            )
        if not judged.allowed and not objected:
            raise RefusedError(
                "call-not-allowed",
                f"this person may not be called: {judged.why}",
                where=subject,
                remedy="Do not call. If you did, tell who is responsible for privacy in your firm.",
            )
        number = len(self._desk.store.calls(campaign.id).get(subject, ())) + 1
        facts: dict[str, Fact] = {
            "campaign": campaign.id,
            "purpose": campaign.purpose,
            "outcome": str(outcome),
            "offered": offered,
            "objected": objected,
        }
        with self._desk.engine.transaction():
            self._desk.store.put_call(
                subject, campaign.id, number, self._desk.clock(), outcome, actor, offered=offered, objected=objected
            )
            self._desk.ledger.stage(
                Event("outreach.called", self._desk.clock(), actor, facts, self._desk.vault.reference(subject))
            )


def _running(campaign: Campaign) -> None:
    if campaign.state is not CampaignState.RUNNING:
        raise RefusedError(
            "campaign-stopped", f"it is {campaign.state}", where=campaign.id, remedy="Make a new campaign if needed."
        )
