"""Requests in the words of others: statuses, denial codes, and what a processor is asked and answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gestand.kernel.errors import UsageError
from gestand.kernel.ids import RequestId, SubjectId
from gestand.rights.circumstances import Circumstance
from gestand.rights.model import Channel, Right, State, SubjectRequest
from gestand.rights.protocols import (
    DENIALS,
    accepted_opendsr,
    discovery_opendsr,
    read_opendsr,
    status_of,
    status_opendsr,
)

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
ONE = SubjectRequest(
    RequestId("req_a"), Right.ACCESS, SubjectId("sub_a"), SubjectId("sub_a"), Channel.WEB, AT, AT + timedelta(31),
    AT + timedelta(31), State.RECEIVED, None, None, "", "", None, "", 1,
)  # fmt: skip
ASKED: dict[str, Any] = {
    "subject_request_id": "a7551968-d5d6-44b2-9831-815ac9017798", "regulation": "gdpr", "subject_request_type": "erasure",
    "submitted_time": "2026-12-01T08:00:00Z",
    "subject_identities": [{"identity_type": "email", "identity_value": "anna@example.nl", "identity_format": "raw"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "status", "reason", "dsr"),
    [
        ({}, "in_progress", "need_user_verification", "pending"),
        ({"state": State.CONFIRMED}, "in_progress", None, "in_progress"),
        ({"state": State.PLANNED}, "in_progress", None, "in_progress"),
        ({"state": State.CLOSED, "outcome": "answered"}, "fulfilled", None, "completed"),
        ({"state": State.CLOSED, "outcome": "nothing-held"}, "denied", "no_match", "completed"),
        ({"state": State.CLOSED, "outcome": "withdrawn"}, "revoked", None, "cancelled"),
        ({"state": State.REJECTED, "ground": "AVG 12(5)"}, "denied", "other", "cancelled"),
    ],
)
def test_each_state_has_its_status(changes: dict[str, Any], status: str, reason: str | None, dsr: str) -> None:
    request = replace(ONE, **changes)
    told = status_of(request, verify_at="https://example.nl/nl/portaal/")
    assert (told["status"], told.get("reason")) == (status, reason)
    assert status_opendsr("x", request)["request_status"] == dsr
    assert "sub_a" not in str(told)


def test_verification_is_asked_with_the_page_where_it_is_done_or_not_at_all() -> None:
    assert "reason" not in status_of(ONE)
    told = status_of(ONE, verify_at="https://example.nl/nl/portaal/")
    assert told["user_verification_url"].startswith("https://")
    assert (
        "extended" in status_of(replace(ONE, state=State.CONFIRMED, extended_because="extended"))["processing_details"]
    )


def test_known_and_unknown_people_have_the_same_status() -> None:
    assert status_of(ONE) == status_of(replace(ONE, matches=0, subject=SubjectId("sub_b")))


@pytest.mark.parametrize("circumstance", Circumstance)
def test_each_circumstance_has_its_denial_code(circumstance: Circumstance) -> None:
    told = status_of(replace(ONE, state=State.REJECTED, ground="x"), (circumstance,))
    assert told["reason"] == DENIALS[circumstance]


def test_what_a_controller_passes_on_is_read_and_answered() -> None:
    asking = read_opendsr(ASKED)
    assert asking.right is Right.ERASURE
    assert asking.identities == (("email", "anna@example.nl"),)
    assert accepted_opendsr(asking, ONE, AT)["expected_completion_time"] == ONE.due.isoformat()
    assert "erasure" in discovery_opendsr("https://example.nl/key.pem")["supported_subject_request_types"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"subject_request_id": "1"}, "subject_request_id"),
        ({"regulation": "ccpa"}, "regulation"),
        ({"subject_request_type": "sell"}, "subject_request_type"),
        ({"submitted_time": "yesterday"}, "submitted_time"),
        ({"submitted_time": "2026-12-01T08:00:00"}, "submitted_time"),
        ({"subject_identities": []}, "subject_identities"),
        ({"subject_identities": ["x"]}, "subject_identities"),
        ({"subject_identities": [{"identity_type": "bsn", "identity_value": "1"}]}, "identity_type"),
        (
            {"subject_identities": [{"identity_type": "email", "identity_value": "x", "identity_format": "sha256"}]},
            "identity_format",
        ),
        ({"status_callback_urls": ["http://example.nl"]}, "status_callback_urls"),
    ],
)
def test_what_is_not_as_the_specification_has_it_is_refused_by_name(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_opendsr({**ASKED, **changes})
    assert (refused.value.code, refused.value.where) == ("opendsr", where)
