"""``[mail]`` of gestand.toml: mailboxes to read, the server to send through, and the receiver of journals.

    [mail.mailboxes.NAME]   one for each mailbox; NAME is how the ledger and the commands call it
    address, host, port, tls, user, password, oauth, ca, near       where it is and how to sign in
    maildir                                                         or: a Maildir on this machine
    folders, sent, spam, trash                                      what is read; empty folders: all but drafts and trash
    empty_after_days                                                0: a task for a person; else the provider is emptied

    [mail.smtp]             host, port, tls, user, password, oauth, ca, near, from, rate (messages a minute)
    [mail.receiver]         host, port, protocol, certificate, key, require_tls, max_bytes, hosts, senders

A password is named, never written: ``env:NAME``, ``file:PATH`` or ``credential:NAME`` (``kernel.secret``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gestand.kernel.egress import LARGEST_PORT
from gestand.kernel.errors import UsageError

NAMED: Final = "mail.mailboxes.NAME"
_SERVER: Final[dict[str, type]] = {
    "host": str,
    "port": int,
    "tls": str,
    "user": str,
    "password": str,
    "oauth": str,
    "ca": str,
    "near": bool,
}
KNOWN: Final[dict[str, dict[str, type]]] = {
    NAMED: {
        "address": str,
        **_SERVER,
        "maildir": str,
        "folders": list,
        "sent": str,
        "spam": str,
        "trash": str,
        "empty_after_days": int,
    },
    "mail.smtp": {**_SERVER, "from": str, "rate": int},
    "mail.receiver": {
        "host": str,
        "port": int,
        "protocol": str,
        "certificate": str,
        "key": str,
        "tls": str,
        "max_bytes": int,
        "hosts": list,
        "senders": list,
    },
}
"""What ``[mail]`` may hold: the keys of each of its sections and their types."""

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "tls": ("tls", "starttls", "none"),
    "oauth": ("", "google", "microsoft"),
    "protocol": ("smtp", "lmtp"),
}
RECEIVER_TLS: Final = ("none", "starttls", "required", "tls")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
RATE: Final = 60
LARGEST_MESSAGE: Final = 157_286_400  # bytes: 150 MB, the largest that Exchange Online sends


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """A mail server and how to sign in to it. ``near``: it may lie on this machine or in the firm's own network.

    ``tls``: from the first byte, by STARTTLS, or none (only where ``near``). ``ca`` names a file with the certificate of
    a server's own authority. ``oauth``: the password is a refresh token of that provider.
    """

    host: str = ""
    port: int = 0
    tls: str = "tls"
    user: str = ""
    password: str = ""
    oauth: str = ""
    ca: Path | None = None
    near: bool = False


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """A mailbox that is read: on an IMAP server, or a Maildir on this machine."""

    name: str
    address: str
    server: ServerSettings = ServerSettings()
    maildir: Path | None = None
    folders: tuple[str, ...] = ()
    sent: str = ""
    spam: str = ""
    trash: str = ""
    empty_after_days: int = 0


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Through which server mail is sent, from which address, and how many a minute (0: as fast as the server takes them)."""

    server: ServerSettings
    sender: str
    rate: int = RATE


@dataclass(frozen=True, slots=True)
class ReceiverSettings:
    """Where journals come in. ``hosts``: addresses or networks that may connect; ``senders``: MAIL FROM, ``@domain`` for all.

    Empty ``hosts`` means this machine alone; empty ``senders`` any sender of those hosts. ``tls``: none, offered
    (``starttls``), asked for before anything else (``required``), or from the first byte (``tls``).
    """

    host: str = "127.0.0.1"
    port: int = 2525
    protocol: str = "smtp"
    certificate: Path | None = None
    key: Path | None = None
    tls: str = "none"
    max_bytes: int = LARGEST_MESSAGE
    hosts: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailSettings:
    """All of ``[mail]``; nothing of it need be there."""

    mailboxes: tuple[MailboxSettings, ...] = ()
    smtp: SmtpSettings | None = None
    receiver: ReceiverSettings | None = None


def mail_settings(document: Mapping[str, Any], folder: Path, where: str) -> MailSettings:
    """Read ``[mail]``, whose keys and types were judged already.

    :raises UsageError: ``config-value`` for a choice that is none, a mailbox that says not where it is, or TLS that is off
        towards a server elsewhere.
    """
    boxes = tuple(_mailbox(name, section, folder, where) for name, section in document.get("mailboxes", {}).items())
    addresses = [box.address.casefold() for box in boxes]
    for box in boxes:
        if addresses.count(box.address.casefold()) > 1:
            _unsound(f"{box.address} is the address of two mailboxes", where, "Keep one of them.")
    smtp = document.get("smtp")
    receiver = document.get("receiver")
    return MailSettings(
        boxes,
        SmtpSettings(
            _server(smtp, folder, where, "mail.smtp", port=587, tls="starttls", needed=True),
            smtp.get("from", ""),
            smtp.get("rate", RATE),
        )
        if smtp is not None
        else None,
        _receiver(receiver, folder, where) if receiver is not None else None,
    )


def _mailbox(name: str, section: Mapping[str, Any], folder: Path, where: str) -> MailboxSettings:
    at = f"mail.mailboxes.{name}"
    if not _NAME.fullmatch(name):
        _unsound(f"'{name}' is no name of a mailbox", where, "Use at most 32 lower-case letters, digits and hyphens.")
    if "@" not in section.get("address", ""):
        _unsound(f"{at}.address is missing", where, "Name the mailbox's e-mail address.")
    if bool(section.get("host")) == bool(section.get("maildir")):
        _unsound(f"{at} names no place, or two", where, "Name host (an IMAP server) or maildir (a folder).")
    server = _server(section, folder, where, at, port=993, tls="tls", needed=False)
    return MailboxSettings(
        name=name,
        address=section["address"],
        server=server,
        maildir=_path(folder, section.get("maildir")),
        folders=tuple(section.get("folders", ())),
        sent=section.get("sent", ""),
        spam=section.get("spam", ""),
        trash=section.get("trash", ""),
        empty_after_days=section.get("empty_after_days", 0),
    )


def _server(
    section: Mapping[str, Any], folder: Path, where: str, at: str, *, port: int, tls: str, needed: bool
) -> ServerSettings:
    if needed and not section.get("host"):
        _unsound(f"{at}.host is missing", where, "Name the server.")
    _chosen(section, where, at)
    found = ServerSettings(
        host=section.get("host", ""),
        port=section.get("port", port),
        tls=section.get("tls", tls),
        user=section.get("user", section.get("address", "")),
        password=section.get("password", ""),
        oauth=section.get("oauth", ""),
        ca=_path(folder, section.get("ca")),
        near=section.get("near", False),
    )
    if not 0 < found.port <= LARGEST_PORT:
        _unsound(f"{at}.port = {found.port} is no port", where, f"A port is a number from 1 to {LARGEST_PORT}.")
    if found.tls == "none" and not found.near:
        _unsound(f'{at}.tls = "none" would send passwords and mail readable over the internet', where, 'Write "tls".')
    return found


def _receiver(section: Mapping[str, Any], folder: Path, where: str) -> ReceiverSettings:
    plain = ReceiverSettings()
    _chosen(section, where, "mail.receiver", ("protocol",))
    if ("certificate" in section) != ("key" in section):
        _unsound("mail.receiver has a certificate or a key, not both", where, "Name both files, or neither.")
    tls = section.get("tls", "starttls" if "certificate" in section else "none")
    if tls not in RECEIVER_TLS:
        words = ", ".join(f'"{choice}"' for choice in RECEIVER_TLS)
        _unsound(f"mail.receiver.tls = {tls!r} is no choice", where, f"Write one of {words}.")
    if (tls == "none") == ("certificate" in section):
        _unsound(
            f"mail.receiver.tls = {tls!r} and its certificate do not go together", where, "Name certificate and key."
        )
    return ReceiverSettings(
        host=section.get("host", plain.host),
        port=section.get("port", plain.port),
        protocol=section.get("protocol", plain.protocol),
        certificate=_path(folder, section.get("certificate")),
        key=_path(folder, section.get("key")),
        tls=tls,
        max_bytes=section.get("max_bytes", plain.max_bytes),
        hosts=tuple(section.get("hosts", ())),
        senders=tuple(sender.casefold() for sender in section.get("senders", ())),
    )


def _chosen(section: Mapping[str, Any], where: str, at: str, keys: tuple[str, ...] = ("tls", "oauth")) -> None:
    for key in keys:
        choices = CHOICES[key]
        if section.get(key, choices[0]) not in choices:
            words = ", ".join(f'"{choice}"' for choice in choices)
            _unsound(f"{at}.{key} = {section[key]!r} is no choice", where, f"Write one of {words}.")


def _path(folder: Path, name: str | None) -> Path | None:
    return (folder / name).resolve() if name else None


def _unsound(what: str, where: str, remedy: str) -> None:
    raise UsageError("config-value", what, where=where, remedy=remedy)
