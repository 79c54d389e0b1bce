"""Which letter goes with what was decided on a request, and what it says; the letters themselves stand in ``post``.

Each returns the letter's template and its values by language. Whoever sends it decides how (``sending``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gestand.kernel.clock import local_date
from gestand.post.letters import spoken
from gestand.rights.circumstances import Circumstance, values_of
from gestand.rights.letterhead import body_of
from gestand.rights.letters import erasure_letter, extension_letter, recipients_told, rejection_letter
from gestand.rights.model import ErasureOutcome, SubjectRequest
from gestand.rights.sending import Values
from gestand.statement.policy import Policy, Text


@dataclass(frozen=True, slots=True)
class Said:
    """A letter that is to be sent: its template, and its values in a language."""

    template: str
    values: Values


def extended(request: SubjectRequest, policy: Policy, on: date) -> Said:
    """Return the notice that an answer takes longer (Article 12(3))."""
    return Said("extension", lambda said: {"body": body_of(extension_letter(request, policy.controller, on, said))})


def rejected(request: SubjectRequest, policy: Policy, on: date, *, late: bool) -> Said:
    """Return a refusal with its reasons, the authority and the court (Article 12(4)); ``late``: after the term."""
    return Said(
        "refusal", lambda said: {"body": body_of(rejection_letter(request, policy.controller, on, said, late=late))}
    )


def erased(outcome: ErasureOutcome, policy: Policy, on: date, *, late: bool) -> Said:
    """Return what left, what stays and why (Articles 12(3), 17, 19); ``late``: after the term."""
    shelf = policy.rights.shelf
    return Said(
        "erasure",
        lambda said: {
            "body": body_of(erasure_letter(outcome, policy.controller, on, said, request_shelf=shelf, late=late))
        },
    )


def judged(request: SubjectRequest, kind: Circumstance) -> Said:
    """Return what is special about a request, and what is asked for it."""
    return Said(
        "circumstance",
        lambda said: {
            "received": spoken(local_date(request.received_at), said), "request": request.id, **values_of(kind, said)
        },
    )  # fmt: skip


def corrected(changes: Sequence[Text], told: Sequence[Text], on: date) -> Said:
    """Return what was put right, by the titles of the fields, and who is told (Articles 16 and 19)."""
    return Said(
        "correction",
        lambda said: {
            "on": spoken(on, said), "changes": _listed(changes, said), "recipients": recipients_told(told, said)
        },
    )  # fmt: skip


def restricted(fields: Sequence[Text], on: date) -> Said:
    """Return what is only kept from now on (Article 18)."""
    return Said("restriction", lambda said: {"on": spoken(on, said), "data": _listed(fields, said)})


def objected(request: SubjectRequest, purposes: Sequence[Text], on: date) -> Said:
    """Return what was stopped (Article 21)."""
    return Said(
        "objection",
        lambda said: {
            "received": spoken(local_date(request.received_at), said),
            "on": spoken(on, said),
            "purposes": _listed(purposes, said),
        },
    )


def ready(request: SubjectRequest, place: str, until: date) -> Said:
    """Return that an answer waits to be fetched at ``place``; its code is told in another way."""
    return Said("ready", lambda said: {"request": request.id, "place": place, "until": spoken(until, said)})


def replied(request: SubjectRequest, words: str) -> Said:
    """Return an answer in the firm's own words to a plain question."""
    return Said(
        "reply",
        lambda said: {
            "received": spoken(local_date(request.received_at), said), "words": words.strip(), "request": request.id
        },
    )  # fmt: skip


def _listed(texts: Sequence[Text], language: str) -> str:
    return "\n".join(f"- {said}" for said in dict.fromkeys(text.into(language) for text in texts)) or "-"
