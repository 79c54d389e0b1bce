from datetime import date

from gestand.law.profile import LAW_REVIEWED, Rule, rules


def rule(first, last):
    return Rule("x", "term", "t", ("GDPR 1",), "s", "statute", True, first, last)


def test_a_rule_is_in_force_from_its_first_to_its_last_day():
    held = rule(date(2020, 1, 1), date(2020, 12, 31))
    assert held.in_force(date(2020, 1, 1))
    assert held.in_force(date(2020, 12, 31))
    assert not held.in_force(date(2019, 12, 31))
    assert not held.in_force(date(2021, 1, 1))
    assert rule(None, None).in_force(date(1900, 1, 1))


def test_the_registry_gathers_every_rule_once_with_its_source():
    found = rules()
    assert len({(one.id, one.valid_from) for one in found}) == len(found)
    assert {one.topic for one in found} >= {"term", "retention"}
    assert all(one.source and one.articles and one.title for one in found)
    assert {one.topic for one in rules("retention", LAW_REVIEWED)} == {"retention"}
    assert "term-breach-72-hours" in {one.id for one in rules(on=LAW_REVIEWED)}
    assert "term-breach-72-hours" not in {one.id for one in rules(on=date(2018, 5, 24))}
