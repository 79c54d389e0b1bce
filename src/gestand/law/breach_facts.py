"""The facts of a breach, typed.

Absent is ``None`` throughout: not stated is never taken for harmless. Every number is of persons unless its name says else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gestand.law.breach_words import Kind


class Role(StrEnum):
    """Who we are towards the data (Article 4(7)-(8))."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"
    SUB_PROCESSOR = "sub-processor"
    BOTH = "controller_and_processor"


class Cause(StrEnum):
    """Where the breach came from; malicious covers anyone who meant to."""

    EXTERNAL_MALICIOUS = "external_malicious"
    EXTERNAL_ACCIDENT = "external_non_malicious"
    INTERNAL_MALICIOUS = "internal_malicious"
    INTERNAL_ACCIDENT = "internal_non_malicious"


class Encryption(StrEnum):
    """How the data were scrambled before the breach."""

    NONE = "no"
    WEAK = "weak"
    YES = "yes"
    STATE_OF_THE_ART = "state_of_the_art"


class Exfiltration(StrEnum):
    """Whether data left."""

    CONFIRMED = "confirmed"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"


class Recipient(StrEnum):
    """Into whose hands the data came."""

    TRUSTED = "known_trusted_bound_by_secrecy"
    KNOWN = "known"
    FORMER_EMPLOYEE = "former employee"
    IMPOSTOR = "impostor"
    UNKNOWN = "unknown"


class Backup(StrEnum):
    """What there was to restore from."""

    USABLE = "available"
    PAPER_ONLY = "no_electronic_backup_paper_only"
    LOST_TOO = "also_encrypted"
    NONE = "none"


class Impact(StrEnum):
    """What people noticed of the service."""

    NONE = "none"
    MINOR = "minor"
    GRAVE = "grave"


class Secrets(StrEnum):
    """How log-in secrets were stored."""

    PLAIN = "plain"
    WEAK_HASH = "hashed_weak"
    STRONG_HASH = "hashed_strong_salted"


class Wipe(StrEnum):
    """How far a wipe at a distance came."""

    SENT = "sent"
    CONFIRMED = "confirmed_before_access"


class Incident(StrEnum):
    """What kind of thing happened, as far as the judgement needs it."""

    RANSOMWARE = "ransomware"
    RANSOMWARE_TAKEN = "ransomware+exfiltration"
    HACK = "hack"
    DECEPTION = "deception"
    INSIDER = "insider_copy"
    THEFT = "theft"
    LOSS = "loss"
    MISSENT = "missent"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class BreachFacts:
    """What is stated about a breach. ``unknown`` names what was stated and could not be read."""

    role: Role | None = None
    personal_data: bool | None = None
    cause: Cause | None = None
    incident: Incident | None = None
    encryption: Encryption | None = None
    key_safe: bool | None = None
    strong_password: bool | None = None
    device_off: bool | None = None
    wipe: Wipe | None = None
    locked_storage: bool | None = None
    exfiltration: Exfiltration | None = None
    published: bool | None = None
    open_to_other_users: bool | None = None
    visible_to_each_other: bool | None = None
    recipient: Recipient | None = None
    recipients: int | None = None
    recipients_uncounted: bool = False
    deletion_confirmed: bool = False
    backup: Backup | None = None
    restore_hours: float | None = None
    outage_hours: float | None = None
    impact: Impact | None = None
    only_copy_lost: bool | None = None
    subjects: int | None = None
    vulnerable: bool | None = None
    special: str | None = None
    kinds: frozenset[Kind] = frozenset()
    kinds_listed: bool = False
    secrets: Secrets | None = None
    salt_safe: bool | None = None
    email_included: bool | None = None
    extra_unknown: bool | None = None
    protected_identity: bool | None = None
    transactions: bool | None = None
    hostile_use: bool = False
    accounts_opened: int | None = None
    weak_authentication: bool | None = None
    systemic: bool | None = None
    told_people: int | None = None
    measure_before: bool | None = None
    contact_details: bool | None = None
    public_notice: bool | None = None
    public_notice_only: bool | None = None
    equally_effective: bool | None = None
    high_risk_without: bool | None = None
    judged_risk: str | None = None
    financial_undertaking: bool = False
    claim: str | None = None
    breach_in: str | None = None
    processor: str | None = None
    processor_informed: date | datetime | None = None
    register_entry: bool | None = None
    first_signal: date | datetime | None = None
    aware: date | datetime | None = None
    notified: date | datetime | None = None
    unread: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def kind_known(self) -> bool:
        """Whether it is stated what kind of data it was: of Article 9 or not, or a list of them.

        One kind named among others, such as a national number, does not settle what the others were.
        """
        return self.special is not None or self.kinds_listed or self.secrets is Secrets.STRONG_HASH

    @property
    def malicious(self) -> bool:
        """Whether someone meant to: by its cause, or by the kind of incident where no cause is stated."""
        if self.cause is not None:
            return self.cause in {Cause.EXTERNAL_MALICIOUS, Cause.INTERNAL_MALICIOUS}
        return self.incident in {
            Incident.RANSOMWARE,
            Incident.RANSOMWARE_TAKEN,
            Incident.HACK,
            Incident.DECEPTION,
            Incident.INSIDER,
            Incident.THEFT,
        }

    @property
    def inside(self) -> bool:
        """Whether the malicious person worked for us."""
        return self.cause is Cause.INTERNAL_MALICIOUS or (self.cause is None and self.incident is Incident.INSIDER)
