"""Terms of hours and of at once: a breach to the authority, the persons and the controller; the end of marketing.

Hours run through nights, weekends and holidays (AP on PVV Overijssel and Booking.com) and are counted as time that
passes. Where the clock is changed on the way, the conservative deadline takes the earlier of passed time and clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from gestand.law import terms_rules as of_law
from gestand.law.deadline import Deadline, Reading
from gestand.law.free_days import working_days
from gestand.law.instants import (
    Moment,
    UnclearTimeError,
    aware,
    earliest,
    end_of_day,
    hours_after,
    in_the_world,
    next_full_hour,
    no_later,
    start_of_day,
    wall_hours_after,
)
from gestand.law.profile import Rule

AUTHORITY_LIMITS: tuple[tuple[Rule, int], ...] = ((of_law.AUTHORITY_72_HOURS, 72),)
"""Hours to notify the authority, by the rule in force on the day of awareness; a changed law adds a line."""

SUBJECTS_HOURS = 24  # policy
CONTROLLER_HOURS = 12  # policy

CLOCK_DEBATE = (
    "The clock changes on the way: passed hours and the clock on the wall differ by one; no authority was found, the "
    "earlier is the own target."
)
WORKING_DAYS_DEBATE = (
    "Fewer than two working days lie in it; some authors extend it by Regulation 1182/71, 3(5), authorities do not."
)
SIGNAL_DEBATE = "If the enquiry was not prompt, authorities count from the first signal (AP on Booking.com)."
STAFF_DEBATE = (
    "Whether knowledge of staff is knowledge of the organisation is argued; delay inside does not move the clock."
)

Channel = Literal["click", "call", "post"]


def authority_notice_due(
    became_aware: datetime,
    *,
    notified_at: datetime | None = None,
    missing_items: Sequence[str] = (),
    first_signal: datetime | None = None,
    processor_aware: datetime | None = None,
    staff_aware: bool = False,
) -> Deadline:
    """Return when a breach must be notified to the authority: 72 hours after the controller became aware (GDPR 33(1)).

    ``notified_at`` adds whether that was in time; ``missing_items`` what the notification still lacked (33(4));
    ``first_signal`` and ``processor_aware`` other beginnings, shown as readings; ``staff_aware`` that someone of the
    staff knew at ``became_aware`` and those in charge later.

    :raises ValueError: if no rule was in force on the day of awareness (before 25 May 2018).
    """
    start = aware(became_aware)
    limit, hours = _limit(start.date())
    passed, wall = hours_after(start, hours), wall_hours_after(start, hours)
    readings = [
        Reading("latest_deadline_reg1182", hours_after(next_full_hour(start), hours)),
        Reading("wall_clock_reading", wall),
    ]
    debate = []
    if in_the_world(passed) != in_the_world(wall):
        debate.append(CLOCK_DEBATE)
    if working_days(start.date(), passed.date()) < 2:
        debate.append(WORKING_DAYS_DEBATE)
    earlier = [
        moment for moment in (first_signal, processor_aware) if moment is not None and not no_later(start, moment)
    ]
    if earlier:
        readings.append(Reading("alternative_deadline", hours_after(earliest(*earlier), hours)))
        if first_signal is not None:
            debate.append(SIGNAL_DEBATE)
    if staff_aware:
        debate.append(STAFF_DEBATE)
    rule = of_law.PHASES if missing_items else limit
    return Deadline(
        rule=of_law.AWARE_BY_PROCESSOR if processor_aware is not None else rule,
        expected=passed,
        conservative=earliest(passed, wall),
        why=f"aware {start.isoformat()}; {hours} hours run through nights, weekends and holidays",
        debate=" ".join(debate),
        flags=_notification_flags(passed, notified_at, missing_items),
        readings=tuple(readings),
    )


def _limit(day: date) -> tuple[Rule, int]:
    for rule, hours in AUTHORITY_LIMITS:
        if rule.in_force(day):
            return rule, hours
    raise ValueError(f"no duty to notify the authority was in force on {day.isoformat()}")


def _notification_flags(due: datetime, notified_at: datetime | None, missing_items: Sequence[str]) -> tuple[str, ...]:
    flags: list[str] = []
    if notified_at is not None:
        flags += ["IN_TIME"] if no_later(notified_at, due) else ["LATE", "REASONS_FOR_DELAY_REQUIRED"]
    if missing_items:
        flags.append("FOLLOW_UP_OPEN")
    return tuple(flags)


def subjects_notice_due(high_risk_confirmed: datetime, *, own_hours: int = SUBJECTS_HOURS) -> Deadline:
    """Return the own alarm for telling the persons: the law says without undue delay, without a number (GDPR 34(1)).

    ``own_hours``: what the firm promised instead of the policy of 24.
    """
    start = aware(high_risk_confirmed)
    alarm = earliest(hours_after(start, own_hours), wall_hours_after(start, own_hours))
    return Deadline(
        of_law.SUBJECTS_NOTICE,
        None,
        alarm,
        f"without undue delay; sooner where people can still protect themselves; own alarm after {own_hours} hours",
        debate=f"{own_hours} hours is a policy, not law.",
        flags=("WITHOUT_UNDUE_DELAY",),
        readings=(Reading("policy_deadline", hours_after(start, own_hours)),),
    )


def controller_notice_due(processor_became_aware: datetime, *, contract_hours: float | None = None) -> Deadline:
    """Return when a processor must have told its controller: without undue delay, by contract in hours (GDPR 33(2)).

    :raises ValueError: if ``contract_hours`` is not above zero or beyond a year.
    """
    start = aware(processor_became_aware)
    if contract_hours is not None and not 0 < contract_hours <= 8784:
        raise ValueError(f"contract_hours {contract_hours} is no number of hours above 0 and within a year")
    own = CONTROLLER_HOURS if contract_hours is None else min(CONTROLLER_HOURS, contract_hours)
    return Deadline(
        of_law.CONTROLLER_NOTICE,
        None if contract_hours is None else hours_after(start, contract_hours),
        earliest(hours_after(start, own), wall_hours_after(start, own)),
        "as processor: without undue delay, no test of risk first; the contract sets the hours, own alarm at most 12",
        flags=("WITHOUT_UNDUE_DELAY",),
        missing=("contract_hours",) if contract_hours is None else (),
    )


def marketing_stop_due(objected: Moment, *, channel: Channel, next_send: datetime | None = None) -> Deadline:
    """Return when marketing to a person must have ended: at once, by letter on the day of delivery (GDPR 21(3)).

    Whatever the channel, never after ``next_send``, if that comes later than the objection.

    :raises UnclearTimeError: if a click or a call has no time of day.
    """
    by_post = channel == "post"
    if not by_post and not isinstance(objected, datetime):
        raise UnclearTimeError(f"'{objected}' has no time of day; a click or a call needs one, with its offset")
    since = aware(objected) if isinstance(objected, datetime) else start_of_day(objected)
    stop = end_of_day(since.date()) if by_post else since
    flags: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    if next_send is not None and no_later(since, next_send):
        stop = earliest(stop, next_send)
        flags = ("EXCLUDE_FROM_NEXT_SEND",)
        readings = (Reading("excluded_send", aware(next_send)),)
    return Deadline(
        of_law.MARKETING_STOP_BY_POST if by_post else of_law.MARKETING_STOP,
        stop,
        stop,
        "an objection to direct marketing is absolute: nothing is sent any more; the month is for the confirmation alone",
        debate="No number of days stands in the law; the same day is a policy." if by_post else "",
        flags=flags,
        readings=readings,
    )
