from datetime import UTC, date, datetime

from gestand.law import terms, terms_hours
from gestand.law.term_words import in_dutch

CERTAIN = datetime(2026, 3, 27, 22, 45, tzinfo=UTC)


def test_a_day_is_named_in_full_and_the_own_target_where_it_is_earlier():
    assert in_dutch(terms.refusal_notice_due(date(2025, 6, 10))) == "Uiterlijk donderdag 10 juli 2025."
    assert in_dutch(terms.refusal_notice_due(date(2025, 3, 5))) == (
        "Uiterlijk maandag 7 april 2025. Houd zelf zaterdag 5 april 2025 aan."
    )


def test_hours_are_given_on_the_dutch_clock():
    assert in_dutch(terms_hours.authority_notice_due(CERTAIN)).startswith(
        "Uiterlijk dinsdag 31 maart 2026 om 00.45 uur. Houd zelf maandag 30 maart 2026 om 23.45 uur aan."
    )


def test_a_late_notice_says_so_and_what_to_add():
    late = in_dutch(terms_hours.authority_notice_due(CERTAIN, notified_at=datetime(2026, 4, 2, tzinfo=UTC)))
    assert "De melding is te laat. Zet erbij waarom." in late


def test_no_number_in_the_law_is_never_told_as_one():
    assert in_dutch(terms_hours.subjects_notice_due(CERTAIN)).startswith("De wet noemt geen termijn: zo snel mogelijk.")
    assert in_dutch(terms.petition_without_answer()) == "Er loopt geen termijn."
