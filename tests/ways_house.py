"""The ways in over the archive of ``archive_house``, and a mailbox on the tests' own Dovecot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from archive_house import ROOT, House, house
from dovecot_server import PASSWORD, Dovecot
from gestand.archive.ways.service import Ways, mail_peers
from gestand.kernel.config_mail import MailboxSettings, MailSettings, ServerSettings
from gestand.kernel.egress import Egress


def box(running: Dovecot, user: str, **changes: object) -> MailboxSettings:
    """Return the settings of a user's mailbox; ``tls`` none, because it is on this machine."""
    at = ServerSettings("localhost", running.port, "none", user, "env:MAIL_PASSWORD", near=True)
    return replace(MailboxSettings("info", f"{user}@example.nl", at), **changes)  # type: ignore[arg-type]


def ways_of(found: House, *boxes: MailboxSettings, password: str = PASSWORD) -> Ways:
    settings = MailSettings(boxes)
    return Ways(
        settings, found.folder, found.engine, found.archive, found.ledger,
        root_key=ROOT, egress=Egress(mail_peers(settings)), clock=found.clock, variable={"MAIL_PASSWORD": password}.get,
    )  # fmt: skip


@contextmanager
def reading(folder: Path, *boxes: MailboxSettings) -> Iterator[tuple[House, Ways]]:
    with house(folder) as found:
        yield found, ways_of(found, *boxes)


def stored(found: House) -> int:
    """Return how many messages the archive holds, by its rows."""
    [(number,)] = found.engine.execute("SELECT count(*) FROM archive_message")
    return int(number or 0)
