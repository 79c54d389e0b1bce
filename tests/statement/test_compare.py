from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law.periods import Period, Unit, keeping
from gestand.statement.compare import compare
from gestand.statement.compare_policy import longer
from gestand.statement.load import load_statement
from gestand.statement.model import Change
from statement.firm import POLICY, files

OLD = load_statement(files(), "old")


def changes(**what: tuple[str, str]) -> list[Change]:
    """What a change of meaning comes to; words alone left out."""
    return [c for c in compare(OLD, load_statement(files(**what), "new")) if ": words" not in c.what]


def test_a_version_does_not_differ_from_itself():
    assert compare(OLD, load_statement(files(), "elsewhere")) == ()


def test_lengthening_a_period_says_so_exactly_with_the_clause_that_speaks_it():
    (change,) = changes(policy=('"2 years"', '"30 months"'))
    assert change == Change("enlarging", "shelf customers: period", "2 years", "30 months", ("C3",))


ADDED_RECIPIENT = """\
[recipients.printer]
title = { nl = "Drukker Voorbeeld", en = "Drukker Voorbeeld" }
role = "processor"
why = { nl = "drukt", en = "prints" }
country = "US"
transfer = "AVG 46(2)(c)"
agreement = "x"

[rights]"""


TONE = """\
[categories.care.fields.tone]
title = { nl = "x", en = "x" }

[categories.care.fields.hearing]"""


@pytest.mark.parametrize(
    ("change", "kind", "what", "clauses"),
    [
        (('"2 years"', '"1 year"'), "narrowing", "shelf customers: period", ("C3",)),
        (('period = "2 years"', 'period = "2 years"\ncounts_from = "year_end"'), "enlarging", "shelf customers: period", ("C3",)),
        (('trigger = "last-contact"', 'trigger = "job-closed"'), "enlarging", "shelf customers: trigger", ("C3",)),
        (('trigger = "last-contact"', 'trigger = "last-contact"\nthen = "requests"'), "enlarging", "shelf customers: then", ("C3",)),
        (('basis = "contract"', 'basis = "public_task"'), "enlarging", "purpose tuning: basis", ("C2",)),
        (("[purposes.tuning.needs]", '[purposes.tuning.needs]\n"care.hearing" = { nl = "x", en = "x" }'), "enlarging",
         "purpose tuning: field added", ("C2",)),
        (('"contact.name" = { nl = "om te weten wie u bent", en = "to know who you are" }\n', ""), "narrowing",
         "purpose tuning: field removed", ("C2",)),
        (('recipients = ["host"]\n', ""), "narrowing", "purpose tuning: recipient removed", ("C2",)),
        (('channels = ["email"]', 'channels = ["email", "telephone"]'), "enlarging", "purpose offers: channel added", ("C2",)),
        (('channels = ["email"]', "channels = []"), "narrowing", "purpose offers: channel removed", ("C2",)),
        (("marketing = true", "marketing = false"), "narrowing", "purpose offers: marketing", ("C2",)),
        (("[rights]", ADDED_RECIPIENT), "enlarging", "recipient added", ("C4",)),
        (('country = "NL"', 'country = "US"\ntransfer = "AVG 45"'), "enlarging", "recipient host: country", ("C4",)),
        (('country = "NL"', 'country = "DE"'), "neutral", "recipient host: country", ("C4",)),
        (('role = "processor"', 'role = "controller"'), "enlarging", "recipient host: role", ("C4",)),
        (("special = true", "special = false"), "narrowing", "category care: special", ()),
        (("[categories.care.fields.hearing]", TONE), "enlarging", "category care: field added", ()),
        (("[breach]", '[cookies]\nallow = ["session"]\n\n[breach]'), "enlarging", "cookies: allowed added", ()),
        (("subjects_within_hours = 96", "subjects_within_hours = 720"), "enlarging", "breach: subjects within hours", ()),
        (('kind = "post"\n', 'kind = "post"\nrights = false\n'), "enlarging", "contact for requests removed", ()),
        (('name = "Jansen Pianostemmers"', 'name = "De Vries Pianos"'), "enlarging", "controller", ("C5",)),
        (('ground = "AVG 5(1)(e)"', 'ground = "BW 3:310"'), "neutral", "shelf customers: ground", ("C3",)),
        (('purposes = ["tuning", "pitch"]', 'purposes = ["tuning"]'), "narrowing", "role tuner: purpose removed", ()),
    ],
)  # fmt: skip
def test_each_change_of_the_policy_has_its_weight_and_its_clauses(change, kind, what, clauses):
    found = [c for c in changes(policy=change) if c.what == what]
    assert [(c.kind, set(c.clauses)) for c in found] == [(kind, set(clauses))], changes(policy=change)


def test_a_purpose_that_comes_is_enlarging_and_one_that_goes_is_narrowing():
    start, end = POLICY.index("[purposes.offers]"), POLICY.index("[purposes.rights]")
    fewer = load_statement(files(policy=(POLICY[start:end], "")), "fewer")
    assert ("narrowing", "purpose removed", "offers") in [(c.kind, c.what, c.before) for c in compare(OLD, fewer)]
    assert ("enlarging", "purpose added", "offers") in [(c.kind, c.what, c.after) for c in compare(fewer, OLD)]


def test_a_purpose_on_another_shelf_weighs_as_the_shelves_do():
    (moved,) = changes(policy=('shelf = "customers"\nrecipients', 'shelf = "requests"\nrecipients'))
    assert (moved.kind, moved.what) == ("enlarging", "purpose tuning: shelf")  # another trigger: in doubt enlarging


def test_words_alone_are_neutral():
    found = compare(OLD, load_statement(files(nl=("Wij plaatsen", "Wij zetten")), "new"))
    assert [(c.kind, c.what, c.clauses) for c in found] == [("neutral", "clause C1: words (nl)", ("C1",))]


def test_a_promise_kept_by_less_is_enlarging_and_by_more_is_narrowing():
    (less,) = changes(nl=("purpose-bound reads-logged", "purpose-bound"))
    assert (less.kind, less.what, less.clauses) == ("enlarging", "clause C2: kept-by", ("C2",))
    (more,) = changes(nl=("no-cookies", "no-cookies reads-logged"))
    assert more.kind == "narrowing"


@pytest.mark.parametrize(
    ("status", "kind"), [("withdrawn", "enlarging"), ("informative", "enlarging"), ("mended", "neutral")]
)
def test_a_promise_withdrawn_or_mended_is_told_with_its_reason(status, kind):
    note = f'[clauses.C1]\nstatus = "{status}"\nreason = {{ nl = "n", en = "the reason" }}\n\n[clauses.C5]'
    (change,) = changes(policy=("[clauses.C5]", note))
    assert (change.kind, change.what, change.clauses) == (kind, f"clause C1: {status}", ("C1",))
    assert "the reason" in change.after


def test_a_promise_that_is_gone_is_enlarging():
    found = files(nl=('- [Wij plaatsen **geen** cookies.]{#C1 kept-by="no-cookies"}\n', ""),
                  en=("- [We set **no** cookies.]{#C1}\n", ""))  # fmt: skip
    (change,) = compare(OLD, load_statement(found, "new"))
    assert (change.kind, change.what) == ("enlarging", "clause C1: absent")


PERIODS = st.builds(Period, st.integers(1, 60), st.sampled_from(Unit))
FROM = st.sampled_from(["event", "year_end"])


@settings(max_examples=60, deadline=None)
@given(PERIODS, FROM, PERIODS, FROM, st.dates(date(2021, 1, 1), date(2040, 12, 31)))
def test_a_period_that_is_not_called_longer_keeps_nothing_longer(old, old_from, new, new_from, event):
    later = keeping(event, new, new_from).until > keeping(event, old, old_from).until
    assert not later or longer(old, old_from, new, new_from) == "enlarging"


def test_the_same_period_in_other_words_is_no_change_of_meaning():
    assert longer(Period(1, Unit.YEARS), "event", Period(12, Unit.MONTHS), "event") == "neutral"
    assert longer(Period(28, Unit.DAYS), "event", Period(4, Unit.WEEKS), "event") == "neutral"
    assert longer(Period(30, Unit.DAYS), "event", Period(1, Unit.MONTHS), "event") == "enlarging"
    assert longer(Period(9999, Unit.YEARS), "event", Period(7, Unit.YEARS), "event") == "narrowing"
    assert timedelta(days=1461) == date(2025, 1, 1) - date(2021, 1, 1)
