"""A deadline in plain Dutch, for whoever asks at the command line."""

from __future__ import annotations

from datetime import datetime, time

from gestand.law.deadline import Deadline

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
LAST_SECOND = time(23, 59, 59)

_SAID = {
    "LATE": "De melding is te laat.",
    "REASONS_FOR_DELAY_REQUIRED": "Zet erbij waarom.",
    "IN_TIME": "De melding is op tijd.",
    "FOLLOW_UP_OPEN": "Vul de melding zo snel mogelijk aan.",
    "EXTENSION_DOES_NOT_COUNT": "De verlenging telt niet: het bericht kwam te laat of noemde geen goede reden.",
    "PAUSE_DOES_NOT_COUNT": "De vraag aan de aanvrager zet de klok niet stil.",
    "IDENTITY_OPEN": "Blijft het antwoord uit? Schrijf dan voor die dag waarom u niets doet.",
    "EXCLUDE_FROM_NEXT_SEND": "Haal het adres uit de volgende verzending.",
    "EQUATED_DAYS_NOT_KNOWN": "Van dat jaar zijn niet alle vrije dagen bekend.",
}
"""What a flag means, for the flags a person must act on or know of."""


def in_dutch(due: Deadline) -> str:
    """Return when it must be done, which date to hold oneself to, and what else to mind: some short sentences."""
    said = [_SAID[flag] for flag in due.flags if flag in _SAID]
    if due.expected is not None:
        lines = [f"Uiterlijk {_moment(due.expected)}."]
        if due.conservative is not None and due.conservative != due.expected:
            lines.append(f"Houd zelf {_moment(due.conservative)} aan.")
    elif due.conservative is not None and due.missing:
        lines = [f"Dit moet een mens beoordelen. Houd tot die tijd {_moment(due.conservative)} aan."]
    elif due.conservative is not None:
        lines = [f"De wet noemt geen termijn: zo snel mogelijk. Houd zelf {_moment(due.conservative)} aan."]
    else:
        lines = ["Er loopt geen termijn."]
    if due.debatable:
        lines.append("Over deze termijn wordt verschillend gedacht.")
    return " ".join((*lines, *said))


def _moment(when: datetime) -> str:
    day = f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]} {when.year}"
    return day if when.time() == LAST_SECOND else f"{day} om {when:%H.%M} uur"
