"""A package for a recipient: CSV, JSON or XLSX, sealed to the recipient's key (age-encryption.org/v1).

A row is a subject, named by the number of the disclosure and its own, so that a later change can be told without naming anyone.
What a spreadsheet would take for a formula is neutralised: in CSV by an apostrophe before it (OWASP, ASVS 1.2.10), in XLSX by
writing a text that is marked as one. JSON stays as it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyrage

from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import FieldPath
from gestand.sharing.model import Form

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""How something begins that a spreadsheet may run; the wide forms are read as the narrow ones by some."""
LONGEST_CELL: Final = 32_767
REFERENCE: Final = "reference"


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a package: its fields in order, and a row a subject with all values of each field."""

    id: str
    recipient: str
    purpose: str
    ground: str
    made_at: datetime
    fields: tuple[FieldPath, ...]
    rows: tuple[tuple[int, Mapping[FieldPath, tuple[str, ...]]], ...]


def write(contents: Contents, form: Form) -> bytes:
    """Return a package, not yet sealed.

    :raises RefusedError: ``package-cell`` if a value does not fit a cell of XLSX.
    """
    if form is Form.JSON:
        return _json(contents)
    head = [REFERENCE, *contents.fields]
    rows = [
        [f"{contents.id}/{number}", *("\n".join(values.get(field, ())) for field in contents.fields)]
        for number, values in contents.rows
    ]
    return _csv(head, rows) if form is Form.CSV else _xlsx(contents, head, rows)


def neutral(value: str) -> str:
    """Return ``value`` such that no spreadsheet takes it for a formula: an apostrophe before what could begin one."""
    return f"'{value}" if value.startswith((*FORMULA, "'")) else value


def plain(cell: str) -> str:
    """Undo ``neutral``."""
    return cell.removeprefix("'")


def _csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    written = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    written.writerow(head)
    written.writerows([neutral(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(contents: Contents, head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    import xlsxwriter  # a fifth of a second that nobody waits for who never asks for a workbook

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": contents.id, "created": contents.made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet("gestand")
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@", "quote_prefix": True})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(head):
        sheet.write_string(0, column, name, bold)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if len(value) > LONGEST_CELL:
                raise RefusedError(
                    "package-cell",
                    f"a value of '{head[column]}' has {len(value)} characters, and a cell holds {LONGEST_CELL}",
                    where=contents.id,
                    remedy="Give it as JSON or CSV: --format json.",
                )
            sheet.write_string(line, column, value, text)
    book.close()
    return stream.getvalue()


def _json(contents: Contents) -> bytes:
    document = {
        "disclosure": contents.id,
        "recipient": contents.recipient,
        "purpose": contents.purpose,
        "ground": contents.ground,
        "made_at": contents.made_at.isoformat(),
        "people": [
            {REFERENCE: f"{contents.id}/{number}", **{field: list(values.get(field, ())) for field in contents.fields}}
            for number, values in contents.rows
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def key_of(sealed_to: str, recipient: str) -> pyrage.x25519.Recipient:
    """Return the key to which a package is sealed.

    :raises UsageError: ``package-key`` if it is none.
    """
    try:
        return pyrage.x25519.Recipient.from_str(sealed_to.strip())
    except pyrage.RecipientError:
        raise UsageError(
            "package-key",
            f"no key is known to which a package for '{recipient}' can be sealed",
            where=f"agreements.toml: {recipient}.sealed_to",
            remedy="Ask the recipient for an age recipient (age1...; made with age-keygen) and write it there, or give --sealed-to.",
        ) from None


def seal(package: bytes, key: pyrage.x25519.Recipient) -> bytes:
    """Return the package such that only the recipient opens it."""
    sealed: bytes = pyrage.encrypt(package, [key])
    return sealed
