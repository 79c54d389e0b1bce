"""An order is judged, verified, approved and kept to the least; and what the law does not oblige to is refused with a letter."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyrage
import pytest

from gestand.backup.recipients import read_identities
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place, example_folder
from gestand.doors.house import world_of
from gestand.evidence.controls.sharing import orders_checked
from gestand.evidence.model import Finding
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.law.dutch import in_dutch
from gestand.publication.folder import read_statement
from gestand.sharing import orders
from gestand.sharing.approvals import AloneAfterWaiting
from gestand.sharing.model import Demand, OrderState
from gestand.statement.policy import FieldKind
from gestand.system import System

OWNER = ActorId("owner")
ANNA = CAST[0]
HOUR = timedelta(minutes=61)
VERIFIED = {"identity_checked": True}


def subject(house: System) -> SubjectId:
    [found] = house.vault.find(FieldKind.EMAIL, ANNA.email)
    return found


def demand(place: Place, house: System, **other) -> Demand:
    plain = Demand(
        "tax inspector", "AWR 53", "name and address", "letter of today", place.clock(), RecipientId("tax-authority"),
        PurposeId("orders"), (FieldPath("contact.name"), FieldPath("contact.street")), (subject(house),),
        {"written": True, "third_party_tax": True},
    )  # fmt: skip
    return replace(plain, **other)


def test_a_lawful_order_is_carried_out_after_the_wait_with_a_fresh_yes(place: Place):
    house = place.open()
    order = house.sharing.receive_order(demand(place, house), actor=OWNER)
    assert order.against == ()
    place.clock.advance(HOUR)
    made = house.sharing.carry_out(order.id, actor=OWNER, proof=order.id, facts=VERIFIED)
    document = json.loads(pyrage.decrypt(made.sealed, read_identities([place.identity])))
    assert document["people"][0]["contact.street"] == [ANNA.street]
    done = next(one for one in house.sharing.orders() if one.id == order.id)
    assert (done.state, done.disclosure) == (OrderState.CARRIED_OUT, made.disclosure.id)
    assert done.approval is not None
    assert done.approval.waited >= 60
    assert done.leaves is not None
    assert done.leaves.year == place.clock().year + 5
    assert [shown.ground for shown in house.sharing.shared_with(subject(house))] == [made.disclosure.ground]
    assert orders_checked(world_of(house)).finding is Finding.KEPT


@pytest.mark.parametrize(
    ("wait", "typed", "facts", "code"),
    [
        (timedelta(0), True, VERIFIED, "order-waiting"),
        (HOUR, False, VERIFIED, "order-unconfirmed"),
        (HOUR, True, {}, "order-unverified"),
    ],
)
def test_no_order_is_carried_out_in_a_hurry_unread_or_unverified(place: Place, wait, typed, facts, code: str):
    house = place.open()
    order = house.sharing.receive_order(demand(place, house), actor=OWNER)
    place.clock.advance(wait)
    before = house.ledger.head().size
    with pytest.raises(RefusedError) as refused:
        house.sharing.carry_out(order.id, actor=OWNER, proof=order.id if typed else "yes", facts=facts)
    assert refused.value.code == code
    assert house.ledger.head().size == before


def test_no_setting_takes_the_wait_away(place: Place):
    house = place.open()
    hasty = house.sharing.approved_by(AloneAfterWaiting(place.clock, timedelta(0)))
    order = hasty.receive_order(demand(place, house), actor=OWNER)
    with pytest.raises(RefusedError) as refused:
        hasty.carry_out(order.id, actor=OWNER, proof=order.id, facts=VERIFIED)
    assert refused.value.code == "order-waiting"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"article": ""}, "no article of law is named"),
        ({"article": "Sv 126nd"}, "belongs to a public prosecutor"),
        ({"article": "Sv 999zz"}, "could not be read"),
        ({"authority": "the man next door"}, "could not be read"),
        ({"authority": "foreign authority"}, "no power here"),
        ({"facts": {"written": False, "third_party_tax": True}}, "not in writing"),
        ({"facts": {"written": True, "third_party_tax": False}}, "not"),
    ],
)
def test_what_the_law_does_not_oblige_to_is_refused_with_every_reason_and_the_clause(place: Place, changed, said: str):
    house = place.open()
    order = house.sharing.receive_order(demand(place, house, **changed), actor=OWNER)
    assert any(said in why for why in order.against), order.against
    place.clock.advance(HOUR)
    with pytest.raises(RefusedError) as refused:
        house.sharing.carry_out(order.id, actor=OWNER, proof=order.id, facts=VERIFIED)
    assert refused.value.code == "order-unlawful"
    assert refused.value.clause.startswith("C36")
    closed, letter = house.sharing.refuse_order(order.id, actor=OWNER)
    assert closed.state is OrderState.REFUSED
    assert "Wij geven deze gegevens niet" in letter
    said = (*closed.against, *closed.ask_for)
    assert all(in_dutch(one) in letter for one in said)
    assert not [one for one in said if one in letter], "a Dutch letter gives its reasons in Dutch"


def test_only_what_the_demand_reaches_is_given(place: Place):
    house = place.open()
    wanted = tuple(map(FieldPath, ("contact.name", "contact.street", "contact.email", "payment.invoice")))
    order = house.sharing.receive_order(
        demand(place, house, authority="police officer", article="126nc Sv", recipient=RecipientId("authorities"), fields=wanted,
               facts={"written": True}),
        actor=OWNER,
    )  # fmt: skip
    assert set(order.withhold) == {"contact.email", "payment.invoice"}
    place.clock.advance(HOUR)
    key = str(pyrage.x25519.Identity.generate().to_public())
    with pytest.raises(RefusedError) as refused:
        house.sharing.carry_out(
            order.id, actor=OWNER, proof=order.id, facts=VERIFIED, fields=[FieldPath("contact.email")], sealed_to=key
        )
    assert refused.value.code == "order-beyond"
    made = house.sharing.carry_out(order.id, actor=OWNER, proof=order.id, facts=VERIFIED, sealed_to=key)
    assert set(made.disclosure.fields) == {"contact.name", "contact.street"}


@pytest.mark.parametrize(
    ("article", "facts", "reached"),
    [("126nd Sv", {"written": True}, False), ("126nf Sv", {"written": True, "machtiging_rc": True}, True)],
)
def test_what_the_policy_calls_special_needs_the_examining_magistrate(article: str, facts, reached: bool):
    policy = read_statement(example_folder()).policy
    categories = {**policy.categories, "service": policy.categories["service"].model_copy(update={"special": True})}
    asked = Demand(
        "public prosecutor", article, "", "vordering", datetime(2026, 12, 7, tzinfo=UTC), RecipientId("authorities"),
        PurposeId("orders"), (FieldPath("contact.name"), FieldPath("service.notes")), (), facts,
    )  # fmt: skip
    special = orders._special(policy.model_copy(update={"categories": categories}), asked)
    assert special == (frozenset() if reached else {"service.notes"})


def test_a_lawful_order_is_only_refused_with_a_reason_and_once(place: Place):
    house = place.open()
    order = house.sharing.receive_order(demand(place, house), actor=OWNER)
    with pytest.raises(RefusedError) as refused:
        house.sharing.refuse_order(order.id, actor=OWNER)
    assert refused.value.code == "order-lawful"
    _, letter = house.sharing.refuse_order(order.id, actor=OWNER, reason="withdrawn by the inspector", language="en")
    assert "withdrawn by the inspector" in letter
    with pytest.raises(RefusedError) as again:
        house.sharing.refuse_order(order.id, actor=OWNER, reason="once more")
    assert again.value.code == "order-closed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"purpose": PurposeId("curiosity")}, "purpose-unknown"), ({"received_at": None}, "order-moment")],
)
def test_an_order_that_cannot_be_is_not_taken_in(place: Place, changed, code: str):
    house = place.open()
    if "received_at" in changed:
        changed = {"received_at": place.clock() + HOUR}
    with pytest.raises(UsageError) as refused:
        house.sharing.receive_order(demand(place, house, **changed), actor=OWNER)
    assert refused.value.code == code
