"""What counts as readable on disk: an address among text or bytes does, chance in sealed bytes does not."""

from __future__ import annotations

import random

import pytest

from gestand.evidence.controls.keeping import _clear_text

SEALED = random.Random(1).randbytes(3_000)


@pytest.mark.parametrize("chance", [b"\xfe8k@Q7.zX\x80", b"\x01a@b.nl\x02", b"\x90aZ9%w1@b7D.xQ\xff"])
def test_what_chance_makes_of_sealed_bytes_is_no_readable_address(tmp_path, chance):
    (tmp_path / "data.db").write_bytes(SEALED + chance + SEALED)
    assert list(_clear_text(tmp_path / "data.db")) == []


@pytest.mark.parametrize("address", [b"anna@example.nl", b"Bram.Jansen@example.org", b"EVA@EXAMPLE.NL"])
def test_an_address_in_the_clear_among_sealed_bytes_is_seen(tmp_path, address):
    (tmp_path / "data.db").write_bytes(SEALED + b"\x00" + address + b"\x00" + SEALED)
    assert list(_clear_text(tmp_path / "data.db")) == ["data.db: holds readable addresses"]


def test_a_short_address_in_a_file_of_text_is_seen(tmp_path):
    (tmp_path / "lijst.csv").write_text("naam;e-mail\nAnna;a@b.nl\n", "utf-8")
    assert list(_clear_text(tmp_path / "lijst.csv")) == ["lijst.csv: holds readable addresses"]
