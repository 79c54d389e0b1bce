"""Requests in the words of others, pure: the Data Rights Protocol's statuses and denial codes, and OpenDSR for a processor.

Data Rights Protocol 0.9 (Consumer Reports): ``status``, ``reason``, ``processing_details``. OpenDSR (opengdpr.org 2.0): a
controller asks, a processor answers with a status of its own. Documents in and out; who may ask is the door's to judge.
The shapes were compared with data-rights-protocol.md (0.9.4) and the specification.md of OpenDSR as published; what a controller or
agent makes of them was not tried with one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from gestand.kernel.errors import UsageError
from gestand.rights.circumstances import Circumstance
from gestand.rights.model import Right, State, SubjectRequest


class Status(StrEnum):
    """The status of a request in the Data Rights Protocol."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    DENIED = "denied"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a request has its status: the protocol's codes, those for denial included."""

    NEED_VERIFICATION = "need_user_verification"
    SUSPECTED_FRAUD = "suspected_fraud"
    INSUFFICIENT_VERIFICATION = "insuf_verification"
    NO_MATCH = "no_match"
    CLAIM_NOT_COVERED = "claim_not_covered"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    TOO_MANY_REQUESTS = "too_many_requests"
    OTHER = "other"


RIGHTS: Final[Mapping[str, Right]] = {
    "access": Right.ACCESS,
    "access:categories": Right.ACCESS,
    "access:specific": Right.ACCESS,
    "deletion": Right.ERASURE,
    "sale:opt_out": Right.OBJECTION,
    "sale:opt-out": Right.OBJECTION,
}
"""What the protocol's exercises ask. Here nothing is sold: an opt-out of sale is an objection."""
DENIALS: Final[Mapping[Circumstance, Reason]] = {
    Circumstance.EXCESSIVE: Reason.TOO_MANY_REQUESTS,
    Circumstance.DUPLICATE: Reason.TOO_MANY_REQUESTS,
    Circumstance.UNFOUNDED: Reason.SUSPECTED_FRAUD,
    Circumstance.ABOUT_OTHER: Reason.INSUFFICIENT_VERIFICATION,
    Circumstance.REPRESENTATIVE: Reason.INSUFFICIENT_VERIFICATION,
    Circumstance.MINOR: Reason.INSUFFICIENT_VERIFICATION,
    Circumstance.DECEASED: Reason.CLAIM_NOT_COVERED,
}
"""With which code a rejection is told, by the circumstance that a person judged."""


def status_of(
    request: SubjectRequest, judged: tuple[Circumstance, ...] = (), *, verify_at: str = "", theirs: str = ""
) -> dict[str, Any]:
    """Return the status document of a request: no word of who it is about.

    ``verify_at``: the page where who asks can prove who they are. The protocol wants it with ``need_user_verification``;
    without it a request that waits for that is plainly in progress. ``theirs``: the agent's own number for it.
    """
    status, reason = _status(request, judged)
    if reason is Reason.NEED_VERIFICATION and not verify_at:
        reason = None
    document: dict[str, Any] = {
        "request_id": request.id,
        "received_at": request.received_at.isoformat(),
        "expected_by": request.due.isoformat(),
        "status": str(status),
    }
    if theirs:
        document["agent_request_id"] = theirs
    if reason is not None:
        document["reason"] = str(reason)
    details = _details(request)
    if details:
        document["processing_details"] = details
    if reason is Reason.NEED_VERIFICATION:
        document["user_verification_url"] = verify_at
    return document


def _details(request: SubjectRequest) -> str:
    """Return what may be told of where a request stands; the same for known and unknown people while it runs."""
    if request.state is State.REJECTED:
        return request.ground
    if request.state is State.RECEIVED:
        return "We judge who asks before anything is told or changed."
    if request.open and request.extended_because:
        return request.extended_because
    return "Nothing is held but this request." if request.outcome == "nothing-held" else ""


def _status(request: SubjectRequest, judged: tuple[Circumstance, ...]) -> tuple[Status, Reason | None]:
    match request.state:
        case State.RECEIVED:
            # The same for known and unknown people: only who proves a contact point learns more.
            return Status.IN_PROGRESS, Reason.NEED_VERIFICATION
        case State.CONFIRMED | State.PLANNED:
            return Status.IN_PROGRESS, None
        case State.REJECTED:
            return Status.DENIED, next((DENIALS[one] for one in judged if one in DENIALS), Reason.OTHER)
        case State.CLOSED:
            if request.outcome == "withdrawn":
                return Status.REVOKED, None
            if request.outcome == "nothing-held":
                return Status.DENIED, Reason.NO_MATCH
            return Status.FULFILLED, None


# OpenDSR: this organisation as the processor of another.

OPENDSR_VERSION: Final = "2.0"
TYPES: Final[Mapping[str, Right]] = {
    "access": Right.ACCESS,
    "portability": Right.PORTABILITY,
    "erasure": Right.ERASURE,
    "rectification": Right.RECTIFICATION,
}
IDENTITIES: Final = ("email", "phone_number", "controller_customer_id")
REGULATIONS: Final = ("gdpr",)
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_LONGEST: Final = 320


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that a controller passes on: its number there, what is asked, when the person asked, by which identities."""

    subject_request_id: str
    right: Right
    submitted_at: datetime
    identities: tuple[tuple[str, str], ...]
    callbacks: tuple[str, ...]


def read_opendsr(document: Mapping[str, Any], *, near: bool = False) -> Asking:
    """Return what an OpenDSR request asks. ``near``: callbacks may go over plain http, in this network.

    :raises UsageError: ``opendsr`` for the first member that is missing or not as the specification has it.
    """
    number = _text(document, "subject_request_id")
    if not _UUID.fullmatch(number):
        raise _wrong("subject_request_id", "it is no UUID version 4 in lower case")
    if document.get("regulation") not in REGULATIONS:
        raise _wrong("regulation", f"only {', '.join(REGULATIONS)} is served here")
    asked = _text(document, "subject_request_type")
    if asked not in TYPES:
        raise _wrong("subject_request_type", f"it is none of {', '.join(TYPES)}")
    try:
        submitted = datetime.fromisoformat(_text(document, "submitted_time"))
    except ValueError:
        raise _wrong("submitted_time", "it is no instant (RFC 3339)") from None
    if submitted.tzinfo is None:
        raise _wrong("submitted_time", "it has no zone")
    given = document.get("subject_identities")
    if not isinstance(given, list) or not 0 < len(given) <= 50:
        raise _wrong("subject_identities", "it is no list of 1 to 50 identities")
    identities = tuple(_identity(one) for one in given)
    callbacks = document.get("status_callback_urls", [])
    if not isinstance(callbacks, list) or not all(
        isinstance(url, str) and url.startswith(("https://", "http://") if near else "https://") for url in callbacks
    ):
        raise _wrong("status_callback_urls", "it is no list of https addresses")
    return Asking(number, TYPES[asked], submitted, identities, tuple(callbacks))


def accepted_opendsr(
    asking: Asking, request: SubjectRequest, received_at: datetime, *, controller: str = "", encoded: str = ""
) -> dict[str, Any]:
    """Return the answer to a request that was taken, also of somebody unknown; its signature is the door's.

    ``encoded``: the whole body that was sent, in base64.
    """
    return {
        "controller_id": controller,
        "expected_completion_time": request.due.isoformat(),
        "received_time": received_at.isoformat(),
        "encoded_request": encoded,
        "subject_request_id": asking.subject_request_id,
    }


def cancelled_opendsr(subject_request_id: str, received_at: datetime, *, controller: str) -> dict[str, Any]:
    """Return the answer to a request that was taken back."""
    return {
        "controller_id": controller,
        "received_time": received_at.isoformat(),
        "subject_request_id": subject_request_id,
        "api_version": OPENDSR_VERSION,
    }


def status_opendsr(subject_request_id: str, request: SubjectRequest, *, controller: str = "") -> dict[str, Any]:
    """Return the status of a request as OpenDSR has it: pending, in_progress, completed or cancelled."""
    match request.state:
        case State.RECEIVED:
            said = "pending"
        case State.CONFIRMED | State.PLANNED:
            said = "in_progress"
        case State.REJECTED:
            said = "cancelled"
        case State.CLOSED:
            said = "cancelled" if request.outcome == "withdrawn" else "completed"
    return {
        "controller_id": controller,
        "subject_request_id": subject_request_id,
        "request_status": said,
        "expected_completion_time": request.due.isoformat(),
        "api_version": OPENDSR_VERSION,
        "results_url": "",
    }


def callback_opendsr(url: str, subject_request_id: str, request: SubjectRequest, *, controller: str) -> dict[str, Any]:
    """Return what a controller is told at its own address when the status of a request changed (specification 8.6)."""
    status = status_opendsr(subject_request_id, request, controller=controller)
    return {**status, "status_callback_url": url}


def discovery_opendsr(certificate_url: str) -> dict[str, Any]:
    """Return what this processor serves: the identities and kinds of request it takes. ``certificate_url``: of its key."""
    return {
        "api_version": OPENDSR_VERSION,
        "supported_identities": [{"identity_type": kind, "identity_format": "raw"} for kind in IDENTITIES],
        "supported_subject_request_types": list(TYPES),
        "processor_certificate": certificate_url,
    }


def _identity(one: object) -> tuple[str, str]:
    if not isinstance(one, Mapping):
        raise _wrong("subject_identities", "an identity is an object")
    kind, value = _text(one, "identity_type"), _text(one, "identity_value")
    if kind not in IDENTITIES:
        raise _wrong("identity_type", f"it is none of {', '.join(IDENTITIES)}")
    if one.get("identity_format", "raw") != "raw":
        raise _wrong("identity_format", "a hash cannot be found here; only raw is served")
    return kind, value


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= _LONGEST:
        raise _wrong(name, "it is missing or no text")
    return value.strip()


def _wrong(where: str, why: str) -> UsageError:
    return UsageError("opendsr", why, where=where, remedy="Send it as OpenDSR 2.0 has it.")
