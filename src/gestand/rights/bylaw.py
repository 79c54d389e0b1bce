"""Asks ``law/retention`` what an erasure request does to a datum whose shelf names a kind of record.

Each kind wants the date of its own event under its own name; the shelf's trigger is that event. Where that event has not
come, or the law leaves it to a person, nothing is answered here and the policy's own ground decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gestand.kernel.clock import local_date
from gestand.law.retention import RetentionDecision, decide
from gestand.statement.policy import Shelf, Trigger
from gestand.vault.model import Holding

EVENT_FACT: Mapping[str, str] = {
    "sales_invoice": "invoice_date",
    "purchase_invoice_with_person": "invoice_date",
    "service_contract": "contract_end",
    "quote_not_accepted": "expires",
    "email_general_question": "date",
    "email_order_confirmation": "date",
    "job_report_repair": "delivered",
    "customer_card_crm": "last_service",
    "customer_password_note": "job_closed",
    "customer_disk_image_made_for_repair": "job_closed",
    "dsar_file": "closed",
    "breach_register_entry": "closed",
    "web_server_access_log": "date",
    "prospect_lead": "last_contact",
}
"""The name under which each kind of record knows the event that starts its shelf."""

NAMED_FACTS: Mapping[str, Mapping[str, Any]] = {
    "customer_card_crm": {"open_contract": False, "open_claim": False, "invoice_kept": True},
    "email_general_question": {"customer": False, "linked_invoice": None},
    "quote_not_accepted": {"accepted": False},
    "prospect_lead": {"became_customer": False},
    "dsar_file": {"granted": True},
}
"""What else a kind asks, as it is for a datum on that shelf: an open agreement or dispute is judged by its dossier."""
_ENDING = frozenset({Trigger.REQUEST_CLOSED})
"""Events that the answer itself brings about: a request that is being judged closes with it."""


def ask_retention(shelf: Shelf, holding: Holding, on: date) -> RetentionDecision | None:
    """Return the law's decision on a datum after an erasure request, or None where the law gives none of its own."""
    fact = EVENT_FACT.get(shelf.record_kind)
    if fact is None:
        return None
    event = holding.trigger_on or (on if shelf.trigger in _ENDING else local_date(holding.collected_at))
    facts = {fact: event.isoformat(), **NAMED_FACTS.get(shelf.record_kind, {})}
    decided = decide(shelf.record_kind, facts, on, "erasure_request")
    return None if decided.needs_judgement else decided
