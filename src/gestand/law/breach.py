"""A breach judged: who must be told of it, by whom, and why.

The path: is it a personal data breach (4(12)) → what is our role (33(2)) → the register, always (33(5)) → the authority,
unless a risk is unlikely (33(1)) → the persons, if the risk is high (34(1)), and only there the exceptions of 34(3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gestand.law.breach_facts import BreachFacts, Role
from gestand.law.breach_people import PeopleDuty, PeopleFinding, people_duty
from gestand.law.breach_risk import Risk, RiskFinding, weigh
from gestand.law.breach_rules import BY_ID, RULES
from gestand.law.breach_severity import Severity
from gestand.law.profile import Rule

__all__ = ["RULES", "BreachAssessment", "assess"]

_OWN_DATA = re.compile(r"\bown\b|\beigen\b")
_CLIENTS_DATA = re.compile(r"client|customer'?s |klant|hosted")


@dataclass(frozen=True, slots=True)
class BreachAssessment:
    """The duties that follow from a breach, each with what led to it.

    ``notify_authority`` and ``people`` are the duties of whoever is controller; ``ours`` says whether that is us.
    ``exception`` is the letter of Article 34(3) that was applied to the notice to persons. ``confirm`` lists what a
    named person must confirm before a duty is left undone.
    """

    is_breach: bool
    role: Role
    ours: bool
    document: bool
    notify_authority: bool
    people: PeopleDuty
    notify_controller: bool
    risk: Risk
    exception: str
    reasons: tuple[str, ...]
    must_do: tuple[str, ...]
    confirm: tuple[str, ...]
    violations: tuple[str, ...]
    debatable: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles applied, each once."""
        return tuple(dict.fromkeys(article for rule in self.rules for article in rule.articles))

    @property
    def needs_judgement(self) -> bool:
        """Whether a person must look: a fact is missing, could not be read, or a wrong claim was made."""
        return bool(self.missing or self.unknown or self.violations)


def assess(facts: BreachFacts, severity: Severity | None = None) -> BreachAssessment:
    """Return the duties that follow from ``facts``; a ``severity`` may add duties and never removes one."""
    role = _role(facts)
    if facts.personal_data is False and not facts.kinds and not facts.unknown:
        return _no_breach(facts, role)
    ours = _own_data(facts)
    upwards = role is not Role.CONTROLLER
    finding = _with_floor(weigh(facts), severity)
    people = people_duty(facts) if finding.level is Risk.HIGH else PeopleFinding(PeopleDuty.NONE, "", ())
    notify = finding.level is not Risk.UNLIKELY
    applied = ["is-one", "register", "authority", "risk-examples", "risk-method"]
    must_do = ["write it in the register: facts, effects, remedial action and the reasons of the decision (33(5))"]
    if upwards:
        must_do.append(_up(role))
        applied.append("sub-processor" if role is Role.SUB_PROCESSOR else "processor")
    if notify and ours:
        must_do.append("tell the authority within 72 hours of becoming aware, in phases if need be (33(1), 33(4))")
        applied.append("authority-content")
    if people.duty is not PeopleDuty.NONE and ours:
        must_do.append(f"tell without undue delay: {people.duty} (34(1)-(2))")
    if finding.level is Risk.HIGH:
        applied.append("people")
        applied.extend(["people-exceptions"] if people.exception in {"a", "b", "c"} else [])
        applied.extend(["financial-undertakings"] if people.exception == "UAVG 42" else [])
    must_do.extend(_more_to_do(facts, people))
    confirm = _to_confirm(finding, people)
    missing = (*finding.missing, *people.missing) if ours else ()  # the controller judges the risk, not we
    unknown = (*facts.unknown, *(f"data={word}" for word in facts.unread))
    applied.extend(["enisa-floor"] if severity is not None else [])
    applied.extend(["unknown-is-risk"] if missing or unknown else [])
    applied.extend(["named-person"] if confirm else [])
    debatable = [*finding.debatable]
    if people.exception == "UAVG 42":
        debatable.append(
            "whether UAVG 42 still stands as in 2021 is not verified; the duty of care of the Wft may ask the same"
        )
    return BreachAssessment(
        is_breach=True,
        role=role,
        ours=ours,
        document=True,
        notify_authority=notify,
        people=people.duty,
        notify_controller=upwards,
        risk=finding.level,
        exception=people.exception,
        reasons=(*finding.reasons, *people.reasons),
        must_do=tuple(must_do),
        confirm=confirm,
        violations=_violations(facts),
        debatable=tuple(debatable),
        missing=missing,
        unknown=unknown,
        rules=tuple(BY_ID[f"breach-{name}"] for name in applied),
    )


def _no_breach(facts: BreachFacts, role: Role) -> BreachAssessment:
    """Return the answer where no personal data were touched: 4(12) is not met, only our log of incidents holds it."""
    return BreachAssessment(
        is_breach=False,
        role=role,
        ours=role in {Role.CONTROLLER, Role.BOTH},
        document=False,
        notify_authority=False,
        people=PeopleDuty.NONE,
        notify_controller=False,
        risk=Risk.UNLIKELY,
        exception="",
        reasons=("no personal data were touched, so Article 4(12) is not met",),
        must_do=("keep it in the log of security incidents, with the reason why no personal data were touched",),
        confirm=("that no personal data were touched",),
        violations=(),
        debatable=(),
        missing=(),
        unknown=facts.unknown,
        rules=(BY_ID["breach-is-one"], BY_ID["breach-named-person"]),
    )


def _role(facts: BreachFacts) -> Role:
    """Return our role; where it is not stated and data of clients are touched, both duties are ours."""
    if facts.role is not None:
        return facts.role
    return Role.BOTH if facts.breach_in and _CLIENTS_DATA.search(facts.breach_in.lower()) else Role.CONTROLLER


def _own_data(facts: BreachFacts) -> bool:
    """Tell whether data of which we are controller are touched; the place of the breach may say so."""
    place = (facts.breach_in or "").lower()
    if facts.role is None or facts.role is Role.CONTROLLER or _OWN_DATA.search(place):
        return True
    return facts.role is Role.BOTH and not _CLIENTS_DATA.search(place)


def _up(role: Role) -> str:
    if role is Role.SUB_PROCESSOR:
        return "tell the processor above without undue delay, who tells the controller; never the authority past them"
    return "tell every controller concerned without undue delay, without waiting for a judgement of risk (33(2))"


def _with_floor(finding: RiskFinding, severity: Severity | None) -> RiskFinding:
    """Raise a finding to ENISA's floor; never lower it."""
    if severity is None:
        return finding
    floor = Risk.HIGH if severity.wants_people else Risk.RISK if severity.wants_authority else Risk.UNLIKELY
    if floor <= finding.level:
        return finding
    reason = f"ENISA score {severity.score:g} ({severity.band}) adds a duty the other reasons did not give"
    return RiskFinding(floor, (*finding.reasons, reason), finding.missing, finding.debatable)


def _to_confirm(finding: RiskFinding, people: PeopleFinding) -> tuple[str, ...]:
    found: list[str] = []
    if finding.level is Risk.UNLIKELY:
        found.append("that a risk is unlikely, with the reasons, since the authority will not be told")
    if people.exception and people.duty is not PeopleDuty.EACH:
        found.append(
            f"that the exception ({people.exception}) really holds, with its evidence; it touches Article 34 alone"
        )
    return tuple(found)


def _more_to_do(facts: BreachFacts, people: PeopleFinding) -> tuple[str, ...]:
    found: list[str] = []
    if facts.processor is not None and (facts.role or Role.CONTROLLER) is Role.CONTROLLER:
        informed = f" on {facts.processor_informed.isoformat()}" if facts.processor_informed is not None else ""
        found.append(f"the breach is at a processor: the clock runs from the moment it informed us{informed}")
    if facts.told_people is not None and people.duty is PeopleDuty.EACH:
        found.append(f"telling only {facts.told_people} is not enough: everyone whose data were touched is told")
    late = _late(facts.aware, facts.notified)
    if late:
        found.append("the notice came later than 72 hours after awareness: give the reasons for the delay (33(1))")
    return tuple(found)


def _late(aware: date | datetime | None, notified: date | datetime | None) -> bool:
    """Tell whether ``notified`` lies beyond 72 hours after ``aware``; bare dates count as whole days."""
    if aware is None or notified is None:
        return False
    if isinstance(aware, datetime) and isinstance(notified, datetime) and aware.tzinfo and notified.tzinfo:
        return notified - aware > timedelta(hours=72)
    return _day(notified) - _day(aware) > timedelta(days=3)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _violations(facts: BreachFacts) -> tuple[str, ...]:
    found: list[str] = []
    if facts.register_entry is False:
        found.append("33(5)")
    if _late(facts.aware, facts.notified):
        found.append("33(1)")
    if facts.claim is not None:
        found.append("34(3) put forward against 33(1)")
    return tuple(found)
