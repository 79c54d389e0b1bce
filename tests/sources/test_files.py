"""A share of files: read, found, blacked out or deleted file by file; what cannot be read is said; links lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError, RefusedError
from gestand.sources.conformance import check
from gestand.sources.files import FilesSource
from gestand.sources.load import read_source
from gestand.sources.model import Known
from gestand.statement.policy import FieldKind
from sources.shop import place, policy

ANNA = (
    Known(FieldKind.EMAIL, "anna@example.nl"),
    Known(FieldKind.NAME, "Anna de Vries"),
    Known(FieldKind.PHONE, "06-12345678"),
)
STRANGER = (Known(FieldKind.EMAIL, "niemand@example.nl"),)
DECLARED = """
format = 1
kind = "files"
title = { nl = "schijf", en = "disk" }
folder = "schijf"
field = "correspondence.message"
erase = "%s"
"""


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "schijf"
    (folder / "klanten").mkdir(parents=True)
    (folder / "klanten" / "afspraken.txt").write_text("Anna de Vries, 0612345678, dinsdag\nBram Jansen, woensdag\n")
    (folder / "lijst.csv").write_bytes("naam;mail\nAnna;anna@example.nl\nRené;rene@example.nl\n".encode("cp1252"))
    (folder / "ander.md").write_text("niets")
    return tmp_path


def share(folder: Path, erase: str = "black-out", more: str = "") -> FilesSource:
    return FilesSource(
        read_source("schijf", (DECLARED % erase + more).encode(), "sources/schijf.toml", policy()), place(folder)
    )


@pytest.mark.parametrize("erase", ["black-out", "delete"])
def test_it_does_what_a_source_must_do(disk: Path, erase: str):
    assert check(share(disk, erase), person=ANNA, stranger=STRANGER) == ()


def test_texts_are_blacked_out_and_the_rest_stands(disk: Path):
    mine = share(disk)
    mine.erase(mine.plan(mine.find({"anna": ANNA})["anna"].traces, known=ANNA))
    assert (
        disk / "schijf/klanten/afspraken.txt"
    ).read_text() == "[verwijderd], [verwijderd], dinsdag\nBram Jansen, woensdag\n"
    assert (disk / "schijf/lijst.csv").read_text("utf-8") == "naam;mail\nAnna;[verwijderd]\nRené;rene@example.nl\n"


def test_what_cannot_be_read_makes_the_search_incomplete_unless_left_out_with_a_reason(disk: Path):
    (disk / "schijf" / "foto.jpg").write_bytes(b"\xff\xd8\xff")
    (disk / "schijf" / "stuk.pdf").write_bytes(b"%PDF-1.7 niets")
    found = share(disk).find({"anna": ANNA})["anna"]
    assert {search.place for search in found.searched if search.why_not} == {"foto.jpg", "stuk.pdf"}
    assert len(share(disk).test()) == 2
    (disk / "schijf" / "stuk.pdf").unlink()
    found = share(disk, more='skip = { "*.jpg" = "photographs of devices" }').find({"anna": ANNA})["anna"]
    assert found.complete
    assert [search.kinds for search in found.searched if search.place == "foto.jpg"] == [
        ("left out: photographs of devices",)
    ]


def test_a_document_that_no_program_can_edit_is_in_the_way(disk: Path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["anna@example.nl"])
    book.save(disk / "schijf" / "lijst.xlsx")
    mine = share(disk)
    plan = mine.plan(mine.find({"anna": ANNA})["anna"].traces, known=ANNA)
    assert plan.conflicts == ("lijst.xlsx cannot be edited by a program: edit or remove it by hand",)
    with pytest.raises(RefusedError):
        mine.erase(plan)
    assert "Anna" in (disk / "schijf/klanten/afspraken.txt").read_text()


def test_a_file_changed_since_the_plan_stops_it(disk: Path):
    mine = share(disk)
    plan = mine.plan(mine.find({"anna": ANNA})["anna"].traces, known=ANNA)
    (disk / "schijf/klanten/afspraken.txt").write_text("Anna de Vries, 0612345678, nu vrijdag\n")
    with pytest.raises(RefusedError) as refused:
        mine.erase(plan)
    assert refused.value.code == "source-changed"


def test_a_link_out_of_the_folder_is_not_followed(disk: Path):
    (disk / "buiten.txt").write_text("anna@example.nl")
    (disk / "schijf" / "link.txt").symlink_to(disk / "buiten.txt")
    assert "link.txt" not in {trace.place for trace in share(disk).find({"anna": ANNA})["anna"].traces}


def test_a_zip_that_unpacks_without_end_is_damaged_and_does_no_harm(disk: Path):
    import zipfile

    with zipfile.ZipFile(disk / "schijf" / "bom.docx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 120_000_000)
    [search] = [s for s in share(disk).find({"anna": ANNA})["anna"].searched if s.place == "bom.docx"]
    assert search.why_not


def test_a_share_that_is_not_mounted_is_no_empty_share(tmp_path: Path):
    with pytest.raises(GestandError) as away:
        share(tmp_path).find({"anna": ANNA})
    assert away.value.code == "source-unreachable"
