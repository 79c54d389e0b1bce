"""The table of kinds of record: how the term of each is found, and which facts it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gestand.law import retention_firm as firm
from gestand.law import retention_grounds as on
from gestand.law import retention_people as people
from gestand.law import retention_terms as find
from gestand.law.retention_terms import Finder


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its finder, and the facts it reads."""

    name: str
    find: Finder
    facts: tuple[str, ...]


_FISCAL = ("fiscal_year", "paid", "customer")

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("sales_invoice", find.runs_from("invoice_date", on.BOOKS), ("invoice_date", *_FISCAL)),
        Kind("purchase_invoice_with_person", find.runs_from("invoice_date", on.BOOKS), ("invoice_date", *_FISCAL)),
        Kind("bank_statement", find.runs_from("statement_date", on.BOOKS), ("statement_date", "fiscal_year")),
        Kind("payroll_records", firm.payroll, ("year",)),
        Kind("annual_accounts_balance", firm.annual_accounts, ("fiscal_year_end", "legal_form")),
        Kind("service_contract", firm.service_contract, ("contract_start", "contract_end", "fiscal_year")),
        Kind("quote_accepted", firm.quote_accepted, ("accepted", "invoice_date", "fiscal_year")),
        Kind("quote_not_accepted", firm.quote_not_accepted, ("accepted", "sent", "expires")),
        Kind("oss_sale_record", find.runs_from("transaction_date", on.PLATFORM_SALES), ("transaction_date", "scheme")),
        Kind("immovable_property_record", find.runs_from("in_use_from", on.IMMOVABLE), ("in_use_from",)),
        Kind(
            "immovable_property_maintenance_invoice",
            firm.property_invoice,
            ("in_use_from", "invoice_date", "fiscal_year"),
        ),
        Kind("invoice_with_excess_data", people.excess, ("free_text", "invoice_date", "fiscal_year")),
        Kind(
            "data_of_deceased_customer",
            find.runs_from("invoice_date", on.DECEASED_BOOKS),
            ("died", "invoice_date", "fiscal_year"),
        ),
        Kind("email_order_confirmation", firm.mail, ("date", "linked_invoice", "customer", "fiscal_year")),
        Kind("email_general_question", firm.mail, ("date", "linked_invoice", "customer", "fiscal_year")),
        Kind(
            "email_complaint_open", firm.complaint, ("date", "dispute_open", "first_liability_letter", "linked_invoice")
        ),
        Kind("unpaid_invoice_debtor", firm.debt, ("due", "paid", "reminders")),
        Kind("court_judgment_file", find.runs_from("judgment", on.JUDGMENT), ("judgment",)),
        Kind("job_report_repair", firm.job_report, ("delivered", "complaint_known")),
        Kind("warranty_registration", people.warranty, ("sold", "warranty_months")),
        Kind("customer_card_crm", firm.customer_card, ("last_service", "open_contract", "open_claim", "invoice_kept")),
        Kind("customer_address", people.address, ("accuracy_contested", "verified")),
        Kind("customer_disk_image_made_for_repair", people.disk_image, ("job_closed", "agreed_days", "controller")),
        Kind("customer_password_note", people.password_note, ("job_closed",)),
        Kind("employee_id_copy", find.runs_from("employment_end", on.EMPLOYEE_ID), ("employment_end",)),
        Kind("personnel_file_general", find.runs_from("employment_end", on.PERSONNEL), ("employment_end",)),
        Kind("applicant_file_rejected", firm.applicant, ("procedure_end", "consent_1y", "withdrawn")),
        Kind("wwft_customer_file", people.anti_laundering, ("wwft_applies", "relation_end")),
        Kind("camera_images", firm.camera, ("recorded", "incident", "incident_closed", "police_report")),
        Kind("camera_fragment_requested_by_person", firm.requested_fragment, ("recorded", "person_needs_for_claim")),
        Kind("web_server_access_log", firm.access_log, ("date", "policy_days", "incident_id")),
        Kind(
            "call_recording_training",
            find.runs_days_from("date", on.CALL_RECORDING, "policy_days"),
            ("date", "policy_days"),
        ),
        Kind("backup_copy", firm.backup, ("taken", "rotation_days", "live_record_erased", "reason")),
        Kind("breach_register_entry", people.closed_file(on.BREACH_REGISTER), ("closed",)),
        Kind(
            "dsar_file",
            people.closed_file(on.REQUEST_FILE, "request, decision, dates; not the copy of the data"),
            ("closed", "granted"),
        ),
        Kind("newsletter_subscription", people.subscription, ("basis", "objection", "withdrawn")),
        Kind("newsletter_profile_21_1", people.objected_profile, ("objection_21_1", "ground")),
        Kind(
            "ex_customer_marketing_email",
            people.former_customer,
            ("last_purchase", "soft_opt_in", "opened_last", "objection", "withdrawn"),
        ),
        Kind("prospect_lead", people.lead, ("last_contact", "became_customer", "objection", "withdrawn")),
        Kind("suppression_entry", people.suppression, ("objection", "insists_after_explanation")),
        Kind("consent_evidence_phone_marketing", people.consent_proof, ("given", "withdrawn")),
        Kind("id_copy_of_customer", people.id_copy, ("collected", "purpose")),
        Kind(
            "accidentally_received_data",
            people.misdirected,
            ("received", "intended_for_other"),
        ),
        Kind("unlawful_extra_data", people.unlawful, ("unlawful", "person_opposes_erasure")),
        Kind("loyalty_statistics_anonymous", people.anonymous, ("anonymised",)),
        Kind("legal_hold", people.held, ("base_until",)),
    )
}
"""Every kind of record that is known, with the facts it reads."""

ANY_KIND = (
    "hold_from",
    "hold_reason",
    "hold_lifted",
    "accuracy_contested",
    "verified",
    "unlawful",
    "person_opposes_erasure",
    "person_needs_for_claim",
    "objection_21_1",
)
"""Facts that every kind of record may carry: a legal hold, and grounds for restriction."""

KNOWN_FACTS = frozenset(ANY_KIND).union(*(kind.facts for kind in KINDS.values()))
"""Every fact of the vocabulary."""
