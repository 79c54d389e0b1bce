"""``gestand mail`` and the ways in of ``gestand archive`` as their owner runs them: a real Dovecot, real files."""

from __future__ import annotations

import io
import json
import os
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from archive_house import mail
from dovecot_server import PASSWORD, running_dovecot
from gestand.kernel.config import load_config
from gestand.kernel.config_edit import write_settings


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    return running_dovecot()


@pytest.fixture(autouse=True)
def nothing_set_up(place):
    """Take the mailbox of the worked example out of its settings."""
    place.close()
    path = place.folder / "gestand.toml"
    path.write_text(path.read_text("utf-8").partition("[mail.mailboxes.info]")[0], "utf-8")
    assert load_config(place.folder).mail.mailboxes == ()


def test_a_mailbox_is_set_up_read_looked_at_and_emptied(server, gestand, place):
    user = f"mies{os.getpid()}"
    server.put(user, [mail(f"Vraag {number}", number=number) for number in range(3)])
    at = ("--imap", f"localhost:{server.port}", "--user", user, "--password", "env:MAIL_PASSWORD", "--near", "--plain")
    shown = gestand("mail", "setup", "info@kopercom.nl", *at, "--dry-run", "--json")
    assert shown.document["written"] is False
    assert load_config(place.folder).mail.mailboxes == ()
    done = gestand("mail", "setup", "info@kopercom.nl", *at, "--json")
    assert (done.status, done.document["messages"], done.document["written"]) == (0, 3, True)
    assert PASSWORD not in (place.folder / "gestand.toml").read_text()
    assert gestand("mail", "pull", "--json").document["mailboxes"][0]["new"] == 3
    assert "0 new of 0 read" in gestand("mail", "pull", "info").out
    [status] = gestand("mail", "status", "--json").document["mailboxes"]
    assert (status["mailbox"], status["failures"], status["read_at"] is not None) == ("info", 0, True)
    assert "at the provider, and its trash" in status["task"]["what"]
    assert "last read" in gestand("mail", "status").out
    assert "status" in gestand("mail", "empty").out
    assert gestand("mail", "empty", "info", "--json").error["code"] == "mailbox-not-emptied"
    write_settings(place.folder, {"empty_after_days": 1}, section="mail.mailboxes.info")
    emptied = gestand("mail", "empty", "--json")
    assert emptied.document["mailboxes"] == [
        {"mailbox": "info", "removed": emptied.document["mailboxes"][0]["removed"], "left": 0}
    ]


def test_a_mailbox_that_cannot_be_tried_is_said_with_what_to_change_and_nothing_is_written(
    server, gestand, place, tmp_path
):
    setup = ("mail", "setup", "info@kopercom.nl", "--user", "info", "--password", "env:MAIL_PASSWORD")
    odd = tmp_path / "odd.pem"
    odd.write_text("no certificate", "utf-8")
    tls = f"localhost:{server.tls_port}"
    trusted = ("--near", "--ca", str(server.folder / "authority.pem"))
    for given, code, words in (
        (("--imap", tls), "egress-private", "--near"),
        (("--imap", tls, "--near"), "mail-certificate", "ca"),
        (("--imap", tls, "--near", "--ca", str(tmp_path / "weg.pem")), "mail-authority", "No such file"),
        (("--imap", tls, "--near", "--ca", str(odd)), "mail-authority", "no certificate in it"),
        (("--imap", "localhost:1", "--near"), "mail-connection", "nothing listens at port 1"),
        (("--imap", f"localhost:{server.port}", "--near"), "mail-connection", "does not begin with TLS"),
        (("--imap", tls, "--smtp", "localhost:1", *trusted), "mail-connection", "Receiving works."),
    ):
        told = gestand(*setup, *given)
        assert (told.status in {1, 2, 3}, words in told.err, f"[{code}]" in told.err) == (True, True, True), told.err
        assert load_config(place.folder).mail.mailboxes == ()
    assert gestand(*setup, "--imap", tls, "--smtp", "localhost:1", *trusted, "--no-send").status == 0
    assert [box.name for box in load_config(place.folder).mail.mailboxes] == ["info"]


def test_what_is_not_set_up_or_cannot_be_reached_is_said(server, gestand, place):
    assert gestand("mail", "pull", "--json").error["code"] == "no-mailboxes"
    assert gestand("mail", "receive", "--json").status == 2
    assert gestand("mail", "receive").status == 2
    told = {
        "address": "x@example.nl",
        "host": "localhost",
        "port": 1,
        "tls": "none",
        "near": True,
        "password": "env:MAIL_PASSWORD",
    }
    write_settings(place.folder, told, section="mail.mailboxes.x")
    failed = gestand("mail", "pull", "--json")
    assert (failed.status, failed.document["errors"][0]["code"]) == (1, "mail-connection")
    assert gestand("mail", "pull", "weg", "--json").error["code"] == "mailbox-unknown"
    assert gestand("mail", "setup", "x@example.nl", "--imap", "a:b", "--json").error["code"] == "mail-address"
    assert gestand("mail", "setup", "x@example.nl", "--imap", "a", "--json").error["code"] == "mail-password"


def test_files_notes_letters_forms_and_chats_are_added(gestand, place, tmp_path, monkeypatch):
    box = tmp_path / "oud.mbox"
    box.write_bytes(b"From a@example.nl Mon Nov 30 09:00:00 2026\n" + mail(number=1) + b"\n")
    (tmp_path / "foto.jpg").write_bytes(b"\xff\xd8")
    added = gestand("archive", "add", str(box), "--json")
    assert (added.status, added.document["new"], added.document["failures"]) == (0, 1, [])
    failed = gestand("archive", "add", str(tmp_path / "foto.jpg"), str(tmp_path / "weg"), str(box))
    assert failed.status == 1
    assert "1 known already" in failed.out
    assert "it is no message" in failed.out
    note = gestand("archive", "note", "--from", "Anna, 0485-340101", "--text", "Belt morgen terug", "--json")
    assert note.document["messages"][0]["new"] is True
    (tmp_path / "brief.pdf").write_bytes(b"%PDF-1.4")
    letter = (
        "archive",
        "letter",
        str(tmp_path / "brief.pdf"),
        "--from",
        "Eva Ölçer",
        "--text",
        "Klacht",
        "--at",
        "2026-12-01T10:00",
    )
    assert "1 kept." in gestand(*letter).out
    assert "1 were here already" in gestand(*letter).out
    assert gestand(*letter[:-1], "2046-01-01", "--json").error["code"] == "note-moment"
    filled = ("archive", "form", "contact", "--from", "anna@example.nl", "--field", "vraag=Belt u mij?", "--json")
    assert gestand(*filled).document["messages"][0]["new"] is True
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"vraag": "En de printer?"}'))
    assert gestand("archive", "form", "contact", "--from", "anna@example.nl", "--json").status == 0
    assert gestand(*filled[:-2], "vraag", "--json").error["code"] == "form-fields"
    monkeypatch.setattr(sys, "stdin", io.StringIO("[]"))
    assert gestand("archive", "form", "contact", "--from", "anna@example.nl", "--json").error["code"] == "form-fields"
    (tmp_path / "chat.txt").write_text("30-11-2026 09:00 - Anna: Hallo\n", "utf-8")
    assert len(gestand("archive", "chat", str(tmp_path / "chat.txt"), "--json").document["messages"]) == 1
    assert gestand("archive", "chat", str(box), "--json").error["code"] == "chat-format"


def test_the_receiver_runs_until_it_is_ended_and_what_it_took_is_there(gestand, place):
    write_settings(place.folder, {"port": 0}, section="mail.receiver")
    place.close()
    source = str(Path(__file__).resolve().parents[3] / "src")
    child = subprocess.Popen(
        [sys.executable, "-m", "gestand.doors.cli.main", "mail", "receive", "--org", str(place.folder)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": source, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert child.stdout is not None
    port = int(child.stdout.readline().split("127.0.0.1:")[1].split(".")[0])
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("anna@example.nl", ["info@example.org"], mail(number=77))
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0
    child.stdout.close()
    path = place.folder / "x.eml"
    path.write_bytes(mail(number=77))
    assert json.loads(gestand("archive", "add", str(path), "--json").out)["known"] == 1
