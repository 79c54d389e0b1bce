"""Giving data and orders by authorities in the office: judged first, the least, sealed, and secret where it must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyrage
import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from gestand.backup.recipients import read_identities
from gestand.doors.office.pages import giving, orders, sharing, staff, today
from gestand.doors.office.table import routes
from gestand.kernel.errors import RefusedError, UsageError
from gestand.sharing import disclosing
from gestand.sharing.model import OrderState
from gestand.staff.model import Act
from gestand.staff.passwords import NewPassword, new_secret
from staff_house import keeper

DEMAND = {
    "authority": "public prosecutor", "article": "126nd Sv", "document": "letter of 4 December", "recipient": "authorities",
    "purpose": "orders", "subjects": "anna@example.nl", "k:written": "yes", "signed_by": "the prosecutor", "asks": "name",
}  # fmt: skip


def wish(visit, *, fields=("contact.name",), **more):
    form = {
        "recipient": "bookkeeper",
        "purpose": "administration",
        "subjects": "anna@example.nl",
        "form": "json",
        **more,
    }
    return replace(visit, form=form, many={"field": tuple(fields)})


def test_only_fields_that_the_statement_names_for_the_recipient_can_be_chosen(visit):
    shown = giving.choose(replace(visit, query={"recipient": "bookkeeper", "purpose": "administration"})).body.decode()
    policy = visit.policy
    offered = {path for path in policy.field_paths() if f'value="{path}"' in shown}
    assert offered
    assert offered <= set(policy.recipients["bookkeeper"].needs or policy.field_paths())
    assert 'value="tax-authority"' not in shown  # an authority gets something on an order alone


def test_a_dry_run_opens_nothing_and_says_what_would_go(visit):
    before = visit.house.ledger.head().size
    said = giving.judge(wish(visit)).body.decode()
    assert "De verklaring staat dit toe" in said
    against = giving.judge(wish(visit, fields=("repair.passcode", "contact.name"))).body.decode()
    assert "Dit gaat niet." in against
    assert "fields-outside-statement" in against
    assert visit.house.ledger.head().size == before


def test_what_is_given_is_sealed_to_the_recipient_and_noted(visit, place):
    key = pyrage.x25519.Identity.generate()
    with pytest.raises(RefusedError) as own:
        giving.give(wish(visit, sealed_to=str(key.to_public())))  # another one was agreed
    assert own.value.code == "key-not-agreed"
    answer = giving.give(wish(visit))
    assert b"Anna" not in answer.body
    assert b"Anna de Vries" in pyrage.decrypt(answer.body, read_identities([place.identity]))
    [*_, last] = visit.house.sharing.disclosures()
    assert (last.recipient, last.values, answer.filename) == ("bookkeeper", 1, f"{last.id}.json.age")
    with pytest.raises(RefusedError):
        giving.give(wish(replace(visit, person=replace(visit.person, roles=())), sealed_to=str(key.to_public())))
    with pytest.raises(UsageError):
        giving.give(wish(visit, subjects="niemand@example.org"))


def test_what_is_given_of_many_at_once_is_asked_first(visit, monkeypatch):
    monkeypatch.setattr(disclosing, "FEW", 0)
    person = keeper(visit.house, "Koos Koper")
    mine = wish(replace(visit, person=person))
    before = len(list(visit.house.sharing.disclosures()))
    assert giving.give(mine).location == "/office/nl/staff"
    assert len(list(visit.house.sharing.disclosures())) == before
    [asked] = [one for one in visit.house.staff.approvals.open(visit.now) if one.act is Act.EXPORT]
    visit.house.staff.give_approval(asked.id, giver=person)
    visit.house.clock.advance(visit.house.staff.approvals.waiting)
    assert giving.give(mine).filename


def take_in(visit, more=()):
    filled = replace(visit, form={**DEMAND, **dict(more)}, many={"field": ("contact.name", "contact.street")})
    return replace(visit, params={"order": orders.take_in(filled).location.rpartition("/")[2]})


def test_an_order_is_judged_looked_at_and_carried_out_with_the_least(visit):
    at = take_in(visit)
    assert "hier moet aan voldaan worden" in orders.order(at).body.decode()
    key = pyrage.x25519.Identity.generate()
    form = {"confirm": at.params["order"], "called_back": "on", "sealed_to": str(key.to_public())}
    least = replace(at, form=form, many={"field": ("contact.name",)})
    with pytest.raises(RefusedError) as unverified:
        orders.carry_out(replace(least, form={name: said for name, said in form.items() if name != "called_back"}))
    assert unverified.value.code.startswith("order-")
    with pytest.raises(RefusedError) as waiting:
        orders.carry_out(least)
    assert waiting.value.code == "order-waiting"
    visit.house.clock.advance(timedelta(minutes=visit.house.config.waiting_minutes + 1))
    package = pyrage.decrypt(orders.carry_out(least).body, [key])
    assert b"Anna de Vries" in package
    assert b"contact.street" not in package
    assert (
        next(one for one in visit.house.sharing.orders() if one.id == at.params["order"]).state
        is OrderState.CARRIED_OUT
    )


def test_an_unlawful_order_is_refused_with_a_letter(visit):
    at = take_in(visit, {"authority": "police officer", "k:written": "no", "k:oral": "yes"})
    assert "niet uit te voeren" in orders.order(at).body.decode()
    letter = orders.refuse(replace(at, form={"letter": "en"})).body.decode()
    assert "We do not give these data" in letter


def test_nothing_of_an_order_stands_where_somebody_else_can_see_it(visit):
    """A helper's pages are the same, byte for byte, with a secret order, its approval and what was given on it, and without."""
    staff_room = visit.house.staff
    secret = new_secret(visit.house.entropy)
    code = TOTP(secret, 6, SHA1(), 30).generate(int(visit.now.timestamp())).decode()  # noqa: S303 - RFC 6238
    entered = staff_room.enrol_password(
        staff_room.first_link(visit.policy), "", "Koos", NewPassword("koos", "een lang wachtwoord", secret, code)
    )
    helper = replace(visit, person=replace(entered.person, keeper=False))

    def pages() -> list[str]:
        return [view(helper).body.decode() for view in (sharing.sharing, today.today, staff.staff)]

    before = pages()
    at = take_in(visit, {"secret": "on"})
    visit.house.staff.ask_approval(Act.ORDER, at.params["order"], actor=visit.actor)
    assert pages() == before
    assert "geheim" in orders.orders(visit).body.decode()
    assert {route.audience for route in routes() if route.path.startswith("sharing/orders")} == {"keeper"}
    orders.lift(replace(at, form={"why": "brief van 1 februari"}))
    assert not next(one for one in visit.house.sharing.orders() if one.id == at.params["order"]).hidden(visit.today)


def test_an_agreement_that_nobody_recorded_as_signed_is_not_shown_as_one(visit):
    """The statement says what is agreed; whether it was, the register of agreements says."""
    recipients = visit.house.publication.in_force().policy.recipients
    agreed = visit.house.sharing.agreements
    page = sharing.sharing(visit).body.decode()
    row = {name: page.split(one.title.nl, 1)[1].split("</tr>")[0] for name, one in recipients.items()}
    open_ones = [name for name, one in recipients.items() if one.agreement and name not in agreed]
    assert open_ones
    assert all("nog niet vastgelegd dat die getekend is" in row[name] for name in open_ones)
    assert not any("nog niet vastgelegd" in row[name] for name in recipients if name not in open_ones)
