"""How an organisation runs: ``gestand.toml``, and the few environment variables, read once and handed down.

gestand.toml
    format = 1
    [storage]    engine = "sqlite", folder = "data"
                 engine = "postgres", dsn = "env:GESTAND_DSN", keys_dsn = "env:GESTAND_KEYS_DSN", schema = "gestand"
    [keys]       root = "file:keys/root.key"
    [serve]      host = "127.0.0.1", port = 8470, office_host = "kantoor.example.nl", metrics_port = 9470
    [staff]      waiting_minutes = 60
    [backup]     folder = "/media/backup", recipients = ["age1..."], keys_recipients = ["age1..."],
                 keep_days = 90, keys_keep_days = 30
    [mail.mailboxes.NAME], [mail.smtp], [mail.receiver]    see ``config_mail``
    [rights]     four_eyes = false; the rest: see ``config_passed_on``
    [outreach]   unsubscribe_url = "https://www.example.nl/afmelden"
    [archive]    purpose = "mail-archive", field = "correspondence.message",
                 rules = ["mail-administration when subject has factuur, invoice"]
    [sharing]    waiting_minutes = 60
    [sites]      own = ["https://www.example.nl/"], statement = "https://www.example.nl/privacy", near = false,
                 pages = 20, forms = false
    [surroundings]    see ``config_surroundings``
    [ledger]     witnesses = ["https://witness.example.org witness.example.org/w1+1a2b3c4d+BA..."], near = false
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gestand.kernel.config_keys import check_keys
from gestand.kernel.config_mail import MailSettings, mail_settings
from gestand.kernel.config_passed_on import PassedOnSettings, passed_on_settings
from gestand.kernel.config_surroundings import SurroundingsSettings, surroundings_settings
from gestand.kernel.errors import UsageError

FILE = "gestand.toml"
WAITING_MINUTES = 60
"""How long one person alone waits between approving a dangerous act and doing it."""
KEEP_DAYS = 90
KEYS_KEEP_DAYS = 30
"""For how long a backup, and the keys that open it, stay when ``gestand.toml`` says nothing."""


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """Where backups go, for whom they are encrypted (age recipients), and how many days data and keys are kept.

    ``folder`` None: no backups are set up. ``keys_recipients`` are those of ``recipients`` unless others are named.
    """

    folder: Path | None = None
    recipients: tuple[str, ...] = ()
    keys_recipients: tuple[str, ...] = ()
    keep_days: int = KEEP_DAYS
    keys_keep_days: int = KEYS_KEEP_DAYS


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """Witnesses of the ledger, each ``"address key"``. ``near``: they stand in a private network."""

    witnesses: tuple[str, ...] = ()
    near: bool = False


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The firm's own sites, and where its statement is read. ``near``: they stand in a private network.

    ``pages``: how many of each site a scan visits; ``forms``: it sends the site's forms too.
    """

    own: tuple[str, ...] = ()
    statement: str = ""
    near: bool = False
    pages: int = 20
    forms: bool = False


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where PostgreSQL is: names of connection strings (``kernel.dsn``) for data and for keys, and the schema in both.

    ``keys_dsn`` empty: the keys stay in the file keys.db.
    """

    dsn: str = ""
    keys_dsn: str = ""
    schema: str = "gestand"


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """For which purpose messages are kept, which field of the policy their content is, and the rules of their shelves.

    A rule is ``PURPOSE when PART has WORD, WORD`` (``archive.classing``); what none fits is for ``purpose``.
    """

    purpose: str = "mail-archive"
    field: str = "correspondence.message"
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SharingSettings:
    """How long (minutes) an order by an authority waits before one person alone may carry it out."""

    waiting_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one organisation. Paths are absolute.

    ``unsubscribe_url``: where the public pages take unsubscribes; empty: people unsubscribe by mail.
    """

    folder: Path
    engine: str
    data: Path
    root_key: str
    host: str
    port: int
    backup: BackupSettings = BackupSettings()
    database: DatabaseSettings = DatabaseSettings()
    metrics_port: int = 0  # on loopback alone; 0: none
    office_host: str = ""  # empty: the office is at /office/ of the address that is served, as localhost
    waiting_minutes: int = WAITING_MINUTES
    sharing: SharingSettings = SharingSettings()
    mail: MailSettings = field(default_factory=MailSettings)
    archive: ArchiveSettings = ArchiveSettings()
    sites: SiteSettings = SiteSettings()
    unsubscribe_url: str = ""
    four_eyes: bool = False  # a second person looks at each plan of an erasure
    portal_url: str = ""  # where people fetch their answers, as letters tell them; empty: the controller's website
    passed_on: PassedOnSettings = field(default_factory=PassedOnSettings)
    ledger: LedgerSettings = LedgerSettings()
    surroundings: SurroundingsSettings = field(default_factory=SurroundingsSettings)


def load_config(folder: Path, content: bytes | None = None) -> Config:
    """Read ``gestand.toml`` in ``folder``; ``content``: as if it held this.

    :raises UsageError: if it is not there, cannot be read, is no TOML, or has an unknown key or a value of the wrong kind.
    """
    path = folder / FILE
    try:
        document = tomllib.loads((path.read_bytes() if content is None else content).decode("utf-8"))
    except FileNotFoundError:
        raise UsageError(
            "no-organisation",
            f"{folder.resolve()} holds no organisation: there is no {FILE}",
            where=str(path),
            remedy="Name its folder with --org DIR, or make one with 'gestand init DIR'.",
        ) from None
    except OSError as fault:
        raise UsageError(
            "config-unreadable",
            f"it cannot be read: {fault.strerror}",
            where=str(path),
            remedy="Name the organisation's folder with --org DIR, and make its files readable to you.",
        ) from None
    except UnicodeDecodeError as fault:
        raise UsageError(
            "config-not-utf8",
            f"not UTF-8 at byte {fault.start}",
            where=str(path),
            remedy="Save the file as UTF-8.",
        ) from None
    except tomllib.TOMLDecodeError as fault:
        raise UsageError(
            "config-not-toml", str(fault), where=str(path), remedy="Mend the line that is named."
        ) from None
    check_keys(document, path)
    storage = document.get("storage", {})
    serve = document.get("serve", {})
    return Config(
        folder=folder.resolve(),
        engine=storage.get("engine", "sqlite"),
        data=(folder / storage.get("folder", "data")).resolve(),
        root_key=document.get("keys", {}).get("root", "file:keys/root.key"),
        host=serve.get("host", "127.0.0.1"),
        port=serve.get("port", 8470),
        backup=_backup(document.get("backup", {}), folder),
        database=DatabaseSettings(
            storage.get("dsn", ""), storage.get("keys_dsn", ""), storage.get("schema", DatabaseSettings().schema)
        ),
        office_host=serve.get("office_host", ""),
        metrics_port=serve.get("metrics_port", 0),
        waiting_minutes=document.get("staff", {}).get("waiting_minutes", WAITING_MINUTES),
        sharing=SharingSettings(document.get("sharing", {}).get("waiting_minutes", SharingSettings().waiting_minutes)),
        mail=mail_settings(document.get("mail", {}), folder, str(path)),
        archive=_archive(document.get("archive", {})),
        sites=_sites(document.get("sites", {})),
        four_eyes=document.get("rights", {}).get("four_eyes", False),
        portal_url=document.get("rights", {}).get("portal_url", ""),
        passed_on=passed_on_settings(document.get("rights", {}), path),
        unsubscribe_url=_unsubscribe_url(document.get("outreach", {}), path),
        ledger=_ledger(document.get("ledger", {})),
        surroundings=surroundings_settings(document.get("surroundings", {}), folder, str(path)),
    )


def _unsubscribe_url(section: dict[str, Any], path: Path) -> str:
    """Return the address of the unsubscribe page: over https, as one-click unsubscribe asks (RFC 8058 3.1)."""
    url = str(section.get("unsubscribe_url", ""))
    if url and (not url.startswith("https://") or any(sign <= " " or sign in "<>,?#" for sign in url)):
        raise UsageError(
            "config-value",
            f"outreach.unsubscribe_url = {url!r} is no address of a page over https",
            where=str(path),
            remedy='Write it as "https://www.example.nl/afmelden", or leave it out: people then unsubscribe by mail.',
        )
    return url


def _ledger(section: dict[str, Any]) -> LedgerSettings:
    return LedgerSettings(tuple(section.get("witnesses", ())), section.get("near", False))


def _sites(section: dict[str, Any]) -> SiteSettings:
    return SiteSettings(**{**section, "own": tuple(section.get("own", ()))})


def _backup(section: dict[str, Any], folder: Path) -> BackupSettings:
    recipients = tuple(section.get("recipients", ()))
    return BackupSettings(
        folder=(folder / section["folder"]).resolve() if "folder" in section else None,
        recipients=recipients,
        keys_recipients=tuple(section.get("keys_recipients", ())) or recipients,
        keep_days=section.get("keep_days", KEEP_DAYS),
        keys_keep_days=section.get("keys_keep_days", KEYS_KEEP_DAYS),
    )


def _archive(section: dict[str, Any]) -> ArchiveSettings:
    usual = ArchiveSettings()
    return ArchiveSettings(
        section.get("purpose", usual.purpose), section.get("field", usual.field), tuple(section.get("rules", ()))
    )


def environment(name: str) -> str | None:
    """Return an environment variable. The only reader of the environment; callers hand the value down."""
    return os.environ.get(name)
