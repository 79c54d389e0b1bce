"""Files of people: nothing twice, nothing lost, nothing without a purpose, and every refusal told."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from gestand.bench import customers
from gestand.intake import importer
from gestand.intake.model import ImportOrder
from gestand.kernel.errors import InputError, RefusedError, UsageError
from gestand.reading.outcome import Unsound
from gestand.statement.policy import FieldKind
from intake_house import OWNER, SERVICE, open_house

pytestmark = pytest.mark.on_both_engines

HEAD = "Klantnummer;Naam;Straat;Huisnummer;Postcode;Plaats;Telefoon;Mobiel;E-mail;Schoenmaat\n"
ANNA = "K1;Anna de Vries;Dorpsstraat;1;5854 gh;Bergen;0485-341234;06-11111111;Anna@example.nl;38\n"
BRAM = "K2;Bram Jansen;Kerkstraat;2;5854 GH;Bergen;0485-345678;06-22222222;bram@example.org;44\n"


def write(tmp_path: Path, *rows: str, name: str = "klanten.csv") -> Path:
    path = tmp_path / name
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return path


def order(path: Path, **more) -> ImportOrder:
    return ImportOrder(path, more.pop("mapping", None), more.pop("purpose", SERVICE), more.pop("source", ""), **more)


def remarks(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_become_people_and_unneeded_columns_stay_out_by_name(house, tmp_path):
    file = write(tmp_path, ANNA, BRAM)
    plan = house.intake.plan_import(order(file))
    assert [(c.name, c.code) for c in plan.columns.refused] == [("Schoenmaat", "no-purpose")]
    assert plan.columns.refused[0].reason == "no purpose needs this"
    assert (plan.read, plan.sound, plan.duplicates) == (2, 2, 0)
    assert house.vault.counts().subjects == 0  # a dry run writes nothing
    outcome = house.intake.import_file(order(file), actor=OWNER)
    assert (outcome.read, outcome.added, outcome.merged, outcome.refused) == (2, 2, 0, 0)
    assert outcome.errors_file is None
    (anna,) = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    values = house.values(anna)
    assert values["contact.street"] == ["Dorpsstraat 1"]
    assert values["contact.postcode"] == ["5854 GH"]
    assert values["contact.customer-number"] == ["K1"]
    assert "38" not in str(values)
    assert house.events("intake.imported")[0]["added"] == 2


def test_an_unsound_row_is_refused_whole_and_told_without_its_value(house, tmp_path):
    bad = BRAM.replace("06-22222222", "06-2222").replace("5854 GH", "1234 SS")
    outcome = house.intake.import_file(order(write(tmp_path, ANNA, bad)), actor=OWNER)
    assert (outcome.read, outcome.added, outcome.refused) == (2, 1, 1)
    told = remarks(outcome.errors_file)
    assert [(line["row"], line["column"], line["outcome"]) for line in told] == [
        ("3", "Postcode", "refused"),
        ("3", "Mobiel", "refused"),
    ]
    assert "06-2222" not in outcome.errors_file.read_text()
    assert house.vault.find(FieldKind.EMAIL, "bram@example.org") == ()


def test_values_are_repeated_when_asked_and_never_as_a_formula(house, tmp_path):
    bad = BRAM.replace("bram@example.org", '"=HYPERLINK(""https://example.org"";1)"')
    outcome = house.intake.import_file(order(write(tmp_path, bad), repeat_values=True), actor=OWNER)
    (line,) = remarks(outcome.errors_file)
    assert line["value"].startswith("'=HYPERLINK")


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t"])
def test_a_column_named_as_a_formula_is_neutral_in_the_errors_file(house, tmp_path, first):
    path = tmp_path / "f.csv"
    name = f"{first}SUM(A1)"
    path.write_text(f"Naam;{name}\nAnna de Vries;geen nummer\n", encoding="utf-8")
    mapping = tmp_path / "m.toml"
    key = name.strip().replace("\t", "")
    mapping.write_text(f'format = 1\n[columns]\n"Naam" = "contact.name"\n"{key}" = "contact.phone"\n')
    outcome = house.intake.import_file(order(path, mapping=mapping), actor=OWNER)
    (line,) = remarks(outcome.errors_file)
    assert not line["column"].startswith(("=", "+", "-", "@", "\t"))


def test_the_same_person_is_merged_missing_fields_added_conflicts_told(house, tmp_path):
    anna = house.admit(contact__name="Anna de Vries", contact__email="anna@example.nl", contact__town="Venray")
    row = ANNA.replace("K1;", ";").replace("Anna@example.nl", "ANNA@EXAMPLE.NL").replace("Anna de", "A. de")
    outcome = house.intake.import_file(order(write(tmp_path, row)), actor=OWNER)
    assert (outcome.added, outcome.merged) == (0, 1)
    values = house.values(anna)
    assert values["contact.town"] == ["Venray"]  # not overwritten
    assert values["contact.mobile"] == ["+31611111111"]  # added
    assert {(r["column"], r["outcome"]) for r in remarks(outcome.errors_file)} == {
        ("Plaats", "conflict"),
        ("Naam", "conflict"),
    }
    assert house.vault.counts().subjects == 1


@pytest.mark.parametrize(
    "again",
    [
        ";Anna de Vries;;;;;;;anna@EXAMPLE.nl;\n",  # e-mail
        ";Vries, Anna;;;;;;0031 6 11111111;;\n",  # telephone, in another column's notation
        "k1;;;;;;;;a.devries@example.org;\n",  # customer number
    ],
)
def test_duplicates_within_a_file_are_one_person(house, tmp_path, again):
    outcome = house.intake.import_file(order(write(tmp_path, ANNA, BRAM, again)), actor=OWNER)
    assert (outcome.read, outcome.added, outcome.merged, outcome.refused) == (3, 2, 1, 0)
    assert house.vault.counts().subjects == 2


def test_a_shared_telephone_does_not_make_two_people_one(house, tmp_path):
    partner = "K3;Carla Bakker;Dorpsstraat;1;5854 GH;Bergen;0485-341234;;carla@example.nl;\n"
    outcome = house.intake.import_file(order(write(tmp_path, ANNA, partner)), actor=OWNER)
    assert (outcome.added, outcome.merged) == (2, 0)
    assert [line["outcome"] for line in remarks(outcome.errors_file)] == ["kept-apart"]
    (anna,) = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    assert "carla" not in str(house.values(anna)).lower()


def test_a_row_that_fits_two_people_is_refused(house, tmp_path):
    house.admit(contact__name="Anna de Vries", contact__email="anna@example.nl")
    house.admit(contact__name="Anna de Vries", contact__mobile="06-11111111")
    outcome = house.intake.import_file(order(write(tmp_path, ANNA.replace("K1", ""))), actor=OWNER)
    assert (outcome.added, outcome.refused) == (0, 1)


def test_a_restricted_field_is_neither_added_nor_compared(house, tmp_path):
    anna = house.admit(contact__name="Anna de Vries", contact__email="anna@example.nl", contact__town="Venray")
    held = [h.item for h in house.vault.holdings(anna) if h.field == "contact.town"]
    house.vault.restrict(held, actor=OWNER, reason="accuracy contested")
    house.intake.import_file(order(write(tmp_path, ANNA.replace("K1", ""))), actor=OWNER)
    assert house.values(anna)["contact.town"] == ["Venray"]


def test_the_same_file_again_does_nothing(house, tmp_path):
    file = write(tmp_path, ANNA, BRAM)
    first = house.intake.import_file(order(file), actor=OWNER)
    copied = tmp_path / "kopie.csv"
    copied.write_bytes(file.read_bytes())
    second = house.intake.import_file(order(copied), actor=OWNER)
    assert second.again
    assert (second.read, second.added) == (first.read, first.added)
    assert house.vault.counts().subjects == 2


def test_a_mended_file_brings_in_only_what_was_refused(house, tmp_path):
    house.intake.import_file(order(write(tmp_path, ANNA, BRAM.replace("06-22222222", "06"))), actor=OWNER)
    outcome = house.intake.import_file(order(write(tmp_path, ANNA, BRAM)), actor=OWNER)
    assert (outcome.added, outcome.merged, outcome.refused) == (1, 1, 0)
    assert outcome.errors_file is None
    assert not (tmp_path / "klanten.csv.errors.csv").exists()


def test_a_file_of_the_user_is_never_overwritten(house, tmp_path):
    file = write(tmp_path, ANNA.replace("06-11111111", "06"))
    mine = tmp_path / "klanten.csv.errors.csv"
    mine.write_text("my own notes")
    with pytest.raises(UsageError, match="no errors file stands"):
        house.intake.import_file(order(file), actor=OWNER)
    assert mine.read_text() == "my own notes"


def test_a_bsn_column_is_refused_unless_a_statute_is_named(house, tmp_path):
    file = tmp_path / "b.csv"
    file.write_text("Naam,BSN\nAnna de Vries,123456782\n")
    plan = house.intake.plan_import(order(file))
    assert [(c.name, c.code) for c in plan.columns.refused] == [("BSN", "bsn")]
    mapping = tmp_path / "m.toml"
    mapping.write_text('format = 1\n[columns]\n"Naam" = "contact.name"\n"BSN" = "contact.customer-number"\n')
    outcome = house.intake.import_file(order(file, mapping=mapping), actor=OWNER)
    (anna,) = house.vault.subjects()
    assert outcome.added == 1
    assert "123456782" not in str(house.values(anna))


def test_a_column_of_another_purpose_needs_to_be_named(house, tmp_path):
    file = tmp_path / "r.csv"
    file.write_text("Naam;IBAN;Btw-nummer\nAnna de Vries;NL91 ABNA 0417 1643 00;NL123456782B01\n")
    plan = house.intake.plan_import(order(file))
    assert {c.name for c in plan.columns.refused} == {"IBAN", "Btw-nummer"}
    assert "administration" in plan.columns.refused[0].reason
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'format = 1\n[columns]\n"Naam" = "contact.name"\n'
        '"IBAN" = {field = "payment.iban", purpose = "administration"}\n'
        '"Btw-nummer" = {field = "payment.vat", purpose = "administration"}\n'
    )
    outcome = house.intake.import_file(order(file, mapping=mapping), actor=OWNER)
    assert outcome.refused == 1  # the old VAT number of a sole trader
    assert "btw-id" in remarks(outcome.errors_file)[0]["reason"]
    mapping.write_text(
        mapping.read_text().replace(
            '"Btw-nummer" = {field = "payment.vat", purpose = "administration"}', '"Btw-nummer" = false'
        )
    )
    assert house.intake.import_file(order(file, mapping=mapping), actor=OWNER).added == 1
    (anna,) = house.vault.subjects()
    shelves = {h.field: (h.shelf, h.purposes) for h in house.vault.holdings(anna)}
    assert shelves["payment.iban"] == ("administration", ("administration",))


def test_a_mapping_that_does_not_fit_tells_all_its_faults(house, tmp_path):
    mapping = tmp_path / "m.toml"
    mapping.write_text('format = 1\n[columns]\n"Nam" = "contact.name"\n"Naam" = "contact.shoe"\n"Mobiel" = 3\n')
    with pytest.raises(InputError) as refused:
        house.intake.plan_import(order(write(tmp_path, ANNA), mapping=mapping))
    assert len(refused.value.problems) == 1  # the form first
    mapping.write_text(mapping.read_text().replace('"Mobiel" = 3\n', ""))
    with pytest.raises(InputError) as refused:
        house.intake.plan_import(order(write(tmp_path, ANNA), mapping=mapping))
    assert len(refused.value.problems) == 2


def test_a_file_without_any_column_that_is_needed_is_refused(house, tmp_path):
    file = tmp_path / "s.csv"
    file.write_text("Schoenmaat;Haarkleur\n38;rood\n")
    with pytest.raises(RefusedError, match="no column"):
        house.intake.import_file(order(file), actor=OWNER)


def test_a_file_was_not_collected_on_a_day_that_is_still_to_come(house, tmp_path):
    wanted = order(write(tmp_path, ANNA), on=date(2099, 1, 1))
    for look in (lambda: house.intake.plan_import(wanted), lambda: house.intake.import_file(wanted, actor=OWNER)):
        with pytest.raises(UsageError) as refused:
            look()
        assert refused.value.code == "collected-later"
    assert house.vault.counts().subjects == 0


def test_a_second_run_beside_the_first_is_told_and_brings_nothing_in_twice(house, tmp_path, monkeypatch):
    monkeypatch.setattr(importer, "BATCH", 1)
    file = write(tmp_path, ANNA, BRAM)

    def meanwhile(at):
        if at.records == 1:
            house.intake.import_file(order(file), actor=OWNER)

    with pytest.raises(UsageError, match="another run"):
        house.intake.import_file(order(file), actor=OWNER, on_progress=meanwhile)
    assert house.vault.counts().subjects == 2


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from intake_house import OWNER, SERVICE, open_house
from gestand.intake import importer
from gestand.intake.model import ImportOrder
importer.BATCH = 50
place = Path(sys.argv[1])
with open_house(place / "org") as house:
    def told(at):
        sys.stdout.write(f"{at.records}\\n")
        sys.stdout.flush()
    house.intake.import_file(ImportOrder(place / "klanten.csv", None, SERVICE, ""), actor=OWNER, on_progress=told)
"""


def test_killed_again_and_again_every_row_comes_in_exactly_once(tmp_path):
    rows = 1_200
    with (tmp_path / "klanten.csv").open("w", encoding="utf-8") as file:
        file.write("Naam;Telefoon;E-mail\n")
        for n in range(rows):
            phone = "06" if n % 10 == 7 else f"06-1{n:07d}"
            file.write(f"{customers.row(n)[0]};{phone};klant.{n}@example.nl\n")
    here = str(Path(__file__).parents[1])
    kills = 0
    for wait in (1, 3, 4, 2):
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), here], stdout=subprocess.PIPE, text=True)
        for _ in range(wait + 1):
            child.stdout.readline()
        time.sleep(0.004 * wait)  # somewhere inside the next batch
        os.kill(child.pid, signal.SIGKILL)
        kills += child.wait() == -signal.SIGKILL
        child.stdout.close()
    assert kills == 4
    with open_house(tmp_path / "org") as house:
        outcome = house.intake.import_file(order(tmp_path / "klanten.csv"), actor=OWNER)
        assert outcome.resumed
        assert (outcome.read, outcome.added, outcome.merged, outcome.refused) == (rows, 1_080, 0, 120)
        assert house.vault.counts().subjects == 1_080
        pairs = [(FieldKind.EMAIL, f"klant.{n}@example.nl") for n in range(rows)]
        found = house.vault.find_many(pairs)
        assert all(len(found[pair]) == (0 if n % 10 == 7 else 1) for n, pair in enumerate(pairs))
        told = Counter(line["row"] for line in remarks(outcome.errors_file))
        assert told == {str(n + 2): 1 for n in range(rows) if n % 10 == 7}
        last = house.events("intake.imported")
        assert [e["from_row"] for e in last] == sorted({e["from_row"] for e in last})
        assert last[-1]["to_row"] == rows + 1


def test_the_invented_customers_are_all_sound():
    from gestand.intake.mapping import plan_columns
    from gestand.intake.model import Record
    from gestand.intake.rows import RowReader

    policy = customers.statement().policy
    reader = RowReader(plan_columns(customers.HEADER, policy, SERVICE))
    for n in range(0, 60_000_000, 199_999):
        row = reader.read(Record(n, list(customers.row(n))))
        assert row.remarks == []
    assert customers.row(3) == customers.row(3)
    assert not isinstance(customers.row(3)[0], Unsound)
