"""CSV (RFC 4180, and what is found in the wild) as rows. A broken row costs itself, never the rows after it.

Read line by line within bounds. A quote that is opened and not closed within ``RECORD_LINES`` lines makes its own line
broken, and reading goes on at the next one.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from gestand.intake.model import Record
from gestand.kernel.errors import InputError, Problem

LINE_LENGTH = 1 << 20  # characters a line may have
RECORD_LINES = 100  # lines a quoted value may span
RECORD_LENGTH = 1 << 17  # characters a row of several lines may have
HEADER_CELLS = 500
_DELIMITERS = (";", ",", "\t", "|")
_SAMPLE = 30  # lines looked at to find the delimiter
_ESCAPED = re.compile("[\udc80-\udcff]")
_SEP = re.compile(r"sep=(.)\s*", re.IGNORECASE)

UNCLOSED = "a quote is opened and not closed"


class CsvTable:
    """The rows of a CSV file. The delimiter is found in its first lines, or named by Excel's ``sep=;``."""

    def __init__(self, path: Path, encoding: str, *, broken_utf8: bool = False) -> None:
        self._path = path
        self._encoding = encoding
        self._errors = "surrogateescape" if broken_utf8 else "replace"
        self._watch_escapes = broken_utf8
        csv.field_size_limit(RECORD_LENGTH)
        self._delimiter = self._find_delimiter()
        first = next(self._rows(), None)
        if first is None or first.fault or not any(map(str.strip, first.cells)):
            raise self._refuse(
                "no-header", "the first row holds no names of columns", "Put the names in the first row."
            )
        if len(first.cells) > HEADER_CELLS:
            raise self._refuse("not-a-table", "the first row has more than 500 columns", "Give a CSV of customers.")
        self.header = tuple(cell.strip() for cell in first.cells)

    def records(self) -> Iterator[Record]:
        """Yield the rows below the header, blank ones left out."""
        rows = self._rows()
        next(rows)
        width = len(self.header)
        for record in rows:
            cells = record.cells
            if len(cells) == width or record.fault:
                yield record
            elif len(cells) > width and not any(map(str.strip, cells[width:])):
                yield Record(record.row, cells[:width])
            else:
                yield Record(record.row, cells, f"has {len(cells)} cells where the header has {width}")

    def _rows(self) -> Iterator[Record]:
        with self._open() as file:
            lines = _Lines(file)
            for line in lines:
                row = lines.number
                if row == 1 and _SEP.fullmatch(line):
                    continue
                if not line.strip():
                    continue
                fault = lines.fault or self._fault(line)
                if fault:
                    yield Record(row, [], fault)
                elif '"' not in line:
                    yield Record(row, line.rstrip("\r\n").split(self._delimiter))
                else:
                    yield self._quoted(row, line, lines)

    def _quoted(self, row: int, line: str, lines: _Lines) -> Record:
        """Read a row with quotes in it; its lines after the first are given back if it turns out broken."""
        taken: list[str] = []
        length = len(line)

        def following() -> Iterator[str]:
            nonlocal length
            yield line
            while len(taken) < RECORD_LINES and length < RECORD_LENGTH:
                more = next(lines, None)
                if more is None:
                    return
                taken.append(more)
                if lines.fault or self._fault(more):
                    return
                length += len(more)
                yield more

        try:
            return Record(row, next(csv.reader(following(), delimiter=self._delimiter, strict=True)))
        except (csv.Error, StopIteration):
            lines.give_back(taken)
        if line.count('"') % 2:
            return Record(row, [], UNCLOSED)
        return Record(row, [], "a quote stands where none can; a quote inside a value is written twice")

    def _fault(self, line: str) -> str:
        if "\x00" in line:
            return "holds NUL characters"
        if self._watch_escapes and not line.isascii() and _ESCAPED.search(line):
            return "holds bytes that are no UTF-8"
        return ""

    def _find_delimiter(self) -> str:
        with self._open() as file:
            lines = _Lines(file)
            sample = [line for line, _ in zip(lines, range(_SAMPLE), strict=False) if line.strip()]
        named = _SEP.fullmatch(sample[0]) if sample else None
        if named:
            return named[1]
        best, most = ",", 0
        for delimiter in _DELIMITERS:
            widths = [_unquoted(line).count(delimiter) for line in sample]
            if widths and widths[0]:
                agreeing = sum(width == widths[0] for width in widths) * 100 + min(widths[0], 99)
                if agreeing > most:
                    best, most = delimiter, agreeing
        return best

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding, errors=self._errors, newline="")

    def _refuse(self, code: str, message: str, remedy: str) -> InputError:
        return InputError((Problem(str(self._path), 1, code, message, remedy),))


class _Lines:
    """Lines of bounded length, numbered from 1; some may be given back. ``fault`` is that of the line just read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._returned: deque[str] = deque()
        self.number = 0
        self.fault = ""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        again = bool(self._returned)
        line = self._returned.popleft() if again else self._file.readline(LINE_LENGTH)
        if not line:
            raise StopIteration
        self.number += 1
        self.fault = "" if len(line) < LINE_LENGTH else "is one line of more than a million characters"
        rest = line if self.fault and not again else ""
        while rest and rest[-1] not in "\r\n":
            rest = self._file.readline(LINE_LENGTH)
        return line

    def give_back(self, lines: list[str]) -> None:
        """Read ``lines`` again next."""
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)


def _unquoted(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line) if '"' in line else line
