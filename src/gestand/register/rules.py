"""Judgements of the register: which events a dossier takes, and when the period of a datum began. Pure.

The start of a period, for a datum on a shelf whose trigger belongs to a dossier (a job is closed):

    the datum is part of a dossier     the date of that event there; open-ended while it has not come
    it is part of none, but its        open-ended while one of them still waits for the event,
    subject has dossiers of the kind   then the last of their dates
    nothing of the kind is known       the day it was collected: nothing stays for ever for want of an event
                                       (Article 5(1)(e) GDPR)

A last contact is the last sign in any dossier of the subject; while one is open there is contact, and no end yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gestand.kernel.errors import UsageError
from gestand.law.periods import keeping
from gestand.register.model import OWN_TRIGGER, Dossier
from gestand.statement.policy import Shelf, Trigger

_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9](?:[A-Za-z0-9./_-]{0,30}[A-Za-z0-9])?", re.ASCII)
_LETTERS = re.compile(r"[A-Za-z]{5,}")
_AT_COLLECTION = frozenset({Trigger.COLLECTED, Trigger.MESSAGE_RECEIVED, Trigger.LOGGED})
_DOSSIER_TRIGGERS = frozenset(OWN_TRIGGER.values())


@dataclass(frozen=True, slots=True)
class Start:
    """When a datum's period began (None: not yet) and the first date on which it must be gone."""

    trigger_on: date | None
    due: date | None


OPEN_ENDED = Start(None, None)


def check_number(number: str) -> str:
    """Return a dossier's number if it is one and names nobody: a digit in it, no word of five letters or more.

    :raises UsageError: ``dossier-number``.
    """
    if number and (not _NUMBER.fullmatch(number) or _LETTERS.search(number)):
        raise UsageError(
            "dossier-number",
            f"'{number}' is no number for a dossier",
            remedy="Use digits with at most a short prefix, such as F2026-0041; names and titles belong in the vault.",
        )
    return number


def check_event(dossier: Dossier, trigger: Trigger, on: date, today: date) -> None:
    """Let pass an event that this kind of dossier takes, on a date that can be true.

    :raises UsageError: ``dossier-event`` for a trigger of another kind, ``dossier-date`` for a date before the dossier
        was opened or in the future.
    """
    allowed = (OWN_TRIGGER[dossier.kind], Trigger.LAST_CONTACT)
    if trigger not in allowed:
        raise UsageError(
            "dossier-event",
            f"'{trigger}' does not happen to a {dossier.kind}",
            where=dossier.id,
            remedy=f"The events of a {dossier.kind} are {' and '.join(allowed)}.",
        )
    check_date(dossier, on, today)


def check_date(dossier: Dossier, on: date, today: date) -> None:
    """Let pass a date between the opening of the dossier and today.

    :raises UsageError: ``dossier-date``.
    """
    if on > today:
        raise UsageError(
            "dossier-date",
            f"{on.isoformat()} lies in the future",
            where=dossier.id,
            remedy=f"Name a day that has come: {today.isoformat()} or before.",
        )
    if on < dossier.opened_on:
        raise UsageError(
            "dossier-date",
            f"{on.isoformat()} lies before the dossier was opened",
            where=dossier.id,
            remedy=f"Name a date from {dossier.opened_on.isoformat()} to {today.isoformat()}.",
        )


def start_of(shelf: Shelf, *, collected: date, own: Dossier | None, dossiers: Sequence[Dossier]) -> Start:
    """Return when the period of a datum on ``shelf`` began, and when it is due.

    ``own`` is the dossier the datum belongs to, ``dossiers`` are all of its subject.

    :raises UsageError: ``date-beyond`` if it is due after the year 9999.
    """
    began = _began(shelf.trigger, collected, own, dossiers)
    if began is None:
        return OPEN_ENDED
    try:
        return Start(began, keeping(began, shelf.period, shelf.counts_from).erase_from)
    except OverflowError:
        raise UsageError(
            "date-beyond",
            f"{shelf.period} from {began.isoformat()} ends beyond the year 9999",
            remedy="Name the day on which it really happened, or give the shelf a shorter period.",
        ) from None


def _began(trigger: Trigger, collected: date, own: Dossier | None, dossiers: Sequence[Dossier]) -> date | None:
    if trigger in _AT_COLLECTION:
        return collected
    if trigger is Trigger.LAST_CONTACT:
        return _last_contact(collected, dossiers)
    if trigger not in _DOSSIER_TRIGGERS:
        return None
    if own is not None and OWN_TRIGGER[own.kind] is trigger:
        return own.happened(trigger)
    dates = [dossier.happened(trigger) for dossier in dossiers if OWN_TRIGGER[dossier.kind] is trigger]
    known = [on for on in dates if on is not None]
    if len(known) < len(dates):
        return None
    return max(known, default=collected if own is None else own.last_sign() if own.closed_on else None)


def _last_contact(collected: date, dossiers: Sequence[Dossier]) -> date | None:
    if any(dossier.closed_on is None for dossier in dossiers):
        return None
    return max(collected, *(dossier.last_sign() for dossier in dossiers)) if dossiers else collected


def dates(trigger: Trigger) -> bool:
    """Say whether the register is the one that dates ``trigger``: an event of a dossier, or a last contact."""
    return trigger in _DOSSIER_TRIGGERS or trigger is Trigger.LAST_CONTACT
