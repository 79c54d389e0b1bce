"""Controls of rights: no request lost, answered in time and in full, refusals explained, changes carried out.

What people chose, objections and consents, is in ``choices``.
"""

from __future__ import annotations

from gestand.evidence.controls.common import entries, every_holding, judged, marked
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import AMSTERDAM
from gestand.rights.cues import Asked
from gestand.rights.model import Right, State
from gestand.rights.proposal import ProposalState
from gestand.statement.policy import Text

UNTIMED = frozenset({Asked.QUESTION, Asked.COMPLAINT})
"""What no law gives a term: a proposal of it makes nothing late."""


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


def answered_in_time(world: World) -> Verdict:
    """No request is open past its date, and none was closed after it (Article 12(3); the conservative date counts)."""
    now = world.clock()
    faults: list[str] = []
    seen = 0
    for request in world.requests.all():
        seen += 1
        ended = request.closed_at or now
        if ended > request.conservative:
            day = request.conservative.astimezone(AMSTERDAM).date()
            faults.append(
                f"request {request.id} was due on {day} and {'is open' if request.open else 'was closed later'}"
            )
    for proposal in world.requests.proposals():
        if proposal.state is ProposalState.OPEN and proposal.asked not in UNTIMED and now > proposal.due:
            day = proposal.due.astimezone(AMSTERDAM).date()
            faults.append(
                f"mail {proposal.message} may ask {proposal.asked}, was due on {day}, and nobody looked at it"
            )
    return judged(
        faults,
        seen,
        kept=Text(nl="Elk verzoek is op tijd beantwoord.", en="Every request was answered in time."),
        broken=Text(nl="Een verzoek is te laat.", en="A request is late."),
    )


def identity_judged(world: World) -> Verdict:
    """No request was answered or carried out before a person had judged identity (ledger, in that order)."""
    judged_first: set[str] = set()
    faults: list[str] = []
    acted = 0
    for entry in entries(world, "request.confirmed", "request.planned", "request.answered"):
        request = str(entry.event.facts.get("request"))
        if entry.event.name == "request.confirmed":
            judged_first.add(request)
            continue
        acted += 1
        if request not in judged_first:
            faults.append(f"request {request}: acted on (ledger entry {entry.index}) before identity was judged")
    faults += [
        f"request {one.id}: closed as '{one.outcome}', and nobody judged identity"
        for one in world.requests.all()
        if one.outcome not in {"", "rejected", "withdrawn"}
        and one.right is not Right.QUESTION
        and one.id not in judged_first
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


def refusals_explained(world: World) -> Verdict:
    """Every datum that stayed after an erasure request has its ground in words."""
    faults: list[str] = []
    kept = 0
    for request in world.requests.all():
        for item, field, decision, ground, why_nl, why_en, _until in world.requests.decisions(request.id):
            if decision == "erase":
                continue
            kept += 1
            if not (ground.strip() and why_nl.strip() and why_en.strip()):
                faults.append(f"request {request.id}: '{field}' ({item}) was kept without a reason")
    return judged(
        faults,
        kept,
        kept=Text(nl="Wat bleef, is uitgelegd.", en="What stayed was explained."),
        broken=Text(nl="Iets bleef zonder uitleg.", en="Something stayed without a reason."),
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
    """What the ledger says is restricted is restricted in the vault."""
    restricted: set[str] = set()
    for entry in entries(world, "data.restricted", "data.released"):
        marks = entry.event.facts.get("marks")
        named = set(marks) if isinstance(marks, tuple) else set()
        restricted = restricted | named if entry.event.name == "data.restricted" else restricted - named
    there = marked(world) if restricted else {}
    faults = [
        f"item {holding.item} was restricted and is open for use"
        for mark in sorted(restricted)
        if (holding := there.get(mark)) is not None and not holding.restricted
    ]
    return judged(
        faults,
        len(restricted),
        kept=Text(nl="Wat beperkt is, wordt niet gebruikt.", en="What is restricted is not used."),
        broken=Text(nl="Een beperkt gegeven is weer te gebruiken.", en="A restricted datum can be used."),
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
        "requests-answered-in-time",
        Text(nl="Verzoeken op tijd beantwoord", en="Requests answered in time"),
        Text(nl="elk verzoek met zijn datum", en="every request with its date"),
        answered_in_time,
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
        "refusals-explained",
        Text(nl="Weigeren wordt uitgelegd", en="Refusing is explained"),
        Text(nl="elk gegeven dat bleef na een wisverzoek", en="every datum that stayed after an erasure request"),
        refusals_explained,
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
