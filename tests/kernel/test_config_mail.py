"""``[mail]`` of gestand.toml: read whole, refused with what is wrong, and a mailbox added without touching the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.config import load_config
from gestand.kernel.config_edit import write_settings
from gestand.kernel.errors import UsageError

WHOLE = """format = 1
[mail.mailboxes.info]
address = "info@example.nl"
host = "imap.example.nl"
password = "credential:info"
folders = ["INBOX", "Sent"]
sent = "Sent"
empty_after_days = 30
[mail.mailboxes.own]
address = "own@example.nl"
maildir = "mail/own"
[mail.smtp]
host = "smtp.example.nl"
from = "info@example.nl"
[mail.receiver]
port = 2525
hosts = ["192.0.2.0/24"]
senders = ["@Example.nl"]
"""


def test_every_section_is_read(tmp_path: Path) -> None:
    mail = load_config(tmp_path, WHOLE.encode()).mail
    info, own = mail.mailboxes
    assert (info.server.port, info.server.tls, info.server.user) == (993, "tls", "info@example.nl")
    assert (info.folders, info.sent, info.empty_after_days) == (("INBOX", "Sent"), "Sent", 30)
    assert own.maildir == (tmp_path / "mail/own").resolve()
    assert mail.smtp is not None
    assert (mail.smtp.server.port, mail.smtp.server.tls, mail.smtp.sender) == (587, "starttls", "info@example.nl")
    assert mail.receiver is not None
    assert mail.receiver.senders == ("@example.nl",)
    assert load_config(tmp_path, b"format = 1").mail.mailboxes == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('host = "imap.example.nl"', ""),
        ('host = "imap.example.nl"', 'host = "imap.example.nl"\nmaildir = "x"'),
        ('host = "imap.example.nl"', 'host = "imap.example.nl"\ntls = "none"'),
        ('host = "imap.example.nl"', 'host = "imap.example.nl"\ntls = "ssl"'),
        ('host = "imap.example.nl"', 'host = "imap.example.nl"\nport = 70000'),
        ('host = "imap.example.nl"', 'host = "imap.example.nl"\nhots = "x"'),
        ("empty_after_days = 30", "empty_after_days = true"),
        ('address = "info@example.nl"', ""),
        ('address = "own@example.nl"', 'address = "INFO@example.nl"'),
        ("[mail.mailboxes.own]", '[mail.mailboxes."Own Box"]'),
        ("[mail.receiver]", '[mail.receiver]\ncertificate = "x.pem"'),
        ("[mail.receiver]", '[mail.receiver]\ntls = "required"'),
        ("[mail.receiver]", '[mail.receiver]\ntls = "x"'),
        ("[mail.receiver]", '[mail.receiver]\nprotocol = "pop"'),
        ("[mail.smtp]", "[mail.pop3]"),
        ('host = "smtp.example.nl"', ""),
        ("[mail.mailboxes.own]", "[mail.mailboxes]\nx = 1\n[mail.mailboxes.own]"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, old: str, new: str) -> None:
    changed = WHOLE.replace(old, new, 1)
    assert changed != WHOLE
    with pytest.raises(UsageError) as refused:
        load_config(tmp_path, changed.encode())
    assert refused.value.code in {"config-value", "config-unknown"}
    assert refused.value.remedy


def test_a_mailbox_is_added_and_changed_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "gestand.toml"
    path.write_text("# ours\nformat = 1\n")
    section = "mail.mailboxes.info"
    first = {"address": "info@example.nl", "host": "imap.example.nl", "folders": ["INBOX", 'a"b'], "near": True}
    write_settings(tmp_path, first, section=section)
    once = path.read_text()
    assert write_settings(tmp_path, {"port": 143}, section=section).mail.mailboxes[0].server.port == 143
    assert path.read_text() == once.replace(f"[{section}]\n", f"[{section}]\nport = 143\n")
    assert once.startswith("# ours\nformat = 1\n")
    assert load_config(tmp_path).mail.mailboxes[0].folders == ("INBOX", 'a"b')
