"""The record of processing says what was declared, what is there, and where the two differ; and leaves in forms others read."""

from __future__ import annotations

import builtins
import io
import json
from dataclasses import replace

import openpyxl
import pypdfium2
import pytest
import yaml
from rdflib import RDF, Dataset, URIRef

from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence import dpv
from gestand.evidence.fideslang import key_of, manifest
from gestand.evidence.ropa import RecordOfProcessing, differences, record_of
from gestand.evidence.ropa_dpia import LARGE, judge_dpia
from gestand.evidence.ropa_files import pdf, source, widths, workbook
from gestand.evidence.ropa_sheets import sheets_of
from gestand.kernel.errors import GestandError, UsageError
from gestand.statement.policy import Text
from gestand.vault.place import subject_bytes

DPV = "https://w3id.org/dpv#"


@pytest.fixture
def record(place: Place) -> RecordOfProcessing:
    return record_of(world_of(place.open()))


def rows(record: RecordOfProcessing, name: str) -> list[dict[str, str]]:
    [sheet] = [one for one in sheets_of(record, "en") if one.name == name]
    return [dict(zip(sheet.head, row, strict=True)) for row in sheet.rows]


def test_each_purpose_is_an_activity_with_all_that_article_30_1_asks(record: RecordOfProcessing):
    found = {row["purpose"]: row for row in rows(record, "activities")}
    assert len(found) == len(record.policy.purposes)
    kept = found[record.policy.purposes["administration"].title.en]
    assert "AWR 52" in kept["basis"]
    assert "our bookkeeper" in kept["recipients"]
    assert kept["erased after"].startswith("7 years after")
    assert "payment and invoice details: bank account number (IBAN)" in kept["data"]
    assert all(
        row[column]
        for row in found.values()
        for column in ("basis", "people", "data", "recipients", "erased after", "DPIA")
    )
    assert rows(record, "measures")


def test_where_the_firm_is_processor_is_listed_apart(record: RecordOfProcessing):
    declared = [one for one in record.policy.services.values() if one.role == "processor"]
    assert len(rows(record, "processor")) == len(declared) > 0
    assert all(row["agreement"] != "-" for row in rows(record, "processor"))


def test_balancing_tests_and_agreements_are_attached(record: RecordOfProcessing):
    interests = [p for p in record.policy.purposes.values() if p.balancing is not None]
    assert len(rows(record, "balancing")) == len(interests)
    standing = {row["recipient"]: row["standing"] for row in rows(record, "recipients")}
    assert standing["our bookkeeper"] == "holds"
    assert "no signed agreement" in standing["our hosting provider"]


def test_what_is_observed_comes_from_the_store_the_ledger_and_the_disclosures(record: RecordOfProcessing):
    assert record.observed.fields["contact.name"] > 0
    assert record.observed.sources_of("contact.phone") == ("adreslijst",)
    assert record.observed.given == {"bookkeeper": 1, "tax-authority": 1}
    assert record.observed.opened["rights"] > 0
    assert record.deviations == ()


def test_what_is_there_and_not_declared_is_a_deviation(place: Place):
    world = world_of(place.open())
    [subject, *_] = world.vault.subjects()
    with world.engine.transaction():
        [(row,)] = world.engine.execute(
            "SELECT MIN(activity) FROM vault_item WHERE subject = ?", (subject_bytes(subject),)
        )
        world.engine.execute(
            "UPDATE vault_activity SET field = 'contact.birthdate', source = '' WHERE activity = ?", (row,)
        )
    place.close()
    found = record_of(world_of(place.open()))
    assert {(one.kind, one.name) for one in found.deviations} == {
        ("field", "contact.birthdate"),
        ("source", "contact.birthdate"),
    }


def test_what_is_declared_and_never_seen_is_a_note(record: RecordOfProcessing):
    notes = {(one.kind, one.name) for one in record.differences if one.severity == "note"}
    assert ("recipient", "bank") in notes
    assert ("recipient", "bookkeeper") not in notes
    assert ("field", "device.image") in notes
    given = replace(record.observed, given={"data-broker": 2})
    [beyond] = [one for one in differences(record.policy, given) if one.severity == "deviation"]
    assert beyond.says.en == "recipient 'data-broker' is there (2) and is not declared"


def test_an_assessment_is_called_for_by_two_criteria_and_asked_where_only_a_person_sees(record: RecordOfProcessing):
    policy, observed = record.policy, record.observed
    assert judge_dpia(policy, "service", observed, people_decide=True).outcome == "not-needed"
    assert judge_dpia(policy, "service", observed, people_decide=False).outcome == "ask"
    many = replace(observed, people=LARGE)
    judged = judge_dpia(policy, "mail-archive", many, people_decide=True)
    assert judged.outcome == "needed"
    assert {one.number for one in judged.criteria if one.answer == "seen"} == {4, 5}
    assert judged.by_35_3 == ()
    categories = {name: c.model_copy(update={"special": True}) for name, c in policy.categories.items()}
    special = policy.model_copy(update={"categories": categories})
    assert judge_dpia(special, "service", many, people_decide=True).by_35_3 == ("35(3)(b)",)
    assert len(judged.criteria) == 9


def test_the_workbook_holds_every_table_as_text(record: RecordOfProcessing):
    book = openpyxl.load_workbook(io.BytesIO(workbook(record, "nl")))
    assert book.sheetnames == [one.name for one in sheets_of(record, "nl")]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_pdf_is_tagged_has_its_language_and_the_words(record: RecordOfProcessing):
    made = pdf(record, "nl")
    document = pypdfium2.PdfDocument(made)
    first = document[0].get_textpage().get_text_range()
    document.close()
    assert "Verwerkingsregister, Koper Computer Support" in first
    assert b"/StructTreeRoot" in made or b"pdfuaid" in made
    assert b"pdfuaid" in made


def test_no_word_of_the_policy_is_markup_in_the_pdf(record: RecordOfProcessing):
    evil = Text(nl='"#panic("x")\\ *vet*', en="x")
    activity = record.activities[0]
    hostile = replace(
        record, activities=(replace(activity, purpose=activity.purpose.model_copy(update={"title": evil})),)
    )
    assert '\\"#panic(\\"x\\")\\\\ *vet*' in source(hostile, "nl")
    assert pdf(hostile, "nl").startswith(b"%PDF")


@pytest.mark.filterwarnings("ignore:.*is deprecated, use Dataset:DeprecationWarning")  # of the library, to itself
def test_the_vocabulary_is_valid_and_reads_back_the_same_from_both_forms(record: RecordOfProcessing):
    graph = dpv.graph_of(record, "https://example.nl")
    dpv.validate(graph)
    processes = set(graph.subjects(RDF.type, URIRef(DPV + "PersonalDataProcess")))
    assert len(processes) == len(record.policy.purposes)
    administration = URIRef("https://example.nl/privacy#process-administration")
    assert (administration, URIRef(DPV + "hasLegalBasis"), URIRef("https://w3id.org/dpv/legal/eu/gdpr#A6-1-c")) in graph
    assert (
        administration,
        URIRef(DPV + "hasDataProcessor"),
        URIRef("https://example.nl/privacy#recipient-bookkeeper"),
    ) in graph
    for form in ("turtle", "json-ld"):
        again = Dataset(default_union=True).parse(data=dpv.to_text(graph, form), format=form)
        assert {(s, p, o) for s, p, o, _ in again.quads()} == set(graph)


@pytest.mark.parametrize(
    ("lacks", "said"), [("hasStorageCondition", "30(1)(f)"), ("hasPurpose", "30(1)(b)"), ("hasLegalBasis", "6(1)")]
)
def test_a_record_that_lacks_what_article_30_asks_does_not_leave(record: RecordOfProcessing, lacks: str, said: str):
    graph = dpv.graph_of(record, "https://example.nl")
    graph.remove((URIRef("https://example.nl/privacy#process-service"), URIRef(DPV + lacks), None))
    with pytest.raises(GestandError) as refused:
        dpv.validate(graph)
    assert refused.value.code == "dpv-shapes"
    assert said in refused.value.message
    assert "process-service" in refused.value.message


def test_without_the_extra_it_says_what_to_install(record: RecordOfProcessing, monkeypatch: pytest.MonkeyPatch):
    really = builtins.__import__

    def without(name, *rest, **named):
        if name.split(".")[0] in {"rdflib", "pyshacl"}:
            raise ImportError(name)
        return really(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError) as refused:
        dpv.graph_of(record, "https://example.nl")
    assert refused.value.code == "dpv-not-installed"
    assert "gestand[dpv]" in refused.value.remedy


def test_the_manifest_declares_each_purpose_with_its_terms(record: RecordOfProcessing):
    document = yaml.safe_load(manifest(record))
    [system] = document["system"]
    declared = {one["name"]: one for one in system["privacy_declarations"]}
    assert len(declared) == len(record.policy.purposes)
    kept = declared[record.policy.purposes["administration"].title.en]
    assert kept["data_use"] == "essential.legal_obligation"
    assert kept["legal_basis_for_processing"] == "Legal obligations"
    assert set(kept["data_categories"]) == {"user.contact", "user.financial"}
    assert key_of("Koper Computer Support!") == "koper_computer_support"


def test_the_commands_write_the_files(gestand, tmp_path):
    files = {name: tmp_path / f"r.{name}" for name in ("xlsx", "pdf", "jsonld", "ttl", "yml")}
    ran = gestand("export", "ropa", "--xlsx", str(files["xlsx"]), "--pdf", str(files["pdf"]), "--json")
    assert ran.status == 0, ran.err
    assert ran.document["differences"]
    assert ran.document["tables"]["nl"]["activities"]["rows"]
    made = gestand("export", "dpv", "--jsonld", str(files["jsonld"]), "--turtle", str(files["ttl"]), "--json")
    assert made.document["valid"] is True
    assert json.loads(files["jsonld"].read_text("utf-8"))
    assert gestand("export", "fideslang", str(files["yml"]), "--json").document["declarations"] > 0
    assert all(file.stat().st_size > 500 for file in files.values())
    assert gestand("export", "fideslang", str(tmp_path / "no" / "where")).status == 2


def test_no_word_of_a_head_runs_into_the_next_column(place: Place):
    record = record_of(world_of(place.open()))
    for sheet in sheets_of(record, "nl"):
        if not sheet.rows:
            continue
        wide = widths(sheet)
        assert sum(wide) <= 267.5  # millimetres of a flipped A4 within its margins
        for head, width in zip(sheet.head, wide, strict=True):
            assert max(map(len, head.split())) * 1.65 <= width - 3.6, (sheet.name, head)  # a bold letter of 8 points


def test_the_words_of_the_record_are_in_the_language_of_its_reader(place: Place):
    record = record_of(world_of(place.open()))
    shown = {
        language: " ".join(cell for s in sheets_of(record, language) for row in s.rows for cell in row)
        for language in ("nl", "en")
    }
    assert ("verwerker" in shown["nl"], "processor" in shown["en"]) == (True, True)
    assert [word for word in (" deviation", " note ", "in-place", " prospect") if word in shown["nl"]] == []
