"""Messages that are meant to hurt: nothing crashes, hangs, or is lost, and memory stays bounded."""

import base64
import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from archive_house import ARCHIVE, OWNER, house, mail, way
from gestand.reading import mailreader
from gestand.reading.mailreader import MailReader

CORPORA = Path(os.environ.get("GESTAND_CORPORA", Path(__file__).parents[3] / "shared"))
NASTY = CORPORA / "mail" / "nasty"


def parts(count):
    return b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * count + b"--b--\n"


def nested(depth):
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)) + b"\nx"


def zipped(name, member, content):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    return (
        b"Subject: zip\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\n"
        b"Content-Type: application/zip; name=" + name + b"\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(target.getvalue()) + b"\n--b--\n"
    )  # fmt: skip


MONSTERS = {
    "parts": lambda: parts(50_000),
    "addresses": lambda: b"To: " + b", ".join(b"a%d@example.nl" % n for n in range(20_000)) + b"\nSubject: x\n\nbody",
    "encoded words": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nbody",
    "nested": lambda: nested(1000),
    "recursive": lambda: b"Content-Type: message/rfc822\n\n" * 1000 + b"hi",
    "nul": lambda: b"Subject: a\x00b\n\nx\x00y" + b"\x00" * 100_000,
    "lone cr": lambda: b"Subject: x\rFrom: anna@example.nl\r\rbody\rmore",
    "lone lf in crlf": lambda: b"Subject: x\r\n\nfirst\n.\r\nMAIL FROM:<x@example.nl>\r\n.\r\n",
    "wrong charset": lambda: b"Content-Type: text/plain; charset=utf-16\n\n\xff\xfe\xfd" + bytes(range(256)),
    "no charset": lambda: b"Content-Type: text/plain; charset=nonsense-8\n\ncaf\xe9",
    "header injection": lambda: b"Subject: =?utf-8?q?a=0d=0aBcc:_x@example.nl?=\n\nbody",
    "zip bomb": lambda: zipped(b"b.docx", "word/document.xml", b"<w:t>" + b"a" * 200_000_000 + b"</w:t>"),
    "workbook of words": lambda: zipped(b"b.xlsx", "xl/sharedStrings.xml", b"<si><t>a</t></si>" * 1_000_000),
    "only binary": lambda: bytes(range(256)) * 4000,
    "one long line": lambda: b"Subject: " + b"a" * 5_000_000 + b"\n\nbody",
    "html deep": lambda: b"Content-Type: text/html\n\n" + b"<div>" * 200_000 + b"diep",
    "address of quotes": lambda: b'From: "' + b'\\"' * 50_000 + b'" <a@example.nl>\n\nbody',
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MONSTERS))
def test_a_monster_goes_in_within_ten_seconds_and_comes_out_as_it_was(tmp_path, name):
    raw = MONSTERS[name]()
    with house(tmp_path, reader=MailReader()) as found:
        found.archive.admit(mail(number=7), way())  # the child has started
        begun = time.monotonic()
        done = found.archive.admit(raw, way(envelope_from="monster@example.nl"))
        assert time.monotonic() - begun < 10
        after = found.archive.admit(mail("Daarna", number=8), way())
        assert after.parsed
        hits = found.archive.search("from:monster@example.nl", ARCHIVE, actor=OWNER, reason="t")
        assert [kept.message for kept in hits] == [done.message]
        assert found.archive.open(done.message, ARCHIVE, actor=OWNER, reason="t").raw == raw
        erased = found.archive.erase([done.message], ground="test", actor=OWNER)
        assert erased.found_afterwards == 0
        assert found.archive.coverage() == (2, 2)


HTML = {
    "div": b"<div>" * 200_000,
    "b and p": b"".join(b"<b a=%d><p>" % n for n in range(60_000)),
    "tables": b"<table><tr><td>" * 100_000,
    "one mark": b"<a " + b"x=y " * 1_000_000,
    "less than": b"<" * 1_000_000,
    "entities": b"&amp" * 200_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HTML))
def test_html_that_is_made_to_be_read_for_hours_is_neither_read_nor_shown_for_so_long(tmp_path, name):
    raw = b"Subject: x\nContent-Type: text/html\n\n" + HTML[name] + b" zomerkanarie"
    with house(tmp_path, reader=MailReader()) as found:
        found.archive.admit(mail(number=7), way())
        begun = time.monotonic()
        done = found.archive.admit(raw, way())
        opened = found.archive.open(done.message, ARCHIVE, actor=OWNER, reason="t")
        assert time.monotonic() - begun < 10
        begun = time.monotonic()
        shown = found.archive.html(opened)
        assert time.monotonic() - begun < 10
        assert opened.raw == raw
        assert "<a" not in shown
        if name == "div":
            assert done.parsed
            assert "zomerkanarie" in shown
            [hit] = found.archive.search("zomerkanarie", ARCHIVE, actor=OWNER, reason="t")
            assert hit.message == done.message
        assert [kept.message for kept in found.archive.containing(b"zomerkanarie")] == [done.message]


@pytest.fixture
def peaks(monkeypatch):
    """Kilobytes that each reading child has held at most: its own, read before it is ended."""
    found = []
    end = mailreader._Child.end

    def measured(child):
        status = Path(f"/proc/{child.process.pid}/status").read_text(encoding="ascii")
        found.extend(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
        end(child)

    monkeypatch.setattr(mailreader._Child, "end", measured)
    return found


@pytest.mark.slow
def test_an_attachment_of_100_mb_goes_in_and_out_in_bounded_memory(tmp_path, peaks):
    head = b"Subject: groot\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhallo wereld\n--b\n"
    raw = head + b"Content-Transfer-Encoding: base64\n\n" + b"QUJD" * 25_000_000 + b"\n--b--\n"
    with house(tmp_path, reader=MailReader()) as found:
        done = found.archive.admit(raw, way())
        assert done.why == "mail-trimmed"
        hits = found.archive.search("wereld", ARCHIVE, actor=OWNER, reason="t")
        assert [kept.message for kept in hits] == [done.message]
        assert found.archive.open(done.message, ARCHIVE, actor=OWNER, reason="t").raw == raw
    assert peaks, "no child has read it"
    assert max(peaks) < 800_000


@pytest.mark.slow
def test_a_child_that_is_killed_costs_one_message_its_words_and_none_its_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(mailreader, "PATIENCE", 0.3)
    slow = b"Subject: traag\nContent-Type: text/html\n\n" + b"<p>a@b.nl 0612345678 <b>x</b>" * 900_000  # six times that
    with house(tmp_path, reader=MailReader()) as found:
        found.archive.admit(mail(number=1), way())
        done = list(found.archive.admit_many([(mail(number=2), way()), (slow, way()), (mail(number=3), way())]))
        assert [one.parsed for one in done] == [True, False, True]
        assert done[1].why == "mail-read-killed"
        opened = found.archive.open(done[1].message, ARCHIVE, actor=OWNER, reason="t")
        assert opened.raw == slow
        begun = time.monotonic()
        assert found.archive.read(opened).why == "mail-read-killed"
        assert time.monotonic() - begun < 0.2  # it is not tried again


@pytest.mark.skipif(not NASTY.is_dir(), reason=f"no corpus of nasty mail at {NASTY}: set GESTAND_CORPORA")
def test_every_message_of_the_nasty_corpus_goes_in_and_comes_out_byte_for_byte(tmp_path):
    raws = [path.read_bytes() for path in sorted(NASTY.rglob("*")) if path.is_file()]
    raws = [raw for raw in raws if raw]
    with house(tmp_path, reader=MailReader()) as found:
        ways = [way(envelope_from=f"n{at}@example.nl") for at in range(len(raws))]
        done = list(found.archive.admit_many(zip(raws, ways, strict=True)))
        assert len(done) == len(raws)
        assert found.archive.coverage()[0] == found.archive.coverage()[1] == len(set(raws))
        for opened, raw in zip(
            found.archive.open_many([one.message for one in done], ARCHIVE, actor=OWNER, reason="t"), raws, strict=True
        ):
            assert opened.raw == raw
        for at in range(0, len(raws), 50):
            hits = found.archive.search(f"from:n{at}@example.nl", ARCHIVE, actor=OWNER, reason="t")
            assert [kept.message for kept in hits] == [done[at].message]
        everything = list(dict.fromkeys(one.message for one in done))
        assert found.archive.erase(everything, ground="test", actor=OWNER).found_afterwards == 0
        assert found.archive.coverage() == (0, 0)
