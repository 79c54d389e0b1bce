from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vault_world import BOOKS, EMAIL, INVOICE, NEWS, NOTE, OFFERS, RIGHTS, SUPPORT, a_policy, a_statement

from gestand.kernel.ids import FieldPath, PurposeId
from gestand.vault.model import Why
from gestand.vault.rules import CONTROLS, Standing, forbidding, judge, judge_field

NOW = a_policy()
TODAY = date(2026, 3, 2)
FINE = {"erasing": False, "due": None, "held": False, "restricted": False, "objected": False, "consented": True}

standings = st.builds(
    Standing,
    erasing=st.booleans(),
    due=st.none() | st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    held=st.booleans(),
    restricted=st.booleans(),
    objected=st.booleans(),
    consented=st.booleans(),
)
purposes = st.sampled_from([SUPPORT, OFFERS, NEWS, BOOKS, RIGHTS])


@pytest.mark.parametrize(
    ("purpose", "field", "collected_for", "why"),
    [
        (SUPPORT, EMAIL, (), None),
        (SUPPORT, INVOICE, (), Why.NOT_NEEDED),
        (SUPPORT, EMAIL, (NEWS,), Why.NOT_COLLECTED_FOR),
        (NEWS, EMAIL, (NEWS,), None),
        (BOOKS, INVOICE, (SUPPORT,), None),
        (BOOKS, NOTE, (), Why.NOT_NEEDED),
        (RIGHTS, FieldPath("gone.field"), (NEWS,), None),
        (SUPPORT, FieldPath("gone.field"), (), Why.NOT_NEEDED),
    ],
)
def test_need_and_collecting(
    purpose: PurposeId, field: FieldPath, collected_for: tuple[PurposeId, ...], why: Why | None
) -> None:
    assert judge_field(NOW, NOW, purpose, field, collected_for) is why


@pytest.mark.parametrize(
    ("purpose", "change", "why"),
    [
        (SUPPORT, {}, None),
        (SUPPORT, {"erasing": True}, Why.KEY_DESTROYED),
        (SUPPORT, {"due": TODAY}, Why.PAST_SHELF),
        (SUPPORT, {"due": date(2026, 3, 3)}, None),
        (SUPPORT, {"due": TODAY, "held": True}, Why.PAST_SHELF),
        (BOOKS, {"due": TODAY, "held": True}, None),
        (BOOKS, {"due": TODAY}, Why.PAST_SHELF),
        (RIGHTS, {"restricted": True}, None),
        (RIGHTS, {"due": TODAY, "restricted": True}, None),
        (BOOKS, {"due": TODAY, "restricted": True}, Why.PAST_SHELF),
        (BOOKS, {"restricted": True}, Why.RESTRICTED),
        (OFFERS, {"objected": True}, Why.OBJECTED),
        (SUPPORT, {"objected": True}, None),
        (NEWS, {"consented": False}, Why.NO_CONSENT),
        (SUPPORT, {"consented": False}, None),
    ],
)
def test_standing(purpose: PurposeId, change: dict[str, object], why: Why | None) -> None:
    assert judge(NOW, purpose, None, Standing(**(FINE | change)), TODAY) is why  # type: ignore[arg-type]


@given(purposes, standings, st.sampled_from([None, Why.NOT_NEEDED, Why.NOT_COLLECTED_FOR]))
def test_nothing_opens_that_a_single_duty_forbids(purpose: PurposeId, standing: Standing, field: Why | None) -> None:
    opens = judge(NOW, purpose, field, standing, TODAY) is None
    if opens:
        assert field is None
        assert not standing.erasing
        stays = (standing.held and purpose in {BOOKS, RIGHTS}) or (standing.restricted and purpose == RIGHTS)
        assert standing.due is None or standing.due > TODAY or stays
        assert not standing.restricted or purpose == RIGHTS
        assert not (standing.objected and purpose == OFFERS)
        assert standing.consented or purpose != NEWS


@given(purposes, standings)
def test_a_duty_more_never_opens_what_was_closed(purpose: PurposeId, standing: Standing) -> None:
    from dataclasses import replace

    before = judge(NOW, purpose, None, standing, TODAY)
    for stricter in (
        replace(standing, erasing=True),
        standing if purpose == RIGHTS else replace(standing, restricted=True),  # then it stays, and they may have it
        replace(standing, objected=True),
        replace(standing, consented=False),
    ):
        assert before is None or judge(NOW, purpose, None, stricter, TODAY) is not None


def test_each_refusal_names_its_sentence_or_its_article() -> None:
    statement = a_statement()
    assert forbidding(statement, Why.RESTRICTED) == ("C3", "Beperkt is beperkt.")
    assert forbidding(statement, Why.KEY_DESTROYED)[0] == "C2"
    assert forbidding(statement, Why.OBJECTED) == ("Article 21 GDPR", "")
    assert set(CONTROLS) == set(Why)
