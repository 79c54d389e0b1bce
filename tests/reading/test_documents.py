import pytest

from gestand.kernel.errors import UsageError
from gestand.reading.documents import BYTES_LIMIT, read_statement, text_of


def pdf(content=b"BT /F1 12 Tf 72 700 Td (Wij bewaren uw gegevens een jaar.) Tj ET"):
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def test_plain_text_is_read_as_it_is():
    assert text_of("Naïef: één regel.".encode()) == "Naïef: één regel."
    assert text_of("met teken".encode("utf-8-sig")) == "met teken"
    assert text_of("zestien bits".encode("utf-16")) == "zestien bits"


def test_html_keeps_headings_lists_tables_and_addresses_and_drops_the_rest():
    page = b"""<!doctype html><html><head><title>x</title><style>p{}</style></head><body><nav>menu</nav><h2>Rechten</h2>
    <p>U kunt <b>altijd</b> bezwaar maken.</p><ul><li>Inzage</li><li>Wissen</li></ul><script>alert(1)</script>
    <table><tr><th>Doel</th><th>Termijn</th></tr><tr><td>Factuur</td><td>7 jaar</td></tr></table>
    <a href="mailto:info@voorbeeld.example.nl">mail ons</a></body></html>"""
    text = text_of(page)
    assert "## Rechten" in text
    assert "U kunt altijd bezwaar maken." in text
    assert "- Inzage" in text
    assert "| Factuur | 7 jaar |" in text
    assert "info@voorbeeld.example.nl" in text
    assert "menu" not in text
    assert "alert" not in text


def test_deeply_nested_html_is_read():
    assert "diep" in text_of(b"<html><body>" + b"<div>" * 5000 + b"diep" + b"</div>" * 5000 + b"</body></html>")


def test_pdf_gives_its_text():
    assert "Wij bewaren uw gegevens een jaar." in text_of(pdf())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "statement-empty"),
        (b" \n\t ", "statement-empty"),
        (b"<html><body><script>x</script></body></html>", "statement-empty"),
        (b"a" * (BYTES_LIMIT + 1), "statement-too-large"),
        ("één".encode("latin-1"), "statement-encoding"),
        (b"PK\x03\x04docx", "statement-binary"),
        (b"text\x00text", "statement-binary"),
        (b"\x89PNG\r\n\x1a\n", "statement-binary"),
        (b"%PDF-1.7 broken", "statement-pdf"),
        (pdf(b"0 0 m 100 100 l S"), "statement-pdf-without-text"),
    ],
)
def test_what_is_no_statement_is_refused_with_a_remedy(content, code):
    with pytest.raises(UsageError) as refusal:
        text_of(content)
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_paths_that_hold_no_file_are_refused(tmp_path):
    with pytest.raises(UsageError) as absent:
        read_statement(tmp_path / "none.txt")
    with pytest.raises(UsageError) as folder:
        read_statement(tmp_path)
    big = tmp_path / "big.txt"
    big.write_bytes(b"a" * 10_000_000)
    with pytest.raises(UsageError) as large:
        read_statement(big)
    assert [e.value.code for e in (absent, folder, large)] == [
        "statement-not-found",
        "statement-unreadable",
        "statement-too-large",
    ]


def test_the_line_of_a_wrong_letter_is_named():
    with pytest.raises(UsageError, match="line 2"):
        text_of(b"goed\nfout \xe9\n")
