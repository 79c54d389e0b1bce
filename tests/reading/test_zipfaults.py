"""A zip that is broken, locked or packed in a way nobody knows is told by whoever reads one, never a crash."""

from __future__ import annotations

import io
import zipfile

import pytest

from gestand.archive.ways.files import found_in
from gestand.intake.xlsxfile import XlsxTable
from gestand.kernel.errors import InputError
from gestand.reading.attachments import read_document

WORDS = b"<w:p>" + b"woord " * 2_000 + bytes(range(256)) * 20 + b"</w:p>"


def packed(name: str, way: int) -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        archive.writestr(name, WORDS)
    return bytearray(out.getvalue())


def broken(name: str, way: int) -> bytes:
    """Return a zip whose member is noise in its middle."""
    content = packed(name, way)
    start = 30 + len(name)
    content[start + 12 : start + 60] = bytes(48)
    return bytes(content)


def locked(name: str) -> bytes:
    """Return a zip that says that its member has a password."""
    content = packed(name, zipfile.ZIP_DEFLATED)
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def unknown(name: str, at: int, there: int) -> bytes:
    """Return a zip that says another number in both its heads."""
    content = packed(name, zipfile.ZIP_DEFLATED)
    content[at] = 99
    content[content.rindex(b"PK\x01\x02") + there] = 99
    return bytes(content)


def harmed(name: str) -> dict[str, bytes]:
    return {
        "deflate": broken(name, zipfile.ZIP_DEFLATED),
        "bzip2": broken(name, zipfile.ZIP_BZIP2),
        "lzma": broken(name, zipfile.ZIP_LZMA),
        "locked": locked(name),
        "method": unknown(name, 8, 10),
        "version": unknown(name, 4, 6),
        "cut": bytes(packed(name, zipfile.ZIP_DEFLATED))[:200],
    }


@pytest.mark.parametrize("harm", sorted(harmed("x")))
def test_every_reader_of_a_zip_tells_what_is_wrong(tmp_path, harm):
    assert not read_document("a.docx", "", harmed("word/document.xml")[harm]).whole
    book = tmp_path / "a.xlsx"
    book.write_bytes(harmed("xl/workbook.xml")[harm])
    with pytest.raises(InputError):
        XlsxTable(book)
    mail = tmp_path / "a.zip"
    mail.write_bytes(harmed("a.eml")[harm])
    assert all(one.why for one in found_in(mail))
