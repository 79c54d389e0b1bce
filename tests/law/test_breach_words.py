import pytest

from gestand.law.breach_words import Kind, kind_of, names_vulnerable, rough_count


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("e-mail", Kind.BASIC),
        ("contact data", Kind.BASIC),
        ("date of birth", Kind.PERSONAL),
        ("insurance type and amount", Kind.PERSONAL),
        ("food preferences", Kind.ARGUABLE),
        ("hashed password", Kind.CREDENTIAL),
        ("wage", Kind.MONEY),
        ("credit card", Kind.PAYMENT),
        ("social_security number", Kind.IDENTITY_NUMBER),
        ("kopie paspoort", Kind.IDENTITY_NUMBER),
        ("health remark", Kind.SPECIAL),
        ("geloof", Kind.SPECIAL),
        ("qwerty", None),
    ],
)
def test_the_weightiest_kind_of_words(words, kind):
    assert kind_of(words) is kind


def test_food_stays_arguable_only_where_that_is_stated():
    assert kind_of("food wishes (health)") is Kind.SPECIAL
    assert kind_of("food wishes (health)", arguable=True) is Kind.ARGUABLE
    assert kind_of("health", arguable=True) is Kind.SPECIAL


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("a few dozen", 60),
        ("two dozen", 24),
        ("several thousand", 1000),
        ("60,000 jobseekers", 60000),
        ("customers", None),
        ("n", None),
        ("9" * 6000, 999999999999),
    ],
)
def test_numbers_in_words_are_read_on_the_high_side(words, number):
    assert rough_count(words) == number


def test_children_and_patients_are_vulnerable():
    assert names_vulnerable("children of a day-care")
    assert names_vulnerable("patiënten")
    assert not names_vulnerable("insurance customers")
