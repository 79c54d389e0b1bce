"""gestand device, as a person and a script use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.statement.policy import FieldKind
from lived_house import Ran

Gestand = Callable[..., Ran]


def taken_in(gestand: Gestand, place: Place, tmp_path: Path, *more: str) -> Ran:
    [daan] = place.open().vault.find(FieldKind.EMAIL, CAST[3].email)
    (tmp_path / "code.txt").write_text("geheim-4711\n", "utf-8")
    return gestand(
        "device", "intake", "--subject", daan, "--model", "Laptop Voorbeeld 12", "--permission", "alleen de test",
        "--accessories", "lader", "--code-file", str(tmp_path / "code.txt"), *more, "--json",
    )  # fmt: skip


def test_from_the_slip_to_a_code_that_the_customer_checks(gestand: Gestand, place: Place, tmp_path: Path):
    made = taken_in(gestand, place, tmp_path, "--pdf", str(tmp_path / "inname.pdf")).document
    assert (made["role"], made["code_sealed"]) == ("processor", True)
    assert "geheim-4711" not in str(made)
    assert "alleen de test" in made["slip"]
    page = pypdfium2.PdfDocument((tmp_path / "inname.pdf").read_bytes())[0].get_textpage().get_text_range()
    assert "Laptop Voorbeeld 12" in page
    (tmp_path / "schijf.img").write_bytes(b"bestanden" * 1000)
    copied = gestand("device", "image", made["id"], "--add", str(tmp_path / "schijf.img"), "--json").document
    [copy] = copied["images"]
    back = gestand("device", "image", made["id"], "--open", copy["name"], "--to", str(tmp_path / "terug.img"), "--json")
    assert back.document["opened_bytes"] == 9000
    assert gestand("device", "list", "--json").document["devices"][-1]["images"] == 1
    returned = gestand("device", "return", made["id"], "--json").document
    assert returned["destroyed"] == 1
    assert returned["code"] in returned["text"]
    wiped = gestand("device", "wipe", made["id"], "--language", "en", "--json").document
    assert "Certificate of wiping" in wiped["text"]
    proven = gestand("device", "check", wiped["code"], "--json")
    assert (proven.status, proven.document["paper"], proven.document["destroyed"]) == (0, "wipe", 1)
    assert proven.document["receipt"].startswith("c2sp.org/tlog-proof@v1")
    assert "kopieën vernietigd" in gestand("device", "check", wiped["code"]).out
    nothing = gestand("device", "check", "AAAA-AAAA-AAAA-AAAA", "--json")
    assert (nothing.status, nothing.document) == (1, {"found": False})


def test_what_cannot_be_is_refused(gestand: Gestand, place: Place, tmp_path: Path):
    made = taken_in(gestand, place, tmp_path).document
    for words, code, status in (
        (("slip", "dev_nothing"), "device-unknown", 2),
        (("image", made["id"], "--open", "img_x"), "device-image", 2),
        (("image", made["id"], "--add", str(tmp_path / "niets")), "image-unreadable", 2),
        (("image", made["id"], "--open", "img_x", "--to", str(tmp_path / "y")), "image-unknown", 2),
    ):
        ran = gestand("device", *words, "--json")
        assert (ran.status, ran.error["code"]) == (status, code)
    assert "geheim" not in gestand("device", "slip", made["id"]).out
    gestand("device", "return", made["id"])
    again = gestand("device", "return", made["id"], "--json")
    assert (again.status, again.error["code"]) == (3, "device-returned")
