"""The first sheet of an XLSX workbook as rows, read as a stream and within bounds, with XML entities refused."""

from __future__ import annotations

import importlib
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from gestand.intake.model import Record
from gestand.kernel.errors import InputError, Problem
from gestand.reading.zipfaults import ZIP_FAULTS

UNPACKED = 512 << 20  # bytes all parts together may unpack to
EXPANSION = 200  # times a part may grow when unpacked, beyond a first MiB
PARTS = 2_000
CELLS = 500
_SHARED = 128 << 20  # bytes of shared strings, which are held in memory
_UNTIL_HEADER = 50  # empty rows looked past

FORMULA = "holds a formula; put its result in the cell (paste values) and give the file again"


_BROKEN = (*ZIP_FAULTS, ParseError, KeyError, TypeError, IndexError, AttributeError)
"""What openpyxl and its parsers raise for a damaged or hostile workbook; defusedxml's refusals are ValueErrors."""


class XlsxTable:
    """The rows of the first sheet that has any. The header is its first row that is not empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard()
        self._header_row = 0
        for record in self._rows():
            if any(cell.strip() for cell in record.cells):
                self._header_row = record.row
                while record.cells and not record.cells[-1].strip():
                    record.cells.pop()
                self.header = tuple(cell.strip() for cell in record.cells)
                break
            if record.row > _UNTIL_HEADER:
                break
        if not self._header_row:
            raise self._refuse(
                "no-header", "the first sheet is empty", "Put the names of the columns in its first row."
            )

    def records(self) -> Iterator[Record]:
        """Yield the rows below the header, empty ones left out."""
        width = len(self.header)
        for record in self._rows():
            if record.row <= self._header_row:
                continue
            cells = record.cells
            if record.fault or any(cells):
                beyond = [cell for cell in cells[width:] if cell]
                if beyond and not record.fault:
                    yield Record(record.row, cells, f"has cells beyond the {width} columns of the header")
                else:
                    yield Record(record.row, (cells + [""] * width)[:width], record.fault)

    def _rows(self) -> Iterator[Record]:
        openpyxl: Any = importlib.import_module("openpyxl")  # it ships no types
        if not openpyxl.DEFUSEDXML:
            raise self._refuse("xlsx-broken", "openpyxl does not read through defusedxml", "Install defusedxml.")
        book = None
        with self._path.open("rb") as file:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of styles and extensions, which are not read
                    book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
                sheet = book.worksheets[0]
                sheet.reset_dimensions()
                for number, cells in enumerate(sheet.iter_rows(), 1):
                    yield _record(number, cells)
            except _BROKEN as fault:
                raise self._refuse(
                    "xlsx-broken",
                    f"the workbook cannot be read ({type(fault).__name__})",
                    "Open and save it again, or use CSV.",
                ) from None
            finally:
                if book is not None:
                    book.close()

    def _guard(self) -> None:
        """Judge the archive by its own directory before anything is unpacked; reading stops at the sizes it states."""
        try:
            with zipfile.ZipFile(self._path) as archive:
                parts = archive.infolist()
        except ZIP_FAULTS:
            raise self._refuse("xlsx-broken", "the file is no whole XLSX workbook", "Export it again.") from None
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise self._refuse("not-a-table", "the file is a ZIP archive, not a workbook", "Give a CSV or XLSX file.")
        total = sum(part.file_size for part in parts)
        steep = any(part.file_size > (1 << 20) + EXPANSION * part.compress_size for part in parts)
        shared = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
        if total > UNPACKED or steep or shared > _SHARED or len(parts) > PARTS:
            raise self._refuse(
                "xlsx-bomb",
                f"the workbook unpacks to {total >> 20} MiB in {len(parts)} parts, out of proportion to its size",
                "Save the sheet as CSV UTF-8 and give that file.",
            )

    def _refuse(self, code: str, message: str, remedy: str) -> InputError:
        return InputError((Problem(str(self._path), 0, code, message, remedy),))


def _record(number: int, cells: Any) -> Record:
    if len(cells) > CELLS:
        return Record(number, [], f"has more than {CELLS} cells")
    if any(cell.data_type == "f" for cell in cells):
        return Record(number, [], FORMULA)
    if any(cell.data_type == "e" for cell in cells):
        return Record(number, [], "holds an error value of the spreadsheet, such as #N/A")
    return Record(number, [_written(cell.value) for cell in cells])


def _written(value: Any) -> str:
    """Return a cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
