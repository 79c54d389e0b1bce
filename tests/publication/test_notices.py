"""Whom a wider version concerns: by what changed, datum by datum; who is not touched is not written to."""

from __future__ import annotations

import pytest

from gestand.doors.demonstration.place import example_folder
from gestand.publication.folder import read_statement
from gestand.publication.notices import concerned, said_of
from gestand.statement.model import Change, Statement


@pytest.fixture(scope="module")
def new() -> Statement:
    return read_statement(example_folder())


def of(new: Statement, what: str, after: str = "", kind: str = "enlarging"):
    return concerned([Change(kind, what, "", after)], new)  # type: ignore[arg-type]


def test_each_kind_of_widening_concerns_whom_it_touches(new: Statement):
    kept = of(new, "shelf mail: period")
    assert kept.touches("contact.email", "mail", ())
    assert not kept.touches("contact.email", "customer", ("service",))
    widened = of(new, "purpose newsletter: recipient added")
    assert widened.touches("contact.email", "customer", ("newsletter",))
    assert not widened.touches("contact.email", "customer", ("service",))
    added = of(new, "purpose added", "newsletter")
    assert added.touches("contact.email", "customer", ())
    assert not added.touches("finance.iban", "customer", ())
    assert of(new, "controller").touches("any.field", "any", ())


def test_a_recipient_concerns_who_is_in_a_purpose_that_uses_it(new: Statement):
    purpose, recipient = next((name, one.recipients[0]) for name, one in new.policy.purposes.items() if one.recipients)
    found = of(new, "recipient added", recipient)
    assert found.touches("x.y", "z", (purpose,))
    assert not found.touches("x.y", "z", ("no-such-purpose",))


@pytest.mark.parametrize("kind", ["narrowing", "neutral"])
def test_what_does_not_widen_concerns_nobody(new: Statement, kind: str):
    assert of(new, "controller", kind=kind).nobody
    assert of(new, "shelf mail: period", kind=kind).nobody


def test_what_is_not_held_yet_concerns_nobody(new: Statement):
    assert of(new, "category added", "location").nobody
    assert of(new, "purpose newsletter: subjects added", "prospect").nobody


def test_a_change_is_told_by_its_title(new: Statement):
    title = new.policy.shelves["mail"].title
    longer = Change("enlarging", "shelf mail: period", "2 years", "3 years")
    assert said_of(longer, new, "nl") == f"Bewaren: {title.nl} (2 jaar → 3 jaar)"
    assert said_of(Change("enlarging", "purpose added", "", "newsletter"), new, "en").startswith("A new purpose: ")
    assert (
        said_of(Change("enlarging", "clause C9: withdrawn", "a", "b"), new, "nl")
        == "Een toezegging of gegeven in de verklaring verandert"
    )
