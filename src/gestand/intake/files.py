"""What a file is, seen in one bounded pass: its digest, kind and encoding; and the table it holds."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path

from gestand.intake.csvfile import CsvTable
from gestand.intake.model import FileKind, Survey, Table
from gestand.intake.vcardfile import VcardTable
from gestand.intake.xlsxfile import XlsxTable
from gestand.kernel.errors import InputError, Problem, UsageError

_BLOCK = 1 << 20
_ESCAPED = re.compile("[\udc80-\udcff]")
_WIDE = re.compile(r"[^\x00-\x7f]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAGIC = {
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as .xlsx or as CSV UTF-8",
    b"%PDF": "a PDF; export the customers as CSV or XLSX from the program that made it",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "compressed; unpack it first",
    b"7z\xbc\xaf": "compressed; unpack it first",
    b"SQLi": "a database",
    b"<htm": "a web page; export as CSV or XLSX",
    b"<!DO": "a web page; export as CSV or XLSX",
}


def survey(path: Path) -> Survey:
    """Read the file once and say what it is.

    :raises UsageError: ``no-file`` if it cannot be opened.
    :raises InputError: ``file-empty``, ``not-a-table``.
    """
    digest, lines, size, head = hashlib.sha256(), 0, 0, b""
    watch = _Utf8Watch()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                head = head or block[:8192]
                digest.update(block)
                lines += block.count(b"\n")
                size += len(block)
                watch.feed(block)
    except OSError as fault:
        raise UsageError(
            "no-file",
            f"the file cannot be read: {fault.strerror}",
            where=str(path),
            remedy="Name a file that is there.",
        ) from None
    kind = _kind(path, head)
    encoding, broken = watch.encoding(head)
    return Survey(path, kind, digest.hexdigest(), size, lines, encoding, broken)


def open_table(seen: Survey) -> Table:
    """Return the rows of a surveyed file.

    :raises InputError: ``not-a-table``, ``no-header``, ``xlsx-bomb``, ``xlsx-broken``.
    """
    if seen.kind == "xlsx":
        return XlsxTable(seen.path)
    if seen.kind == "vcard":
        return VcardTable(seen.path, seen.encoding)
    return CsvTable(seen.path, seen.encoding, broken_utf8=seen.broken_utf8)


def refuse_file(path: Path, code: str, message: str, remedy: str) -> InputError:
    """Return the error for a whole file that is not what it should be."""
    return InputError((Problem(str(path), 0, code, message, remedy),))


def _kind(path: Path, head: bytes) -> FileKind:
    if not head.strip():
        raise refuse_file(path, "file-empty", "the file is empty", "Export it again; it needs a header and rows.")
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    for magic, what in _MAGIC.items():
        if head.lower().startswith(magic.lower()):
            raise refuse_file(path, "not-a-table", f"the file is {what}", "Give a CSV, XLSX or vCard file.")
    text = head
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head.decode("utf-16", "replace").encode()
    if len(_BINARY.findall(text)) > len(text) // 20:
        raise refuse_file(path, "not-a-table", "the file holds no text", "Give a CSV, XLSX or vCard file.")
    start = text.removeprefix(codecs.BOM_UTF8).lstrip().upper()
    return "vcard" if start.startswith(b"BEGIN:VCARD") else "csv"


class _Utf8Watch:
    """Counts what is and what is not UTF-8, so that one bad byte does not turn a whole file into another encoding."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._bad = 0
        self._wide = 0

    def feed(self, block: bytes) -> None:
        text = self._decoder.decode(block)
        if not text.isascii():
            bad = len(_ESCAPED.findall(text))
            self._bad += bad
            self._wide += len(_WIDE.findall(text)) - bad

    def encoding(self, head: bytes) -> tuple[str, bool]:
        """Return the encoding, and whether it is UTF-8 with broken places."""
        self._bad += len(_ESCAPED.findall(self._decoder.decode(b"", final=True)))
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", False
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig", self._bad > 0
        if self._bad == 0:
            return "utf-8", False
        return ("utf-8", True) if self._wide > self._bad else ("cp1252", False)
