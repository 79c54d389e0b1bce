"""Verdicts over time, and the proof as files."""

import re
from datetime import timedelta

import pypdfium2
import pytest

from gestand.doors.cli.main import run
from gestand.doors.house import world_of
from gestand.evidence.service import prove
from gestand.kernel.errors import DamagedError, UsageError
from gestand.ledger.vouching import check_file, vouch

CONTROL = "sealed-at-rest"


@pytest.fixture
def broken(place):
    """A promise that was kept, then broken for a day, then mended."""
    house = place.open()
    prove(world_of(house))
    export = house.config.data / "export.csv"
    export.write_text("naam;e-mail\nGreet Bos;greet@example.nl\n", "utf-8")
    place.clock.move_to(place.clock() + timedelta(days=1))
    prove(world_of(house))
    return house, export


def mend(place, house, export):
    export.unlink()
    place.clock.move_to(place.clock() + timedelta(days=1))
    prove(world_of(house))


def test_a_promise_that_breaks_is_known_with_its_moment_and_its_clauses(place, broken):
    house, _ = broken
    [one] = [b for b in house.history.breaches() if b.control == CONTROL]
    assert one.since == place.clock()
    assert one.until is None
    assert "C46" in one.clauses
    events = [e.event.name for e in house.ledger.entries() if e.event.facts.get("control") == CONTROL]
    assert events == ["promise.broken"]


def test_mended_it_has_an_end_and_the_owners_words(place, broken):
    house, export = broken
    mend(place, house, export)
    house.history.mended(CONTROL, "export removed; exports now go to the bookkeeper's age key")
    [one] = [b for b in house.history.breaches() if b.control == CONTROL]
    assert one.until == place.clock()
    assert one.until - one.since == timedelta(days=1)
    assert "age key" in one.mended_by
    events = [e.event.name for e in house.ledger.entries() if e.event.facts.get("control") == CONTROL]
    assert events == ["promise.broken", "promise.mended"]


def test_the_same_verdict_twice_is_one_stretch(place, broken):
    house, _ = broken
    place.clock.move_to(place.clock() + timedelta(days=1))
    prove(world_of(house))
    assert len([b for b in house.history.breaches() if b.control == CONTROL]) == 1


def test_what_is_still_broken_or_never_was_cannot_be_said_mended(broken):
    house, _ = broken
    for name in (CONTROL, "ledger-intact"):
        with pytest.raises(UsageError) as refused:
            house.history.mended(name, "done")
        assert refused.value.code == "promise-not-mended"


def test_the_command_tells_it(place, broken, gestand):
    house, export = broken
    mend(place, house, export)
    said = gestand("prove", "--mended", CONTROL, "--how", "export removed", "--json")
    assert said.status == 0
    [one] = [row for row in said.document if row["control"] == CONTROL]
    assert one["mended_by"] == "export removed"
    assert one["until"]
    assert gestand("prove", "--mended", CONTROL, "--how", " ").status == 2


def test_the_page_and_the_signed_pdf(gestand, tmp_path, capsys):
    page, pdf = tmp_path / "bewijs.html", tmp_path / "bewijs.pdf"
    gestand("prove", "--html", str(page), "--pdf", str(pdf), "--json")
    html = page.read_text("utf-8")
    assert "GEEN cookies" in html
    assert "<script" not in html
    assert "//" not in html.replace("https://", "").split("<style>")[0]
    assert pdf.read_bytes().startswith(b"%PDF-")
    key = gestand("ledger", "checkpoint", "--json").document["key"]
    checked = gestand("ledger", "check-file", str(pdf), "--key", key, "--json")
    assert checked.status == 0
    assert "proof of statement" in checked.document["what"]
    pdf.write_bytes(pdf.read_bytes() + b" ")
    assert run(["ledger", "check-file", str(pdf), "--key", key]) == 4
    assert "not the one that was signed" in capsys.readouterr().err


def test_page_and_pdf_say_that_all_is_kept_and_say_what_is_broken(place, gestand, tmp_path):
    page, pdf = tmp_path / "bewijs.html", tmp_path / "bewijs.pdf"

    def shown():
        gestand("prove", "--html", str(page), "--pdf", str(pdf), "--json")
        return page.read_text("utf-8"), words_of(pdf)

    for said in shown():
        assert "geen afwijking gevonden." in said.lower()
    (place.open().config.data / "export.csv").write_text("naam;e-mail\nGreet Bos;greet@example.nl\n", "utf-8")
    html, told = shown()
    counted = int(re.search(r'<b class="broken">(\d+)</b>gebroken', html)[1])
    assert counted
    for said in (html, told):
        assert re.search(rf"{counted} afwijking(en)? gevonden\.", said)
        assert "geen afwijking gevonden" not in said.lower()


def words_of(pdf):
    with pypdfium2.PdfDocument(pdf.read_bytes()) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def test_a_note_of_another_key_or_a_checkpoint_vouches_for_nothing(place):
    ledger = place.open().ledger
    note = vouch(b"content", "a file", ledger.sign_text)
    assert check_file(b"content", note, ledger.key) == "a file"
    for wrong in (note.replace("a file", "b file"), ledger.checkpoint().text, "", "x\n\n— y z\n"):
        with pytest.raises(DamagedError) as refused:
            check_file(b"content", wrong, ledger.key)
        assert refused.value.code == "file-note"
