"""Who may get a campaign: what is known of each person, gathered in a few sweeps, without opening anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from gestand.kernel.clock import local_date
from gestand.kernel.ids import PurposeId, SubjectId
from gestand.outreach.desk import Desk
from gestand.outreach.model import Audience, Campaign, CampaignKind, Judged, Person, Why
from gestand.outreach.rules import addresses, judge_person
from gestand.register.model import DossierKind, Involvement
from gestand.statement.consent import words_digest
from gestand.statement.policy import Purpose
from gestand.vault.model import Choice

SALES = frozenset({DossierKind.AGREEMENT, DossierKind.JOB, DossierKind.INVOICE})


class Judging:
    """Gathers what a judgement weighs, and judges: everyone for a campaign, or one person in the second before sending."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._texts: dict[PurposeId, Mapping[str, str]] = {}

    def audience(self, campaign: Campaign) -> Audience:
        """Judge everyone of whom an address was collected for the campaign's purpose."""
        policy = self._desk.statements.in_force().policy
        purpose = policy.purposes[campaign.purpose]
        versions = self.versions(campaign.purpose)
        on = local_date(self._desk.clock())
        fields = addresses(policy, purpose, campaign.via)
        people = self._people(self._desk.vault.choices(campaign.purpose, fields), campaign)
        return Audience(campaign.id, tuple(judge_person(campaign, purpose, one, versions, on) for one in people))

    def one(self, campaign: Campaign, subject: SubjectId, *, suppressed: bool = True) -> Judged:
        """Judge one person, by what holds at this moment; ``suppressed`` false: the caller compares the very address."""
        choice = self._desk.vault.choice(subject, campaign.purpose)
        if choice is None:
            return Judged(subject, False, Why.GONE)  # noqa: FBT003 - the judgement itself
        policy = self._desk.statements.in_force().policy
        purpose: Purpose | None = policy.purposes.get(campaign.purpose)
        if purpose is None:
            return Judged(subject, False, Why.NOT_BY_LAW)  # noqa: FBT003 - the judgement itself
        firm = self._desk.register.party(subject).kind == "firm"
        relation = _relation(self._desk.register.involvements(subject))
        since = self._suppressed(subject, campaign) if suppressed else None
        objecting = self._objecting(campaign).get(subject)
        person = _person(choice, relation, firm=firm, suppressed_at=since, objecting_at=objecting)
        return judge_person(campaign, purpose, person, self.versions(campaign.purpose), local_date(self._desk.clock()))

    def versions(self, purpose: PurposeId) -> Mapping[str, str]:
        """Return the version of the statement for each digest of a text in which consent to a purpose was asked."""
        published = self._desk.statements.history()
        known = self._texts.get(purpose)
        if known is not None and known.get("") == str(len(published)):
            return known
        found: dict[str, str] = {"": str(len(published))}
        for one in reversed(published):
            statement = self._desk.statements.version(one.version)
            asked = statement.policy.purposes.get(purpose) if statement else None
            if asked is not None and asked.consent_text is not None:
                found[words_digest(asked.consent_text)] = one.version
        self._texts[purpose] = found
        return found

    def _people(self, choices: Iterable[Choice], campaign: Campaign) -> Iterator[Person]:
        relations: dict[SubjectId, list[Involvement]] = {}
        for involvement in self._desk.register.involvements():
            relations.setdefault(involvement.subject, []).append(involvement)
        firms = self._desk.register.firms()
        suppressed = {} if campaign.kind is CampaignKind.SERVICE else self._desk.suppression.people(campaign.purpose)
        objecting = self._objecting(campaign)
        for choice in choices:
            who = choice.subject
            relation = _relation(relations.get(who, ()))
            yield _person(
                choice, relation, firm=who in firms, suppressed_at=suppressed.get(who), objecting_at=objecting.get(who)
            )

    def _objecting(self, campaign: Campaign) -> Mapping[SubjectId, datetime]:
        return {} if campaign.kind is CampaignKind.SERVICE else self._desk.objecting()

    def _suppressed(self, subject: SubjectId, campaign: Campaign) -> datetime | None:
        return (
            None
            if campaign.kind is CampaignKind.SERVICE
            else self._desk.suppression.people(campaign.purpose).get(subject)
        )


def _person(
    choice: Choice,
    relation: tuple[bool, date | None, date | None, bool],
    *,
    firm: bool,
    suppressed_at: datetime | None,
    objecting_at: datetime | None,
) -> Person:
    customer, since, until, prospect = relation
    return Person(
        choice.subject,
        firm,
        choice.objected,
        suppressed_at,
        choice.consent,
        customer,
        since,
        until,
        prospect,
        objecting_at,
    )


def _relation(found: Iterable[Involvement]) -> tuple[bool, date | None, date | None, bool]:
    """Return whether someone bought, since when, until when (None: still), and whether they only asked for a quote."""
    sales, prospect = [], False
    for one in found:
        if one.kind in SALES and one.role in {"customer", "payer"}:
            sales.append(one)
        elif one.kind is DossierKind.QUOTE:
            prospect = True
    if not sales:
        return False, None, None, prospect
    running = any(one.closed_on is None for one in sales)
    until = None if running else max(one.closed_on for one in sales if one.closed_on is not None)
    return True, min(one.opened_on for one in sales), until, prospect
