"""The monsters of ``test_hostile`` through the ways in: by a mailbox, by SMTP, out of files; none is lost and none is in the way."""

from __future__ import annotations

import os
import smtplib
import time

import pytest

from archive.test_hostile import MONSTERS
from archive.ways.test_receiver import receiving
from archive_house import ARCHIVE, OWNER, House, house, mail
from dovecot_server import running_dovecot
from gestand.archive.ways.model import AddOutcome
from gestand.reading.mailreader import MailReader
from ways_house import box, stored, ways_of

LONGEST = 60.0
"""Seconds for all of them together."""
TOO_LONG = "one long line"
"""Beyond what a line of SMTP may have: refused, so it stays with who sends it."""

pytestmark = pytest.mark.slow


def lined(raw: bytes) -> bytes:
    """Return a message as the mail of servers is: every line ends in CR LF."""
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n").rstrip(b"\r\n") + b"\r\n"


def kept(found: House) -> set[bytes]:
    names = [one.message for one in found.archive.every()]
    opened = found.archive.open_many(names, ARCHIVE, actor=OWNER, reason="t")
    return {one.raw.rstrip(b"\r\n") for one in opened}


def test_by_a_mailbox(tmp_path):
    server, user = running_dovecot(), f"monsters{os.getpid()}"
    raws = [lined(MONSTERS[name]().replace(b"\x00", b"\x80")) for name in sorted(MONSTERS)] + [mail("Daarna", number=8)]
    server.put(user, raws)
    with house(tmp_path, reader=MailReader()) as found:
        begun = time.monotonic()
        outcome = ways_of(found, box(server, user)).pull("info")
        assert time.monotonic() - begun < LONGEST
        assert (outcome.new, outcome.failures, stored(found)) == (len(raws), [], len(raws))
        assert {raw.rstrip(b"\r\n") for raw in raws} == kept(found)


def test_by_smtp(tmp_path):
    sent = set()
    with receiving(tmp_path) as (found, port), smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        begun = time.monotonic()
        for name in sorted(MONSTERS):
            raw = lined(MONSTERS[name]())
            if name == TOO_LONG:
                with pytest.raises(smtplib.SMTPDataError):
                    client.sendmail("anna@example.nl", ["info@example.org"], raw)
                continue
            assert client.sendmail("anna@example.nl", ["info@example.org"], raw) == {}
            sent.add(raw.rstrip(b"\r\n"))
        assert time.monotonic() - begun < LONGEST
        assert stored(found) == len(sent)
        assert kept(found) == sent


def test_out_of_files(tmp_path):
    folder = tmp_path / "mail"
    folder.mkdir()
    raws = {name: make() for name, make in MONSTERS.items()}
    for name, raw in raws.items():
        (folder / f"{name}.eml").write_bytes(raw)
    with house(tmp_path / "org", reader=MailReader()) as found:
        begun = time.monotonic()
        outcome = AddOutcome()
        ways_of(found).add(folder, outcome=outcome)
        assert time.monotonic() - begun < LONGEST
        assert (outcome.new, outcome.failures) == (len(raws), [])
        assert kept(found) == {raw.rstrip(b"\r\n") for raw in raws.values()}
