"""Questions on terms as flat records: an event, when it began, and the facts around it; the answer is flat too.

What is not known is never guessed: an unknown event or fact, a time that cannot be placed or a missing fact gives an
answer with ``needs_judgement`` true, and under ``missing`` what a person must settle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gestand.law import terms, terms_hours
from gestand.law.deadline import Deadline
from gestand.law.facts import MissingFactsError, moment_of, shown
from gestand.law.instants import Moment, earliest, local_day
from gestand.law.term_words import in_dutch
from gestand.law.terms import Extension, Pause
from gestand.law.terms_rules import GDPR_APPLIES

CURRENT_PROFILE = "GDPR_2016"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came in: when it starts, and the facts beside it."""

    start: object
    facts: Mapping[str, Any]

    def moment(self, name: str) -> Moment | None:
        """Return the fact ``name`` as a moment; None if it was not given or is null.

        :raises MissingFactsError: if it cannot be read.
        """
        value = self.facts.get(name)
        return None if value is None else moment_of(name, value)

    def instant(self, name: str) -> datetime | None:
        """Return the fact ``name`` as a time of day.

        :raises MissingFactsError: if only its day is known.
        """
        value = self.moment(name)
        if value is None or isinstance(value, datetime):
            return value
        raise MissingFactsError(f"{name}: the time of day with its offset")

    def yes(self, name: str) -> bool | None:
        """Return the fact ``name`` as yes, no or not given.

        :raises MissingFactsError: if it is neither.
        """
        value = self.facts.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise MissingFactsError(f"{name}: true or false, not {shown(value)!r}")

    def began(self) -> Moment:
        """Return the start of the term."""
        if self.start is None:
            raise MissingFactsError("start: when it began")
        return moment_of("start", self.start)

    def began_at(self) -> datetime:
        """Return the start of a term of hours."""
        start = self.began()
        if isinstance(start, datetime):
            return start
        raise MissingFactsError("start: the time of day with its offset; this term is counted in hours")


def _received(asked: Asked) -> Moment:
    """Return when a request arrived: delivery of a letter, else the first arrival at the firm or who works for it."""
    delivered = asked.moment("delivered")
    if delivered is not None:
        return delivered
    names = ("arrived", "processor_received", "controller_received")
    arrivals = [moment for name in names if (moment := asked.moment(name)) is not None]
    if asked.start is not None or not arrivals:
        arrivals.append(asked.began())
    return min(arrivals, key=local_day)


def _request(asked: Asked) -> Deadline:
    received = _received(asked)
    valid = asked.yes("extension_valid")
    notice = asked.moment("extension_notice_sent")
    extension = None if notice is None else Extension(notice, reasoned=valid is not False)
    pause = _pause(asked)
    due = terms.rights_request_due(received, extension=extension, pauses=() if pause is None else (pause,))
    lacking = [f"{name}: null or not given" for name in _undecided(asked, pause)]
    if notice is None and valid:
        lacking.append("extension_notice_sent: when the person was told, with reasons")
    elif valid is None and "EXTENSION_COUNTS" in due.flags:
        lacking.append("extension_valid: whether the notice gave good reasons")
    if not lacking:
        return _with_processor(asked, due)
    alone = terms.rights_request_due(received)
    return replace(alone, expected=None, missing=tuple(lacking))


def _pause(asked: Asked) -> Pause | None:
    question, answered = asked.moment("asked_at"), asked.moment("answered_at")
    if question is None:
        if answered is not None:
            raise MissingFactsError("asked_at: when the question was put")
        return None
    if answered is not None and local_day(answered) < local_day(question):
        raise MissingFactsError("answered_at: lies before asked_at")
    return Pause(
        question,
        answered,
        asked_without_undue_delay=asked.yes("asked_without_undue_delay") is True,
        question_necessary=asked.yes("question_necessary") is True,
    )


def _undecided(asked: Asked, pause: Pause | None) -> Iterable[str]:
    if pause is None:
        return ()
    judged = {name: asked.yes(name) for name in ("asked_without_undue_delay", "question_necessary")}
    # One "no" settles it: the clock does not stop.
    return () if False in judged.values() else tuple(name for name, value in judged.items() if value is None)


def _with_processor(asked: Asked, due: Deadline) -> Deadline:
    at_processor, at_controller = asked.moment("processor_received"), asked.moment("controller_received")
    if at_processor is None or at_controller is None or local_day(at_processor) >= local_day(at_controller):
        return due
    debate = "Counted from arrival at the processor; if its address is no channel of the controller, from its own."
    return replace(due, debate=f"{due.debate} {debate}".strip())


def _clarified(asked: Asked) -> Deadline:
    if asked.moment("asked_at") is None:
        raise MissingFactsError("asked_at: when the question was put")
    return _request(asked)


def _extended(asked: Asked) -> Deadline:
    due = _request(asked)
    if asked.moment("extension_notice_sent") is None and asked.yes("extension_valid") is None:
        lacking = ("extension_notice_sent: when the person was told, with reasons", "extension_valid")
        return replace(due, expected=None, missing=due.missing + lacking)
    return due


def _source(asked: Asked) -> Deadline:
    return terms.source_notice_due(
        asked.began(),
        first_communication=asked.moment("first_communication"),
        first_disclosure=asked.moment("first_disclosure"),
    )


def _breach(asked: Asked) -> Deadline:
    aware = asked.began_at()
    profile = asked.facts.get("law_profile", CURRENT_PROFILE)
    notified = asked.instant("notified_at") or asked.instant("initial_notified_at")
    owner_told = asked.instant("owner_told")
    due = terms_hours.authority_notice_due(
        aware if owner_told is None else earliest(aware, owner_told),
        notified_at=notified,
        missing_items=_listed(asked.facts.get("missing")),
        first_signal=asked.instant("first_signal"),
        processor_aware=asked.instant("processor_aware"),
        staff_aware=owner_told is not None,
    )
    if profile != CURRENT_PROFILE:
        lacking = f"law_profile: '{shown(profile)}' is not in force as far as known; in force is {CURRENT_PROFILE}"
        return replace(due, expected=None, missing=(lacking,))
    return due


def _listed(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(map(str, value))
    raise MissingFactsError("missing: a list of what the notification lacked")


def _notified(asked: Asked) -> Deadline:
    if asked.instant("notified_at") is None and asked.instant("initial_notified_at") is None:
        raise MissingFactsError("notified_at: when the authority was notified")
    return _breach(asked)


def _controller(asked: Asked) -> Deadline:
    hours = asked.facts.get("contract_hours")
    if hours is not None and (isinstance(hours, bool) or not isinstance(hours, int | float)):
        raise MissingFactsError("contract_hours: a number of hours")
    try:
        return terms_hours.controller_notice_due(asked.began_at(), contract_hours=hours)
    except ValueError as error:
        raise MissingFactsError(str(error)) from None


def _stop(channel: terms_hours.Channel, next_send: str) -> Callable[[Asked], Deadline]:
    def answered(asked: Asked) -> Deadline:
        start = asked.began() if channel == "post" else asked.began_at()
        return terms_hours.marketing_stop_due(start, channel=channel, next_send=asked.instant(next_send))

    return answered


EVENTS: Mapping[str, Callable[[Asked], Deadline]] = {
    **{f"art{article}_request_received": _request for article in range(15, 23)},
    **{f"art{article}_request_received_by_post": _request for article in range(15, 23)},
    "rights_request_received": _request,
    "refusal_notice_due": lambda asked: terms.refusal_notice_due(_received(asked)),
    "extension_notice_due": lambda asked: terms.extension_notice_due(_received(asked)),
    "extended_request": _extended,
    "late_extension_notice": _extended,
    "identity_or_scope_clarification": _clarified,
    "identity_never_confirmed": _clarified,
    "art14_data_obtained": _source,
    "art14_first_contact": _source,
    "art14_first_disclosure": _source,
    "uavg35_petition_window": lambda asked: terms.petition_window(asked.began()),
    "uavg35_no_answer": lambda _: terms.petition_without_answer(),
    "art36_consultation": lambda asked: terms.consultation_due(asked.began()),
    "art36_consultation_extended": lambda asked: terms.consultation_due(asked.began(), extended=True),
    "breach_aware": _breach,
    "breach_certain_after_short_investigation": _breach,
    "employee_aware_owner_later": _breach,
    "controller_informed_by_processor": _breach,
    "config_digital_omnibus": _breach,
    "phased_notification": _notified,
    "late_notification": _notified,
    "art34_high_risk_confirmed": lambda asked: terms_hours.subjects_notice_due(asked.began_at()),
    "processor_notifies_controller": _controller,
    "unsubscribe_clicked": _stop("click", "next_mailing"),
    "marketing_objection_by_post": _stop("post", "next_mailing"),
    "recht_van_verzet_in_call": _stop("call", "other_agent_call"),
    "marketing_objection_confirmation": lambda asked: terms.objection_confirmation_due(asked.began()),
}
"""Every event that starts a term, and how its question is answered."""

SUBJECTS = tuple(EVENTS)

FACTS = frozenset(
    {
        "answered_at",
        "arrived",
        "asked_at",
        "asked_without_undue_delay",
        "contract_hours",
        "controller_received",
        "delivered",
        "extension_notice_sent",
        "extension_valid",
        "first_communication",
        "first_disclosure",
        "first_read",
        "first_signal",
        "initial_notified_at",
        "law_profile",
        "missing",
        "next_mailing",
        "notified_at",
        "other_agent_call",
        "owner_told",
        "posted",
        "processor_aware",
        "processor_received",
        "question_necessary",
    }
)
"""Every fact a question on a term may carry, under ``inputs``."""


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one question: ``event``, ``start``, and the facts under ``inputs`` or, without it, beside them.

    Never raises on what a question holds.
    """
    event = question.get("event")
    answering = EVENTS.get(event) if isinstance(event, str) else None
    if answering is None:
        return _unanswered(question, (f"event: '{shown(event)}' is not known",))
    facts = question.get("inputs")
    if facts is None:
        facts = {name: question[name] for name in FACTS.intersection(question)}
    if not isinstance(facts, dict):
        return _unanswered(question, ("inputs: facts by name",))
    unknown = tuple(f"{shown(name)}: this fact is not known" for name in facts if name not in FACTS)
    try:
        start = question.get("start")
        due = answering(Asked(start, facts))
        # Read even where another fact sets the beginning: what is stated and cannot be read is never passed over.
        begun = None if start is None else local_day(moment_of("start", start))
    except MissingFactsError as error:
        return _unanswered(question, error.names + unknown)
    except (OverflowError, ValueError) as error:  # a date beyond the calendar
        return _unanswered(question, (f"start: {error}", *unknown))
    if begun is not None and due.expected is not None and begun < GDPR_APPLIES:
        unknown += (f"start: lies before {GDPR_APPLIES.isoformat()}, when the GDPR began to apply",)
    if unknown:
        answered = _unanswered(question, unknown)
        answered["without_what_is_unknown"] = _told(question, due)
        return answered
    return _told(question, due)


def _unanswered(question: Mapping[str, Any], missing: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": question.get("id"),
        "event": question.get("event"),
        "expected_deadline": None,
        "conservative_deadline": None,
        "expected_flags": ["NEEDS_JUDGEMENT"],
        "needs_judgement": True,
        "missing": list(missing),
    }


def _told(question: Mapping[str, Any], due: Deadline) -> dict[str, Any]:
    rule = due.rule
    told: dict[str, Any] = {
        "id": question.get("id"),
        "event": question.get("event"),
        "expected_deadline": None if due.expected is None else due.expected.isoformat(),
        "conservative_deadline": None if due.conservative is None else due.conservative.isoformat(),
        "expected_flags": list(due.flags),
        "rolled_over": [str(free) for free in due.rolled_over],
        "unrolled_date": None if due.unrolled is None else due.unrolled.isoformat(),
        "nl": in_dutch(due),
        "why": due.why,
        "rule": rule.id,
        "articles": list(due.articles),
        "source": rule.source,
        "status": rule.status,
        "verified": rule.verified,
        "debatable": due.debatable,
        "debate": due.debate,
        "needs_judgement": bool(due.missing),
        "missing": list(due.missing),
    }
    for reading in due.readings:
        told[reading.name] = reading.ends.isoformat()
    return told
