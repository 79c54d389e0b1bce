"""How great the risk of a breach is: unlikely, a risk, or a high risk, always with the reasons.

The order of thought is that of EDPB Guidelines 9/2022 and 01/2021. A risk is there unless it is *shown* to be unlikely
(Article 33(1)); it is high where a reason for that is found, and also where it cannot be ruled out because nothing is
known of the data. Only stated safeguards lower anything, and every one of them is barred by a fact against it, so that
one more bad fact never takes a duty away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from gestand.law.breach_exposure import Exposure, exposure, shielded
from gestand.law.breach_facts import (
    BreachFacts,
    Exfiltration,
    Impact,
    Incident,
    Recipient,
    Secrets,
)
from gestand.law.breach_words import Kind

FEW = 20  # recipients and persons of one small mistake; the guidelines say "a minor number"
MANY = 100  # from here on the number itself weighs (ENISA's flag)
TRUSTED_LIMIT = 100

GRAVE_KINDS = {
    Kind.SPECIAL: "special categories of data or criminal data (Articles 9 and 10)",
    Kind.IDENTITY_NUMBER: "national numbers or identity documents: identity theft",
    Kind.PAYMENT: "means of payment or access to accounts: financial loss",
    Kind.MONEY: "pay, income or debts of persons",
}


class Risk(IntEnum):
    """The three answers of Articles 33(1) and 34(1)."""

    UNLIKELY = 0
    RISK = 1
    HIGH = 2


@dataclass(frozen=True, slots=True)
class RiskFinding:
    """A level with its reasons. ``missing`` names facts whose absence raised it; ``debatable`` says on what one can differ."""

    level: Risk
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    debatable: tuple[str, ...]


def weigh(facts: BreachFacts) -> RiskFinding:
    """Return the risk to persons with its reasons."""
    seen = exposure(facts)
    high = _high(facts, seen)
    if high:
        return RiskFinding(Risk.HIGH, high, (), _debate(facts, seen, Risk.HIGH))
    barred = _barred(facts, seen)
    ground = _unlikely(facts, seen)
    if ground and not barred:
        return RiskFinding(Risk.UNLIKELY, (f"risk unlikely: {ground}",), (), _debate(facts, seen, Risk.UNLIKELY))
    told = (
        *_weighing(facts),
        *((seen.open_why,) if seen.open else ()),
        *((seen.lost_why,) if seen.lost else ()),
        *barred,
    )
    cannot = "it cannot be shown that a risk is unlikely, so there is one (Article 33(1))"
    missing = tuple(dict.fromkeys((*seen.missing, *(() if facts.kind_known else ("special_categories", "data")))))
    harmless = not seen.open and not seen.lost and facts.impact in {Impact.NONE, Impact.MINOR}
    doubt = _doubt(facts, harmless=harmless)
    if doubt and facts.high_risk_without is None:
        return RiskFinding(Risk.HIGH, (*told, cannot, f"a high risk cannot be ruled out: {doubt}"), missing, ())
    return RiskFinding(Risk.RISK, (*told, cannot), missing, _debate(facts, seen, Risk.RISK))


def _doubt(facts: BreachFacts, *, harmless: bool) -> str:
    """Return why a high risk cannot be ruled out; empty if it can. ``harmless``: no one read, lost or noticed anything."""
    if facts.unknown:
        return "a stated fact could not be read"
    if harmless:
        return ""
    if not facts.kind_known:
        return "what kind of data it was is not stated"
    return "special categories are concerned, and that no one was harmed is not shown" if facts.special == "yes" else ""


def _weighing(facts: BreachFacts) -> tuple[str, ...]:
    """Return what makes a risk, short of a high one."""
    holds = {
        "the data allow someone to pose as the person or to profile them": Kind.PERSONAL in facts.kinds,
        "the data may say something of health, belief or the like": Kind.ARGUABLE in facts.kinds,
        "someone meant to do it, and what they intend cannot be known": facts.malicious,
        "vulnerable people are concerned": bool(facts.vulnerable),
        f"many people are concerned ({facts.subjects})": (facts.subjects or 0) > MANY,
        f"many people received the data ({facts.recipients})": (facts.recipients or 0) > MANY,
        "how many received the data is not counted": facts.recipients_uncounted,
        "the recipient did not confirm in writing that the data are gone": facts.recipient is Recipient.TRUSTED
        and not facts.deletion_confirmed,
    }
    return tuple(reason for reason, true in holds.items() if true)


def _high(facts: BreachFacts, seen: Exposure) -> tuple[str, ...]:
    """Return every reason for a high risk; empty if there is none."""
    found: list[str] = []
    if facts.high_risk_without:
        found.append("a high risk was found before any exception is looked at")
    if facts.judged_risk == "high":
        found.append("the risk was judged high")
    if seen.open:
        found.extend(_high_when_open(facts))
    if seen.lost:
        found.extend(_high_when_lost(facts))
    if facts.transactions:
        found.append("someone acted in the name of a person")
    if facts.hostile_use:
        found.append("the data are used against the persons")
    return tuple(found)


def _high_when_open(facts: BreachFacts) -> list[str]:
    if shielded(facts):
        return []
    found = [f"others could read {text}" for kind, text in GRAVE_KINDS.items() if kind in facts.kinds]
    more_than_basic = any(kind > Kind.BASIC for kind in facts.kinds) or bool(facts.unread) or not facts.kind_known
    crowd = (facts.recipients or 0) > MANY
    plain = facts.secrets in {Secrets.PLAIN, Secrets.WEAK_HASH} or (
        Kind.CREDENTIAL in facts.kinds and facts.secrets is None
    )
    salted = facts.secrets is Secrets.STRONG_HASH and facts.salt_safe is False
    impostor = facts.recipient is Recipient.IMPOSTOR or facts.incident is Incident.DECEPTION
    strangers = crowd or bool(facts.published) or facts.recipient is Recipient.UNKNOWN
    holds = {
        "others could read passwords, which open other accounts as well": plain,
        "the salt of the password hashes is known, so the passwords can be found": salted,
        "the whereabouts or identity of a protected person came out": bool(facts.protected_identity),
        "an attacker was inside accounts of persons": bool(facts.accounts_opened),
        "an impostor obtained the data: they will be used for fraud": impostor,
        "the data were published to an unknown number of people": bool(facts.published) and more_than_basic,
        "data of vulnerable people reached many or unknown people": bool(facts.vulnerable) and strangers,
        f"more than basic contact data reached {facts.recipients} people": crowd
        and facts.kind_known
        and more_than_basic,
    }
    found.extend(reason for reason, true in holds.items() if true)
    if facts.malicious:
        found.extend(_high_by_malice(facts, more_than_basic=more_than_basic))
    if facts.incident in {Incident.THEFT, Incident.LOSS}:
        found.extend(_high_by_carrier(facts, more_than_basic=more_than_basic))
    return found


def _high_by_malice(facts: BreachFacts, *, more_than_basic: bool) -> list[str]:
    found: list[str] = []
    taken = facts.exfiltration in {Exfiltration.CONFIRMED, Exfiltration.POSSIBLE}
    attacked = facts.incident is Incident.HACK and facts.exfiltration is not Exfiltration.EXCLUDED
    if not facts.inside and (taken or attacked) and not _harmless_hashes(facts):
        found.append("an attacker took readable data, or cannot be shown not to have")
    if facts.inside and more_than_basic:
        found.append("an insider took more than basic contact data for ends of their own")
    if facts.vulnerable:
        found.append("someone malicious holds data of vulnerable people")
    if facts.extra_unknown:
        found.append("someone malicious holds data of kinds that cannot be named")
    return found


def _high_by_carrier(facts: BreachFacts, *, more_than_basic: bool) -> list[str]:
    found: list[str] = []
    if facts.subjects is None or facts.subjects > MANY:
        number = "an unknown number" if facts.subjects is None else f"{facts.subjects}"
        found.append(f"unprotected data of {number} of persons lie with a stranger")
    if more_than_basic:
        found.append("unprotected data fit for identity fraud lie with a stranger")
    if facts.vulnerable or facts.extra_unknown:
        found.append("unprotected data of vulnerable people or of unknown kinds lie with a stranger")
    return found


def _high_when_lost(facts: BreachFacts) -> list[str]:
    found: list[str] = []
    if facts.impact is Impact.GRAVE:
        found.append("the disturbance of the service harms people gravely")
    weighty = {Kind.SPECIAL: "special categories", Kind.PAYMENT: "payment data", Kind.MONEY: "pay or income"}
    found.extend(
        f"people depend on the lost or unreachable data: {text}"
        for kind, text in weighty.items()
        if kind in facts.kinds
    )
    return found


def _harmless_hashes(facts: BreachFacts) -> bool:
    """EDPB case 06: strong salted hashes with a safe salt, and nothing by which a person can be reached."""
    return (
        facts.secrets is Secrets.STRONG_HASH
        and facts.salt_safe is True
        and facts.email_included is False
        and all(kind in {Kind.BASIC, Kind.CREDENTIAL} for kind in facts.kinds)
    )


def _barred(facts: BreachFacts, seen: Exposure) -> tuple[str, ...]:
    """Return what bars the finding that a risk is unlikely, whatever the ground for it.

    What kind of data it was does not matter where no one could read them (EDPB case 01).
    """
    unreadable = shielded(facts) and not seen.open
    bars = {
        "it cannot be told which other kinds of data were touched": facts.extra_unknown,
        "the fault may be in the system and touch others": facts.systemic,
        "a protected identity is concerned": facts.protected_identity,
        "someone got in because too little was asked to prove who they are": facts.weak_authentication,
        "the key is not safe": facts.key_safe is False,
        "the salt is not safe": facts.salt_safe is False,
        "the papers or devices were not locked away": facts.locked_storage is False,
        "accounts of persons were opened": bool(facts.accounts_opened),
        "the risk was judged to be there": facts.judged_risk in {"likely", "risk"},
        f"facts that could not be read: {', '.join(facts.unknown)}": bool(facts.unknown),
        f"kinds of data that could not be read: {', '.join(facts.unread)}": bool(facts.unread) and not unreadable,
        "an exception of Article 34(3) was put forward for the notice to the authority": facts.claim is not None,
    }
    return tuple(reason for reason, holds in bars.items() if holds)


def _unlikely(facts: BreachFacts, seen: Exposure) -> str:
    """Return the ground on which a risk is unlikely; empty if there is none."""
    if seen.lost:
        return ""
    if not seen.open:
        touched = facts.outage_hours is not None or facts.incident in {Incident.RANSOMWARE, Incident.OUTAGE}
        unnamed = facts.incident is Incident.RANSOMWARE and not facts.kind_known
        delicate = Kind.SPECIAL in facts.kinds or bool(facts.vulnerable) or unnamed
        # Even a short outage matters where care depends on the data.
        return "" if touched and delicate and not shielded(facts) else f"{seen.open_why}; {seen.lost_why}"
    trusted = facts.recipient is Recipient.TRUSTED and facts.deletion_confirmed
    judged = facts.judged_risk == "unlikely" and not facts.malicious and not (set(GRAVE_KINDS) & facts.kinds)
    grounds = {
        "only strongly hashed and salted passwords leaked, and nothing to reach the persons by": _harmless_hashes(facts)
        and not facts.vulnerable,
        "one trusted recipient bound by secrecy confirmed the deletion in writing; ordinary data of few persons": trusted
        and _ordinary(facts, Kind.PERSONAL, TRUSTED_LIMIT),
        "a small mistake: few persons, few known recipients, and data that say how to reach someone, little more": (
            _small_mistake(facts)
        ),
        "a person judged it unlikely; that judgement and its reasons belong in the register": judged,
    }
    return next((ground for ground, holds in grounds.items() if holds), "")


def _ordinary(facts: BreachFacts, up_to: Kind, limit: int) -> bool:
    """Tell whether the data are at most of kind ``up_to`` and the persons at most ``limit``, both stated."""
    if not facts.kinds and facts.special != "no":
        return False
    if facts.subjects is None or facts.subjects > limit or facts.vulnerable or facts.malicious:
        return False
    return all(kind <= up_to for kind in facts.kinds)


def _small_mistake(facts: BreachFacts) -> bool:
    """EDPB cases 13 and 15 and example x of 9/2022: sent to a few known people by mistake."""
    known = facts.recipient in {Recipient.KNOWN, Recipient.TRUSTED} or bool(facts.visible_to_each_other)
    few = facts.recipients is not None and facts.recipients <= FEW
    if not known or not few or facts.malicious or facts.published or facts.vulnerable or facts.open_to_other_users:
        return False
    if facts.exfiltration in {Exfiltration.CONFIRMED, Exfiltration.POSSIBLE}:
        return False
    if facts.subjects is not None and facts.subjects > FEW:
        return False
    if not facts.kinds:
        return facts.special == "no" and bool(facts.visible_to_each_other)
    return facts.special is not None and all(kind in {Kind.BASIC, Kind.ARGUABLE} for kind in facts.kinds)


def _debate(facts: BreachFacts, seen: Exposure, level: Risk) -> tuple[str, ...]:
    found: list[str] = []
    if level is Risk.RISK and facts.recipient is Recipient.KNOWN and facts.recipients == 1:
        found.append(
            "one letter to one known recipient: EDPB case 16 wants the authority told, other authorities are milder"
        )
    if level is Risk.RISK and facts.inside:
        found.append(
            "informing customers whose contact data an employee took is not required but may be wise (EDPB case 08)"
        )
    if level is Risk.UNLIKELY and Kind.ARGUABLE in facts.kinds:
        found.append(
            "the data may say something of health or belief; here the guidelines find that too little (EDPB case 15)"
        )
    if level is Risk.HIGH and seen.open and facts.visible_to_each_other:
        found.append("whether people need telling depends on scope and severity (example x of Guidelines 9/2022)")
    return tuple(found)
