"""Controls of rights: no request lost, identity judged first, answered in full, changes carried out.

Whether answers and refusals were given in time is in ``answers``; what people chose, objections and consents, in ``choices``.
"""

from __future__ import annotations

import re
from collections import defaultdict

from gestand.evidence.controls.common import entries, every_holding, judged, marked
from gestand.evidence.model import Control, Verdict, World
from gestand.rights.circumstances import Circumstance, Shown, unshown
from gestand.rights.model import Right, State
from gestand.statement.policy import Text

WANTED = re.compile(r"\b(17|18\(2\))")
"""A ground on which what is restricted may be erased: the person asked it (Article 17), or agreed to it (Article 18(2))."""
ASKED = ("request.received", "request.judged", "request.confirmed")
ACTED = ("request.planned", "request.answered")
UNANSWERED = frozenset({"rejected", "withdrawn"})


def requests_taken(world: World) -> Verdict:
    """Every request that the ledger received is listed until it was closed and its file expired; there is a way in."""
    listed = {request.id for request in world.requests.all()}
    faults: list[str] = []
    received = 0
    ended: set[str] = set()
    expired: set[str] = set()
    for entry in entries(world, "request.closed", "request.rejected", "request.expired"):
        request = str(entry.event.facts.get("request"))
        if entry.event.name != "request.expired":
            ended.add(request)
        elif request in ended:
            expired.add(request)
    for entry in entries(world, "request.received"):
        received += 1
        request = str(entry.event.facts.get("request"))
        if request in expired:
            continue
        if request not in listed:
            faults.append(f"request {request} came in (ledger entry {entry.index}) and is nowhere listed")
    if not any(contact.rights for contact in world.policy.controller.contacts):
        faults.append("the statement names no contact point for requests")
    return judged(
        faults,
        received,
        kept=Text(nl="Geen verzoek is zoekgeraakt.", en="No request was lost."),
        broken=Text(nl="Een verzoek is zoekgeraakt.", en="A request was lost."),
        figures={"contact_points": sum(c.rights for c in world.policy.controller.contacts)},
    )


def identity_judged(world: World) -> Verdict:
    """No request was answered or carried out before a person had judged identity, nor while it was judged that who asks may not."""
    judged_first: set[str] = set()
    special: defaultdict[str, dict[Circumstance, Shown]] = defaultdict(dict)
    questions: set[str] = set()
    faults: list[str] = []
    acted = 0
    for entry in entries(world, *ASKED, *ACTED, "request.closed"):
        facts = entry.event.facts
        request = str(facts.get("request"))
        if entry.event.name == "request.received":
            questions |= {request} if facts.get("right") == Right.QUESTION else set()
            continue
        if entry.event.name == "request.confirmed":
            judged_first.add(request)
            continue
        if entry.event.name == "request.judged":
            kind = Circumstance(str(facts.get("kind")))
            special[request].pop(kind, None)  # judged again it is the last
            special[request][kind] = Shown(str(facts.get("shown")))
            continue
        if request not in questions and facts.get("outcome") not in UNANSWERED:
            lacking = unshown(special[request].items())
            if lacking is not None:
                del special[request]  # told once
                faults.append(f"request {request}: acted on (ledger entry {entry.index}) while it was {lacking}")
        if entry.event.name not in ACTED:
            continue
        acted += 1
        if request not in judged_first:
            faults.append(f"request {request}: acted on (ledger entry {entry.index}) before identity was judged")
    faults += [
        f"request {one.id}: closed as '{one.outcome}', and nobody judged identity"
        for one in world.requests.all()
        if one.outcome not in {"", *UNANSWERED} and one.right is not Right.QUESTION and one.id not in judged_first
    ]
    return judged(
        faults,
        acted,
        kept=Text(nl="Eerst zeker weten wie het is.", en="Identity was judged first."),
        broken=Text(nl="Er is geantwoord zonder te weten aan wie.", en="An answer was given without knowing to whom."),
    )


def access_complete(world: World) -> Verdict:
    """Every datum has all that an access answer must say of it: why, basis, source, version, and when it leaves."""
    faults: list[str] = []
    seen = 0
    for holding in every_holding(world):
        seen += 1
        statement = world.publication.version(holding.version) or world.statement
        named = holding.purposes or statement.policy.purposes_of(holding.field)
        known = [name for name in named if name in statement.policy.purposes]
        lacking = [
            name
            for name, there in (
                ("a purpose", bool(known)),
                ("a source", bool(holding.source.strip())),
                ("a shelf", holding.shelf in statement.policy.shelves),
            )
            if not there
        ]
        if lacking:
            faults.append(f"item {holding.item}: an answer would lack {', '.join(lacking)}")
    return judged(
        faults,
        seen,
        kept=Text(
            nl="Van elk gegeven is te zeggen waarom wij het hebben.", en="Of every datum can be said why it is held."
        ),
        broken=Text(nl="Van een gegeven is niet alles te zeggen.", en="Of a datum not all can be said."),
    )


def rectification_carried(world: World) -> Verdict:
    """Every rectification in the ledger stands at its datum: when, by whom and why. What has left since is left out."""
    rectified = list(entries(world, "data.rectified"))
    there = marked(world) if rectified else {}  # marks of all data are dear
    faults: list[str] = []
    seen = 0
    for entry in rectified:
        seen += 1
        holding = there.get(str(entry.event.facts.get("item")))
        if holding is not None and (holding.rectified_at is None or not holding.rectified_why.strip()):
            faults.append(f"item {holding.item} was rectified (ledger entry {entry.index}) and does not show it")
    return judged(
        faults,
        seen,
        kept=Text(nl="Elke verbetering is doorgevoerd.", en="Every rectification was carried out."),
        broken=Text(nl="Een verbetering is niet doorgevoerd.", en="A rectification was not carried out."),
    )


def restriction_honoured(world: World) -> Verdict:
    """What the ledger says is restricted is restricted in the vault, and left only because the person wanted that (Article 18(2))."""
    restricted: set[str] = set()
    of_subject: defaultdict[str, set[str]] = defaultdict(set)  # by the mark under which a subject leaves as a whole
    gone: set[str] = set()  # a restore erases again what was erased
    faults: list[str] = []
    for entry in entries(world, "data.restricted", "data.released", "erasure.begun"):
        marks = entry.event.facts.get("marks")
        named = set(map(str, marks)) if isinstance(marks, (tuple, list)) else set()
        if entry.event.name == "data.restricted":
            restricted |= named
            of_subject[entry.event.subject] |= named
        elif entry.event.name == "data.released":
            restricted -= named
        else:
            wholly = (of_subject[mark] for mark in named & of_subject.keys() - {""})
            left = named.union(*wholly) & restricted - gone
            gone |= left
            if left and not WANTED.search(str(entry.event.facts.get("ground"))):
                faults.append(f"{len(left)} restricted data were erased unasked (ledger entry {entry.index})")
    there = marked(world) if restricted else {}
    faults += [
        f"item {holding.item} was restricted and is open for use"
        for mark in sorted(restricted)
        if (holding := there.get(mark)) is not None and not holding.restricted
    ]
    return judged(
        faults,
        len(restricted),
        kept=Text(nl="Wat beperkt is, wordt alleen bewaard.", en="What is restricted is stored and nothing else."),
        broken=Text(
            nl="Een beperkt gegeven is weer te gebruiken, of is weg.", en="A restricted datum can be used, or is gone."
        ),
    )


def _control(id_: str, title: Text, looks_at: Text, check: object, *depends: str) -> Control:
    return Control(id_, title, looks_at, "measured", check, __name__, depends)  # type: ignore[arg-type]


def portable_copy_given(world: World) -> Verdict:
    """Every request for a portable copy that was closed as given has its copy in the ledger, by digest and size."""
    answered = {
        str(e.event.facts.get("request")): int(str(e.event.facts.get("items")))
        for e in entries(world, "request.answered")
    }
    asked = [one for one in world.requests.all() if one.right is Right.PORTABILITY and one.closed_at is not None]
    faults: list[str] = []
    given = 0
    for request in asked:
        if request.outcome in {"withdrawn", "rejected"} or request.state is State.REJECTED:
            continue
        given += 1
        if request.id not in answered:
            faults.append(f"request {request.id} was closed as '{request.outcome}', and no copy was ever given")
        elif request.outcome == "copy-given" and not answered[request.id]:
            faults.append(f"request {request.id}: the copy that was given is empty")
    return judged(
        faults,
        given,
        kept=Text(nl="Wie zijn gegevens wilde meenemen, kreeg ze.", en="Who asked for a portable copy was given one."),
        broken=Text(nl="Een gevraagd bestand is niet gegeven.", en="A portable copy that was asked for was not given."),
    )


CONTROLS = (
    _control(
        "requests-taken-by-every-channel",
        Text(nl="Geen verzoek raakt zoek", en="No request is lost"),
        Text(nl="elk ontvangen verzoek in het logboek", en="every received request in the ledger"),
        requests_taken,
        "ledger-intact",
    ),
    _control(
        "identity-judged-first",
        Text(nl="Eerst weten wie het is", en="Identity is judged first"),
        Text(nl="elk verzoek waarop iets gebeurde", en="every request that was acted on"),
        identity_judged,
        "ledger-intact",
    ),
    _control(
        "access-answer-complete",
        Text(nl="Een inzage-antwoord is volledig", en="An access answer is complete"),
        Text(nl="de herkomst, het doel en de termijn van elk gegeven", en="source, purpose and period of every datum"),
        access_complete,
        "statement-history-kept",
    ),
    _control(
        "rectification-carried",
        Text(nl="Verbeteringen zijn doorgevoerd", en="Rectifications are carried out"),
        Text(nl="elke verbetering in het logboek", en="every rectification in the ledger"),
        rectification_carried,
        "ledger-intact",
    ),
    _control(
        "restriction-honoured",
        Text(nl="Beperkte gegevens blijven liggen", en="Restricted data lie still"),
        Text(nl="elke beperking in het logboek", en="every restriction in the ledger"),
        restriction_honoured,
        "ledger-intact",
    ),
    Control(
        "portable-copy-given",
        Text(nl="Wie wil meenemen, krijgt een bestand", en="Who wants to take data along gets a file"),
        Text(nl="verzoeken om overdracht en wat gegeven is", en="requests for portability and what was given"),
        "measured",
        portable_copy_given,
        __name__,
        ("ledger-intact",),
    ),
)
