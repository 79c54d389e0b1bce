"""Whether the mailbox that the statement names is read every day, on a real mailbox server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive_house import mail
from dovecot_server import PASSWORD, running_dovecot
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.controls.ways import mailbox_read_daily
from gestand.evidence.model import Finding
from gestand.kernel.config_edit import write_settings
from gestand.kernel.errors import GestandError


def found(place: Place):
    return mailbox_read_daily(world_of(place.open()))


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    return running_dovecot()


def move_to_server(place: Place, server, user: str) -> None:
    """Let the mailbox of the worked example lie at a provider."""
    place.close()
    path = place.folder / "gestand.toml"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("maildir")]
    at = next(number for number, line in enumerate(lines) if line.startswith("[mail.mailboxes.info]"))
    lines.insert(
        at + 1,
        f'host = "localhost"\nport = {server.port}\ntls = "none"\nnear = true\nuser = "{user}"\npassword = "env:MAIL_PASSWORD"',
    )
    path.write_text("\n".join(lines) + "\n", "utf-8")


def test_a_mailbox_that_was_not_read_for_a_day_is_broken_and_read_again_it_is_kept(place, server):
    assert found(place).finding is Finding.KEPT
    server.put("olga", [mail(number=900)])
    move_to_server(place, server, "olga")
    write_settings(place.folder, {"sent": "Verzonden"}, section="mail.mailboxes.info")
    read_at = place.open().ways.read_at("info")
    assert read_at is not None
    place.clock.move_to(max(place.clock(), read_at + timedelta(hours=24)))
    assert found(place).finding is Finding.KEPT
    place.clock.advance(timedelta(seconds=1))
    late = found(place)
    assert late.finding is Finding.BROKEN
    assert "was last read on" in late.evidence[0]
    assert place.open().ways.pull("info").new == 1
    assert found(place).finding is Finding.KEPT
    assert place.open().ledger.verify()


def test_a_reading_that_fails_or_leaves_a_folder_out_is_no_reading(place, server):
    move_to_server(place, server, "piet")
    place.clock.advance(timedelta(hours=25))
    write_settings(place.folder, {"folders": ["Weg"]}, section="mail.mailboxes.info")
    place.open().ways.pull("info")
    assert found(place).finding is Finding.BROKEN
    place.close()
    write_settings(place.folder, {"port": 1}, section="mail.mailboxes.info")
    with pytest.raises(GestandError):
        place.open().ways.pull("info")
    assert found(place).finding is Finding.BROKEN


def test_a_mailbox_that_nobody_set_up_is_unproven_not_kept(place):
    place.close()
    write_settings(place.folder, {"address": "iemand@example.nl"}, section="mail.mailboxes.info")
    told = found(place)
    assert told.finding is Finding.UNPROVEN
    assert "not set up to be read" in told.evidence[0]
