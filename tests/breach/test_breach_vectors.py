"""Every vector of the law on breaches, answered by the whole protocol: report, facts, judgement, confirmation, form, clock."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from breach_house import BreachHouse, open_breach_house
from gestand.breach.affected import Reach
from gestand.breach.containing import Pull
from gestand.breach.duties import duties_of
from gestand.breach.model import Case, Part
from gestand.breach.notices import Audience
from gestand.breach.telling import Told
from gestand.kernel.errors import RefusedError
from gestand.law.breach_people import PeopleDuty
from intake_house import OWNER

VECTORS = json.loads((Path(__file__).parents[1] / "law" / "vectors" / "breach.json").read_text("utf-8"))
CASES = [*VECTORS["edpb_01_2021_cases"], *VECTORS["annex_b_examples"], *VECTORS["authority_decisions"]]
SECTIONS = VECTORS["ap_form_sections"]["sections"]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with open_breach_house(tmp_path_factory.mktemp("vectors") / "org") as opened:
        yield opened


def through(house: BreachHouse, vector: dict[str, Any], name: str = "facts") -> Case:
    """Report what the vector tells, state its facts and confirm what a person has to."""
    breach = house.reported(vector.get("narrative") or vector.get("title") or vector.get("desc") or vector["id"])
    house.breaches.state_aware(breach.id, house.now, "gezien", actor=OWNER)
    judged = house.breaches.state_facts(breach.id, vector[name], actor=OWNER)
    if judged.to_confirm:
        before = duties_of(judged)
        assert before.authority or before.people is not PeopleDuty.NONE or not judged.is_breach
        house.breaches.confirm(breach.id, "nagekeken", actor=OWNER)
    return house.breaches.case(breach.id)


def owed(house: BreachHouse, case: Case) -> dict[Audience, Any]:
    return {notice.audience: notice for notice in house.breaches.due(case) if notice.owed}


def to_the_end(house: BreachHouse, case: Case) -> Case:
    """Do what is owed: contain, write, notify, tell, publish; then close, which is refused while anything is left."""
    breaches, breach, due = house.breaches, case.breach, owed(house, case)
    for lever in case.left():
        breaches.contain(breach.id, Pull(lever, "by-hand", note="gedaan"), actor=OWNER)
    house.written(breach)
    breaches.count_people(breach.id, Reach(others=3), actor=OWNER)
    judged = breaches.case(breach.id).assessed
    if judged.to_confirm:
        breaches.confirm(breach.id, "nagekeken", actor=OWNER)
    due = owed(house, breaches.case(breach.id))
    if due and breach.open:
        with pytest.raises(RefusedError) as early:
            breaches.close(breach.id, lessons="te vroeg", actor=OWNER)
        assert early.value.code == "breach-not-done"
    if Audience.AUTHORITY in due:
        breaches.submit(breach.id, reference="2026-1", actor=OWNER)
    if Audience.PEOPLE in due:
        breaches.told(breach.id, Told("post", others=3), actor=OWNER)
    if Audience.PUBLIC in due:
        breaches.publish(breach.id, actor=OWNER)
    if Audience.CONTROLLER in due:
        breaches.told_controller(breach.id, Told("email", others=1), actor=OWNER)
    breaches.close(breach.id, lessons="beter opletten", actor=OWNER)
    closed = breaches.case(breach.id)
    assert not closed.breach.open
    assert [one.audience for one in breaches.due(closed) if one.waiting] == []
    [line] = [one for one in breaches.register(actor=OWNER) if one.entry["id"] == breach.id]
    assert line.lacks == ()
    return closed


@pytest.mark.parametrize("vector", CASES, ids=lambda vector: vector["id"])
def test_a_case_of_the_guidelines_goes_through_the_whole_protocol(house: BreachHouse, vector: dict[str, Any]):
    case = through(house, vector)
    wanted = vector["expected"]
    due = owed(house, case)
    plain = {"yes": True, "no": False, "yes_lead_sa": True, True: True, False: False}
    if wanted["notify_sa"] in plain:
        assert (Audience.AUTHORITY in due) is plain[wanted["notify_sa"]]
    if wanted["communicate_ds"] in plain:
        assert bool({Audience.PEOPLE, Audience.PUBLIC} & set(due)) is plain[wanted["communicate_ds"]]
    if wanted["notify_sa"] == "controllers_yes_processor_informs_controllers":
        assert set(due) == {Audience.CONTROLLER}
        assert due[Audience.CONTROLLER].due == house.now + timedelta(hours=12)
    if Audience.AUTHORITY in due:
        assert due[Audience.AUTHORITY].due == case.breach.aware_at + timedelta(hours=72)
    form = house.breaches.form(case.breach.id, actor=OWNER)
    assert [(one.number, one.title) for one in form.sections] == [
        (int(head), title) for head, _, title in (section["sec"].partition(" ") for section in SECTIONS)
    ]
    [line] = [one for one in house.breaches.register(actor=OWNER) if one.entry["id"] == case.breach.id]
    assert line.entry["authority"].startswith("ja" if Audience.AUTHORITY in due else "nee")
    assert wanted["document_internally"]
    closed = to_the_end(house, case)
    assert bool(closed.submissions) is (Audience.AUTHORITY in due)
    assert bool(closed.notices) is bool({Audience.PEOPLE, Audience.PUBLIC, Audience.CONTROLLER} & set(due))


@pytest.mark.parametrize("vector", VECTORS["art34_3_vectors"], ids=lambda vector: vector["id"])
def test_the_exceptions_of_34_3_touch_people_alone(house: BreachHouse, vector: dict[str, Any]):
    case = through(house, vector)
    wanted, due = vector["expected"], owed(house, case)
    if "engine_result" in wanted:
        law = house.breaches.judgement(case.breach.id, actor=OWNER).assessment
        assert "34(3) put forward against 33(1)" in law.violations
        assert Audience.AUTHORITY in due
        return
    if wanted["sa_required"] is True:
        assert Audience.AUTHORITY in due
    if wanted["ds_required"] == "public_communication":
        assert Audience.PUBLIC in due
    else:
        assert (Audience.PEOPLE in due) is wanted["ds_required"]


def test_a_sub_processor_tells_upwards(house: BreachHouse):
    [vector] = [one for one in VECTORS["processor_vectors"] if one["id"] == "P04"]
    case = through(house, vector)
    assert set(owed(house, case)) == {Audience.CONTROLLER}
    law = house.breaches.judgement(case.breach.id, actor=OWNER).assessment
    assert any("processor above" in step for step in law.must_do)


def test_without_personal_data_it_is_no_breach_once_that_is_confirmed(house: BreachHouse):
    [vector] = [one for one in VECTORS["processor_vectors"] if one["id"] == "P05"]
    case = through(house, vector)
    assert not case.assessed.is_breach
    assert owed(house, case) == {}
    assert not duties_of(case.assessed).register


def test_what_was_left_out_of_another_register_is_named_as_a_violation(house: BreachHouse):
    [vector] = [one for one in VECTORS["processor_vectors"] if one["id"] == "P06"]
    case = through(house, vector)
    assert (
        vector["expected"]["violation"] in house.breaches.judgement(case.breach.id, actor=OWNER).assessment.violations
    )
    assert case.breach.id in {line.entry["id"] for line in house.breaches.register(actor=OWNER)}


@pytest.mark.parametrize("vector", VECTORS["enisa_vectors"], ids=lambda vector: vector["id"])
def test_a_score_is_reckoned_and_only_ever_adds(house: BreachHouse, vector: dict[str, Any]):
    case = through(house, vector, "inputs")
    scored = house.breaches.judgement(case.breach.id, actor=OWNER).scoring.severity
    assert (scored.score, str(scored.band)) == (vector["expected"]["se"], vector["expected"]["band"])
    [line] = [one for one in house.breaches.register(actor=OWNER) if one.entry["id"] == case.breach.id]
    assert f"ENISA {scored.score:g}" in line.entry["assessment"]
    if scored.wants_people:
        assert case.assessed.risk == "high"


@pytest.mark.parametrize("vector", VECTORS["enisa_dpc_examples"], ids=lambda vector: vector["desc"])
def test_the_context_of_a_category_counts_in_the_score(house: BreachHouse, vector: dict[str, Any]):
    breach = house.reported(vector["desc"])
    facts = {"category": vector["category"], "adjust": vector["adjust"], "ei": 1}
    facts |= {"cb_c": 0, "cb_i": 0, "cb_a": 0, "malicious": False}
    house.breaches.state_facts(breach.id, facts, actor=OWNER)
    scored = house.breaches.judgement(breach.id, actor=OWNER).scoring.severity
    assert scored.score == vector["expected_dpc"]


def test_the_register_has_every_field_that_the_vectors_list(house: BreachHouse):
    from gestand.breach.registering import COLUMNS

    assert len(COLUMNS) == len(VECTORS["register_33_5_fields"])


@pytest.mark.parametrize("part", VECTORS["art33_3_minimum"])
def test_the_form_has_what_33_3_asks(house: BreachHouse, part: str):
    breach = house.reported()
    text = house.breaches.form(breach.id, actor=OWNER).text()
    asked = {"nature": "Samenvatting", "name": "Contactpunt", "likely": "Mogelijke gevolgen", "measures": "Maatregelen"}
    assert asked[part.split(maxsplit=1)[0]] in text
    assert "Volgt in een aanvulling (AVG 33(4)):" in text


def test_a_notice_to_people_answers_every_question_of_34_2(house: BreachHouse):
    breach = house.reported()
    house.written(breach)
    notice = house.breaches.notice_for_all(breach.id, actor=OWNER)
    heads = (
        "Wat is er gebeurd?",
        "Vragen?",
        "Wat kan dit voor u betekenen?",
        "Wat hebben wij gedaan?",
        "Wat kunt u zelf doen?",
    )
    assert len(VECTORS["art34_2_content"]) == len(heads)
    assert [head for head in heads if head not in notice.body.nl] == []
    assert house.breaches.case(breach.id).has(Part.SUMMARY)
