"""One message, made in the second before it leaves: judged again, opened for its purpose, rendered, with a way to stop."""

from __future__ import annotations

from collections.abc import Mapping

from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import SYSTEM, FieldPath, PurposeId, SubjectId
from gestand.outreach import words
from gestand.outreach.desk import Desk
from gestand.outreach.judging import Judging
from gestand.outreach.model import Campaign, CampaignKind, CampaignState, Judged, Why
from gestand.outreach.rendering import PLACE, Foot, render
from gestand.outreach.rules import addresses
from gestand.outreach.tokens import hash_of
from gestand.post.model import Mail, MailKind, Outgoing, Withheld
from gestand.statement.policy import FieldKind

FIRM = "firm.name"
SITE = "firm.website"
SAMPLE = "voorbeeld" * 4 + "voorbee"
"""Stands for a token in a test message; it is none."""


class Composing:
    """Makes the messages of campaigns: the ``Composer`` of post."""

    def __init__(self, desk: Desk, judging: Judging) -> None:
        self._desk = desk
        self._judging = judging

    def compose(self, outgoing: Outgoing) -> Mail | Withheld:
        """Return the message, judged at this moment, or why it may not go."""
        campaign = self._desk.store.one(outgoing.reference)
        subject = outgoing.subject_id
        if campaign is None or subject is None or campaign.state is not CampaignState.RUNNING:
            return Withheld(str(Why.NOT_RUNNING))
        judged = self._judging.one(campaign, subject, suppressed=False)  # ``_against`` does
        if not judged.allowed:
            return Withheld(str(judged.why))
        values = self.opened(campaign, subject, f"campaign {campaign.id}")
        address = self._address(campaign, values)
        against = self._against(campaign, address, judged)
        if against is not None:
            return Withheld(str(against))
        token = self._token(campaign, subject)
        said = {path: found[0] for path, found in values.items()}
        try:
            return self.mail(campaign, address, said, why=judged.why, token=token)
        except RefusedError as fault:
            return Withheld(fault.code)

    def mail(
        self,
        campaign: Campaign,
        address: str,
        values: Mapping[FieldPath, str],
        *,
        why: Why,
        token: str,
        kind: MailKind | None = None,
    ) -> Mail:
        """Return a message of a campaign with these values.

        :raises RefusedError: ``message-remote`` if something in it would be fetched from afar.
        """
        policy = self._desk.statements.in_force().policy
        controller, language = policy.controller, campaign.language
        known = {FIRM: controller.name, SITE: controller.website}
        filled = {name: known.get(name) or values.get(FieldPath(name), "") for name in PLACE.findall(campaign.template)}
        rendered = render(
            campaign.template, filled, title=campaign.title, language=language, foot=self._foot(campaign, why, token)
        )
        headers: list[tuple[str, str]] = []
        if campaign.kind is not CampaignKind.SERVICE:
            domain = self._desk.post.sender.rpartition("@")[2].lower()
            headers = [
                ("List-Id", f"<{campaign.purpose}.{domain}>"),
                *self._desk.tokens.headers(token, self._desk.post.sender),
            ]
        return Mail(
            to=address,
            subject=campaign.title,
            text=rendered.text,
            html=rendered.html,
            headers=tuple(headers),
            kind=kind or MailKind(str(campaign.kind)),
            reference=campaign.id,
        )

    def opened(self, campaign: Campaign, subject: SubjectId, reason: str) -> dict[FieldPath, list[str]]:
        """Return the person's fields that the campaign's purpose needs; the opening is in the ledger."""
        opening = self._desk.vault.open(subject, campaign.purpose, actor=SYSTEM, reason=reason)
        found: dict[FieldPath, list[str]] = {}
        for item in opening.items:
            found.setdefault(item.holding.field, []).append(item.value)
        return found

    def _address(self, campaign: Campaign, values: Mapping[FieldPath, list[str]]) -> str:
        policy = self._desk.statements.in_force().policy
        for path in addresses(policy, policy.purposes[campaign.purpose], campaign.via):
            if values.get(path):
                return values[path][0]
        return ""

    def _against(self, campaign: Campaign, address: str, judged: Judged) -> Why | None:
        """Return what is against an address itself: there is none, it came back, or it is suppressed and no later consent lifts that."""
        if not address:
            return Why.NO_ADDRESS
        if self._desk.post.returned(address):
            return Why.RETURNED
        marked = self._desk.suppression.marked(FieldKind.EMAIL, address)
        since = [at for purpose, at in marked.items() if purpose in {"", campaign.purpose}]
        given = judged.ground.consent
        if campaign.kind is CampaignKind.SERVICE or not since or (given is not None and given.at > max(since)):
            return None
        return Why.SUPPRESSED

    def _token(self, campaign: Campaign, subject: SubjectId) -> str:
        if campaign.kind is CampaignKind.SERVICE:
            return ""
        token = self._desk.tokens.token(subject, campaign.purpose)
        with self._desk.engine.transaction(durable=False):  # the note that the message is in flight makes it durable
            self._desk.store.put_token(
                hash_of(token), subject, PurposeId(campaign.purpose), local_date(self._desk.clock())
            )
        return token

    def _foot(self, campaign: Campaign, why: Why, token: str) -> Foot:
        policy = self._desk.statements.in_force().policy
        language = campaign.language
        place = next((one.value for one in policy.controller.contacts if one.kind == "post"), policy.controller.website)
        service = campaign.kind is CampaignKind.SERVICE
        because = words.BECAUSE.get(why, words.BECAUSE[Why.SERVICE if service else Why.CUSTOMER]).into(language)
        by_mail = words.BY_MAIL.into(language).format(address=self._desk.post.sender)
        return Foot(
            firm=policy.controller.name,
            place=place.removeprefix(policy.controller.name).lstrip(", "),
            because=because,
            stop="" if service else words.HOW_TO_STOP.into(language),
            stop_word=words.STOP.into(language),
            link="" if service else self._desk.tokens.link(token),
            by_mail="" if service else by_mail,
        )
