"""Mailboxes on a real Dovecot: every folder read, nothing lost, nothing doubled, nothing touched."""

from __future__ import annotations

import imaplib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from archive_house import START, mail
from dovecot_server import Dovecot, running_dovecot
from gestand.archive.ways import rules
from gestand.archive.ways.model import PullOutcome
from gestand.kernel.config_mail import ServerSettings
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from ways_house import box, reading, stored


@pytest.fixture
def server() -> Dovecot:
    return running_dovecot()


def letters(first: int, last: int) -> list[bytes]:
    return [mail(f"Vraag {number}", number=number) for number in range(first, last + 1)]


def test_every_folder_is_read_also_sent_and_spam_and_trash_and_nothing_is_marked_as_read(server, tmp_path):
    server.put("anna", letters(1, 5))
    server.put("anna", letters(6, 7), "Verzonden")
    server.put("anna", letters(8, 8), "Spam")
    server.put("anna", letters(9, 9), "Prullenbak")
    server.put("anna", letters(10, 10), "Concepten")
    server.put("anna", letters(11, 12), "Klanten/De &- Zoon")
    with reading(tmp_path, box(server, "anna")) as (found, ways):
        done = ways.pull("info")
        assert (done.seen, done.new, done.complete, done.failures) == (11, 11, True, [])
        assert stored(found) == 11
        assert server.unseen("anna") == 5
        again = ways.pull("info")
        assert (again.seen, again.new, again.complete) == (0, 0, True)
        assert [event["new"] for event in found.events("mailbox.read")] == [11]
        assert ways.read_at("info") == found.clock()


def test_only_the_folders_that_are_named_and_a_missing_one_is_said(server, tmp_path):
    server.put("bram", letters(1, 2))
    server.put("bram", letters(3, 3), "Verzonden")
    with reading(tmp_path, box(server, "bram", folders=("Verzonden", "Weg"))) as (found, ways):
        done = ways.pull("info")
        assert (done.new, done.complete) == (1, False)
        assert [(failure.place, failure.why) for failure in done.failures] == [("Weg", "there is no such folder")]
        assert found.events("mailbox.read") == []
        assert ways.read_at("info") is None


@pytest.mark.on_both_engines
def test_a_folder_that_is_numbered_anew_is_read_anew_and_nothing_doubles(server, tmp_path):
    user = f"chaima{tmp_path.name}"
    server.put(user, letters(1, 6))
    with reading(tmp_path, box(server, user)) as (found, ways):
        assert ways.pull("info").new == 6
        server.renumber(user)
        server.put(user, letters(7, 7))
        done = ways.pull("info")
        assert "INBOX" in done.renumbered
        assert (done.seen, done.new) == (7, 1)
        assert stored(found) == 7


def test_a_connection_that_breaks_in_the_middle_keeps_what_came_and_goes_on(server, tmp_path, monkeypatch):
    monkeypatch.setattr(rules, "BATCH_MESSAGES", 10)
    server.put("daan", letters(1, 45))
    with reading(tmp_path, box(server, "daan")) as (found, ways):
        outcome = PullOutcome("info")

        def cut(folder: str, done: int, everything: int) -> None:
            if done == 20:
                server.stop()

        with pytest.raises(GestandError) as broken:
            ways.pull("info", outcome=outcome, progress=cut)
        assert broken.value.code == "mail-connection"
        assert (outcome.new, outcome.complete) == (20, False)
        server.start()
        done = ways.pull("info")
        assert (done.seen, done.new, done.complete) == (25, 25, True)
        assert stored(found) == 45


PULLING = """
    from pathlib import Path
    from dovecot_server import Dovecot
    from gestand.archive.ways import rules
    from ways_house import box, reading
    rules.BATCH_MESSAGES = 5
    with reading(Path({folder!r}), box(Dovecot(Path("."), port={port}), {user!r})) as (found, ways):
        print("ready", flush=True)
        ways.pull("info", progress=lambda *told: print(*told, flush=True))
"""


@pytest.mark.parametrize("after", [2, 5])
def test_kill_in_the_middle_of_reading_loses_nothing_and_doubles_nothing(server, tmp_path, after):
    user = f"eva{after}"
    server.put(user, letters(1, 40))
    code = textwrap.dedent(PULLING.format(folder=str(tmp_path), port=server.port, user=user))
    here = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([str(here), str(here / "vault"), str(here / "intake"), str(here.parent / "src")])
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    )
    assert child.stdout is not None
    for _ in range(1 + after):
        assert child.stdout.readline()
    time.sleep(0.003 * after)  # somewhere in the next batch
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with reading(tmp_path, box(server, user)) as (found, ways):
        before = stored(found)
        done = ways.pull("info")
        assert done.complete
        assert 0 < before <= 40
        assert (before + done.new, stored(found)) == (40, 40)


def test_a_message_that_the_server_will_not_hand_over_is_listed_and_the_rest_is_read(server, tmp_path):
    server.put("fenna", letters(1, 6))
    spoiled = sorted((server.folder / "mail" / "fenna" / "cur").glob("*")) + sorted(
        (server.folder / "mail" / "fenna" / "new").glob("*")
    )
    victim = spoiled[2]
    whole = victim.read_bytes()
    victim.chmod(0o000)
    with reading(tmp_path, box(server, "fenna")) as (found, ways):
        done = ways.pull("info")
        assert (done.new, done.complete, len(done.failures)) == (5, True, 1)
        assert done.failures[0].place.startswith("INBOX, UID ")
        assert ways.status()[0].failures == 1
        victim.chmod(0o600)
        victim.write_bytes(whole)
        again = ways.pull("info")
        assert (again.new, again.failures) == (1, [])
        assert ways.status()[0].failures == 0
        assert stored(found) == 6


def test_within_tls_by_the_name_of_the_certificate(server, tmp_path):
    server.put("gijs", letters(1, 1))
    authority = server.folder / "authority.pem"
    secured = ServerSettings("localhost", server.tls_port, "tls", "gijs", "env:MAIL_PASSWORD", ca=authority, near=True)
    with reading(tmp_path / "a", box(server, "gijs", server=secured)) as (_, ways):
        assert ways.pull("info").new == 1
    later = ServerSettings("localhost", server.port, "starttls", "gijs", "env:MAIL_PASSWORD", ca=authority, near=True)
    with reading(tmp_path / "b", box(server, "gijs", server=later)) as (_, ways):
        assert ways.pull("info").new == 1
    unknown = ServerSettings("localhost", server.tls_port, "tls", "gijs", "env:MAIL_PASSWORD", near=True)
    with (
        reading(tmp_path / "c", box(server, "gijs", server=unknown)) as (_, ways),
        pytest.raises(UsageError) as refused,
    ):
        ways.pull("info")
    assert refused.value.code == "mail-certificate"


def test_a_wrong_password_and_a_server_that_is_not_listed_are_said(server, tmp_path):
    from ways_house import ways_of

    with reading(tmp_path, box(server, "anna")) as (found, ways):
        with pytest.raises(UsageError) as refused:
            ways_of(found, box(server, "anna"), password="anders").pull("info")  # noqa: S106 - the wrong one
        assert refused.value.code == "mail-sign-in"
        assert "app password" in refused.value.remedy
        ways.egress = type(ways.egress)(())
        with pytest.raises(RefusedError) as unlisted:
            ways.pull("info")
        assert unlisted.value.code == "egress-unlisted"


def test_mail_is_read_as_it_comes_in(server, tmp_path):
    """IDLE on a real server: what comes in is sealed within seconds."""
    from gestand.archive.ways.watching import watch

    server.put("hugo", letters(1, 1))
    with reading(tmp_path, box(server, "hugo")) as (found, ways):
        stop = threading.Event()
        new: list[int] = []

        def told(_name, outcome):
            assert isinstance(outcome, PullOutcome), outcome
            new.append(outcome.new)
            if sum(new) == 1 and len(new) == 1:
                threading.Timer(0.7, server.put, ("hugo", letters(2, 3))).start()
            if sum(new) == 3:
                stop.set()

        threading.Timer(20, stop.set).start()
        watch(ways, stop=stop, told=told)
        assert sum(new) == 3
        assert stored(found) == 3


def test_mail_that_comes_in_just_before_the_waiting_begins_is_read(server, tmp_path, monkeypatch):
    """Between a reading and the moment that the server is asked to tell, mail would lie for ten minutes."""
    from gestand.archive.ways.service import Ways
    from gestand.archive.ways.watching import watch

    server.put("ids", letters(1, 1))
    waits, stop, read = Ways.open_imap, threading.Event(), threading.Event()

    def late(ways, settings):
        if threading.current_thread().name.startswith("idle-"):
            read.wait(2)
            server.put("ids", letters(2, 3))
        return waits(ways, settings)

    monkeypatch.setattr(Ways, "open_imap", late)
    new: list[int] = []

    def told(_name, outcome):
        assert isinstance(outcome, PullOutcome), outcome
        new.append(outcome.new)
        read.set()
        if sum(new) == 3:
            stop.set()

    with reading(tmp_path, box(server, "ids")) as (_, ways):
        threading.Timer(8, stop.set).start()
        watch(ways, stop=stop, told=told)
    assert sum(new) == 3


def test_mail_that_comes_in_while_the_waiting_ends_is_told(server, monkeypatch, tmp_path):
    """This server tells it when it is waited for again; others (RFC 2177) in their answer to the end of the waiting."""
    from imap_tools.idle import IdleManager

    from gestand.archive.ways.watching import INBOX

    ends, on = IdleManager.stop, threading.Event()

    def late(idle):
        server.put("joep", letters(1, 1))
        return ends(idle)

    with reading(tmp_path, box(server, "joep")) as (_, ways):
        mailbox = ways.open_imap(ways.settings.mailboxes[0])
        try:
            mailbox.examine(INBOX)
            assert not mailbox.wait(0.5, on)
            with monkeypatch.context() as patched:
                patched.setattr(IdleManager, "stop", late)
                there = mailbox.wait(0.5, on)
            assert there or mailbox.wait(5, on)
            monkeypatch.setattr(IdleManager, "stop", lambda idle: (ends(idle)[0], [b"* 2 EXISTS"]))
            assert mailbox.wait(0.5, on)
        finally:
            mailbox.close()


def old(number: int, days: int) -> tuple[bytes, float]:
    return mail(f"Oud {number}", number=number), START.timestamp() - days * 86_400


def test_the_oldest_message_that_lies_there_is_known(server, tmp_path):
    client = server.client("iris")
    for number, days in ((1, 3), (2, 40), (3, 9)):
        raw, moment = old(number, days)
        client.append("INBOX", None, imaplib.Time2Internaldate(moment), raw)
    client.logout()
    with reading(tmp_path, box(server, "iris")) as (found, ways):
        ways.pull("info")
        [status] = ways.status()
        assert status.oldest is not None
        assert abs((START.date() - status.oldest).days - 40) <= 1
        assert found.events("mailbox.read")[0]["oldest"] == status.oldest.isoformat()


def test_what_is_sealed_and_old_enough_is_taken_out_at_the_provider_and_out_of_its_trash(server, tmp_path):
    client = server.client("jan")
    for folder, number, days in (("INBOX", 1, 40), ("INBOX", 2, 3), ("Prullenbak", 3, 50), ("Verzonden", 4, 60)):
        raw, moment = old(number, days)
        client.append(folder, None, imaplib.Time2Internaldate(moment), raw)
    client.logout()
    emptied = box(server, "jan", empty_after_days=30)
    with reading(tmp_path / "a", box(server, "jan")) as (_, ways), pytest.raises(UsageError) as refused:
        ways.empty("info")
    assert refused.value.code == "mailbox-not-emptied"
    with reading(tmp_path / "b", emptied) as (found, ways):
        done = ways.empty("info")  # not read before: what is taken out is sealed first
        assert (done.removed, done.left) == (3, 0)
        assert stored(found) == 3
        assert [server.lying("jan", folder) for folder in ("INBOX", "Prullenbak", "Verzonden")] == [1, 0, 0]
        assert found.events("mailbox.emptied") == [{"mailbox": "info", "removed": 3, "left": 0}]
        assert found.archive.origins.count() == 0
        assert ways.empty("info").removed == 0


def test_nothing_is_taken_out_that_cannot_be_sealed(server, tmp_path, monkeypatch):
    raw, moment = old(1, 40)
    client = server.client("kees")
    client.append("INBOX", None, imaplib.Time2Internaldate(moment), raw)
    client.logout()
    with reading(tmp_path, box(server, "kees", empty_after_days=30)) as (found, ways):

        def full(messages):
            raise GestandError("store-full", "the disk is full")

        monkeypatch.setattr(found.archive, "admit_many", full)
        with pytest.raises(GestandError):
            ways.empty("info")
    assert server.lying("kees") == 1


def test_a_maildir_on_this_machine_is_a_mailbox_too(tmp_path):
    from gestand.kernel.config_mail import MailboxSettings

    folder = tmp_path / "Maildir"
    for place in ("new", "cur", "tmp", ".Verzonden/cur", ".Verzonden/new"):
        (folder / place).mkdir(parents=True)
    (folder / "new" / "1.host").write_bytes(letters(1, 1)[0])
    (folder / ".Verzonden" / "cur" / "2.host:2,S").write_bytes(letters(2, 2)[0])
    settings = MailboxSettings("info", "info@example.nl", maildir=folder, empty_after_days=1)
    with reading(tmp_path / "org", settings) as (found, ways):
        assert ways.pull("info").new == 2
        (folder / "new" / "1.host").rename(folder / "cur" / "1.host:2,S")  # a mail program looked at it
        (folder / "cur" / "3.host:2,").write_bytes(letters(3, 3)[0])
        assert ways.pull("info").new == 1
        assert stored(found) == 3
        for file in (*folder.glob("*/*.host*"), *folder.glob("*/*/*.host*")):
            os.utime(file, (START.timestamp() - 200_000, START.timestamp() - 200_000))
        assert ways.empty("info").removed == 3
        assert not list((folder / "cur").iterdir())
    with reading(tmp_path / "b", MailboxSettings("x", "x@example.nl", maildir=tmp_path)) as (_, ways):
        with pytest.raises(UsageError) as missing:
            ways.pull("x")
        assert missing.value.code == "maildir-missing"


def test_what_a_person_threw_away_at_the_provider_is_known_to_be_gone(server, tmp_path):
    server.put("nora", letters(1, 3))
    with reading(tmp_path, box(server, "nora")) as (found, ways):
        ways.pull("info")
        assert [(one.place, one.folder) for one in found.archive.origins.lying()] == [("info", "INBOX")] * 3
        client = server.client("nora")
        client.select("INBOX")
        client.store("1:2", "+FLAGS", r"(\Deleted)")
        client.expunge()
        client.logout()
        found.clock.advance(timedelta(hours=2))
        ways.pull("info")
        assert found.archive.origins.count() == 1
        server.renumber("nora")
        found.clock.advance(timedelta(hours=2))
        ways.pull("info")
        assert found.archive.origins.count() == 1


def test_what_is_to_be_erased_is_taken_out_at_the_provider_too_and_does_not_come_back(server, tmp_path):
    server.put("quirine", letters(1, 3))
    server.put("quirine", letters(4, 4), "Verzonden")
    with reading(tmp_path, box(server, "quirine")) as (found, ways):
        ways.pull("info")
        origins = [one for one in found.archive.origins.lying() if one.folder == "Verzonden"] + list(
            found.archive.origins.lying()
        )[:1]
        assert [(one.removed, one.left) for one in ways.take_out(origins)] == [(2, 0)]
        assert (server.lying("quirine"), server.lying("quirine", "Verzonden")) == (2, 0)
        assert found.archive.origins.count() == 2
        server.renumber("quirine")
        assert ways.pull("info").seen == 2
        server.stop()
        assert [(one.removed, one.left) for one in ways.take_out(list(found.archive.origins.lying()))] == [(0, 2)]
        server.start()
