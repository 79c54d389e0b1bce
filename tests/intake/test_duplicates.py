"""Two people are never taken for one in doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.intake.duplicates import Known, judge, merge, same_name
from gestand.intake.model import Datum
from gestand.kernel.ids import FieldPath, PurposeId
from gestand.statement.policy import FieldKind

NAME, PHONE = FieldPath("contact.name"), FieldPath("contact.phone")
KINDS = {NAME: FieldKind.NAME, PHONE: FieldKind.PHONE}


def datum(path, value):
    return Datum(path, value, PurposeId("service"), path)


def known(name):
    return Known(None, [datum(NAME, name)])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna de Vries", "A. de Vries", True),
        ("Anna de Vries", "Vries, Anna de", True),
        ("Anna de Vries", "mevr. De Vries", True),
        ("Zoë Çelik", "Zoe Celik", True),
        ("Anna de Vries", "Bram de Vries", False),
        ("Anna de Vries", "Anna Jansen", False),
        ("Anna de Vries", "Carla Bakker", False),
        ("", "Carla Bakker", True),
    ],
)
def test_names_that_can_be_one_person(one, other, same):
    assert same_name(one, other) is same
    assert same_name(other, one) is same


@given(st.text(max_size=30))
def test_a_name_is_itself(name):
    assert same_name(name, name)


def test_a_customer_number_decides():
    anna, bram = known("Anna de Vries"), known("Bram Jansen")
    assert judge([anna], [bram], ["Bram Jansen"], [NAME]).known is anna
    assert judge([anna, bram], [], [], [NAME]).outcome == "ambiguous"


def test_a_telephone_number_needs_a_name_that_agrees():
    anna, bram = known("Anna de Vries"), known("Bram Jansen")
    assert judge([], [anna], ["A. de Vries"], [NAME]).known is anna
    assert judge([], [anna, bram], ["Bram Jansen"], [NAME]).known is bram
    assert judge([], [anna, bram], ["Carla Bakker"], [NAME]).outcome == "apart"
    assert judge([], [anna, bram], [], [NAME]).outcome == "ambiguous"
    assert judge([], [], ["Anna"], [NAME]).outcome == "new"


def test_what_is_held_is_never_changed():
    anna = known("Anna de Vries")
    verdict = merge(anna, [datum(NAME, "ANNA DE VRIES"), datum(PHONE, "+31612345678")], KINDS)
    assert (verdict.conflicts, [d.path for d in verdict.missing]) == ((), [PHONE])
    assert merge(anna, [datum(NAME, "Anna Bos")], KINDS).missing == ()
    anna.closed.add(PHONE)
    assert merge(anna, [datum(PHONE, "+31612345678")], KINDS).missing == ()
