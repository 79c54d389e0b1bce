import pytest

from gestand.law.breach_notice import PARTS, absent
from gestand.law.breach_questions import answer


@pytest.mark.parametrize("notice", ["authority", "people", "controller", "register"])
def test_a_notice_is_complete_with_all_its_parts_only(notice):
    names = {part.name for part in PARTS[notice]}
    assert absent(notice, names) == ()
    for name in names:
        assert [part.name for part in absent(notice, names - {name})] == [name]


def test_the_authority_and_the_persons_get_what_the_law_lists():
    assert {part.article for part in PARTS["authority"]} == {
        "GDPR 33(3)(a)",
        "GDPR 33(3)(b)",
        "GDPR 33(3)(c)",
        "GDPR 33(3)(d)",
    }
    assert all("34(2)" in part.article for part in PARTS["people"])
    assert all(part.nl.endswith("?") and part.en.endswith("?") for parts in PARTS.values() for part in parts)


def test_an_answer_names_the_notices_that_are_due_and_no_other():
    processor = answer({"id": 1, "facts": {"role": "processor", "national_id": True}})
    assert set(processor["notices"]) == {"register", "controller"}
    controller = answer({"id": 1, "facts": {"national_id": True}})
    assert set(controller["notices"]) == {"register", "authority", "people"}
