"""One datum at a time: what the purpose does not need stays out, by name."""

from __future__ import annotations

from datetime import date

import pytest

from gestand.kernel.errors import InputError, RefusedError, UsageError
from gestand.kernel.ids import DossierId, FieldPath, PurposeId, SubjectId
from gestand.reading.outcome import Unsound
from gestand.register.model import DossierKind, Involved
from gestand.statement.policy import FieldKind
from intake_house import OWNER, SERVICE

pytestmark = pytest.mark.on_both_engines

ANNA = {FieldPath("contact.name"): "Anna de Vries", FieldPath("contact.email"): "Anna@Example.NL"}


def admit(house, values, purpose=SERVICE, **more):
    return house.intake.admit(more.pop("subject", None), values, purpose, source="counter", actor=OWNER, **more)


def test_admitted_data_are_normal_dated_and_bound_to_their_purpose(house):
    anna = admit(house, {**ANNA, FieldPath("contact.mobile"): "06 12 34 56 78"})
    assert house.values(anna)["contact.mobile"] == ["+31612345678"]
    assert house.vault.find(FieldKind.EMAIL, "anna@example.nl") == (anna,)
    for held in house.vault.holdings(anna):
        assert held.purposes == (SERVICE,)
        assert held.shelf == "customer"
        assert (held.trigger_on, held.due) == (date(2026, 12, 1), date(2028, 12, 2))  # two years, gone the day after
    assert len(house.events("subject.added")) == 1


def test_a_field_the_purpose_does_not_need_is_refused_by_name_and_nothing_is_kept(house):
    with pytest.raises(RefusedError) as refused:
        admit(house, {**ANNA, FieldPath("payment.iban"): "NL91ABNA0417164300", FieldPath("contact.shoe"): "42"})
    assert refused.value.code == "field-without-purpose"
    assert "payment.iban" in refused.value.message
    assert "contact.shoe" in refused.value.message
    assert "administration" in refused.value.remedy
    assert house.vault.counts().subjects == 0


def test_every_unsound_value_is_named_at_once_without_the_value(house):
    with pytest.raises(InputError) as refused:
        admit(house, {FieldPath("contact.phone"): "06-999", FieldPath("contact.postcode"): "1234 SS"})
    assert len(refused.value.problems) == 2
    assert not any("06-999" in p.message or "1234 SS" in p.message for p in refused.value.problems)
    assert house.vault.counts().items == 0


@pytest.mark.parametrize("day", [date(2026, 12, 2), date(2099, 1, 1), date(9999, 12, 31)])
def test_nothing_was_collected_on_a_day_that_is_still_to_come(house, day):
    with pytest.raises(UsageError) as refused:
        admit(house, ANNA, on=day)
    assert refused.value.code == "collected-later"
    assert house.vault.counts().subjects == 0
    anna = admit(house, ANNA, on=date(2026, 12, 1))
    assert {held.trigger_on for held in house.vault.holdings(anna)} == {date(2026, 12, 1)}


def test_an_unknown_purpose_is_refused(house):
    with pytest.raises(RefusedError, match="no purpose 'profiling'"):
        admit(house, ANNA, PurposeId("profiling"))


def test_a_bsn_in_a_note_is_refused(house):
    with pytest.raises(InputError, match="UAVG 46"):
        admit(house, {FieldPath("service.notes"): "BSN 123456782"})


def test_nothing_and_nobody_are_refused(house):
    with pytest.raises(UsageError, match="no value"):
        admit(house, {})
    with pytest.raises(UsageError, match="no subject"):
        admit(house, ANNA, subject=SubjectId("sub_aaaaaaaaaaaaaaaa"))


def test_data_under_a_dossier_wait_for_its_event(house):
    anna = admit(house, ANNA)
    job = house.register.open_dossier(
        DossierKind.JOB, PurposeId("repair-access"), [Involved(anna, "customer")], number="J2026-1", actor=OWNER
    )
    code = {FieldPath("device.access-code"): "drie keer rechts"}
    admit(house, code, PurposeId("repair-access"), subject=anna, dossier=job.id)
    (held,) = [h for h in house.vault.holdings(anna) if h.field == "device.access-code"]
    assert (held.trigger_on, held.due, held.dossier) == (None, None, job.id)
    with pytest.raises(UsageError, match="no dossier"):
        admit(house, code, PurposeId("repair-access"), subject=anna, dossier=DossierId("dos_none"))
    bram = admit(house, {FieldPath("contact.name"): "Bram Jansen"})
    with pytest.raises(UsageError, match="not about this person"):
        admit(house, code, PurposeId("repair-access"), subject=bram, dossier=job.id)


def test_a_firm_is_entered_as_one(house):
    firm = house.intake.admit(
        None, {FieldPath("contact.name"): "Bakkerij Smit"}, SERVICE, source="counter", actor=OWNER, kind="firm"
    )
    assert house.register.party(firm).kind == "firm"


def test_a_refusal_never_repeats_a_value():
    assert "value" not in Unsound.__slots__
