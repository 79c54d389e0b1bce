"""What a breach did to the data: whether others could read them, and whether people had to do without them."""

from __future__ import annotations

from dataclasses import dataclass

from gestand.law.breach_facts import Backup, BreachFacts, Encryption, Exfiltration, Impact, Incident

SOON_HOURS = 24.0  # restored within hours, not days
NO_BACKUP = {Backup.NONE, Backup.LOST_TOO, Backup.PAPER_ONLY}


@dataclass(frozen=True, slots=True)
class Exposure:
    """What became of the data: whether others could read them, and whether people had to do without."""

    open: bool
    open_why: str
    lost: bool
    lost_why: str
    missing: tuple[str, ...]


def exposure(facts: BreachFacts) -> Exposure:
    """Tell whether confidentiality and availability were really touched; what is not stated counts as touched."""
    opened, open_why, open_gaps = _confidentiality(facts)
    lost, lost_why, lost_gaps = _availability(facts)
    return Exposure(opened, open_why, lost, lost_why, (*open_gaps, *lost_gaps))


def shielded(facts: BreachFacts) -> bool:
    """Tell whether the data were unintelligible to whoever got them, with the key or password out of reach.

    State of the art needs a key that is stated to be safe; plain "encrypted" needs a strong password or a safe key.
    """
    if facts.encryption not in {Encryption.YES, Encryption.STATE_OF_THE_ART} or facts.measure_before is False:
        return False
    if facts.key_safe is False or facts.strong_password is False or facts.device_off is False:
        return False
    return facts.key_safe is True or facts.strong_password is True


def _reached_someone(facts: BreachFacts) -> bool:
    return bool(
        facts.published
        or facts.open_to_other_users
        or facts.visible_to_each_other
        or facts.recipient is not None
        or facts.recipients
        or facts.recipients_uncounted
        or facts.accounts_opened
        or facts.secrets is not None
        or facts.exfiltration in {Exfiltration.CONFIRMED, Exfiltration.POSSIBLE}
    )


def _confidentiality(facts: BreachFacts) -> tuple[bool, str, tuple[str, ...]]:
    """Return whether others could read the data, why, and what is missing; the first row that holds decides."""
    closed = shielded(facts)
    taken = bool(facts.published) or facts.exfiltration in {Exfiltration.CONFIRMED, Exfiltration.POSSIBLE}
    outage = facts.incident is Incident.OUTAGE or (facts.outage_hours is not None and facts.incident is None)
    silent = facts.incident is None and facts.cause is None
    rows: tuple[tuple[bool, bool, str, tuple[str, ...]], ...] = (
        (closed and taken, True, "data were taken in encrypted form; that no one can read them is to be confirmed", ()),
        (closed, False, "the data were encrypted and the key or password is safe: no one could read them", ()),
        (_reached_someone(facts), True, "others could read the data", ()),
        (facts.exfiltration is Exfiltration.EXCLUDED, False, "it is shown that no data left", ()),
        (outage, False, "the data could not be reached for a while; nothing shows that others could read them", ()),
        (facts.incident is Incident.RANSOMWARE, True, "nothing shows that no data left", ("exfiltration",)),
    )
    shown = "nothing shows that others could not read the data"
    decided = next((row for row in rows if row[0]), (True, True, shown, ("incident",) if silent else ()))
    return decided[1:]


def _availability(facts: BreachFacts) -> tuple[bool, str, tuple[str, ...]]:
    """Return whether people had to do without the data, why, and what is missing; the first row that holds decides."""
    hours = max((facts.restore_hours or 0, facts.outage_hours or 0))
    ransomed = facts.incident in {Incident.RANSOMWARE, Incident.RANSOMWARE_TAKEN}
    carrier = facts.incident in {Incident.THEFT, Incident.LOSS}
    timed = (facts.outage_hours, facts.restore_hours, facts.backup) != (None, None, None)
    at_stake = timed or ransomed or carrier or facts.incident is Incident.OUTAGE
    silent = facts.exfiltration is Exfiltration.EXCLUDED and facts.incident is None and not timed
    brief = facts.outage_hours is not None and (facts.outage_hours < 1 or facts.impact is not None)
    rows: tuple[tuple[bool, bool, str, tuple[str, ...]], ...] = (
        (bool(facts.only_copy_lost), True, "the only copy is lost", ()),
        (facts.impact is Impact.GRAVE, True, "the service to people was gravely disturbed", ()),
        (silent, True, "what happened is not stated, so neither is that nothing was lost", ("incident",)),
        (not at_stake, False, "people never had to do without the data", ()),
        (facts.backup in NO_BACKUP, True, "there was no usable electronic backup", ()),
        (hours >= SOON_HOURS, True, f"people had to do without for {hours:g} hours", ()),
        (brief, False, "the data were back soon", ()),
        (facts.outage_hours is not None, True, "what people noticed of the outage is not stated", ("service_impact",)),
        (facts.backup is None, True, "nothing shows that the data could be restored", ("backup",)),
        (
            ransomed and facts.restore_hours is None and facts.impact is None,
            True,
            "how long restoring took is not stated",
            ("restore_hours",),
        ),
    )
    restored = "the data were restored or could be, from a backup, in time"
    return next((row for row in rows if row[0]), (True, False, restored, ()))[1:]
