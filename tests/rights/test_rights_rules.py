"""What an erasure request does to a datum, and in which order the grounds count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.doors.demonstration.place import example_folder
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, RequestId, ShelfId, SubjectId, VersionId
from gestand.publication.folder import read_statement
from gestand.rights.bylaw import ask_retention
from gestand.rights.model import DatumDecision, Decision
from gestand.rights.rules import plan_erasure, strongest
from gestand.vault.model import Hold, Holding

TODAY = date(2026, 12, 7)
POLICY = read_statement(Path(example_folder())).policy
REQUEST = RequestId("req_aaaaaaaaaaaaaaaa")
SUBJECT = SubjectId("sub_aaaaaaaaaaaaaaaa")


def holding(field: str, shelf: str, *purposes: str, number: int = 1, due: date | None = None,
            trigger: date | None = None, dossier: str = "", restricted: bool = False) -> Holding:  # fmt: skip
    return Holding(
        item=ItemId(f"itm_aaaaaaaaaaaaaaaa_{number}"), subject=SUBJECT, field=FieldPath(field),
        purposes=tuple(PurposeId(p) for p in purposes), shelf=ShelfId(shelf), source="customer",
        collected_at=datetime(2026, 11, 1, 9, tzinfo=UTC), version=VersionId(POLICY.version), trigger_on=trigger, due=due,
        dossier=dossier, restricted=restricted, restriction_reason="", objections=(), rectified_at=None, rectified_by=None,
        rectified_why="",
    )  # fmt: skip


def hold(until: date | None, *items: str, reason: str = "geschil") -> Hold:
    placed = datetime(2026, 11, 2, 9, tzinfo=UTC)
    return Hold(f"hld_{reason}", tuple(map(ItemId, items)), reason, ActorId("owner"), placed, until)


def judge(one: Holding, *holds: Hold, running: frozenset[str] = frozenset()) -> DatumDecision:
    plan = plan_erasure(
        REQUEST, [one], policies={POLICY.version: POLICY}, holds=strongest(holds, TODAY), running=running,
        by_law=ask_retention, on=TODAY,
    )  # fmt: skip
    [decision] = plan.decisions
    return decision


def test_a_name_that_nothing_needs_any_more_is_erased():
    assert judge(holding("contact.name", "customer", "service")).decision is Decision.ERASE


def test_an_invoice_stays_seven_years_by_the_tax_law_and_says_so():
    kept = judge(holding("payment.invoice", "administration", "administration", trigger=date(2026, 12, 2)))
    assert kept.decision is Decision.KEEP
    assert kept.until == date(2033, 12, 31)
    assert "AWR 52" in kept.ground
    assert kept.ground.count("17(3)") == 1
    assert kept.title.nl == "wat u kocht en betaalde"


def test_the_contact_point_of_a_request_stays_as_proof_from_the_day_of_the_answer():
    kept = judge(holding("contact.email", "request-file", "rights"))
    assert kept.decision is Decision.KEEP
    assert kept.until == date(2031, 12, 7)
    assert "17(3)(e)" in kept.ground
    assert "bewijs" in kept.why.nl


def test_a_mail_that_explains_an_invoice_stays_though_general_mail_would_go():
    kept = judge(holding("correspondence.message", "mail-administration", "mail-administration", due=date(2034, 1, 1)))
    assert (kept.decision, kept.until) == (Decision.KEEP, date(2033, 12, 31))


@pytest.mark.parametrize("dossier", ["dos_job", ""])
def test_what_a_running_job_needs_stays_while_it_runs(dossier: str):
    one = holding("contact.street", "customer", "service", dossier=dossier)
    assert judge(one, running=frozenset({"dos_job"})).decision is Decision.KEEP
    assert judge(one, running=frozenset()).decision is Decision.ERASE


def test_a_running_job_keeps_no_subscription_and_nothing_of_another_dossier():
    assert judge(holding("contact.email", "subscription", "newsletter"), running=frozenset({"dos_job"})).decision is (
        Decision.ERASE
    )
    other = holding("service.request", "customer", "service", dossier="dos_old")
    assert judge(other, running=frozenset({"dos_job"})).decision is Decision.ERASE


def test_a_hold_outranks_everything_and_is_explained_without_telling_why_it_was_placed():
    one = holding("contact.name", "customer", "service")
    dispute = judge(one, hold(None, one.item, reason="rechtszaak"))
    secret = judge(one, hold(None, one.item, reason="vordering 126nd Sv"))
    assert dispute.decision is Decision.KEEP
    assert replace(secret, holding=dispute.holding) == dispute
    assert "17(3)(b), (e)" in dispute.ground
    assert "Is dat voorbij?" in dispute.why.nl


def test_what_stays_says_until_when_also_without_a_day():
    one = holding("payment.invoice", "administration", "administration")
    plan = plan_erasure(
        REQUEST, [one], policies={POLICY.version: POLICY}, holds={}, running=(), by_law=lambda *_: None, on=TODAY
    )
    [unending] = plan.decisions
    assert (unending.decision, unending.until) == (Decision.KEEP, None)
    assert "Wij wissen het zodra dat mag." in unending.why.nl
    assert "We erase it as soon as we may." in unending.why.en


def test_of_several_holds_the_one_that_lasts_longest_counts_and_an_ended_one_never():
    item = "itm_aaaaaaaaaaaaaaaa_1"
    ended, short, long, open_ = (
        hold(TODAY - timedelta(days=1), item), hold(TODAY, item), hold(date(2030, 1, 1), item), hold(None, item)
    )  # fmt: skip
    assert strongest([short, ended], TODAY)[ItemId(item)] is short
    assert strongest([long, short, ended], TODAY)[ItemId(item)] is long
    assert strongest([open_, long], TODAY)[ItemId(item)] is open_
    assert strongest([long, open_, ended], TODAY)[ItemId(item)] is open_
    assert strongest([ended], TODAY) == {}


DATA = st.builds(
    holding,
    st.sampled_from(POLICY.field_paths()),
    st.sampled_from(sorted(POLICY.shelves)),
    st.sampled_from(sorted(POLICY.purposes)),
    number=st.integers(1, 10**6),
    due=st.none() | st.dates(date(2026, 12, 8), date(2040, 1, 1)),
    trigger=st.none() | st.dates(date(2019, 1, 1), TODAY),
    dossier=st.sampled_from(["", "dos_1", "dos_2"]),
)


@settings(max_examples=100, deadline=None)
@given(DATA, st.sets(st.sampled_from(["dos_1", "dos_2"])))
def test_nothing_stays_without_ground_and_words_and_what_a_hold_keeps_is_never_erased(one, running):
    decided = judge(one, running=frozenset(running))
    assert decided.ground
    assert decided.why.nl
    assert decided.why.en
    if decided.decision is not Decision.ERASE and decided.until is not None:
        assert decided.until >= TODAY
    assert judge(one, hold(None, one.item), running=frozenset(running)).decision is Decision.KEEP


@settings(max_examples=50, deadline=None)
@given(st.lists(DATA, max_size=6, unique_by=lambda one: one.item), st.randoms(use_true_random=False))
def test_the_digest_of_a_plan_is_that_of_its_decisions_in_any_order(data, random):
    def digest(of: list[Holding]) -> str:
        return plan_erasure(
            REQUEST, of, policies={POLICY.version: POLICY}, holds={}, running=(), by_law=ask_retention, on=TODAY
        ).digest

    shuffled = data[:]
    random.shuffle(shuffled)
    assert digest(data) == digest(shuffled)
