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


def test_a_saved_mail_is_read_as_mail_with_what_is_attached(disk: Path):
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Bram <bram@example.nl>", "info@example.org", "afspraak"
    mail.set_content("Zie de bijlage, groet René", cte="base64")
    mail.add_attachment("anna@example.nl komt dinsdag", filename="wie.txt", cte="base64")
    (disk / "schijf" / "bewaard.eml").write_bytes(bytes(mail))
    found = share(disk, "delete").find({"anna": ANNA, "bram": (Known(FieldKind.EMAIL, "bram@example.nl"),)})
    assert "bewaard.eml" in {trace.place for trace in found["anna"].traces}
    assert "bewaard.eml" in {trace.place for trace in found["bram"].traces}
    assert found["anna"].complete


def test_names_in_rich_text_and_addresses_behind_links_are_found(disk: Path):
    rich = rb"{\rtf1\ansi\deff0 {\fonttbl{\f0 Arial;}}\f0\fs20 Ren\'e9e Bos\par 06 8765 4321}"
    (disk / "schijf" / "brief.rtf").write_bytes(rich)
    (disk / "schijf" / "blad.html").write_text(
        "<html><body><a href='mailto:renee@example.nl?subject=x'>mail</a></body></html>"
    )
    known = (
        Known(FieldKind.NAME, "Renée Bos"), Known(FieldKind.PHONE, "0687654321"), Known(FieldKind.EMAIL, "renee@example.nl"),
    )  # fmt: skip
    found = {trace.place: trace for trace in share(disk).find({"renee": known})["renee"].traces}
    assert set(found) == {"brief.rtf", "blad.html"}
    assert found["brief.rtf"].values[0].value.endswith("Renée Bos 06 8765 4321")


def test_what_a_workbook_says_of_one_person_stands_in_one_row(disk: Path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["klant", "mail", "plaats"])
    for number in range(30):
        book.active.append([f"Klant {number}", f"klant{number}@example.org", "Zandstad"])
    book.active.append(["Anna de Vries", "anna@example.nl", "Zandstad"])
    book.save(disk / "schijf" / "lijst.xlsx")
    [trace] = [t for t in share(disk).find({"anna": ANNA})["anna"].traces if t.place == "lijst.xlsx"]
    assert "Anna de Vries; anna@example.nl; Zandstad" in trace.values[0].value


def test_a_text_in_which_a_name_is_written_in_signs_must_be_edited_by_hand(disk: Path):
    known = (Known(FieldKind.EMAIL, "zoe@example.nl"), Known(FieldKind.NAME, "Zoë Bos"))
    (disk / "schijf" / "klant.txt").write_text("zoe@example.nl")
    mine = share(disk)
    plan = mine.plan(mine.find({"zoe": known})["zoe"].traces, known=known)
    assert plan.conflicts == ()
    (disk / "schijf" / "klant.rtf").write_bytes(rb"{\rtf1 zoe@example.nl}")
    plan = mine.plan(mine.find({"zoe": known})["zoe"].traces, known=known)
    assert plan.conflicts == ("klant.rtf cannot be edited by a program: edit or remove it by hand",)


def test_a_file_that_was_deleted_and_put_back_is_known_again(disk: Path):
    mine = share(disk, "delete")
    before = (disk / "schijf/klanten/afspraken.txt").read_bytes()
    plan = mine.plan(mine.find({"anna": ANNA})["anna"].traces, known=ANNA)
    marks = mine.marks(plan)
    assert len(marks) == 2
    mine.erase(plan)
    assert mine.returned(marks) == 0
    (disk / "schijf/klanten/afspraken.txt").write_text("een andere lijst onder dezelfde naam")
    assert mine.returned(marks) == 0
    (disk / "schijf/klanten/afspraken.txt").write_bytes(before)
    assert mine.returned(marks) == 1
