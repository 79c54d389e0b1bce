"""Reading the facts of a breach from a question: every name and value of the vocabulary, and what each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gestand.law.breach_facts import (
    Backup,
    BreachFacts,
    Cause,
    Encryption,
    Exfiltration,
    Impact,
    Incident,
    Recipient,
    Role,
    Secrets,
    Wipe,
)
from gestand.law.breach_words import Kind, kind_of, names_vulnerable, rough_count
from gestand.law.fact_reader import LARGEST, FactReader

INCIDENTS = {
    "ransomware": Incident.RANSOMWARE,
    "ransomware+exfiltration": Incident.RANSOMWARE_TAKEN,
    "credential_stuffing": Incident.HACK,
    "sql_injection": Incident.HACK,
    "malware_on_website": Incident.HACK,
    "mailbox_rules_forwarding": Incident.HACK,
    "hack": Incident.HACK,
    "social_engineering_callcentre": Incident.DECEPTION,
    "social_engineering_hotels": Incident.DECEPTION,
    "social_engineering": Incident.DECEPTION,
    "phishing": Incident.DECEPTION,
    "insider_copy": Incident.INSIDER,
    "theft_device": Incident.THEFT,
    "theft_devices": Incident.THEFT,
    "theft_paper": Incident.THEFT,
    "lost_device": Incident.LOSS,
    "lost_paper": Incident.LOSS,
    "enveloping_machine": Incident.MISSENT,
    "wrong_attachment": Incident.MISSENT,
    "wrong_excel_settings": Incident.MISSENT,
    "wrong_parcel": Incident.MISSENT,
    "wrong_recipients": Incident.MISSENT,
    "outage": Incident.OUTAGE,
}
_ENCRYPTION = {
    "no": Encryption.NONE,
    "none": Encryption.NONE,
    "false": Encryption.NONE,
    "md5_password_zip": Encryption.WEAK,
    "weak": Encryption.WEAK,
    "yes": Encryption.YES,
    "true": Encryption.YES,
    "state_of_the_art": Encryption.STATE_OF_THE_ART,
}
_EXFILTRATION = {
    "confirmed": Exfiltration.CONFIRMED,
    "possible_undetectable": Exfiltration.POSSIBLE,
    "possible": Exfiltration.POSSIBLE,
    "excluded": Exfiltration.EXCLUDED,
    "excluded_by_logs": Exfiltration.EXCLUDED,
}
_RECIPIENT = {
    "known": Recipient.KNOWN,
    "known_many": Recipient.KNOWN,
    "known_trusted_bound_by_secrecy": Recipient.TRUSTED,
    "former employee": Recipient.FORMER_EMPLOYEE,
    "impostor": Recipient.IMPOSTOR,
    "unknown": Recipient.UNKNOWN,
}
_BACKUP = {
    "available": Backup.USABLE,
    "daily": Backup.USABLE,
    "true": Backup.USABLE,
    "no_electronic_backup_paper_only": Backup.PAPER_ONLY,
    "also_encrypted": Backup.LOST_TOO,
    "none": Backup.NONE,
    "false": Backup.NONE,
}
_SECRETS = {
    "plain": Secrets.PLAIN,
    "hashed_weak": Secrets.WEAK_HASH,
    "hashed_unsalted": Secrets.WEAK_HASH,
    "hashed_strong_salted": Secrets.STRONG_HASH,
}
_WIPE = {"issued": Wipe.SENT, "sent_not_confirmed": Wipe.SENT, "confirmed_before_access": Wipe.CONFIRMED}
_SPECIAL = {"true": "yes", "yes": "yes", "false": "no", "no": "no", "arguable": "arguable"}
_RISK = {word: word for word in ("unlikely", "likely", "risk", "high")}
_STRONG = {"strong": True, "none": False, "weak": False}
_OUTAGES = {"minutes": 0.25, "hours": 8.0, "days": 72.0, "permanent": float("inf")}
_HARMLESS_MONEY = ("none", "no", "false")


def read_breach(given: Mapping[str, Any]) -> BreachFacts:
    """Read the facts of a breach; never raises: what cannot be read is in ``unknown`` and ``unread``."""
    facts = FactReader(given)
    unread: list[str] = []
    kinds, special = _kinds(facts, unread)
    subjects, vulnerable = _people(facts)
    compromised, key_safe = facts.flag("key_compromised"), facts.flag("key_safe")
    if compromised is not None:
        key_safe = not compromised and key_safe is not False
    locked, deletion = facts.flag("locked_storage"), facts.choice("recipient_confirmed_deletion", _CONFIRMED)
    for told in ("deletion_requested", "goods_recalled"):  # what was asked of a recipient cannot be relied on
        facts.flag(told)
    for length in ("investigation_hours", "detected_after_days", "duration_days"):
        facts.number(length)
    facts.flag("cross_border")
    facts.flag("security_incident")
    use = facts.text("use_known")
    counted = facts.raw("recipients")
    uncounted = isinstance(counted, str)
    if counted is not None and not uncounted and not _is_count(counted):
        facts.wrong("recipients", counted)
    recipients = counted if _is_count(counted) else rough_count(counted) if isinstance(counted, str) else None
    undertaking = facts.text("controller_type")
    salt = facts.flag("salt_compromised")
    return BreachFacts(
        role=facts.choice("role", {role.value: role for role in Role}),
        personal_data=facts.flag("personal_data"),
        cause=facts.choice("cause", {cause.value: cause for cause in Cause}),
        incident=facts.choice("incident", INCIDENTS),
        encryption=_weaker(facts.choice("encrypted_at_rest", _ENCRYPTION), facts.choice("encrypted", _ENCRYPTION)),
        key_safe=key_safe,
        strong_password=facts.choice("password", _STRONG),
        device_off=facts.flag("device_off"),
        wipe=facts.choice("remote_wipe", _WIPE),
        locked_storage=locked,
        exfiltration=facts.choice("exfiltration", _EXFILTRATION),
        published=facts.flag("published"),
        open_to_other_users=facts.flag("any_user_sees_any_account"),
        visible_to_each_other=facts.flag("cc"),
        recipient=facts.choice("recipient", _RECIPIENT),
        recipients=recipients,
        recipients_uncounted=uncounted and recipients is None,
        deletion_confirmed=bool(deletion),
        backup=_backup(facts),
        restore_hours=facts.number("restore_hours"),
        outage_hours=_outage(facts),
        impact=_impact(facts),
        only_copy_lost=facts.flag("only_copy_lost"),
        subjects=subjects,
        vulnerable=vulnerable,
        special=special,
        kinds=kinds,
        kinds_listed=facts.has("data", "groups") and bool(kinds),
        secrets=facts.choice("credentials", _SECRETS),
        salt_safe=None if salt is None else not salt,
        email_included=facts.flag("email_included"),
        extra_unknown=facts.flag("extra_categories_unknown"),
        protected_identity=facts.flag("protected_identity"),
        transactions=facts.flag("transactions"),
        hostile_use=use is not None and "marketing" not in use.lower(),
        accounts_opened=facts.count("accounts_logged_in"),
        weak_authentication=facts.flag("weak_authentication"),
        systemic=facts.flag("systemic_possible"),
        told_people=facts.count("controller_informed_only"),
        measure_before=facts.flag("measure_before_breach"),
        contact_details=facts.flag("contact_details_available"),
        public_notice=facts.flag("public_notice"),
        public_notice_only=facts.flag("public_notice_only"),
        equally_effective=facts.flag("equally_effective"),
        high_risk_without=facts.flag("high_risk_without"),
        judged_risk=facts.choice("risk", _RISK),
        financial_undertaking=undertaking is not None and "financial undertaking" in undertaking.lower(),
        claim=facts.text("engine_claims"),
        breach_in=facts.text("breach_in"),
        processor=facts.text("processor"),
        processor_informed=facts.moment("processor_informed_at"),
        register_entry=facts.flag("register_entry"),
        first_signal=facts.moment("first_signal"),
        aware=facts.moment("aware"),
        notified=facts.moment("notified"),
        unread=tuple(sorted(set(unread))),
        unknown=facts.unknown(),
    )


_CONFIRMED = {"in writing": True, "no": False, "false": False, "oral": False}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _weaker(one: Encryption | None, other: Encryption | None) -> Encryption | None:
    stated = [found for found in (one, other) if found is not None]
    return min(stated, key=list(Encryption).index) if stated else None


def _backup(facts: FactReader) -> Backup | None:
    stated, other = facts.choice("backup", _BACKUP), facts.flag("other_backup")
    if stated is None and other is not None:
        return Backup.USABLE if other else Backup.NONE
    return stated


def _outage(facts: FactReader) -> float | None:
    hours, word = facts.number("availability_hours"), facts.choice("availability", _OUTAGES)
    stated = [length for length in (hours, word) if length is not None]
    return max(stated) if stated else None


def _impact(facts: FactReader) -> Impact | None:
    text = facts.text("service_impact")
    if text is None:
        return None
    first = text.lower().split(":")[0].split()
    word = first[0] if first else ""
    if word in {"none", "no"}:
        return Impact.NONE
    if word in {"minor", "limited"}:
        return Impact.MINOR
    if word not in {"major", "serious", "severe", "grave"}:
        facts.wrong("service_impact", text)
    return Impact.GRAVE


def _people(facts: FactReader) -> tuple[int | None, bool | None]:
    """Return how many persons, and whether they are vulnerable by statement or by the words used for them."""
    stated, named = facts.raw("subjects"), facts.flag("vulnerable")
    words = list(facts.texts("subject_categories"))
    number: int | None = None
    if isinstance(stated, str):
        number = rough_count(stated)
        words.append(stated)
    elif _is_count(stated):
        number = stated
    elif stated is not None:
        facts.wrong("subjects", stated)
    return number, True if any(map(names_vulnerable, words)) else named


def _kinds(facts: FactReader, unread: list[str]) -> tuple[frozenset[Kind], str | None]:
    """Return the kinds of data by statement and by words, and what is stated of special categories."""
    found: set[Kind] = set()
    special = facts.choice("special_categories", _SPECIAL)
    words = [*facts.texts("data"), *_group_words(facts)]
    for word in words:
        kind = kind_of(word, arguable=special == "arguable")
        if kind is None:
            unread.append(word)
        else:
            found.add(kind)
    money = facts.text("financial")
    if money is not None and not money.lower().startswith(("no ", *_HARMLESS_MONEY)):
        kind = kind_of(money)
        found.add(kind if kind in {Kind.MONEY, Kind.PAYMENT} else Kind.PAYMENT)
    if facts.flag("national_id"):
        found.add(Kind.IDENTITY_NUMBER)
    if facts.flag("health") or facts.text("reveals"):
        special = "yes"
    if Kind.SPECIAL in found:
        special = "yes"
    if special == "yes":
        found.add(Kind.SPECIAL)
    elif special == "arguable":
        found.add(Kind.ARGUABLE)
    return frozenset(found), special


def _group_words(facts: FactReader) -> list[str]:
    """Return the words of ``groups``: which data of how many persons, in either order of key and value."""
    groups = facts.raw("groups")
    if groups is None:
        return []
    if not isinstance(groups, Mapping):
        facts.wrong("groups", groups)
        return []
    words: list[str] = []
    for name, held in groups.items():
        if rough_count(str(name)) is None:
            words.append(str(name))
        items = held if isinstance(held, list) else [held]
        words.extend(item for item in items if isinstance(item, str))
    return words
