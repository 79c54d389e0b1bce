"""A role lets somebody do what its purposes need, and no more: nobody writes over what no purpose of theirs opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gestand.doors.office.pages import card, correcting
from gestand.doors.office.visit import Visit
from gestand.kernel.errors import RefusedError, UsageError
from gestand.statement.policy import FieldKind


@pytest.fixture
def acting(visit, monkeypatch):
    """Return a visit by somebody who may act for some purposes alone, at the card of Anna."""
    [anna] = visit.house.vault.find(FieldKind.EMAIL, "anna@example.nl")

    def at(*purposes: str, **form: str) -> Visit:
        monkeypatch.setattr(Visit, "purposes", lambda _visit: purposes)
        return replace(visit, params={"subject": anna}, form=form, many={})

    return at


def item_of(visit: Visit, field: str, address: str = "anna@example.nl"):
    [subject] = visit.house.vault.find(FieldKind.EMAIL, address)
    return next(one.item for one in visit.house.vault.holdings(subject) if one.field == field)


def refused(verb, visit: Visit) -> str:
    with pytest.raises((RefusedError, UsageError)) as fault:
        verb(visit)
    return fault.value.code


@pytest.mark.parametrize("field", ["contact.email", "contact.street"])
def test_a_purpose_that_opens_a_datum_is_needed_to_write_over_it(acting, field):
    item = item_of(acting(), field)
    form = {"purpose": "newsletter", "item": item, "value": "nina@example.org", "why": "asked", "sure": "in-person"}
    assert refused(correcting.rectify, acting("newsletter", **form)) == "purpose-field"
    assert acting().house.vault.find(FieldKind.EMAIL, "nina@example.org") == ()


def test_who_says_to_be_sure_of_a_new_address_shows_a_key_first(acting):
    item = item_of(acting(), "contact.email")
    form = {"purpose": "service", "item": item, "value": "anna.nieuw@example.nl", "why": "moved", "sure": "in-person"}
    there = acting("service", **form)
    long_ago = replace(there, session=replace(there.session, fresh=there.now - timedelta(hours=1)))
    assert refused(correcting.rectify, long_ago) == "not-fresh"
    correcting.rectify(there)
    assert len(there.house.vault.find(FieldKind.EMAIL, "anna.nieuw@example.nl")) == 1


def test_a_role_gives_no_consent_and_takes_no_objection_back_for_a_purpose_that_it_has_not(acting):
    vault = acting().house.vault
    [anna] = vault.find(FieldKind.EMAIL, "anna@example.nl")
    before = vault.consents(anna)
    assert "offers-mail" not in before
    assert refused(card.choose, acting("service", about="offers-mail", choice="consent")) == "role-purpose"
    assert vault.consents(anna) == before
    card.choose(acting("service", about="offers-mail", choice="object"))  # to stop it is refused to nobody
    assert refused(card.choose, acting("service", about="offers-mail", choice="withdraw-objection")) == "role-purpose"
    assert "offers-mail" in vault.objections(anna)
    card.choose(acting("offers-mail", about="offers-mail", choice="withdraw-objection"))
    card.choose(acting("offers-mail", about="offers-mail", choice="consent"))
    card.choose(acting("service", about="offers-mail", choice="withdraw-consent"))
    assert vault.consents(anna) == before


def test_a_restriction_is_lifted_by_who_answers_people_alone(acting):
    vault, form = acting().house.vault, {"item": item_of(acting(), "contact.email"), "why": "contested"}
    card.restrict(acting("service", **form))
    for lifting in (form, {"why": "x"}):
        assert refused(card.restrict, acting("service", **lifting, release="1")) == "role-purpose"
    assert vault.item(form["item"]).restricted
    card.restrict(acting("rights", **form, release="1"))
    assert not vault.item(form["item"]).restricted


def test_a_hold_reaches_data_of_the_person_in_the_path_alone(acting):
    house, other = acting().house, item_of(acting(), "contact.email", "daan@example.nl")
    there = replace(acting("service", why="dispute"), many={"item": (item_of(acting(), "contact.email"), other)})
    assert refused(card.hold, there) == "item-unknown"
    [daan] = house.vault.find(FieldKind.EMAIL, "daan@example.nl")
    assert house.vault.holds(daan) == ()
