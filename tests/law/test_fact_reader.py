from datetime import date, datetime

from gestand.law.fact_reader import FactReader, facts_of, shown


def test_a_name_no_one_asked_for_is_unknown():
    facts = FactReader({"a": True, "b": 1, 3: "x"})
    assert facts.flag("a") is True
    assert facts.unknown() == ("3", "b")


def test_a_value_that_is_not_one_is_unknown_with_its_value():
    facts = FactReader({"a": "maybe", "b": True, "c": -1, "d": "2026-13-01", "e": [1], "f": 10**400, "g": {}})
    assert facts.flag("a") is None
    assert facts.count("b") is None
    assert facts.number("c") is None
    assert facts.moment("d") is None
    assert facts.texts("e") == ()
    assert facts.number("f") is None
    assert facts.choice("g", {"x": 1}) is None
    assert len(facts.unknown()) == 7
    assert all(len(entry) < 50 for entry in facts.unknown())


def test_absent_and_null_are_not_stated():
    facts = FactReader({"a": None})
    assert (facts.flag("a"), facts.count("b"), facts.text("c"), facts.texts("d")) == (None, None, None, ())
    assert facts.unknown() == ()
    assert not facts.has("a", "b")


def test_values_are_read_as_they_are_meant():
    facts = FactReader(
        {"a": " Known ", "b": 2.5, "c": ["x ", "y"], "d": "2026-01-31", "e": "2026-01-31T10:00:00+01:00", "f": True}
    )
    assert facts.choice("a", {"known": 1}) == 1
    assert facts.number("b") == 2.5
    assert facts.text("c") == "x; y"
    assert facts.moment("d") == date(2026, 1, 31)
    assert isinstance(facts.moment("e"), datetime)
    assert facts.choice("f", {"true": "yes"}) == "yes"


def test_facts_that_are_no_mapping_are_one_unreadable_fact():
    assert facts_of({}) == {}
    assert facts_of({"facts": None}) == {}
    assert facts_of({"facts": [1]}) == {"facts": [1]}


def test_a_long_value_is_shown_short():
    assert shown("x" * 100) == "x" * 39 + "…"
    assert shown(10**5000) == "a number too large"
