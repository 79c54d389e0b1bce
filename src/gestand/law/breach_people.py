"""Article 34(3): when persons need not be told one by one although the risk is high, and what never follows from it.

The three exceptions touch the notice to persons alone. None of them is read when the notice to the authority under
Article 33(1) is judged, and none is ever applied by this program without a named person who confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gestand.law.breach_exposure import NO_BACKUP, SOON_HOURS
from gestand.law.breach_facts import BreachFacts, Encryption, Impact, Wipe


class PeopleDuty(StrEnum):
    """What is owed to the persons concerned."""

    NONE = "none"
    EACH = "each person"
    PUBLIC = "public communication"


@dataclass(frozen=True, slots=True)
class PeopleFinding:
    """The duty towards persons with a high risk. ``exception`` is ``a``, ``b``, ``c``, ``UAVG 42`` or empty."""

    duty: PeopleDuty
    exception: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...] = ()


def people_duty(facts: BreachFacts) -> PeopleFinding:
    """Return what a high risk demands towards persons, after Article 34(3) and UAVG 42.

    Only to be asked where the risk is high. Unknown facts leave the duty as it is.
    """
    if facts.unknown:
        return PeopleFinding(PeopleDuty.EACH, "", ("a stated fact could not be read, so no exception is applied",))
    if facts.financial_undertaking:
        return PeopleFinding(
            PeopleDuty.NONE,
            "UAVG 42",
            ("UAVG 42 takes financial undertakings under the Wft out of Article 34, not out of 33",),
        )
    harm = _harm_elsewhere(facts)
    refused: list[str] = []
    if facts.encryption is not None:
        why_not = _measure_fails(facts) or harm
        if not why_not:
            return PeopleFinding(
                PeopleDuty.NONE,
                "a",
                ("34(3)(a): made unintelligible beforehand by the state of the art, and the key is safe",),
            )
        refused.append(f"34(3)(a) does not apply: {why_not}")
    if facts.wipe is not None:
        if facts.wipe is Wipe.CONFIRMED and not harm:
            return PeopleFinding(
                PeopleDuty.NONE, "b", ("34(3)(b): wiped before anyone could read it, and that is confirmed",)
            )
        refused.append(f"34(3)(b) does not apply: {harm or 'that the wipe took effect is not confirmed'}")
    public = _public(facts)
    if public is not None:
        return PeopleFinding(public.duty, public.exception, (*refused, *public.reasons), public.missing)
    return PeopleFinding(
        PeopleDuty.EACH, "", (*refused, "high risk: tell each person without undue delay (Article 34(1))")
    )


def _harm_elsewhere(facts: BreachFacts) -> str:
    """Return a harm that unreadable or wiped data do not cure; empty if there is none."""
    holds = {
        "it does not bring back data that are lost": bool(facts.only_copy_lost) or facts.backup in NO_BACKUP,
        "it does not undo the disturbance of the service": facts.impact is Impact.GRAVE
        or max(facts.outage_hours or 0, facts.restore_hours or 0) >= SOON_HOURS,
        "the data were used, so someone could read them": bool(facts.transactions or facts.accounts_opened)
        or facts.hostile_use,
    }
    return next((reason for reason, true in holds.items() if true), "")


def _measure_fails(facts: BreachFacts) -> str:
    """Return why 34(3)(a) fails; empty if it holds."""
    holds = {
        "the data were not made unintelligible by the state of the art": facts.encryption
        is not Encryption.STATE_OF_THE_ART,
        "it is not stated that the key is safe": facts.key_safe is not True,
        "the measure was not in place before the breach": facts.measure_before is False,
        "the device was open or hardly locked, so the data could be read past the encryption": facts.strong_password
        is False
        or facts.device_off is False,
    }
    return next((reason for reason, true in holds.items() if true), "")


def _public(facts: BreachFacts) -> PeopleFinding | None:
    """Judge 34(3)(c); ``None`` where nothing of it is stated."""
    if facts.contact_details is None:
        if not (facts.public_notice or facts.public_notice_only):
            return None
        why = "34(3)(c) is not shown: nothing is stated on whether the persons can be reached"
        return PeopleFinding(PeopleDuty.EACH, "", (why,), ("contact_details_available",))
    if facts.contact_details:
        if not (facts.public_notice or facts.public_notice_only):
            return None
        why = "34(3)(c) does not apply: the persons can be reached without disproportionate effort"
        return PeopleFinding(PeopleDuty.EACH, "", (why,))
    made = bool(facts.public_notice or facts.public_notice_only)
    if made and facts.equally_effective:
        why = "34(3)(c): the persons cannot be reached, and a public communication informs them equally effectively"
        return PeopleFinding(PeopleDuty.NONE, "c", (why,))
    why = "34(3)(c): telling each person is out of proportion; a public communication that is equally effective must be made"
    gaps = ("equally_effective",) if made and facts.equally_effective is None else ()
    return PeopleFinding(PeopleDuty.PUBLIC, "c", (why, "silence is not allowed under (c)"), gaps)
