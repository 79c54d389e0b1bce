"""The judgement of giving as a property; what left stays away after a restore; a hold is not touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.backup.restoring import Copy
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place, example_folder
from gestand.kernel.ids import SYSTEM, ActorId, FieldPath, PurposeId, RecipientId
from gestand.ledger.model import Entry, Event
from gestand.publication.folder import read_statement
from gestand.sharing.agreements import CONTENTS, Agreement
from gestand.sharing.rules import judge_disclosure, judge_stated
from gestand.statement.policy import FieldKind, Recipient, Text
from gestand.system import forget_requests

OWNER = ActorId("owner")
STATEMENT = read_statement(example_folder())
POLICY = STATEMENT.policy
TODAY = date(2026, 12, 7)
NOON = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
AGREED = Agreement(name="B", signed=date(2026, 1, 1), contents=tuple(CONTENTS))
fields = st.lists(st.sampled_from([*POLICY.field_paths(), "contact.birthdate"]), min_size=1, max_size=6, unique=True)


@given(
    st.sampled_from(list(POLICY.recipients)),
    st.sampled_from(list(POLICY.purposes)),
    fields,
    st.booleans(),
    st.booleans(),
)
def test_only_what_purpose_and_recipient_both_need_is_ever_allowed(who, why, paths, on_order, right_ground):
    purpose, recipient = POLICY.purposes[why], POLICY.recipients[who]
    judged = judge_disclosure(
        STATEMENT, RecipientId(who), PurposeId(why), purpose.ground if right_ground else "because", tuple(map(FieldPath, paths)),
        AGREED, TODAY, on_order=on_order,
    )  # fmt: skip
    fits = (
        who in purpose.recipients
        and right_ground
        and all(POLICY.field(p) and purpose.allows(p) and (not recipient.needs or p in recipient.needs) for p in paths)
        and (recipient.role != "authority" or on_order)
    )
    assert judged.allowed is bool(fits)
    assert judged.allowed or all(one.clause for one in judged.against)


@pytest.mark.parametrize(
    ("stated", "agreed", "allowed"),
    [
        ("", "", False),
        ("GDPR 46(2)(c)", "", False),
        ("", "GDPR 46(2)(c)", False),
        ("GDPR 46(2)(c)", "GDPR 46(2)(c)", True),
    ],
)
def test_outside_the_eea_the_ground_must_be_stated_and_agreed(stated: str, agreed: str, allowed: bool):
    title = Text(nl="wolk", en="cloud")
    cloud = Recipient(title=title, role="processor", why=title, country="US", transfer=stated)
    purpose = POLICY.purposes["administration"].model_copy(update={"recipients": ("cloud",)})
    policy = POLICY.model_copy(
        update={"recipients": {"cloud": cloud}, "purposes": {**POLICY.purposes, "administration": purpose}}
    )
    judged = judge_disclosure(
        replace(STATEMENT, policy=policy), RecipientId("cloud"), PurposeId("administration"), "AWR 52", (FieldPath("contact.name"),),
        AGREED.model_copy(update={"country": "US", "transfer": agreed}), TODAY, on_order=False,
    )  # fmt: skip
    assert judged.allowed is allowed
    assert allowed or [one.code for one in judged.against] == ["transfer-without-ground"]


@pytest.mark.parametrize(
    "ground", ["legal_obligation", "AWR 52", "awr  52", "AVG 6(1)(c)", "AVG 6(1)(c); AWR 52; BW 3:15i"]
)
def test_a_ground_may_be_named_by_its_basis_its_words_or_one_of_its_articles(ground: str):
    found = judge_stated(
        STATEMENT,
        RecipientId("bank"),
        PurposeId("administration"),
        ground,
        (FieldPath("contact.name"),),
        on_order=False,
    )
    assert found == ()


def test_what_left_is_removed_again_from_a_restored_store(place: Place):
    house = place.open()
    known = {one.id for one in house.sharing.disclosures()} | {one.id for one in house.sharing.orders()}
    before = house.sharing.custodian.count()
    left = Event("sharing.left", NOON, SYSTEM, {"records": (*sorted(known), "shr_cccccccccccccccc")})
    gone = Event("request.expired", NOON, SYSTEM, {"request": "req_cccccccccccccccc"})
    entries = [Entry(at, b"", event) for at, event in enumerate((left, gone))]
    assert forget_requests(Copy(house.engine, house.vault, house.publication, house.clock), entries, 0) == len(known)
    assert house.sharing.custodian.count() == before - len(known)
    assert list(house.sharing.disclosures()) == []


def test_a_legal_hold_is_as_it_was_after_giving(place: Place):
    house = place.open()
    [anna] = house.vault.find(FieldKind.EMAIL, CAST[0].email)
    items = [holding.item for holding in house.vault.holdings(anna)]
    hold = house.vault.place_hold(items, reason="dispute", until=None, actor=OWNER)
    house.sharing.disclose(
        RecipientId("bookkeeper"),
        [anna],
        [FieldPath("contact.name")],
        PurposeId("administration"),
        "AWR 52",
        actor=OWNER,
    )
    assert house.vault.holds(anna) == (hold,)
