"""The record of processing as files: a workbook, and a PDF that a screen reader can read."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, time

import xlsxwriter

from gestand.evidence.ropa import RecordOfProcessing
from gestand.evidence.ropa_sheets import Sheet, sheets_of

_WIDE = 60
_LONGEST_CELL = 32_767


def workbook(record: RecordOfProcessing, language: str) -> bytes:
    """Return the record as XLSX: a sheet a table, every cell a text that no spreadsheet runs."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {
            "title": _title(record, language),
            "created": datetime.combine(record.made_on, time(), UTC).replace(tzinfo=None),
        }
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@", "quote_prefix": True, "text_wrap": True, "valign": "top"})
    for sheet in sheets_of(record, language):
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for column, name in enumerate(sheet.head):
            page.write_string(0, column, name, bold)
            longest = max((len(row[column]) for row in sheet.rows), default=0)
            page.set_column(column, column, min(_WIDE, max(longest, len(name)) + 2))
        for line, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row):
                page.write_string(line, column, value[:_LONGEST_CELL], text)
    book.close()
    return stream.getvalue()


def pdf(record: RecordOfProcessing, language: str) -> bytes:
    """Return the record as PDF/UA, with headings, tagged tables and its language."""
    import typst

    made: bytes = typst.compile(source(record, language).encode(), format="pdf", pdf_standards=["ua-1"])
    return made


def source(record: RecordOfProcessing, language: str) -> str:
    """Return the Typst source of the PDF. Every word from outside stands in a string, so that none of it is markup."""
    day, title, author = record.made_on, _literal(_title(record, language)), _literal(record.policy.controller.name)
    written = f"datetime(year: {day.year}, month: {day.month}, day: {day.day})"
    lines = [
        f"#set document(title: {title}, author: {author}, date: {written})",
        f'#set text(lang: "{language}", size: 8pt)',
        '#set page(paper: "a4", flipped: true, margin: 15mm, numbering: "1")',
        "#set par(justify: false)",
        "#show heading: set block(above: 1.4em, below: 0.7em)",
        f"#title({title})",
    ]
    for sheet in sheets_of(record, language):
        lines += _table(sheet, language)
    return "\n".join(lines) + "\n"


def _table(sheet: Sheet, language: str) -> list[str]:
    lines = [f"#heading(level: 1, {_literal(sheet.title)})"]
    if not sheet.rows:
        return [*lines, f"#par({_literal('Geen.' if language == 'nl' else 'None.')})"]
    columns = ", ".join(f"{width}mm" for width in widths(sheet))
    head = ", ".join(f"strong({_literal(name)})" for name in sheet.head)
    cells = [", ".join(_literal(value) for value in row) for row in sheet.rows]
    return [
        *lines,
        f"#table(columns: ({columns}), stroke: 0.4pt, table.header({head}),",
        *(f"  {row}," for row in cells),
        ")",
    ]


WIDTH, INSET, LETTER, MOST = 267.0, 3.6, 1.7, 45.0
"""In millimetres: a flipped A4 within its margins, the sides of a cell, a bold letter of 8 points, a word that may be broken."""


def widths(sheet: Sheet) -> tuple[float, ...]:
    """Return how wide each column is, in millimetres: its longest word fits, and what is left goes by how much stands in it."""
    least, much = [], []
    for at, head in enumerate(sheet.head):
        texts = [row[at] for row in sheet.rows]
        longest = max(len(word) for text in (head, *texts) for word in text.split() or ("",))
        least.append(min(longest * LETTER, MOST) + INSET)
        much.append(1 + min(200, sum(map(len, texts)) // len(texts)))
    left = WIDTH - sum(least)
    if left < 0:
        return tuple(round(WIDTH * one / sum(least), 1) for one in least)
    return tuple(round(one + left * more / sum(much), 1) for one, more in zip(least, much, strict=True))


def _title(record: RecordOfProcessing, language: str) -> str:
    what = "Verwerkingsregister" if language == "nl" else "Record of processing activities"
    return f"{what}, {record.policy.controller.name}"


def _literal(text: str) -> str:
    """Return a Typst string literal; JSON's escapes are Typst's, but for those of control signs, which are left out."""
    return json.dumps("".join(sign if sign.isprintable() else " " for sign in text), ensure_ascii=False)
