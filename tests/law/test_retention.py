from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law.retention import Hold, decide
from gestand.law.retention_grounds import GROUNDS, Precedence
from gestand.law.retention_kinds import KINDS
from gestand.law.retention_terms import fiscal_year_end
from gestand.law.retention_words import PARTS_NL

TODAY = date(2026, 11, 22)

RECORDS = {
    "accidentally_received_data": {"received": "2026-11-01"},
    "annual_accounts_balance": {"fiscal_year_end": "2020-12-31"},
    "applicant_file_rejected": {"procedure_end": "2026-11-01", "consent_1y": False},
    "backup_copy": {"taken": "2026-10-01"},
    "bank_statement": {"statement_date": "2020-01-01"},
    "breach_register_entry": {"closed": "2024-01-01"},
    "call_recording_training": {"date": "2026-11-20"},
    "camera_fragment_requested_by_person": {"recorded": "2026-11-01", "person_needs_for_claim": True},
    "camera_images": {"recorded": "2026-11-01", "incident": False},
    "consent_evidence_phone_marketing": {"given": "2020-01-01", "withdrawn": "2024-01-01"},
    "court_judgment_file": {"judgment": "2020-01-01"},
    "customer_address": {"accuracy_contested": "2026-11-10", "verified": False},
    "customer_card_crm": {"last_service": "2026-01-01", "open_contract": True, "open_claim": False},
    "customer_disk_image_made_for_repair": {"job_closed": "2026-11-01"},
    "customer_password_note": {"job_closed": None},
    "data_of_deceased_customer": {"died": "2026-01-01", "invoice_date": "2024-01-01"},
    "dsar_file": {"closed": "2024-06-01", "granted": True},
    "email_complaint_open": {"date": "2025-01-01", "dispute_open": True, "first_liability_letter": "2025-02-01"},
    "email_general_question": {"date": "2025-01-01"},
    "email_order_confirmation": {"date": "2024-12-31", "linked_invoice": "2025-01-05"},
    "employee_id_copy": {"employment_end": "2024-01-01"},
    "ex_customer_marketing_email": {"last_purchase": "2025-01-01", "soft_opt_in": True},
    "id_copy_of_customer": {"collected": "2026-11-01", "purpose": "art 15 identity check"},
    "immovable_property_maintenance_invoice": {"in_use_from": "2020-01-01", "invoice_date": "2021-01-01"},
    "immovable_property_record": {"in_use_from": "2020-01-01"},
    "invoice_with_excess_data": {"free_text": "medical reason", "invoice_date": "2024-01-01"},
    "job_report_repair": {"delivered": "2024-01-01", "complaint_known": None},
    "legal_hold": {"base_until": "2027-12-31"},
    "loyalty_statistics_anonymous": {"anonymised": True},
    "newsletter_profile_21_1": {"objection_21_1": "2026-11-15"},
    "newsletter_subscription": {"basis": "soft opt-in"},
    "oss_sale_record": {"transaction_date": "2020-01-01"},
    "payroll_records": {"year": "2019-12-31"},
    "personnel_file_general": {"employment_end": "2025-06-01"},
    "prospect_lead": {"last_contact": "2026-01-01", "became_customer": False},
    "purchase_invoice_with_person": {"invoice_date": "2020-01-01"},
    "quote_accepted": {"accepted": "2024-12-30", "invoice_date": "2025-02-01"},
    "quote_not_accepted": {"accepted": False, "sent": "2026-01-01", "expires": "2026-02-01"},
    "sales_invoice": {"invoice_date": "2022-01-01"},
    "service_contract": {"contract_start": "2020-01-01", "contract_end": None},
    "suppression_entry": {"objection": "2019-01-01"},
    "unlawful_extra_data": {"unlawful": True, "person_opposes_erasure": True},
    "unpaid_invoice_debtor": {"due": "2022-03-15"},
    "warranty_registration": {"sold": "2025-01-01", "warranty_months": 24},
    "web_server_access_log": {"date": "2026-10-01"},
    "wwft_customer_file": {"wwft_applies": True, "relation_end": "2024-02-29"},
}
KIND = st.sampled_from(sorted(RECORDS))
TRIGGER = st.sampled_from(["sweep", "erasure_request", "restriction_request", "objection"])
DAY = st.dates(date(2015, 1, 1), date(2060, 1, 1))
STAYS = {"keep", "keep_part", "restrict", "refuse_erasure"}


def test_every_kind_has_a_record_here():
    assert set(RECORDS) == set(KINDS)


@given(KIND, DAY, TRIGGER)
@settings(max_examples=100)
def test_erasure_is_due_the_day_after_the_last_day(kind, on, trigger):
    decided = decide(kind, RECORDS[kind], on, trigger)
    if decided.until is None:
        assert decided.erase_from is None
    else:
        assert decided.erase_from == decided.until + timedelta(days=1)
        assert not decided.open_ended
        if decided.decision == "erase":
            assert decided.until <= on
    if decided.decision in {"keep", "keep_part", "refuse_erasure"}:
        assert decided.open_ended or decided.until >= on


@given(KIND, DAY, TRIGGER, st.sampled_from(["argument", "fact"]))
@settings(max_examples=100)
def test_a_legal_hold_never_shortens(kind, on, trigger, how):
    since = on - timedelta(days=3)
    if how == "argument":
        held = decide(kind, RECORDS[kind], on, trigger, holds=(Hold(since, "summons"),))
    else:
        held = decide(kind, RECORDS[kind] | {"hold_from": since.isoformat()}, on, trigger)
    if held.decision is None:  # a request for restriction that names no ground of 18(1)
        assert decide(kind, RECORDS[kind], on, trigger).decision is None
        return
    assert held.decision in STAYS
    assert held.open_ended


def test_a_lifted_hold_holds_nothing():
    lifted = Hold(date(2025, 1, 1), "summons", lifted=TODAY)
    assert decide("bank_statement", {"statement_date": "2015-01-01"}, TODAY, holds=(lifted,)).decision == "erase"
    before = TODAY - timedelta(days=1)
    assert decide("bank_statement", {"statement_date": "2015-01-01"}, before, holds=(lifted,)).decision == "keep"


def test_a_hold_decides_also_where_facts_are_lacking():
    assert decide("sales_invoice", {}, TODAY, holds=(Hold(TODAY, "audit"),)).decision == "keep"
    assert decide("sales_invoice", {}, TODAY).missing == ("invoice_date: the date is needed",)


@pytest.mark.parametrize("kind", sorted(RECORDS))
def test_the_last_day_is_kept_and_the_next_is_not(kind):
    first = decide(kind, RECORDS[kind], TODAY)
    if first.decision != "keep" or first.until is None:
        return
    assert decide(kind, RECORDS[kind], first.until).decision == "keep"
    after = decide(kind, RECORDS[kind], first.erase_from)
    if kind == "email_complaint_open":  # still in dispute: the term of the claim does not end it
        assert after.open_ended
    else:
        assert (after.decision, after.until) == ("erase", first.until)


@pytest.mark.parametrize(
    ("kind", "facts", "trigger", "decision", "until"),
    [
        ("sales_invoice", {"invoice_date": "2022-06-15"}, "erasure_request", "refuse_erasure", "2029-12-31"),
        ("sales_invoice", {"invoice_date": "2015-06-15"}, "erasure_request", "erase", "2022-12-31"),
        ("sales_invoice", {"invoice_date": "2022-06-15"}, "objection", "keep", "2029-12-31"),
        ("sales_invoice", {"invoice_date": "2024-06-30", "fiscal_year": "07-01/06-30"}, "sweep", "keep", "2031-06-30"),
        ("sales_invoice", {"invoice_date": "2024-07-01", "fiscal_year": "07-01/06-30"}, "sweep", "keep", "2032-06-30"),
        ("payroll_records", {"year": 2019}, "sweep", "keep", "2026-12-31"),
        ("service_contract", {"contract_end": "2027-05-01"}, "sweep", "keep", "2034-12-31"),
        ("quote_accepted", RECORDS["quote_accepted"], "sweep", "keep", "2032-12-31"),
        ("quote_not_accepted", RECORDS["quote_not_accepted"], "sweep", "keep", "2027-02-01"),
        ("quote_not_accepted", RECORDS["quote_not_accepted"], "erasure_request", "erase", None),
        ("immovable_property_record", {"in_use_from": "2016-05-01"}, "sweep", "erase", "2025-12-31"),
        ("invoice_with_excess_data", {"invoice_date": "2024-01-01"}, "sweep", "keep_part", "2031-12-31"),
        ("invoice_with_excess_data", {"invoice_date": "2024-01-01"}, "erasure_request", "keep_part", "2031-12-31"),
        ("unpaid_invoice_debtor", {"due": "2015-03-15", "reminders": ["2021-01-01"]}, "sweep", "erase", "2020-03-15"),
        ("unpaid_invoice_debtor", {"due": "2025-03-15", "reminders": ["2027-01-01"]}, "sweep", "keep", "2030-03-15"),
        ("unpaid_invoice_debtor", {"due": "2025-03-15", "paid": True}, "sweep", "erase", None),
        (
            "unpaid_invoice_debtor",
            {"due": "2005-01-01", "reminders": ["2009-12-31", "2014-12-01", "2019-11-01", "2024-10-01"]},
            "sweep",
            "erase",
            "2025-01-01",
        ),
        ("job_report_repair", {"delivered": "2024-01-01"}, "erasure_request", "erase", None),
        (
            "job_report_repair",
            {"delivered": "2024-01-01", "complaint_known": "2025-01-01"},
            "erasure_request",
            "refuse_erasure",
            "2030-01-01",
        ),
        ("applicant_file_rejected", {"procedure_end": "2026-10-25"}, "sweep", "keep", "2026-11-22"),
        ("applicant_file_rejected", {"procedure_end": "2026-10-24"}, "sweep", "erase", "2026-11-21"),
        (
            "applicant_file_rejected",
            {"procedure_end": "2026-11-10", "consent_1y": True, "withdrawn": "2026-11-12"},
            "sweep",
            "keep",
            "2026-12-08",
        ),
        ("wwft_customer_file", {"wwft_applies": True, "relation_end": "2021-11-22"}, "sweep", "erase", "2026-11-21"),
        ("wwft_customer_file", {"wwft_applies": False, "relation_end": "2026-01-01"}, "sweep", "erase", "2026-01-01"),
        ("camera_images", {"recorded": "2026-01-01", "incident": True, "incident_closed": None}, "sweep", "keep", None),
        ("camera_images", {"recorded": "2026-01-01", "police_report": True}, "erasure_request", "refuse_erasure", None),
        ("web_server_access_log", {"date": "2020-01-01", "incident_id": "B-1"}, "sweep", "keep", None),
        ("backup_copy", {"taken": "2026-10-01"}, "erasure_request", "keep_part", "2026-12-30"),
        ("customer_card_crm", RECORDS["customer_card_crm"], "erasure_request", "refuse_erasure", None),
        ("customer_disk_image_made_for_repair", {"job_closed": None}, "erasure_request", "refuse_erasure", None),
        ("newsletter_subscription", {"basis": "consent"}, "objection", "erase", None),
        ("newsletter_subscription", {"objection": "2026-11-20"}, "sweep", "erase", "2026-11-20"),
        ("suppression_entry", {"objection": "2019-01-01"}, "objection", "keep", None),
        ("newsletter_profile_21_1", {"objection_21_1": "2026-10-01"}, "sweep", "erase", "2026-11-01"),
        ("unlawful_extra_data", {"unlawful": True}, "sweep", "erase", None),
        ("customer_address", {"accuracy_contested": "2026-08-01"}, "restriction_request", "restrict", "2026-09-01"),
        ("email_general_question", {"date": "2026-01-01"}, "objection", "restrict", "2026-12-22"),
        ("loyalty_statistics_anonymous", {"anonymised": True}, "erasure_request", "keep", None),
    ],
)
def test_one_record_on_one_day(kind, facts, trigger, decision, until):
    decided = decide(kind, facts, TODAY, trigger)
    assert (decided.decision, decided.until and decided.until.isoformat()) == (decision, until)


def test_a_statute_says_how_long_and_a_restriction_how():
    facts = {"invoice_date": "2022-06-15", "accuracy_contested": "2026-11-01"}
    swept, asked = decide("sales_invoice", facts, TODAY), decide("sales_invoice", facts, TODAY, "restriction_request")
    assert (swept.decision, swept.restricted, swept.until) == ("keep", True, date(2029, 12, 31))
    assert (asked.decision, asked.restricted, asked.until) == ("restrict", True, date(2029, 12, 31))


def test_what_a_statute_wants_destroyed_no_restriction_saves():
    facts = {"wwft_applies": True, "relation_end": "2020-01-01", "person_needs_for_claim": True}
    assert decide("wwft_customer_file", facts, TODAY).decision == "erase"
    assert (
        decide("web_server_access_log", {"date": "2020-01-01", "person_needs_for_claim": True}, TODAY).decision
        == "restrict"
    )


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("tea_leaves", {}),
        ("sales_invoice", {"invoice_date": "2022-06-15", "fiscal_year": "13-01/12-31"}),
        ("sales_invoice", {"invoice_date": "someday"}),
        ("customer_card_crm", {"last_service": "2025-01-01"}),
        ("camera_images", {"recorded": "2026-11-01"}),
        ("service_contract", {"contract_start": "2020-01-01"}),
        ("loyalty_statistics_anonymous", {"anonymised": False}),
        ("warranty_registration", {"sold": "2025-01-01", "warranty_months": -1}),
        ("quote_not_accepted", {"accepted": True, "sent": "2025-01-01"}),
    ],
)
def test_what_cannot_be_known_is_left_to_a_person(kind, facts):
    decided = decide(kind, facts, TODAY)
    assert decided.needs_judgement
    assert decided.missing


def test_a_refusal_is_explained_in_both_languages_with_the_way_to_complain():
    refused = decide("sales_invoice", {"invoice_date": "2022-06-15"}, TODAY, "erasure_request")
    assert "31-12-2029" in refused.respond_nl
    assert "Autoriteit Persoonsgegevens" in refused.respond_nl
    assert "binnen zes weken nadat u dit antwoord kreeg" in refused.respond_nl
    assert "within six weeks after you received this answer" in refused.respond_en
    assert "2029-12-31" in refused.respond_en
    assert not decide("sales_invoice", {"invoice_date": "2022-06-15"}, TODAY).respond_nl


@given(KIND, DAY)
@settings(max_examples=100)
def test_what_is_kept_in_part_has_its_dutch_words(kind, on):
    scope = decide(kind, RECORDS[kind], on, "erasure_request").scope
    assert not scope or scope in PARTS_NL


def test_a_fiscal_year_may_end_in_february():
    assert fiscal_year_end(date(2024, 2, 29), "03-01/02-29") == date(2024, 2, 29)
    assert fiscal_year_end(date(2024, 3, 1), "03-01/02-28") == date(2025, 2, 28)


def test_the_table_is_whole_and_says_what_it_was_checked_against():
    assert len({ground.id for ground in GROUNDS}) == len(GROUNDS) > 30
    for ground in GROUNDS:
        assert ground.articles
        assert ground.source
        assert (ground.period is None) == (ground.counts_from == "condition")
        if ground.status == "policy":
            assert not ground.verified
            assert ground.precedence in {Precedence.POLICY, Precedence.RESTRICTION}
