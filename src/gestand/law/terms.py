"""Terms of months and weeks: requests, notices, petitions and consultation.

From receipt to deadline: the local day of arrival on an official channel, not counted itself; the same day number so
many months on, or the last day of a shorter month; days of a justified pause added; then on to the first working day, of
which the last second is in time (GDPR 12(3); Regulation 1182/71, 3(1), 3(2)(c), 3(4); for Dutch terms Atw 1).
The conservative deadline passes over no day at its own end and grants no pause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gestand.law import terms_rules as of_law
from gestand.law.deadline import Deadline, Reading, debate_on_days, year_flags
from gestand.law.free_days import roll, roll_undisputed
from gestand.law.instants import Moment, aware, earliest, end_of_day, in_the_world, local_day, no_later, start_of_day
from gestand.law.periods import Period, Unit, add
from gestand.law.profile import Rule

MONTH = Period(1, Unit.MONTHS)
THREE_MONTHS = Period(3, Unit.MONTHS)
SIX_WEEKS = Period(6, Unit.WEEKS)
EIGHT_WEEKS = Period(8, Unit.WEEKS)
FOURTEEN_WEEKS = Period(14, Unit.WEEKS)

PAUSE_DEBATE = (
    "EDPB 01/2022 speaks of a suspension (a pause, as IMY and Berlin read it); others restart the month at the answer. "
    "The pause is the earlier of the two; ignoring it is safest."
)
NO_PAUSE_DEBATE = (
    "Whether doubt was reasonable and the question prompt depends on the facts; the Dutch court has been more lenient to "
    "public bodies than the AP was (DPG Media)."
)


@dataclass(frozen=True, slots=True)
class Extension:
    """A notice to the person that the answer takes two more months (GDPR 12(3)).

    ``reasoned``: complexity or number of requests made it necessary and the notice said so.
    """

    notice_sent: Moment
    reasoned: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """A question to the person on identity or scope, and its answer; ``answered`` is None while there is none."""

    asked: Moment
    answered: Moment | None
    asked_without_undue_delay: bool
    question_necessary: bool

    @property
    def counts(self) -> bool:
        """Whether the question may stop the clock at all."""
        return self.asked_without_undue_delay and self.question_necessary


def rights_request_due(
    received: Moment, *, extension: Extension | None = None, pauses: Sequence[Pause] = ()
) -> Deadline:
    """Return when a request under Articles 15-22 that arrived at ``received`` must be answered.

    An extension counts if its notice went out within the month. For the conservative deadline the month must end there on
    every reading: free days on which all agree are passed over, Good Friday, royal decrees and 5 May are not.
    """
    day = local_day(received)
    first = add(day, MONTH)
    counted = tuple(pause for pause in pauses if pause.counts and day <= local_day(pause.asked) <= roll(first)[0])
    paused = _days_paused(counted)
    notice = local_day(extension.notice_sent) if extension is not None and extension.reasoned else None
    extended = notice is not None and day <= notice <= roll(first + timedelta(days=paused))[0]
    strictly = notice is not None and day <= notice <= roll_undisputed(first)
    unrolled = add(day, THREE_MONTHS if extended else MONTH) + timedelta(days=paused)
    expected, passed = roll(unrolled)
    debate = debate_on_days(passed, of_the_union=True)
    if pauses:
        debate = " ".join(filter(None, (PAUSE_DEBATE if counted else NO_PAUSE_DEBATE, debate)))
    return Deadline(
        rule=of_law.EXTENDED if extended else of_law.IDENTITY_PAUSE if pauses else of_law.ONE_MONTH,
        expected=end_of_day(expected),
        conservative=end_of_day(add(day, THREE_MONTHS if strictly else MONTH)),
        why=_why(day, extension, extended=extended, paused=paused),
        unrolled=unrolled,
        rolled_over=passed,
        debate=debate,
        flags=_request_flags(extension, counted, pauses, extended=extended) + year_flags(expected),
        readings=_month_readings(unrolled, pauses),
    )


def _days_paused(counted: Sequence[Pause]) -> int:
    """Return the local days between question and answer, days that two questions share counted once."""
    total = 0
    reached: date | None = None
    for pause in sorted(counted, key=lambda pause: local_day(pause.asked)):
        if pause.answered is None:
            continue
        asked, answered = local_day(pause.asked), local_day(pause.answered)
        begins = asked if reached is None else max(asked, reached)
        total += max((answered - begins).days, 0)
        reached = answered if reached is None else max(answered, reached)
    return total


def _why(day: date, extension: Extension | None, *, extended: bool, paused: int) -> str:
    said = f"received {day.isoformat()}, a day not counted; {'three months' if extended else 'one month'} on"
    if extension is not None and not extended:
        said += "; the extension does not hold: its notice was late or gave no good reasons"
    return f"{said}; {paused} days of pause added" if paused else said


def _request_flags(
    extension: Extension | None, counted: Sequence[Pause], pauses: Sequence[Pause], *, extended: bool
) -> tuple[str, ...]:
    flags = []
    if extension is not None:
        flags.append("EXTENSION_COUNTS" if extended else "EXTENSION_DOES_NOT_COUNT")
    if len(counted) < len(pauses):
        flags.append("PAUSE_DOES_NOT_COUNT")
    if any(pause.answered is None for pause in counted):
        flags.append("IDENTITY_OPEN")
    return tuple(flags)


def _month_readings(unrolled: date, pauses: Sequence[Pause]) -> tuple[Reading, ...]:
    strict = Reading("deadline_if_equated_days_do_not_count", end_of_day(roll(unrolled, over_equated=False)[0]))
    answers = [local_day(pause.answered) for pause in pauses if pause.answered is not None]
    if not answers:
        return (strict,)
    return (strict, Reading("restart_reading", end_of_day(roll(add(max(answers), MONTH))[0])))


def _calendar_term(rule: Rule, start: Moment, period: Period, *, of_the_union: bool = True) -> Deadline:
    day = local_day(start)
    unrolled = add(day, period)
    expected, passed = roll(unrolled)
    return Deadline(
        rule=rule,
        expected=end_of_day(expected),
        conservative=end_of_day(unrolled),
        why=f"{period} after {day.isoformat()}, a day not counted",
        unrolled=unrolled,
        rolled_over=passed,
        debate=debate_on_days(passed, of_the_union=of_the_union),
        flags=year_flags(expected),
        readings=_month_readings(unrolled, ()) if of_the_union else (),
    )


def extension_notice_due(received: Moment) -> Deadline:
    """Return when the person must have heard of an extension, with its reasons (GDPR 12(3))."""
    return _calendar_term(of_law.EXTENSION_NOTICE, received, MONTH)


def refusal_notice_due(received: Moment) -> Deadline:
    """Return when a refusal must reach out: reasons, complaint to the authority, court (GDPR 12(4))."""
    return _calendar_term(of_law.REFUSAL_NOTICE, received, MONTH)


def objection_confirmation_due(received: Moment) -> Deadline:
    """Return when the person must have heard that an objection was carried out (GDPR 12(3))."""
    return _calendar_term(of_law.OBJECTION_CONFIRMATION, received, MONTH)


def petition_window(answer_received: Moment) -> Deadline:
    """Return until when the person may petition the court: six weeks after receiving the answer (UAVG 35(2))."""
    return _calendar_term(of_law.PETITION, answer_received, SIX_WEEKS, of_the_union=False)


def petition_without_answer() -> Deadline:
    """Return that no term runs: without an answer in time the petition is not bound to one (UAVG 35(2))."""
    return Deadline(
        of_law.PETITION_UNBOUND, None, None, "no answer in time: no term runs; keep the file", flags=("NO_TERM",)
    )


def consultation_due(requested: Moment, *, extended: bool = False) -> Deadline:
    """Return when the authority must have advised on a consultation: eight weeks, or fourteen (GDPR 36(2))."""
    if extended:
        return _calendar_term(of_law.CONSULTATION_EXTENDED, requested, FOURTEEN_WEEKS)
    return _calendar_term(of_law.CONSULTATION, requested, EIGHT_WEEKS)


def source_notice_due(
    obtained: Moment, *, first_communication: Moment | None = None, first_disclosure: Moment | None = None
) -> Deadline:
    """Return when a person must be told of data had from elsewhere: the first of the three limits of GDPR 14(3).

    A contact of which only the day is known ends the term on that day; the conservative deadline is when the day starts.
    """
    month = _calendar_term(of_law.SOURCE_NOTICE, obtained, MONTH)
    assert month.expected is not None
    assert month.conservative is not None
    limits = [
        ("first disclosed", first_disclosure, "FIRST_DISCLOSURE"),
        ("first communication", first_communication, "FIRST_COMMUNICATION"),
    ]
    happened = [
        (_latest_of(moment), _start_of(moment), name, flag) for name, moment, flag in limits if moment is not None
    ]
    conservative = earliest(month.conservative, *(start for _, start, _, _ in happened))
    if not happened:
        return month
    end, _, name, flag = min(happened, key=lambda limit: in_the_world(limit[0]))
    if no_later(month.expected, end):
        return Deadline(
            month.rule,
            month.expected,
            conservative,
            month.why,
            month.unrolled,
            month.rolled_over,
            month.debate,
            month.flags,
            month.readings,
        )
    return Deadline(
        of_law.SOURCE_NOTICE,
        end,
        conservative,
        f"{name} on {end.isoformat()}, before the month ends",
        flags=(flag,),
        readings=(Reading("one_month", month.expected),),
    )


def _latest_of(moment: Moment) -> datetime:
    return aware(moment) if isinstance(moment, datetime) else end_of_day(moment)


def _start_of(moment: Moment) -> datetime:
    return aware(moment) if isinstance(moment, datetime) else start_of_day(moment)
