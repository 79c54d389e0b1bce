import mailbox

import pytest

from archive_house import ARCHIVE, OWNER, house, mail, way
from gestand.archive.exporting import export_messages
from gestand.archive.showing import page_of
from gestand.kernel.errors import UsageError
from gestand.reading.mailparse import attachment_of, read_mail
from gestand.reading.sanitising import sanitised
from outlook_file import Letter, written

EVIL = (
    "<p onclick=x()>Dag <script>alert(1)</script><img src=https://tracker.example.org/a.gif><a href='https://bad.example.org'>bank</a>"
    "<form action=//x><input></form><style>p{background:url(//x)}</style><iframe src=//x></iframe><a href='javascript:x()'>y</a></p>"
)


def test_what_is_shown_neither_acts_nor_loads(tmp_path):
    kept = sanitised(EVIL)
    for gone in ("script", "img", "onclick", "form", "style", "iframe", "javascript", "href", "input"):
        assert gone not in kept
    assert "bank [https://bad.example.org]" in kept
    raw = mail().replace(b"text/plain", b"text/html").replace(b"Goedemiddag", EVIL.encode())
    with house(tmp_path) as found:
        opened = found.archive.open(found.archive.admit(raw, way()).message, ARCHIVE, actor=OWNER, reason="t")
        page = page_of(opened, found.archive.read(opened), found.archive.html(opened))
    assert 'sandbox=""' in page
    assert "<script" not in page
    assert "tracker" not in page


def test_an_attachment_comes_out_of_the_child_as_it_was_sent():
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: application/octet-stream; name=a.bin\n"
        b"Content-Transfer-Encoding: base64\n\nAAECAw==\n--b--\n"
    )
    assert attachment_of(raw, 0) == bytes(range(4))
    assert attachment_of(raw, 1) == b""


@pytest.mark.parametrize("form", ["mbox", "eml", "maildir"])
def test_what_is_exported_is_read_back_by_the_standard_library(tmp_path, form):
    raws = [mail(number=1), mail(number=2, body="From nu af gaat het goed.\n>From hier\n")]
    with house(tmp_path / "org") as found:
        names = [one.message for one in found.archive.admit_many((raw, way()) for raw in raws)]
        target = tmp_path / "out"
        opened = found.archive.open_many(names, ARCHIVE, actor=OWNER, reason="t")
        assert export_messages(opened, target, form, found.archive.read) == 2
        with pytest.raises(UsageError) as raised:
            export_messages(iter(()), target, form, found.archive.read)
        assert raised.value.code == "export-not-empty"
    if form == "eml":
        assert sorted(path.read_bytes() for path in target.iterdir()) == sorted(raws)
        return
    box = mailbox.mbox(target) if form == "mbox" else mailbox.Maildir(target)
    assert sorted(str(one["Message-ID"]) for one in box) == ["<1@example.nl>", "<2@example.nl>"]
    box.close()
    if form == "maildir":
        assert sorted(path.read_bytes() for path in (target / "cur").iterdir()) == sorted(raws)


def test_what_outlook_saved_is_exported_as_it_came_and_hangs_on_a_mail_where_only_mail_can_stand(tmp_path):
    raw = written(Letter("Regel\x07 één", "woord\nFrom hier", ("Anna \r\nBcc: x", "anna@example.nl")))
    with house(tmp_path / "org") as found:
        name = found.archive.admit(raw, way()).message
        for form in ("eml", "maildir", "mbox"):
            opened = found.archive.open_many([name], ARCHIVE, actor=OWNER, reason="t")
            assert export_messages(opened, tmp_path / form, form, found.archive.read) == 1
    assert (tmp_path / "eml" / f"{name}.msg").read_bytes() == raw
    for box in (mailbox.mbox(tmp_path / "mbox"), mailbox.Maildir(tmp_path / "maildir")):
        [one] = box
        text, original = one.get_payload()
        assert original.get_payload(decode=True) == raw
        assert "woord" in text.get_payload(decode=True).decode()
        assert read_mail(one.as_bytes()).subject == "Regel  één"
        assert [one.address for one in read_mail(one.as_bytes()).sender] == ["anna@example.nl"]
        assert one["Bcc"] is None
        box.close()
