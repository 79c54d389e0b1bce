"""The text of a file in a share: plain text, HTML and PDF as ``reading.documents`` reads them; spreadsheets and OOXML by their cells.

PDFs and archives are hostile input: they are read in a child process that can be killed, with a limit on memory, size and time.
"""

from __future__ import annotations

import io
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from gestand.kernel.errors import GestandError, UsageError
from gestand.reading.documents import text_of as statement_text

PLAIN = frozenset(
    {
        ".txt",
        ".md",
        ".csv",
        ".tsv",
        ".json",
        ".xml",
        ".log",
        ".ini",
        ".toml",
        ".yaml",
        ".yml",
        ".vcf",
        ".ics",
        ".eml",
        ".rtf",
    }
)
READ = frozenset({*PLAIN, ".html", ".htm", ".pdf", ".xlsx", ".xlsm", ".docx", ".pptx", ".odt", ".ods"})
"""File names whose text can be read."""
_ZIPPED = frozenset({".xlsx", ".xlsm", ".docx", ".pptx", ".odt", ".ods"})
_MEMBERS = re.compile(
    r"(word/(document|header\d*|footer\d*|comments|footnotes)|ppt/slides/slide\d+|ppt/notesSlides/.*|content)\.xml"
)
_BREAKS = re.compile(
    r"</(?:w:p|a:p|text:p|text:h|table:table-row)>|<(?:w:br|w:tab|text:tab|text:s|text:line-break)[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
MEMORY = 1_500_000_000
UNPACKED = 100_000_000
SECONDS = 30


def text_of_file(path: Path, *, size_cap: int) -> str:
    """Return the text of a file.

    :raises GestandError: ``file-without-text`` for a kind that is not read, ``file-too-large``, ``file-damaged``.
    """
    kind = path.suffix.lower()
    if kind not in READ:
        raise _fault(
            "file-without-text", path.name, f"no text can be read from a file of this kind ({kind or 'no extension'})"
        )
    if path.stat().st_size > size_cap:
        raise _fault("file-too-large", path.name, f"it has more than {size_cap} bytes")
    content = path.read_bytes()
    if kind in PLAIN:
        return decoded(content)
    return text_in_child(kind, content, path.name)


def decoded(content: bytes) -> str:
    """Return text in UTF-8 (or UTF-16 with its mark), else in the encoding of western Windows, which reads any byte."""
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", "replace")


def text_in_child(kind: str, content: bytes, name: str) -> str:
    """Return the text of a document, read in a child process that may fail, hang or grow without harm.

    :raises GestandError: ``file-damaged``.
    """
    words = [sys.executable, "-I", "-c", _CHILD.format(root=str(Path(__file__).parents[2]), kind=kind)]
    try:
        done = subprocess.run(words, input=content, capture_output=True, timeout=SECONDS, check=False, env={})  # noqa: S603 - our own interpreter
    except subprocess.TimeoutExpired:
        raise _fault("file-damaged", name, f"it could not be read within {SECONDS} seconds") from None
    if done.returncode:
        raise _fault("file-damaged", name, "it is damaged, has a password or is too large to unpack")
    return done.stdout.decode("utf-8")


_CHILD = """
import sys
sys.path.insert(0, {root!r})
from gestand.sources.texts import limit, text_of_bytes
limit()
sys.stdout.buffer.write(text_of_bytes({kind!r}, sys.stdin.buffer.read()).encode("utf-8", "replace"))
"""


def limit() -> None:
    """Limit memory and time of this process: called in the child alone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def text_of_bytes(kind: str, content: bytes) -> str:
    """Return the text of a document given as bytes, ``kind`` its extension.

    :raises UsageError: if it is not what its name says.
    """
    if kind in {".xlsx", ".xlsm"}:
        _refuse_bomb(content)
        return _cells(content)
    if kind in _ZIPPED:
        _refuse_bomb(content)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = [
                packed.read(name).decode("utf-8", "replace") for name in packed.namelist() if _MEMBERS.fullmatch(name)
            ]
        return "\n".join(_TAG.sub("", _BREAKS.sub("\n", part)) for part in parts)
    try:
        return statement_text(content)
    except UsageError as fault:
        if fault.code in {"statement-empty", "statement-pdf-without-text"} and kind != ".pdf":
            return ""
        raise


def _cells(content: bytes) -> str:
    from openpyxl.reader.excel import load_workbook

    book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True)  # type: ignore[no-untyped-call]
    lines = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            filled = [str(cell) for cell in row if cell is not None]
            if filled:
                lines.append("; ".join(filled))
    book.close()
    return "\n".join(lines)


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(member.file_size for member in packed.infolist()) > UNPACKED:
            raise UsageError("file-too-large", "it is too large to unpack", remedy="Look at it by hand.")


def _fault(code: str, name: str, message: str) -> GestandError:
    remedy = "Look at it by hand; leave its kind out with skip in the source's file, with the reason."
    return GestandError(code, message, where=name, remedy=remedy)
