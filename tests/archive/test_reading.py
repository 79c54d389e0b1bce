import base64
import io
import zipfile

import pytest

from archive_house import ARCHIVE, OWNER, house, way

WORD = "zonnebloem"


def office(member, markup):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(member, markup)
    return target.getvalue()


def pdf():
    stream = f"BT /F1 12 Tf 20 100 Td ({WORD} in een pdf) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n" % len(stream) + stream + b"\nendstream", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    told = b"%PDF-1.4\n"
    for number, one in enumerate(objects, 1):
        told += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    return told + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF\n"


FILES = {
    "a.pdf": pdf(),
    "a.docx": office(
        "word/document.xml", f"<w:p><w:r><w:t>zonne</w:t></w:r><w:r><w:t>bloem</w:t></w:r></w:p><w:p>{WORD}</w:p>"
    ),
    "a.xlsx": office("xl/sharedStrings.xml", f"<sst><si><t>{WORD}</t></si><si><t>ander</t></si></sst>"),
    "a.odt": office("content.xml", f"<text:p>iets</text:p><text:p>{WORD} &amp; co</text:p>"),
    "a.txt": f"dit is een {WORD}".encode(),
    "a.csv": f"naam;bloem\nanna;{WORD}\n".encode(),
    "a.ics": f"BEGIN:VCALENDAR\nSUMMARY:{WORD}\nEND:VCALENDAR\n".encode(),
}


def with_attachment(name, content):
    return (
        b"Subject: bijlage\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nzie bijlage\n--b\n"
        + f"Content-Type: application/octet-stream; name={name}\nContent-Disposition: attachment; filename={name}\n".encode()
        + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(content) + b"\n--b--\n"
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_text_of_an_attachment_is_found(tmp_path, name):
    with house(tmp_path) as found:
        one = found.archive.admit(with_attachment(name, FILES[name]), way()).message
        for query in (f"attachment:{WORD}", WORD, f"attachment:{name}"):
            hits = found.archive.search(query, ARCHIVE, actor=OWNER, reason="t")
            assert [kept.message for kept in hits] == [one], query
        assert found.archive.search(f"body:{WORD}", ARCHIVE, actor=OWNER, reason="t") == ()
