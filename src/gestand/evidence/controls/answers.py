"""Controls of answers: each request answered in time, refusals explained; what never left, or came back, is no answer.

Dates and endings are those of the ledger: a row that was ticked off or moved in the table is as open and as due as it was.
What was given by a way that nobody recorded is unproven, not broken: this program does not know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gestand.evidence.controls.common import SHOWN, judged
from gestand.evidence.model import Control, Finding, Verdict, World
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.ledger.model import Event
from gestand.post.model import State as Sent
from gestand.rights.cues import Asked
from gestand.rights.heard import ANSWERS, EXTENSION, Course, courses
from gestand.rights.model import Closing, Right, State, SubjectRequest
from gestand.rights.proposal import ProposalState
from gestand.rights.receiving import digest_of
from gestand.statement.policy import Text

UNTIMED = frozenset({Asked.QUESTION, Asked.COMPLAINT})
"""What no law gives a term: a proposal of it makes nothing late."""
LEFT = frozenset({Sent.SENT, Sent.POSTED})
RECORD = "record it with 'gestand request given'"
_ARTICLE = re.compile(r"(?:\bart(?:\.|ikel(?:en)?|icles?)?|\b(?:u?avg|gdpr|awr|bw))\s*\d", re.IGNORECASE)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Heard(StrEnum):
    """Whether who asked was told. ``unknown``: nothing shows it, and nothing shows the contrary."""

    YES = "yes"
    LATE = "late"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class _Found:
    """What was found: what is broken, what cannot be known, and of how many."""

    faults: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    seen: int = 0

    def verdict(self, *, kept: Text, broken: Text, unknown: Text) -> Verdict:
        """Return broken for a fault, unproven for a doubt, else as ``judged`` says."""
        verdict = judged(self.faults, self.seen, kept=kept, broken=broken, figures={"unproven": len(self.doubts)})
        if self.faults or not self.doubts:
            return verdict
        return Verdict(Finding.UNPROVEN, unknown, verdict.figures, tuple(self.doubts[:SHOWN]))


def answered_in_time(world: World) -> Verdict:
    """No request is open past its date, and what ended one reached who asked by it (Articles 12(3), (4); the conservative date counts)."""
    now = world.clock()
    known = courses(world.ledger.entries())
    found = _Found()
    for request in world.requests.all():
        found.seen += 1
        _judge(world, request, known.get(request.id, Course()), now, found)
    for proposal in world.requests.proposals():
        if proposal.state is ProposalState.OPEN and proposal.asked not in UNTIMED and now > proposal.due:
            found.faults.append(
                f"mail {proposal.message} may ask {proposal.asked}, was due on {_day(proposal.due)}, and nobody looked at it"
            )
    return found.verdict(
        kept=Text(nl="Elk verzoek is op tijd beantwoord.", en="Every request was answered in time."),
        broken=Text(nl="Een verzoek is te laat.", en="A request is late."),
        unknown=Text(
            nl="Van een verzoek is niet vastgelegd dat het antwoord op tijd is gegeven.",
            en="Of a request nothing shows that the answer was given in time.",
        ),
    )


def _judge(world: World, request: SubjectRequest, course: Course, now: datetime, found: _Found) -> None:
    first = course.due or request.conservative
    last = _extended_to(request, course) or first
    ended = course.last.at if course.last is not None else None
    stopped = ended or now
    said = f"request {request.id}"
    if last > first and stopped > first:
        notice = _notice(world, request, course, first)
        if notice in {Heard.NO, Heard.LATE}:
            last = first
            said = f"{said}, extended without telling who asked in time,"
        elif notice is Heard.UNKNOWN:
            found.doubts.append(f"{said}: nothing shows that who asked was told of the extension; {RECORD}")
    if stopped > last:
        how = (
            "was closed later" if ended else "is open" if request.open else "is open by the ledger, closed in the table"
        )
        found.faults.append(f"{said} was due on {_day(last)} and {how}")
    elif course.last is not None and _owed(course.right or str(request.right), course.last):
        match _answer(world, request, course, last):
            case Heard.LATE:
                found.faults.append(f"{said} was due on {_day(last)} and the answer was given later")
            case Heard.NO if now > last:
                found.faults.append(f"{said} was due on {_day(last)} and its letter came back or never left")
            case Heard.UNKNOWN if now > last:
                found.doubts.append(f"{said}: nothing shows that the answer was given; {RECORD}")
            case _:
                pass


def _owed(right: str, last: Event) -> bool:
    """Say whether the law asks that who asked is told: not of a plain question, nor of what they took back themselves."""
    return right != str(Right.QUESTION) and last.facts.get("outcome") != str(Closing.WITHDRAWN)


def _extended_to(request: SubjectRequest, course: Course) -> datetime | None:
    """Return until when it was extended; an earlier release recorded the better reading alone, which is never the earlier one."""
    if course.extended is None:
        return None
    facts = course.extended.facts
    if "conservative" in facts:
        return datetime.fromisoformat(str(facts["conservative"]))
    return min(request.conservative, datetime.fromisoformat(str(facts["due"])))


def _notice(world: World, request: SubjectRequest, course: Course, due: datetime) -> Heard:
    told = course.extension_told()
    if told is not None:
        return Heard.YES if told <= local_date(due) else Heard.LATE
    states = _states(world, request, EXTENSION)
    return Heard.NO if course.extension_came_back() or _stuck(states) else Heard.UNKNOWN


def _answer(world: World, request: SubjectRequest, course: Course, due: datetime) -> Heard:
    told = course.answer_told(waits=True)
    states = _states(world, request, *ANSWERS) if told is None or course.handed is not None else frozenset()
    told = course.answer_told(waits=bool(states - LEFT))
    if told is not None:
        return Heard.YES if told <= local_date(due) else Heard.LATE
    return Heard.NO if course.answer_came_back() or _stuck(states) else Heard.UNKNOWN


def _states(world: World, request: SubjectRequest, *letters: str) -> frozenset[Sent]:
    return frozenset(one.state for one in world.post.all(reference=request.id) if one.letter in letters)


def _stuck(states: frozenset[Sent]) -> bool:
    """Say whether a letter did not leave; of one in doubt nobody knows it."""
    return bool(states - LEFT - {Sent.IN_DOUBT})


def refusals_explained(world: World) -> Verdict:
    """Every datum that stayed after an erasure request has its ground in words, and every refusal one that was told."""
    now = world.clock()
    known = courses(world.ledger.entries())
    found = _Found()
    for request in world.requests.all():
        for item, name, decision, ground, why_nl, why_en, _until in world.requests.decisions(request.id):
            if decision == "erase":
                continue
            found.seen += 1
            if not (ground.strip() and why_nl.strip() and why_en.strip()):
                found.faults.append(f"request {request.id}: '{name}' ({item}) was kept without a reason")
        course = known.get(request.id, Course())
        if request.state is State.REJECTED or (course.last is not None and course.last.name == "request.rejected"):
            found.seen += 1
            found.faults += _unexplained(world, request, course, now)
            found.doubts += _unsure(world, request, course, now)
    return found.verdict(
        kept=Text(nl="Wat bleef of geweigerd is, is uitgelegd.", en="What stayed or was refused was explained."),
        broken=Text(nl="Iets bleef of is geweigerd zonder uitleg.", en="Something stayed or was refused without a reason."),
        unknown=Text(
            nl="Van een weigering is niet vastgelegd dat zij met een grond in de wet is uitgelegd.",
            en="Of a refusal nothing shows that it was explained with a ground of the law.",
        ),
    )  # fmt: skip


def _unexplained(world: World, request: SubjectRequest, course: Course, now: datetime) -> Iterator[str]:
    if not request.ground.strip():
        yield f"request {request.id} was rejected without a ground"
        return
    recorded = str(course.last.facts.get("ground", "")) if course.last is not None else ""
    if _DIGEST.fullmatch(recorded) and recorded != digest_of(request.id, request.ground):
        yield f"request {request.id}: the ground of its rejection is not the one that was recorded"
    if _told_by_now(world, request, course, now) is Heard.NO:
        yield f"request {request.id}: the letter with the ground of its rejection came back or never left"


def _unsure(world: World, request: SubjectRequest, course: Course, now: datetime) -> Iterator[str]:
    if request.right is Right.ERASURE and request.ground.strip() and _ARTICLE.search(request.ground) is None:
        yield f"request {request.id}: the ground on which nothing is erased names no article (Articles 12(5), 17(3))"
    if _told_by_now(world, request, course, now) is Heard.UNKNOWN:
        yield f"request {request.id}: nothing shows that who asked was told why it was rejected; {RECORD}"


def _told_by_now(world: World, request: SubjectRequest, course: Course, now: datetime) -> Heard:
    """Say whether who asked knows the refusal; while there is time left they need not yet."""
    due = _extended_to(request, course) or course.due or request.conservative
    return _answer(world, request, course, now) if course.last is not None and now > due else Heard.YES


def _day(moment: datetime) -> str:
    return moment.astimezone(AMSTERDAM).date().isoformat()


CONTROLS = (
    Control(
        "requests-answered-in-time",
        Text(nl="Verzoeken op tijd beantwoord", en="Requests answered in time"),
        Text(nl="elk verzoek in het logboek, en wat de vrager bereikte",
             en="every request in the ledger, and what reached who asked"),
        "measured",
        answered_in_time,
        __name__,
        ("ledger-intact",),
    ),
    Control(
        "refusals-explained",
        Text(nl="Weigeren wordt uitgelegd", en="Refusing is explained"),
        Text(nl="elk gegeven dat bleef na een wisverzoek, en elke weigering",
             en="every datum that stayed after an erasure request, and every refusal"),
        "measured",
        refusals_explained,
        __name__,
        ("ledger-intact",),
    ),
)  # fmt: skip
