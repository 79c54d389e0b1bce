"""What changed in meaning is read by people: titles instead of names, periods in words, all in the language of the page."""

from __future__ import annotations

import re

import pytest

from gestand.doors.demonstration.place import example_folder
from gestand.doors.web.meaning import meanings
from gestand.evidence.registry import controls
from gestand.publication.folder import read_statement
from gestand.publication.notices import said_of
from gestand.statement.compare import compare
from gestand.statement.model import Change, Statement
from gestand.statement.policy import LawfulBasis


@pytest.fixture(scope="module")
def new() -> Statement:
    return read_statement(example_folder())


def told(new: Statement, language: str, what: str, before: str = "", after: str = "") -> tuple[str, str, str]:
    [found] = meanings([Change("enlarging", what, before, after)], new, new, language)
    return found.what, found.before, found.after


def test_a_longer_period_is_told_by_the_title_of_its_shelf(new: Statement):
    title = new.policy.shelves["mail"].title
    assert told(new, "nl", "shelf mail: period", "6 months", "1 year from the end of the year") == (
        f"Bewaartermijn “{title.nl}”: hoe lang", "6 maanden", "1 jaar vanaf het einde van het jaar",
    )  # fmt: skip
    assert told(new, "en", "shelf mail: period", "6 months", "1 year")[1:] == ("6 months", "1 year")


def test_a_field_a_recipient_and_a_basis_are_told_by_what_they_are_called(new: Statement):
    purpose = next(iter(new.policy.purposes))
    field = new.policy.field("contact.email")
    assert field is not None
    what, _, after = told(new, "nl", f"purpose {purpose}: field added", "", "contact.email")
    assert what == f"Doel “{new.policy.purposes[purpose].title.nl}”: gegeven, erbij"
    assert after == field.title.nl
    assert told(new, "nl", f"purpose {purpose}: basis", "contract", "consent")[1:] == (
        "een overeenkomst met u",
        "uw toestemming",
    )
    recipient = next(iter(new.policy.recipients))
    assert new.policy.recipients[recipient].title.nl in told(new, "nl", "recipient removed", recipient)[1]


def test_a_promise_that_went_and_what_keeps_one(new: Statement):
    assert told(new, "nl", "clause gone: absent", "Wij doen dit.", "absent") == (
        "Zin gone: er niet meer",
        "Wij doen dit.",
        "afwezig",
    )
    kept = controls()["statement-history-kept"].title
    assert told(new, "nl", "clause C3: kept-by", "statement-history-kept", "nothing")[1:] == (kept.nl, "niets")
    assert told(new, "en", "clause C3: kept-by", "statement-history-kept", "no-longer-built")[1:] == (
        kept.en,
        "no-longer-built",
    )
    assert told(new, "nl", "language en", "absent", "added") == ("Taal Engels", "afwezig", "erbij")


def test_a_clause_and_its_note_are_read_in_the_language_of_the_page(new: Statement):
    clause, note = next(
        (name, one)
        for name, one in new.policy.clauses.items()
        if one.status == "mended" and new.text("en").clause(name)
    )
    for language in ("nl", "en"):
        text = new.text(language).clause(clause)
        assert text is not None
        _, before, after = told(
            new, language, f"clause {clause}: mended", "whatever", f"whatever (mended: {note.reason.en})"
        )
        assert before == text.text
        assert after.startswith(text.text)
        assert note.reason.into(language) in after


def test_words_of_the_policy_are_told_in_the_language_of_the_page(new: Statement):
    purpose, one = next((name, one) for name, one in new.policy.purposes.items() if one.consent_text is not None)
    assert one.consent_text is not None
    assert told(new, "nl", f"purpose {purpose}: consent text", "x", "y")[2] == one.consent_text.nl
    assert told(new, "nl", f"purpose {purpose}: title", "x", "y")[2] == one.title.nl
    assert told(new, "nl", "rights: identity", "x", "y")[2] == new.policy.rights.identity.nl


def test_what_nobody_knows_is_shown_as_it_is(new: Statement):
    assert told(new, "nl", "something else", "a", "b") == ("Something else", "a", "b")
    assert told(new, "nl", "shelf gone: period", "long", "longer") == ("Bewaartermijn gone: hoe lang", "long", "longer")


def test_every_change_that_compare_can_tell_has_dutch_words(new: Statement):
    """Every value of the policy is changed at once, and no English word of the comparison is left."""
    texts = dict(new.policy.purposes)
    first, *rest = texts.items()
    purpose = first[1].model_copy(update={"basis": LawfulBasis.CONSENT, "ground": "AVG 6(1)(a)", "marketing": not first[1].marketing, "channels": ("email", "post"),
                                          "shelf": next(name for name in new.policy.shelves if name != first[1].shelf), "subjects": ("iedereen",)})  # fmt: skip
    shelves = {
        name: one.model_copy(update={"ground": "anders", "then": None}) for name, one in new.policy.shelves.items()
    }
    recipients = {
        name: one.model_copy(update={"country": "US", "role": "controller", "transfer": "x"})
        for name, one in list(new.policy.recipients.items())[1:]
    }
    policy = new.policy.model_copy(update={"purposes": {first[0]: purpose, **dict(rest[1:])}, "shelves": shelves, "recipients": recipients,
                                           "breach": new.policy.breach.model_copy(update={"authority_within_hours": 71, "subjects_within_hours": 719})})  # fmt: skip
    other = Statement(**{**{name: getattr(new, name) for name in new.__slots__}, "policy": policy})
    changes = compare(new, other)
    assert len(changes) > 20
    for one in meanings(changes, new, other, "nl"):
        named = re.sub(r"“[^”]*”", "", one.what)
        assert not re.search(
            r"\b(purpose|shelf|recipient|added|removed|field|channel|ground|country|hours|category)\b", named
        ), one


def test_the_notice_to_those_concerned_says_periods_in_their_language(new: Statement):
    change = Change("enlarging", "shelf mail: period", "6 months", "12 months")
    assert said_of(change, new, "nl").endswith("(6 maanden → 12 maanden)")
    assert said_of(change, new, "en").endswith("(6 months → 12 months)")
