"""Messages out of files: each as it was, what cannot be read is told, a killed run goes on, bombs and links are refused."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_house import ARCHIVE, OWNER, ROOT, House, house, mail
from gestand.archive.ways import adding, files, packed
from gestand.archive.ways.adding import add_path
from gestand.archive.ways.files import found_in
from gestand.archive.ways.heads import received_at
from gestand.archive.ways.mboxfile import messages_in
from gestand.archive.ways.model import AddOutcome
from gestand.archive.ways.store import WaysStore
from gestand.kernel.crypto import derive
from gestand.kernel.errors import UsageError
from outlook_file import Attachment, Letter, written
from ways_house import stored

SENT = datetime(2026, 11, 3, 9, tzinfo=UTC)
FROM = b"From anna@example.nl Mon Nov 30 09:00:00 2026\n"


def add(found: House, path: Path, **named: object) -> AddOutcome:
    outcome = AddOutcome()
    store = WaysStore(found.engine, derive(ROOT, "archive ways"))
    add_path(path, found.archive, store, clock=found.clock, outcome=outcome, **named)  # type: ignore[arg-type]
    return outcome


def letter(number: int) -> bytes:
    return mail(f"Vraag {number}", number=number).replace(b"\r\n", b"\n")


def mbox(*messages: bytes) -> bytes:
    import re

    return b"".join(FROM + re.sub(rb"(?m)^(>*From )", rb">\1", raw) + b"\n" for raw in messages)


BODY_LINES = st.lists(
    st.sampled_from([b"From here", b">From there", b">>From x", b"tekst", b"", b"From anna Mon Nov 30 09:00:00 2026", b" From"]),
    max_size=12,
)  # fmt: skip


@given(st.lists(BODY_LINES, min_size=1, max_size=5))
def test_what_was_put_in_an_mboxrd_comes_out_byte_for_byte(bodies):
    messages = [b"Subject: x\n\n" + b"\n".join(lines) + b"\n" for lines in bodies]
    told = list(messages_in(io.BytesIO(mbox(*messages)), largest=10**6))
    assert [one.raw for one in told] == messages
    assert told[0].marked == datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_an_mboxo_leaves_what_it_did_not_quote():
    content = FROM + b"Subject: x\n\n>From a\n>>From b\n\n"
    [told] = messages_in(io.BytesIO(content), largest=10**6, quoting="o")
    assert told.raw == b"Subject: x\n\nFrom a\n>>From b\n"


def test_a_line_that_begins_with_from_in_the_middle_of_a_text_ends_no_message():
    text = b"Subject: x\n\nregel\n\nFrom here on all is well.\n"
    told = list(messages_in(io.BytesIO(FROM + text + b"\n" + mbox(letter(2))), largest=10**6))
    assert [one.raw for one in told] == [text, letter(2)]


def test_every_kind_of_file_goes_in_and_what_is_none_is_told(tmp_path):
    here = tmp_path / "post"
    (here / "Oud").mkdir(parents=True)
    (here / "een.eml").write_bytes(letter(1))
    (here / "Oud" / "box.mbox").write_bytes(mbox(letter(2), letter(3)))
    for place in ("new", "cur", "tmp", ".Verzonden/new", ".Verzonden/cur", ".Verzonden/tmp"):
        (here / "Maildir" / place).mkdir(parents=True)
    (here / "Maildir" / "new" / "1.a.host").write_bytes(letter(4))
    (here / "Maildir" / ".Verzonden" / "cur" / "2.b.host:2,S").write_bytes(letter(5))
    with zipfile.ZipFile(here / "a.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("sub/zes.eml", letter(6))
        made.writestr("sub/box", mbox(letter(7)))
    for number, name in ((8, "b.tar"), (9, "c.tar.gz"), (10, "d.tar.xz")):
        raw = letter(number)
        with tarfile.open(here / name, "w:" + {"tar": "", "gz": "gz", "xz": "xz"}[name.rsplit(".", 1)[1]]) as made:
            entry = tarfile.TarInfo("x/bericht.eml")
            entry.size = len(raw)
            made.addfile(entry, io.BytesIO(raw))
    (here / "foto.jpg").write_bytes(b"\xff\xd8\xff" + bytes(100))
    (here / "leeg.eml").write_bytes(b"")
    (here / "brief.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (here / "scan.pdf").write_bytes(b"%PDF-1.7 scan")
    (here / "WhatsApp-chat met Anna.txt").write_text("01-11-2026 10:00 - Anna: dag", "utf-8")
    (here / "sms.xml").write_text("<?xml version='1.0'?><smses count='0'/>", "utf-8")
    (here / "link.eml").symlink_to(here / "een.eml")
    with house(tmp_path / "org") as found:
        done = add(found, here)
        assert (done.read, done.new, stored(found)) == (10, 10, 10)
        told = {failure.place: failure.why for failure in done.failures}
        assert told.keys() == {
            "foto.jpg",
            "leeg.eml",
            "brief.doc",
            "link.eml",
            "scan.pdf",
            "sms.xml",
            "WhatsApp-chat met Anna.txt",
        }
        assert "gestand archive letter" in told["scan.pdf"]
        assert "gestand archive chat" in told["sms.xml"]
        assert "gestand archive chat" in told["WhatsApp-chat met Anna.txt"]
        assert "older Office file" in told["brief.doc"]
        again = add(found, here)
        assert (again.new, again.known) == (0, 10)
        assert found.archive.admit(letter(5), adding.Way("form", "x", found.clock())).new is False


@pytest.mark.on_both_engines
def test_a_run_that_was_killed_goes_on_and_nothing_doubles(tmp_path, monkeypatch):
    path = tmp_path / "box"
    path.write_bytes(mbox(*(letter(number) for number in range(95))))
    monkeypatch.setattr(adding, "BATCH_MESSAGES", 10)

    class KilledError(Exception):
        pass

    def stop(outcome: AddOutcome) -> None:
        if outcome.read == 40:
            raise KilledError

    with house(tmp_path / "org") as found:
        with pytest.raises(KilledError):
            add(found, path, shown=stop)
        done = add(found, path)
        assert (done.skipped, done.read, done.new) == (40, 55, 55)
        assert stored(found) == 95
        path.write_bytes(mbox(letter(200)) + path.read_bytes())  # another file now: read from its beginning
        assert add(found, path).new == 1


@pytest.mark.on_both_engines
def test_the_same_message_by_journal_mailbox_and_file_is_there_once_with_its_ways(tmp_path):
    path = tmp_path / "een.eml"
    path.write_bytes(mail())
    with house(tmp_path / "org") as found:
        from archive_house import way

        found.archive.admit(mail(), way(kind="smtp", place="journal", envelope_from="anna@example.nl"))
        found.archive.admit(mail(), way(kind="imap", place="info", folder="INBOX", at_origin="1:7"))
        done = add(found, path)
        assert (done.known, stored(found)) == (1, 1)
        kinds = found.engine.execute("SELECT kind FROM archive_way ORDER BY kind")
        assert [kind for (kind,) in kinds] == ["file", "imap", "smtp"]


def entry(name: str, **changes: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for key, value in changes.items():
        setattr(made, key, value)
    return made


def test_links_devices_and_names_that_lead_out_are_refused_by_name(tmp_path):
    path = tmp_path / "x.tar"
    with tarfile.open(path, "w") as made:
        made.addfile(entry("../../etc/passwd.eml", size=5), io.BytesIO(b"A: b\n"))
        made.addfile(entry("/etc/x.eml", size=5), io.BytesIO(b"A: b\n"))
        made.addfile(entry("l.eml", type=tarfile.SYMTYPE, linkname="/etc/passwd"))
        made.addfile(entry("h.eml", type=tarfile.LNKTYPE, linkname="x"))
        made.addfile(entry("d.eml", type=tarfile.CHRTYPE))
        made.addfile(entry("goed.eml", size=5), io.BytesIO(b"A: b\n"))
    found = list(found_in(path))
    assert [one.raw for one in found] == [None] * 5 + [b"A: b\n"]
    assert all(one.why for one in found[:5])
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("..\\..\\x.eml", b"A: b\n")
        link = zipfile.ZipInfo("l.eml")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as nested:
            nested.writestr("a.eml", b"A: b\n")
        made.writestr("nog.zip", inner.getvalue())
    assert [(one.raw, bool(one.why)) for one in found_in(archive)] == [(None, True)] * 3


def test_what_would_unpack_to_far_more_than_it_is_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "FREE", 1_000_000)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(4):
            made.writestr(f"{number}.eml", b"A: b\n\n" + bytes(5_000_000))
    [told] = found_in(bomb)
    assert "archive-bomb" in told.why
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        made.addfile(entry("a.eml", size=20_000_000), io.BytesIO(b"A: b\n\n" + bytes(20_000_000)))
        made.addfile(entry("b.eml", size=20_000_000), io.BytesIO(b"A: b\n\n" + bytes(20_000_000)))
    packed_bomb = tmp_path / "bomb.tgz"
    packed_bomb.write_bytes(gzip.compress(stream.getvalue()))
    assert any("archive-bomb" in one.why for one in found_in(packed_bomb))
    overlapping = bytearray(bomb.read_bytes())
    at = overlapping.rfind(b"PK\x01\x02")
    overlapping[at + 20 : at + 24] = (2**31).to_bytes(4, "little")  # says that it is packed into more than there is
    bomb.write_bytes(overlapping)
    assert [one.raw for one in found_in(bomb)] == [None]


@given(st.data())
def test_no_damage_to_an_archive_stops_the_run(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damaged")
    kind = data.draw(st.sampled_from(["zip", "tar", "tgz"]))
    path = folder / f"x.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("a.eml", letter(1) * 3)
            made.writestr("b.mbox", mbox(letter(2), letter(3)))
    else:
        with tarfile.open(path, "w:gz" if kind == "tgz" else "w") as made:
            made.addfile(entry("a.eml", size=len(letter(1))), io.BytesIO(letter(1)))
            made.addfile(entry("b.eml", size=len(letter(2))), io.BytesIO(letter(2)))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    path.write_bytes(bytes(content[:cut] if data.draw(st.booleans()) else content))
    for one in found_in(path):
        assert one.raw or one.why


def test_when_a_message_came_is_what_its_own_server_wrote():
    now, file = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    marked = datetime(2026, 10, 1, tzinfo=UTC)
    head = b"Received: from a by b;\r\n Mon, 2 Nov 2026 10:00:00 +0100\r\nDate: Mon, 1 Jan 2001 00:00:00 +0000\r\n\r\n"
    assert received_at(head, marked=marked, file=file, now=now) == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert received_at(b"Date: rubbish\r\n\r\n", marked=marked, file=file, now=now) == marked
    assert received_at(b"Date: Mon, 1 Jan 2046 00:00:00 +0000\r\n\r\n", marked=None, file=file, now=now) == file
    assert received_at(b"\xff" * 50, marked=None, file=now.replace(year=2050), now=now) == now


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UsageError) as refused:
        list(found_in(tmp_path / "weg"))
    assert refused.value.code == "path-missing"
    unreadable = tmp_path / "x.eml"
    unreadable.write_bytes(letter(1))
    os.truncate(unreadable, 0)
    assert [one.why for one in found_in(unreadable)] == ["it is empty"]
    assert files.looks_like_message(b"\r\nSubject: x")


def test_what_outlook_saved_comes_back_byte_for_byte_and_is_found(tmp_path):
    raw = written(
        Letter(
            "Offerte",
            "zomerkanarie, bel 06-12345678",
            sent=SENT,
            attachments=[Attachment("a.txt", "", b"bijlagewoord")],
        )
    )
    here = tmp_path / "in"
    here.mkdir()
    (here / "een.msg").write_bytes(raw)
    with zipfile.ZipFile(here / "twee.zip", "w") as made:
        made.writestr("sub/twee.msg", written(Letter("Twee", sender=("Dirk", "dirk@example.nl"), recipients=())))
    with house(tmp_path / "org") as found:
        done = add(found, here)
        assert (done.new, done.unparsed, done.failures) == (2, 0, [])
        for query in (
            "zomerkanarie",
            "subject:offerte",
            "from:anna@example.nl",
            "to:bram",
            "bijlagewoord",
            "attachment:a.txt",
        ):
            [kept] = found.archive.search(query, ARCHIVE, actor=OWNER, reason="test")
            assert kept.received == date(2026, 11, 3)  # the moment within, not that of the file
        [kept] = found.archive.of_person("+31 6 12345678", ARCHIVE, actor=OWNER, reason="test")
        opened = found.archive.open(kept.message, ARCHIVE, actor=OWNER, reason="test")
        assert opened.raw == raw
        assert found.archive.attachment(opened, 0) == b"bijlagewoord"
        assert found.archive.erase([kept.message], ground="test", actor=OWNER).found_afterwards == 0
        assert found.archive.search("zomerkanarie", ARCHIVE, actor=OWNER, reason="test") == ()


def test_without_what_reads_it_a_msg_is_left_where_it_is_and_how_to_read_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "readable", lambda: False)
    (tmp_path / "een.msg").write_bytes(written(Letter()))
    [told] = found_in(tmp_path / "een.msg")
    assert told.raw is None
    assert "gestand[outlook]" in told.why
