"""What a person attests counts until a date, on evidence; after that it proves nothing."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from gestand.doors.demonstration.place import Place, example_folder
from gestand.doors.house import world_of
from gestand.evidence.controls.attested import CONTROLS
from gestand.evidence.measures import load_measures
from gestand.evidence.model import Finding
from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.law.periods import add

OWNER = ActorId("owner")
PAPER = "measure-paper"


def verdict(place: Place, measure: str = PAPER) -> Finding:
    control = next(control for control in CONTROLS if control.id == measure)
    return control.check(world_of(place.open())).finding


def test_an_attestation_lapses_to_unproven_the_day_after_it_ends_and_counts_again_once_renewed(place: Place):
    house = place.open()
    made = house.measures.attest(PAPER, evidence="shredder P-4 seen", actor=OWNER)
    assert made.expires == add(local_date(place.clock()), house.measures.declared[PAPER].valid_for)
    place.clock.advance(timedelta(days=(made.expires - local_date(place.clock())).days))
    assert verdict(place) is Finding.KEPT
    place.clock.advance(timedelta(days=1))
    assert verdict(place) is Finding.UNPROVEN
    house.measures.attest(PAPER, evidence="seen again", actor=OWNER)
    assert verdict(place) is Finding.KEPT


def test_what_was_found_lacking_stays_broken_however_old_until_someone_sees_it_in_place(place: Place):
    house = place.open()
    house.measures.attest(PAPER, evidence="no shredder", actor=OWNER, in_place=False)
    place.clock.advance(timedelta(days=900))
    assert verdict(place) is Finding.BROKEN
    house.measures.attest(PAPER, evidence="bought one", actor=OWNER)
    assert verdict(place) is Finding.KEPT


def test_what_nobody_attested_is_unproven(place: Place):
    place.open().engine.execute("DELETE FROM measure_attestation WHERE measure = ?", (PAPER,))
    assert verdict(place) is Finding.UNPROVEN


def test_the_ledger_holds_the_digest_of_the_evidence_and_not_its_words(place: Place):
    house = place.open()
    house.measures.attest(PAPER, evidence="seen by Greet Bos", actor=OWNER)
    last = [entry.event.facts for entry in house.ledger.entries() if entry.event.name == "measure.attested"][-1]
    assert "Greet" not in str(last)
    assert len(str(last["evidence_digest"])) == 64


@pytest.mark.parametrize(
    ("measure", "evidence", "code"), [("nope", "x", "measure-unknown"), (PAPER, " ", "measure-evidence")]
)
def test_no_attestation_of_nothing_or_on_nothing(place: Place, measure: str, evidence: str, code: str):
    with pytest.raises(UsageError) as refused:
        place.open().measures.attest(measure, evidence=evidence, actor=OWNER)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text + b"\xff", "measures-not-toml"),
        (lambda text: text + b"\n[[measure\n", "measures-not-toml"),
        (lambda text: text.replace(b'valid_for = "12 months"', b'valid_for = "12 moons"', 1), "measures-wrong"),
        (lambda text: text.replace(b'id = "measure-paper"', b'id = "measure-premises"', 1), "measures-wrong"),
        (lambda text: text.replace(b"format = 1", b"format = 2", 1), "measures-wrong"),
        (lambda text: text + b"\n[other]\nx = 1\n", "measures-wrong"),
    ],
)  # fmt: skip
def test_a_register_with_a_fault_is_refused_with_its_place(tmp_path: Path, change, code: str):
    shutil.copy(example_folder() / "measures.toml", tmp_path)
    file = tmp_path / "measures.toml"
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(UsageError) as refused:
        load_measures(tmp_path)
    assert refused.value.code == code
    assert refused.value.where == str(file)


def test_every_measure_of_the_example_has_its_control_and_every_attested_control_its_measure():
    assert {measure.id for measure in load_measures(example_folder())} == {control.id for control in CONTROLS}
