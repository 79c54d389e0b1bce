"""Files as they come: broken rows cost themselves and no more, and what is no table is said to be none."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gestand.intake import csvfile
from gestand.intake.files import open_table, survey
from gestand.kernel.errors import InputError, UsageError


def read(path):
    table = open_table(survey(path))
    return table.header, list(table.records())


def csv_of(tmp_path, content, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Dialects and encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_encoding_and_line_ends_are_found(tmp_path, encoding, delimiter, end):
    lines = [["naam", "plaats"], ["Zoë Çelik", "’s-Hertogenbosch"], ["René", "Bergen"]]
    path = csv_of(tmp_path, end.join(delimiter.join(line) for line in lines).encode(encoding))
    header, records = read(path)
    assert header == ("naam", "plaats")
    assert [record.cells for record in records] == lines[1:]


def test_the_delimiter_that_excel_names_is_taken(tmp_path):
    header, records = read(csv_of(tmp_path, "sep=|\nnaam|adres;huis\nAnna|Dorp;1\n"))
    assert header == ("naam", "adres;huis")
    assert (records[0].row, records[0].cells) == (3, ["Anna", "Dorp;1"])


def test_one_bad_byte_does_not_turn_a_file_into_another_encoding(tmp_path):
    text = "naam;plaats\n" + "Zoë;België\n" * 5
    path = csv_of(tmp_path, text.encode() + b"Ren\xe9;Bergen\n" + "Zoë;Bergen\n".encode())
    _, records = read(path)
    assert [r.cells for r in records if not r.fault] == [["Zoë", "België"]] * 5 + [["Zoë", "Bergen"]]
    assert [(r.row, r.fault) for r in records if r.fault] == [(7, "holds bytes that are no UTF-8")]


# Broken rows


def test_broken_rows_cost_themselves(tmp_path):
    path = csv_of(
        tmp_path,
        b'naam;note\nAnna;"een ""goede"" klant;\nook op twee regels"\n\nBram;\x00\nCarla;a;b\nDaan\n'
        b'Esra;"niet gesloten\nFarid;goed\nGreet;"dicht"x\nHugo;5" schijf\nIlse;ok;;\n',
    )
    _, records = read(path)
    sound = [(r.row, r.cells) for r in records if not r.fault]
    assert sound == [
        (2, ["Anna", 'een "goede" klant;\nook op twee regels']),
        (9, ["Farid", "goed"]),
        (11, ["Hugo", '5" schijf']),
        (12, ["Ilse", "ok"]),
    ]
    assert [r.row for r in records if r.fault] == [5, 6, 7, 8, 10]
    assert next(r.fault for r in records if r.row == 6) == "has 3 cells where the header has 2"


def test_an_unclosed_quote_does_not_swallow_the_file(tmp_path):
    good = 5_000
    path = csv_of(tmp_path, 'a;b\n1;"open\n' + "x;y\n" * good)
    _, records = read(path)
    assert [r.row for r in records if r.fault == csvfile.UNCLOSED] == [2]
    assert sum(not r.fault for r in records) == good


def test_a_file_of_unclosed_quotes_and_endless_lines_stays_within_bounds(tmp_path):
    path = tmp_path / "vijandig.csv"
    with path.open("wb") as file:
        file.write(b"a;b\n")
        file.write(b'x;"open\n' * 3_000)
        file.write(b"y" * (8 << 20) + b"\n")
        file.write(b"1;2\n")
    tracemalloc.start()
    try:
        table = open_table(survey(path))
        faults = sound = 0
        for record in table.records():
            faults += bool(record.fault)
            sound += not record.fault
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sound == 1
    assert faults == 3_001
    assert peak < 40 << 20


CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from(list('";,\n')), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12), st.sampled_from([";", ","]))
@settings(max_examples=100, deadline=None)
def test_what_is_written_as_csv_is_read_again(tmp_path_factory, rows, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(("naam", "adres", "plaats"))
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(text.getvalue().encode())
    _, records = read(path)
    assert [tuple(r.cells) for r in records] == rows
    assert not any(r.fault for r in records)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_bytes_whatever_break_the_reader(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(b"naam;plaats\n" + content)
    try:
        header, records = read(path)
    except InputError:
        return
    assert header
    assert all(record.fault or len(record.cells) == len(header) for record in records)


# What is no table


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b" \n\n", "file-empty"),
        (b"%PDF-1.7 ...", "not-a-table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-a-table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "not-a-table"),
        (bytes(range(256)) * 40, "not-a-table"),
        (b"PK\x03\x04broken", "xlsx-broken"),
        (b";;;\n1;2;3;4\n", "no-header"),
        (b'"open\n1;2\n', "no-header"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(tmp_path, content, code):
    with pytest.raises(InputError) as refused:
        read(csv_of(tmp_path, content))
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        survey(tmp_path / "weg.csv")


# XLSX


def workbook(tmp_path, *rows, name="a.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / name
    book.save(path)
    return path


def test_a_sheet_is_read_as_a_person_would_type_it(tmp_path):
    path = workbook(
        tmp_path,
        [],
        ["Naam", "Telefoon", "Sinds", None],
        ["Anna", 612345678, date(2020, 1, 2)],
        [],
        ["Bram", 1.5, None],
    )
    header, records = read(path)
    assert header == ("Naam", "Telefoon", "Sinds")
    assert [r.cells for r in records] == [["Anna", "612345678", "2020-01-02"], ["Bram", "1.5", ""]]


def test_a_formula_is_a_fault_of_its_row(tmp_path):
    _, records = read(workbook(tmp_path, ["Naam"], ["=1+1"], ["Anna"], ["#N/A"]))
    assert [bool(r.fault) for r in records] == [True, False, True]
    assert "formula" in records[0].fault


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = workbook(tmp_path, ["Naam"], ["Anna"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * (40 << 20))
    with pytest.raises(InputError) as refused:
        read(path)
    assert refused.value.code == "xlsx-bomb"


@pytest.mark.parametrize(
    "sheet",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>',
        b"<worksheet><sheetData><row>",
        b"\xff\xfe",
    ],
)
def test_hostile_or_broken_xml_is_refused(tmp_path, sheet):
    good = workbook(tmp_path, ["Naam"], ["Anna"])
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            new.writestr(part, sheet if part.endswith("sheet1.xml") else old.read(part))
    with pytest.raises(InputError) as refused:
        read(path)
    assert refused.value.code in {"xlsx-broken", "no-header"}


def test_a_zip_that_is_no_workbook(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("klanten.csv", "naam\nAnna\n")
    with pytest.raises(InputError, match="ZIP archive"):
        read(path)


# vCard

CARD = """BEGIN:VCARD
VERSION:3.0
FN:Anna de Vries
N:Vries;Anna;;;
TEL;TYPE=HOME:0485-341234
TEL;TYPE=CELL:06-12345678
EMAIL:anna@example.nl
ADR;TYPE=HOME:;;Dorpsstraat 1;Bergen;;5854 GH;Nederland
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
 BBBB
END:VCARD
"""


def test_cards_are_rows_and_a_broken_one_costs_itself(tmp_path):
    broken = "BEGIN:VCARD\nthis is no line of a card\nEND:VCARD\n"
    many = CARD.replace("END:VCARD", "EMAIL:anna@example.org\nEND:VCARD")
    path = csv_of(tmp_path, CARD + broken + many + "BEGIN:VCARD\nFN:niet af\n", "a.vcf")
    header, records = read(path)
    row = dict(zip(header, records[0].cells, strict=True))
    assert row["name"] == "Anna de Vries"
    assert (row["phone"], row["mobile"], row["email"]) == ("0485-341234", "06-12345678", "anna@example.nl")
    assert (row["street"], row["postcode"], row["town"]) == ("Dorpsstraat 1", "5854 GH", "Bergen")
    assert [bool(r.fault) for r in records] == [False, True, True, True]
    assert "more than one email" in records[2].fault
