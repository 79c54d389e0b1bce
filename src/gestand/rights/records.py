"""What is held about a person beside the fields of the policy: dossiers, roles, choices, earlier requests. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from gestand.kernel.clock import local_date
from gestand.kernel.ids import PurposeId, RequestId, SubjectId
from gestand.register.model import Dossier, Party
from gestand.rights.model import Record, SubjectRequest
from gestand.rights.words import ASKED, DOSSIER, day
from gestand.statement.policy import Policy, Text


def records_of(  # noqa: PLR0917 - one argument for each kind of record
    party: Party,
    dossiers: Sequence[Dossier],
    consents: Iterable[PurposeId],
    objections: Iterable[PurposeId],
    requests: Iterable[SubjectRequest],
    policies: Sequence[Policy],
    *,
    answered: RequestId,
) -> tuple[Record, ...]:
    """Return every record about one person in words; ``policies`` name the purposes, the one in force first.

    The request that is being answered (``answered``) is not among them.
    """
    found = [_dossier(dossier) for dossier in dossiers]
    found += [_role(len(party.represented_by), of=True)] if party.represented_by else []
    found += [_role(len(party.represents), of=False)] if party.represents else []
    given, against = Text(nl="uw toestemming", en="your consent"), Text(nl="uw bezwaar", en="your objection")
    found += [Record(given, _purpose(purpose, policies)) for purpose in consents]
    found += [Record(against, _purpose(purpose, policies)) for purpose in objections]
    found += [_request(request) for request in requests if request.id != answered]
    return tuple(found)


def _dossier(dossier: Dossier) -> Record:
    def said(language: str) -> str:
        number = f"{dossier.number}, " if dossier.number else ""
        began = day(dossier.opened_on, language)
        if dossier.closed_on is None:
            return f"{number}sinds {began}" if language == "nl" else f"{number}since {began}"
        ended = day(dossier.closed_on, language)
        return f"{number}{began} tot {ended}" if language == "nl" else f"{number}{began} to {ended}"

    return Record(DOSSIER[dossier.kind], Text(nl=said("nl"), en=said("en")))


def _role(number: int, *, of: bool) -> Record:
    if of:
        said = Text(nl=f"{number} mensen treden op voor u", en=f"{number} people act for you")
    else:
        said = Text(nl=f"u treedt op voor {number} bedrijven", en=f"you act for {number} firms")
    return Record(Text(nl="vertegenwoordiging", en="representation"), said)


def _purpose(purpose: PurposeId, policies: Sequence[Policy]) -> Text:
    known = (policy.purposes[purpose].title for policy in policies if purpose in policy.purposes)
    return next(known, Text(nl=purpose, en=purpose))


def _request(request: SubjectRequest) -> Record:
    asked, on = ASKED[request.right], local_date(request.received_at)
    return Record(
        Text(nl="eerder verzoek", en="other request"),
        Text(nl=f"{asked.nl}, {day(on, 'nl')}", en=f"{asked.en}, {day(on, 'en')}"),
    )


def breaches_of(listed: Iterable[tuple[str, datetime | None, str]]) -> tuple[Record, ...]:
    """Return the breaches in which a person is listed, with when they were told, in words."""
    found = []
    for breach, told, _how in listed:
        nl, en = f"{breach}; ", f"{breach}; "
        if told is None:
            nl, en = nl + "wij hebben u hierover nog niet bericht", en + "we have not told you of it yet"
        else:
            on = local_date(told)
            nl, en = nl + f"u hoorde dit van ons op {day(on, 'nl')}", en + f"we told you on {day(on, 'en')}"
        found.append(
            Record(
                Text(nl="datalek waarin uw gegevens zaten", en="data breach that held your data"), Text(nl=nl, en=en)
            )
        )
    return tuple(found)


def subjects_of(request: SubjectRequest) -> tuple[SubjectId, ...]:
    """Return under whom data of the person who asks may lie: their own, and the file of the request."""
    return tuple(dict.fromkeys((request.subject, request.filed_under)))
