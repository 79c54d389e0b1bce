import pytest

from gestand.law.breach_people import PeopleDuty, people_duty
from gestand.law.breach_questions import answer
from gestand.law.breach_reading import read_breach

SEALED = {"encrypted": "state_of_the_art", "key_safe": True, "measure_before_breach": True, "backup": True}
WIPED = {"remote_wipe": "confirmed_before_access"}
UNREACHABLE = {"contact_details_available": False, "public_notice": True, "equally_effective": True}


@pytest.mark.parametrize(("facts", "letter"), [(SEALED, "a"), (WIPED, "b"), (UNREACHABLE, "c")])
def test_each_exception_holds_on_its_own_facts(facts, letter):
    found = people_duty(read_breach(facts))
    assert (found.duty, found.exception) == (PeopleDuty.NONE, letter)
    got = answer({"id": 1, "facts": facts | {"high_risk_without": True}})
    assert got["ds_required"] is False
    assert got["sa_required"] is True
    assert any("evidence" in line for line in got["confirm_by_named_person"])


@pytest.mark.parametrize(
    "spoiled",
    [
        SEALED | {"key_safe": False},
        SEALED | {"key_compromised": True},
        SEALED | {"measure_before_breach": False},
        SEALED | {"encrypted": "md5_password_zip"},
        SEALED | {"encrypted": "yes"},
        SEALED | {"backup": False},
        SEALED | {"only_copy_lost": True},
        SEALED | {"password": "none"},
        SEALED | {"device_off": False},
        SEALED | {"service_impact": "major"},
        SEALED | {"transactions": True},
        SEALED | {"new fact": 1},
        {name: fact for name, fact in SEALED.items() if name != "key_safe"},
        {"remote_wipe": "sent_not_confirmed"},
        {"remote_wipe": "issued"},
        WIPED | {"only_copy_lost": True},
        WIPED | {"use_known": "fraud"},
        UNREACHABLE | {"contact_details_available": True},
        {"public_notice_only": True},
    ],
)
def test_a_spoiled_exception_leaves_every_person_to_be_told(spoiled):
    assert people_duty(read_breach(spoiled)).duty is PeopleDuty.EACH


@pytest.mark.parametrize(
    "change", [{"public_notice": False}, {"equally_effective": False}, {"equally_effective": None}]
)
def test_silence_is_not_open_to_who_cannot_reach_the_persons(change):
    got = answer({"id": 1, "facts": UNREACHABLE | change | {"high_risk_without": True}})
    assert got["ds_required"] == "public_communication"
    assert got["communicate_ds"] is True


def test_financial_undertakings_are_out_of_34_and_not_out_of_33():
    got = answer({"id": 1, "facts": {"controller_type": "financial undertaking Wft", "high_risk_without": True}})
    assert got["ds_required"] is False
    assert got["sa_required"] is True
    assert got["debatable"] is True
    assert got["exception"] == "UAVG 42"


def test_an_exception_put_forward_against_the_authority_is_an_error():
    got = answer({"id": 1, "facts": SEALED | {"engine_claims": "skip AP because of C52"}})
    assert got["engine_result"] == "ERROR"
    assert got["notify_sa"] is True
    assert got["needs_judgement"] is True
