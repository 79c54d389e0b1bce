"""IMAP servers that answer less than they should: no answer is not the same as nothing there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from archive_house import mail
from gestand.archive.ways.imapanswers import listed, received
from gestand.kernel.config_mail import MailboxSettings, ServerSettings
from gestand.kernel.errors import GestandError
from ways_house import reading, stored

OLD = 'INTERNALDATE "01-Dec-2020 10:00:00 +0000"'


@dataclass
class Imap:
    """A mailbox of three old messages. ``no``: the command that is answered NO; ``unlisted``: what a list leaves out."""

    port: int = 0
    no: bytes = b""
    unlisted: set[int] = field(default_factory=set)
    dated: bool = True
    lying: set[int] = field(default_factory=lambda: {1, 2, 3})

    def answers(self, line: bytes) -> Iterator[bytes]:
        """Yield the lines that come before the last one."""
        verb = line.split(b" ", 1)[1].strip().upper()
        if verb.startswith(b"CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1 UIDPLUS"
        elif verb.startswith(b"LIST"):
            yield b'* LIST () "/" INBOX'
        elif verb.startswith((b"EXAMINE", b"SELECT")):
            yield b"* %d EXISTS" % len(self.lying)
            yield b"* OK [UIDVALIDITY 5] x"
        elif b"SEARCH" in verb:
            yield b"* SEARCH" + b"".join(b" %d" % uid for uid in sorted(self.lying))
        elif b"RFC822.SIZE" in verb:
            for uid in sorted(self.lying - self.unlisted):
                yield b"* %d FETCH (UID %d RFC822.SIZE 50 %s)" % (uid, uid, OLD.encode() if self.dated else b"FLAGS ()")
        elif b"BODY.PEEK" in verb:
            for uid in self.asked(verb):
                body = mail(number=uid)
                said = OLD.encode() if self.dated else b"FLAGS ()"
                yield b"* %d FETCH (UID %d %s BODY[] {%d}\r\n%s)" % (uid, uid, said, len(body), body)
        elif b"EXPUNGE" in verb:
            self.lying -= self.asked(verb)

    def asked(self, verb: bytes) -> set[int]:
        spans = [[int(end) for end in part.split(b":")] for part in verb.split(b" ")[2].split(b",")]
        return {uid for span in spans for uid in range(span[0], span[-1] + 1)} & self.lying

    def serve(self, line: socket.socket) -> None:
        with line, line.makefile("rwb") as file:
            file.write(b"* OK hello\r\n")
            file.flush()
            while asked := file.readline():
                tag = asked.split(b" ")[0]
                if self.no and self.no in asked:
                    file.write(tag + b" NO [SERVERBUG] something with Anna in it\r\n")
                else:
                    for answer in self.answers(asked):
                        file.write(answer + b"\r\n")
                    file.write(tag + b" OK done\r\n")
                file.flush()
                if b"LOGOUT" in asked:
                    return


@contextmanager
def imap(**told: object) -> Iterator[Imap]:
    server = Imap(**told)  # type: ignore[arg-type]
    listening = socket.create_server(("127.0.0.1", 0))
    server.port = listening.getsockname()[1]

    def accept() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=server.serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def box(server: Imap, **more: object) -> MailboxSettings:
    at = ServerSettings("localhost", server.port, "none", "u", "env:MAIL_PASSWORD", near=True)
    return MailboxSettings("info", "info@example.nl", at, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("command", [b"SEARCH", b"RFC822.SIZE"])
def test_a_server_that_answers_no_is_told_and_nothing_counts_as_read(tmp_path, command):
    with imap(no=command) as server, reading(tmp_path, box(server)) as (found, ways):
        with pytest.raises(GestandError) as raised:
            ways.pull("info")
        assert raised.value.code == "mail-refused"
        assert "SERVERBUG" in raised.value.message
        assert "Anna" not in str(raised.value)
        assert ways.read_at("info") is None
        server.no = b""
        assert ways.pull("info").new == 3
        assert stored(found) == 3


def test_what_is_no_answer_takes_nothing_out_of_the_list_of_what_lies_there(tmp_path):
    with imap() as server, reading(tmp_path, box(server)) as (found, ways):
        assert ways.pull("info").new == 3
        assert found.archive.origins.count() == 3
        server.no = b"SEARCH ALL"
        found.clock.advance(timedelta(days=2))
        with pytest.raises(GestandError):
            ways.pull("info")
        assert found.archive.origins.count() == 3


def test_a_message_that_the_search_names_and_the_list_leaves_out_is_read(tmp_path):
    with imap(unlisted={2}) as server, reading(tmp_path, box(server)) as (found, ways):
        done = ways.pull("info")
        assert (done.seen, done.new, done.complete) == (3, 3, True)
        assert stored(found) == 3


def test_what_no_server_dates_is_not_old(tmp_path):
    with imap(dated=False) as server, reading(tmp_path, box(server, empty_after_days=30)) as (found, ways):
        assert ways.pull("info").new == 3
        assert {kept.received for kept in found.archive.every()} == {found.clock().date()}
        assert ways.empty("info").removed == 0
        server.dated, server.unlisted = True, {3}
        assert ways.empty("info").removed == 2
        assert server.lying == {3}


def test_an_instant_that_is_none_is_left_out():
    assert received(b'INTERNALDATE "31-Feb-2026 10:00:00 +0000"') is None
    found = listed(b"1 (UID 7 FLAGS ())")
    assert found is not None
    assert found.received is None
