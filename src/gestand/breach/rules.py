"""Judgements of a breach: what is owed to whom and by when, what the file lacks, and what keeps it from being closed. Pure.

A duty that the law lets fall (a risk is unlikely, Article 33(1); an exception of 34(3)) stands until a named person has
confirmed what it rests on. Before the first judgement the clock of the authority runs as if it were owed.
"""

from __future__ import annotations

from datetime import datetime

from gestand.breach.duties import (
    Duties,
    Stood,
    duties_of,
    lifted,
    risk_seen_at,
    tell_authority,
    tell_controller,
    tell_people,
)
from gestand.breach.model import Breach, Case, Part
from gestand.breach.notices import Audience, DueNotice, Notice, Phase
from gestand.law.breach_notice import PARTS
from gestand.law.breach_people import PeopleDuty
from gestand.law.deadline import Deadline
from gestand.law.instants import earliest, hours_after
from gestand.law.terms_hours import authority_notice_due, controller_notice_due, subjects_notice_due
from gestand.statement.policy import BreachDuty, Text


def due_notices(case: Case, promise: BreachDuty, now: datetime) -> tuple[DueNotice, ...]:
    """Return what is owed to the authority, to people and to a controller, each with its hour and whether it was kept."""
    duties = duties_of(case.assessed)
    found = [_authority(case, duties, promise, now)]
    people, controller = _people(case, duties, promise, now), _controller(case, duties, now)
    if people.owed or people.late or case.told or _sent(case, Audience.PUBLIC):
        found.append(people)
    if controller.owed or controller.late or _sent(case, Audience.CONTROLLER):
        found.append(controller)
    return tuple(found)


def _authority(case: Case, duties: Duties, promise: BreachDuty, now: datetime) -> DueNotice:
    breach, first = case.breach, _first_submission(case)
    missing = case.submissions[-1].missing if case.submissions else ()
    earlier = breach.reported_at if breach.aware_at and breach.reported_at < breach.counted_from else None
    deadline = authority_notice_due(
        breach.counted_from,
        notified_at=first,
        missing_items=missing,
        first_signal=earlier,
        staff_aware=breach.staff_aware,
    )
    due = earliest(_hour(deadline), hours_after(breach.counted_from, promise.authority_within_hours))
    stood = any(one.past(due) for one in lifted(case, tell_authority))
    return _due(
        Audience.AUTHORITY, duties.authority, breach.counted_from, due, first, now, _counted(breach), deadline, stood
    )


def _counted(breach: Breach) -> Text:
    if breach.aware_at is None:
        return Text(
            nl="nog niet vastgesteld sinds wanneer wij het weten: de tijd loopt vanaf de melding",
            en="since when we know of it is not stated: the time runs from the report",
        )
    if breach.counted_from < breach.aware_at:
        return Text(
            nl="uiterlijk 72 uur nadat wij het weten; wij noemden eerst een vroeger moment dan nu, en dat telt",
            en="within 72 hours of awareness; an earlier moment than now was stated first, and that one counts",
        )
    return Text(nl="uiterlijk 72 uur nadat wij het weten", en="within 72 hours of awareness")


def _people(case: Case, duties: Duties, promise: BreachDuty, now: datetime) -> DueNotice:
    hours = promise.subjects_within_hours
    missed = next((one for one in lifted(case, tell_people) if _untold(case, one, hours)), None)
    since = missed.since if missed else risk_seen_at(case, hours) or case.breach.clock_from
    deadline = subjects_notice_due(since, own_hours=hours)
    public = duties.people is PeopleDuty.PUBLIC
    done = _last_needed(case, public=public)
    why = Text(
        nl=f"zonder onnodige vertraging; onze eigen grens is {hours} uur nadat het hoge risico bleek",
        en=f"without undue delay; our own limit is {hours} hours after the high risk was seen",
    )
    audience = Audience.PUBLIC if public else Audience.PEOPLE
    owed = duties.people is not PeopleDuty.NONE
    return _due(audience, owed, since, _hour(deadline), done, now, why, deadline, missed is not None)


def _untold(case: Case, stood: Stood, hours: int) -> bool:
    """Say whether people had to be told at an hour at which they were not; a list made again since says less of it."""
    due = _hour(subjects_notice_due(stood.since, own_hours=hours))
    done = _last_needed(case, public=stood.last.people is PeopleDuty.PUBLIC)
    if not stood.past(due) or (done is not None and done <= due):
        return False
    counted_again = any(page.part is Part.LIST and page.at >= stood.until for page in case.pages)
    told = [*_sent(case, Audience.PEOPLE), *_sent(case, Audience.PUBLIC)]
    return not (counted_again and any(notice.at <= due for notice in told))


def _controller(case: Case, duties: Duties, now: datetime) -> DueNotice:
    since = case.breach.counted_from
    deadline = controller_notice_due(since)
    due = _hour(deadline)
    done = min((n.at for n in case.notices if n.audience is Audience.CONTROLLER), default=None)
    why = Text(
        nl="als verwerker: zonder onnodige vertraging, zonder eerst het risico te wegen",
        en="as processor: without undue delay, without weighing the risk first",
    )
    stood = any(one.past(due) for one in lifted(case, tell_controller))
    return _due(Audience.CONTROLLER, duties.controller, since, due, done, now, why, deadline, stood)


def _due(  # noqa: PLR0917 - the facts of one notice, in the order of DueNotice
    audience: Audience,
    owed: bool,  # noqa: FBT001 - a fact of the case, not a switch
    since: datetime,
    due: datetime,
    done: datetime | None,
    now: datetime,
    why: Text,
    deadline: Deadline,
    stood: bool,  # noqa: FBT001 - it was owed past its hour by a judgement that was changed since
) -> DueNotice:
    late = (owed or stood) and (done or now) > due
    return DueNotice(audience, owed, since, due, done, late, why, deadline.articles, deadline.debate)


def _hour(deadline: Deadline) -> datetime:
    assert deadline.conservative is not None  # terms of hours always have one
    return deadline.conservative


def _first_submission(case: Case) -> datetime | None:
    return min((s.submitted_at for s in case.submissions if s.phase is not Phase.WITHDRAWAL), default=None)


def _sent(case: Case, audience: Audience) -> tuple[Notice, ...]:
    return tuple(notice for notice in case.notices if notice.audience is audience)


def _last_needed(case: Case, *, public: bool) -> datetime | None:
    """Return when the last notice that was needed went out; None while people are left.

    Where nobody is listed, because all are unknown to us, a public notice reaches them, or somebody who told as many of them
    by hand as were counted.
    """
    if public or (case.listed == 0 and _sent(case, Audience.PUBLIC)):
        return min((n.at for n in _sent(case, Audience.PUBLIC)), default=None)
    unlisted = case.affected.unlisted if case.affected else 0
    if case.told < case.listed or not case.listed + unlisted:
        return None
    by_hand = sum(n.count for n in _sent(case, Audience.PEOPLE)) - case.listed
    if unlisted and by_hand < unlisted and not _sent(case, Audience.PUBLIC):
        return None
    return max((n.at for n in _sent(case, Audience.PEOPLE)), default=None) if case.listed == 0 else case.last_told


def contained_first(case: Case) -> bool:
    """Say whether something was done against the leak before anyone was told, by the order of the records."""
    if not case.steps:
        return False
    began = min(step.at for step in case.steps)
    others = [*(s.recorded_at for s in case.submissions), *(n.at for n in case.notices)]
    return all(began <= at for at in others)


FORM_PARTS: dict[str, tuple[Part, ...]] = {
    "nature": (Part.SUMMARY, Part.REPORT),
    "consequences": (Part.CONSEQUENCES,),
    "measures": (Part.MEASURES, Part.CONTAINMENT),
}
"""Which pages of the file fill the parts of Article 33(3) that are written; people, records and contact are computed."""


def known_parts(case: Case) -> tuple[str, ...]:
    """Return the parts of Article 33(3) that can be filled now."""
    found = [name for name, parts in FORM_PARTS.items() if any(case.has(part) for part in parts)]
    if case.affected is not None:
        found += ["people", "records"]
    return (*found, "contact")  # of the policy, which always has one


def missing_parts(case: Case) -> tuple[str, ...]:
    """Return the parts of Article 33(3) that cannot be filled yet; they follow in a later phase (Article 33(4))."""
    known = known_parts(case)
    return tuple(part.name for part in PARTS["authority"] if part.name not in known)


def register_lacks(case: Case) -> tuple[str, ...]:
    """Return the parts of Article 33(5) that the file lacks: facts, effects, remedial action, and the reasons."""
    there = {
        "facts": case.has(Part.FACTS) or case.has(Part.SUMMARY) or case.has(Part.REPORT),
        "effects": case.has(Part.CONSEQUENCES),
        "remedial_action": case.has(Part.MEASURES) or bool(case.steps),
        "reasons": bool(case.assessments),
    }
    return tuple(part.name for part in PARTS["register"] if not there[part.name])


def left_to_do(case: Case, promise: BreachDuty, now: datetime) -> tuple[Text, ...]:
    """Return what must be done before a breach can be closed; empty if nothing is left."""
    found: list[Text] = []
    if case.breach.aware_at is None:
        found.append(Text(nl="zeg sinds wanneer wij het weten", en="state since when we know of it"))
    if not case.steps:
        found.append(
            Text(nl="dicht het lek: gebruik of beoordeel de hendels", en="contain it: pull or judge the levers")
        )
    assessed = case.assessed
    if assessed is None:
        found.append(Text(nl="beoordeel het", en="assess it"))
    elif assessed.to_confirm and assessed.confirmed_at is None:
        found.append(Text(nl="laat iemand de beoordeling bevestigen", en="have a named person confirm the judgement"))
    names = {
        Audience.AUTHORITY: Text(nl="meld het bij de toezichthouder", en="notify the authority"),
        Audience.PEOPLE: Text(nl="vertel het aan ieder om wie het gaat", en="tell everyone concerned"),
        Audience.PUBLIC: Text(nl="maak het openbaar bekend", en="publish a public communication"),
        Audience.CONTROLLER: Text(nl="vertel het aan de opdrachtgever", en="tell the controller"),
    }
    found += [names[notice.audience] for notice in due_notices(case, promise, now) if notice.waiting]
    if case.submissions and case.submissions[-1].missing and case.submissions[-1].phase is not Phase.WITHDRAWAL:
        found.append(Text(nl="vul de melding aan (AVG 33(4))", en="complete the notification (Article 33(4))"))
    lacking = register_lacks(case) if assessed is None or assessed.is_breach else ()
    questions = {part.name: Text(nl=part.nl, en=part.en) for part in PARTS["register"]}
    return (*found, *(questions[name] for name in lacking))


def recorded(breach: Breach) -> bool:
    """Say whether it counts: an exercise does not."""
    return not breach.rehearsal
