"""A term that has run out is not opened again by stating another moment, or by judging a risk lower afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from breach_house import BreachHouse, open_breach_house
from gestand.breach.affected import Reach
from gestand.breach.notices import Audience, DueNotice
from gestand.breach.telling import Told
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import SubjectId
from intake_house import OWNER

STOLEN = {
    "incident": "theft_device", "cause": "external_malicious", "recipient": "unknown", "recipients": 1, "subjects": 1,
    "data": ["name", "address", "date of birth"], "encrypted_at_rest": "no", "special_categories": False, "national_id": True,
}  # fmt: skip
"""A high risk: people must be told."""
MISSENT = {
    "incident": "enveloping_machine",
    "cause": "internal_non_malicious",
    "recipient": "known",
    "national_id": False,
}
"""What turns it into a risk of which people need not hear."""
SAFE = {"encrypted_at_rest": "state_of_the_art", "key_safe": True}
"""What turns it into no risk at all, once that is confirmed."""


@pytest.fixture
def house(tmp_path) -> Iterator[BreachHouse]:
    with open_breach_house(tmp_path / "org") as opened:
        yield opened


@pytest.fixture
def anna(house: BreachHouse) -> SubjectId:
    return house.house.admit(contact__name="Anna de Vries", contact__email="anna@example.nl")


def due(house: BreachHouse, breach: str) -> dict[Audience, DueNotice]:
    return {one.audience: one for one in house.breaches.due(house.breaches.case(breach))}


def stolen(house: BreachHouse, anna: SubjectId) -> str:
    """Report a theft of which the whole judgement is there at once."""
    reported = house.reported()
    house.written(reported)
    breach = reported.id
    house.breaches.state_facts(breach, STOLEN, actor=OWNER)
    house.breaches.count_people(breach, Reach(subjects=(anna,)), actor=OWNER)
    assert due(house, breach)[Audience.PEOPLE].owed
    return breach


def test_awareness_that_is_stated_later_lengthens_no_term_and_both_moments_stay(house: BreachHouse):
    breach = house.reported().id
    first = house.now
    house.breaches.state_aware(breach, first, "de ontvanger belde", actor=OWNER)
    later = house.later(days=14)
    house.breaches.state_aware(breach, later, "toen hebben wij het pas besproken", actor=OWNER)
    notice = due(house, breach)[Audience.AUTHORITY]
    assert (notice.due, notice.late) == (first + timedelta(hours=72), True)
    assert "vroeger moment" in notice.why.nl
    case = house.breaches.case(breach).breach
    assert (case.aware_at, case.counted_from) == (later, first)
    with pytest.raises(RefusedError, match="reasons for the delay"):
        house.breaches.submit(breach, reference="2026-9", actor=OWNER)
    [line] = house.breaches.register(actor=OWNER)
    assert "pas besproken" in line.entry["aware"]
    assert "eerder vastgesteld" in line.entry["aware"]


def test_awareness_that_is_corrected_to_an_earlier_moment_counts(house: BreachHouse):
    breach = house.reported().id
    earlier = house.now
    house.breaches.state_aware(breach, house.later(hours=10), "het log liet het zien", actor=OWNER)
    house.breaches.state_aware(breach, earlier, "een medewerker wist het al", actor=OWNER)
    assert due(house, breach)[Audience.AUTHORITY].due == earlier + timedelta(hours=72)


def test_people_who_were_not_told_in_time_stay_so_when_the_risk_is_judged_lower_and_higher_again(house, anna):
    breach = stolen(house, anna)
    hour = house.now + timedelta(hours=24)
    house.later(days=10)
    house.breaches.state_facts(breach, MISSENT, actor=OWNER)
    notice = due(house, breach)[Audience.PEOPLE]
    assert (notice.owed, notice.late, notice.due, notice.waiting) == (False, True, hour, False)
    house.later(days=3)
    house.breaches.state_facts(breach, STOLEN, actor=OWNER)
    assert (due(house, breach)[Audience.PEOPLE].owed, due(house, breach)[Audience.PEOPLE].due) == (True, hour)
    house.breaches.told(breach, Told("telephone"), actor=OWNER)
    assert due(house, breach)[Audience.PEOPLE].late


def test_a_high_risk_that_was_a_mistake_and_lowered_in_time_is_not_late_and_a_new_one_has_its_own_hours(house, anna):
    breach = stolen(house, anna)
    house.later(hours=23)
    house.breaches.state_facts(breach, MISSENT, actor=OWNER)
    house.later(days=10)
    assert Audience.PEOPLE not in due(house, breach)
    seen = house.now
    house.breaches.state_facts(breach, STOLEN, actor=OWNER)
    notice = due(house, breach)[Audience.PEOPLE]
    assert (notice.due, notice.late) == (seen + timedelta(hours=24), False)


def test_a_short_break_begins_no_new_hours(house: BreachHouse, anna: SubjectId):
    breach = stolen(house, anna)
    house.later(hours=23)
    house.breaches.state_facts(breach, MISSENT, actor=OWNER)
    again = house.later(hours=2)
    house.breaches.state_facts(breach, STOLEN, actor=OWNER)
    assert due(house, breach)[Audience.PEOPLE].due == again + timedelta(hours=1)


def test_people_who_were_told_in_time_were_not_told_late_by_a_list_that_grew_afterwards(house: BreachHouse, anna):
    breach = stolen(house, anna)
    house.breaches.told(breach, Told("telephone"), actor=OWNER)
    house.later(days=3)
    house.breaches.state_facts(breach, MISSENT, actor=OWNER)
    bram = house.house.admit(contact__name="Bram Jansen")
    house.later(days=2)
    house.breaches.count_people(breach, Reach(subjects=(bram,)), actor=OWNER)
    assert not due(house, breach)[Audience.PEOPLE].late


def test_the_authority_that_was_owed_a_notice_past_the_hour_stays_untold_when_the_risk_turns_out_unlikely(house, anna):
    breach = stolen(house, anna)
    house.breaches.state_facts(breach, MISSENT, actor=OWNER)
    house.later(days=10)
    house.breaches.state_facts(breach, SAFE, actor=OWNER)
    house.breaches.confirm(breach, "de sleutel is nagekeken", actor=OWNER)
    notice = due(house, breach)[Audience.AUTHORITY]
    assert (notice.owed, notice.late) == (False, True)


def test_a_first_sitting_after_the_hour_that_ends_in_no_risk_leaves_nothing_late(house: BreachHouse, anna: SubjectId):
    breach = house.reported().id
    house.later(hours=80)
    house.breaches.count_people(
        breach, Reach(subjects=(anna,)), actor=OWNER
    )  # judged on the safer side: little is known
    house.later(hours=1)
    house.breaches.state_facts(breach, STOLEN | MISSENT | SAFE, actor=OWNER)
    house.breaches.confirm(breach, "de sleutel is nagekeken", actor=OWNER)
    notice = due(house, breach)[Audience.AUTHORITY]
    assert (notice.owed, notice.late) == (False, False)
