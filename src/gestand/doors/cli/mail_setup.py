"""``gestand mail setup ADDRESS``: find the servers, sign in, try to receive and to send, write the settings."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import GestandError, UsageError

if TYPE_CHECKING:
    from gestand.archive.ways.discovery import Discovered
    from gestand.archive.ways.setup import Tried
    from gestand.kernel.config_mail import MailboxSettings, SmtpSettings

HINT = (
    "Most providers want an app password here, not the one you read your mail with: make one in the provider's settings, "
    "under security or app passwords. It opens mail and nothing else, and you can withdraw it."
)


def setup_mailbox(
    address: Annotated[str, typer.Argument(help="The mailbox, such as info@example.nl.")],
    name: Annotated[
        str, typer.Option("--name", help="How commands and the ledger call it; the part before the @.")
    ] = "",
    imap: Annotated[str, typer.Option("--imap", help="HOST or HOST:PORT, if it cannot be found.")] = "",
    smtp: Annotated[str, typer.Option("--smtp", help="HOST or HOST:PORT to send through.")] = "",
    user: Annotated[str, typer.Option("--user", help="The user's name there; the address if left out.")] = "",
    password: Annotated[
        str,
        typer.Option(
            "--password",
            help="Where the password is: env:NAME, file:PATH, credential:NAME. It is asked for if left out.",
        ),
    ] = "",
    client: Annotated[
        str, typer.Option("--client", help="Microsoft 365, Gmail: the id of the client that you registered.")
    ] = "",
    tenant: Annotated[str, typer.Option("--tenant", help="Microsoft 365: your tenant.")] = "common",
    ca: Annotated[Path | None, typer.Option("--ca", help="The certificate of the server's own authority.")] = None,
    near: Annotated[bool, typer.Option("--near", help="The server is on this machine or in your own network.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Without TLS; only with --near.")] = False,
    send: Annotated[bool, typer.Option("--send/--no-send", help="Send a test message to the mailbox itself.")] = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Find and show the servers; try and write nothing.")
    ] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Set a mailbox up: find its servers, try to receive and to send, and write the settings."""
    from gestand.archive.ways.asking import discover_from
    from gestand.archive.ways.discovery import Discovered
    from gestand.archive.ways.setup import try_receiving, try_sending, write_mailbox
    from gestand.kernel.clock import system_clock
    from gestand.kernel.config import environment, load_config

    config = load_config(org)
    tls = "none" if plain else "tls"
    if imap:
        at, through = _server(imap, 993, tls), _server(smtp, 465, tls) if smtp else None
        found = Discovered(at, through, user or address, "named by you")
    else:
        found = discover_from(address)
    box, sending = _settings(found, address, name, user, ca=ca, near=near)
    if dry_run:
        _show(found, None, box, as_json=as_json)
        return
    box, sending = _with_secret(box, sending, config.folder, password, client, tenant, as_json=as_json)
    with _in_its_words():
        tried = try_receiving(box, config.folder, variable=environment)
    roles = {folder.role: folder.name for folder in tried.folders}
    box = replace(box, sent=roles.get("sent", ""), spam=roles.get("junk", ""), trash=roles.get("trash", ""))  # type: ignore[call-overload]
    if sending is not None and send:
        with _in_its_words("Receiving works. "):
            try_sending(sending, address, config.folder, variable=environment, at=system_clock())
        tried = replace(tried, sent=True)
    write_mailbox(config.folder, box, sending)
    _show(found, tried, box, as_json=as_json)


@contextmanager
def _in_its_words(before: str = "") -> Iterator[None]:
    """Say of a server that cannot be tried what to change in this command; nothing is written yet."""
    try:
        yield
    except GestandError as fault:
        remedies = {
            "mail-connection": "Look whether name and port are right: IMAP is at 993 (TLS) or 143, sending at 465 (TLS) or 587. "
            "Name them with --imap HOST:PORT and --smtp HOST:PORT.",
            "egress-private": "Say --near, if the server really stands on this machine or in your own network.",
        }
        fault.remedy = before + remedies.get(fault.code, fault.remedy)
        if before:
            fault.remedy += " With --no-send the settings are written without a test message."
        raise


def _server(text: str, port: int, tls: str) -> Any:
    from gestand.archive.ways.discovery import Server

    host, colon, number = text.rpartition(":")
    if not colon:
        return Server(text, port, tls)
    if not number.isdigit():
        raise UsageError("mail-address", f"'{text}' is no server", remedy="Write HOST or HOST:PORT.")
    return Server(host, int(number), "starttls" if int(number) in {143, 587} and tls == "tls" else tls)


def _settings(
    found: Discovered, address: str, name: str, user: str, *, ca: Path | None, near: bool
) -> tuple[MailboxSettings, SmtpSettings | None]:
    from gestand.kernel.config_mail import MailboxSettings, ServerSettings, SmtpSettings

    def server(at: Any) -> ServerSettings:
        whole = ca.resolve() if ca else None
        return ServerSettings(at.host, at.port, at.tls, user or found.user, "", found.oauth, whole, near)

    called = name or re.sub(r"[^a-z0-9-]+", "-", address.partition("@")[0].lower()).strip("-")[:32] or "mail"
    called = called if called[0].isalpha() else f"m{called}"[:32]
    box = MailboxSettings(called, address, server(found.imap))
    return box, SmtpSettings(server(found.smtp), address) if found.smtp else None


def _with_secret(
    box: MailboxSettings,
    sending: SmtpSettings | None,
    folder: Path,
    password: str,
    client: str,
    tenant: str,
    *,
    as_json: bool,
) -> tuple[MailboxSettings, SmtpSettings | None]:
    """Return the settings with the name of the place where the password or grant is; what is typed in is put there."""
    from gestand.kernel.secret import write_secret

    setting = password
    oauth = bool(box.server.oauth and client)
    if not oauth:  # an app password goes without a client of one's own, where the provider still allows it
        box = replace(box, server=replace(box.server, oauth=""))
    if not setting:
        setting = f"file:keys/mail-{box.name}"
        if oauth:
            line = _consented(box.server.oauth, client, tenant, box.address)
        elif as_json or not sys.stdin.isatty():
            raise UsageError(
                "mail-password", "no password was named", remedy="Name its place with --password env:NAME or file:PATH."
            )
        else:
            say(HINT)
            line = getpass(f"Password of {box.server.user} at {box.server.host}: ")
        write_secret(setting, folder, line)
    box = replace(box, server=replace(box.server, password=setting))
    if sending is not None:
        sending = replace(sending, server=replace(sending.server, password=setting, oauth=box.server.oauth))
    return box, sending


def _consented(provider: str, client: str, tenant: str, address: str) -> str:
    """Let a person consent at the provider, and return the line that is kept."""
    from gestand.archive.ways import oauth
    from gestand.kernel.egress import Egress
    from gestand.kernel.entropy import system_entropy

    egress = Egress(oauth.peers(provider))
    if oauth.PROVIDERS[provider].device:
        code = oauth.begin_device(provider, client, tenant, egress=egress)
        say(f"Open {code.url} in a browser and type in: {code.code}")
        return oauth.finish_device(provider, client, tenant, code, egress=egress, wait=time.sleep).line()
    page, verifier = oauth.begin_pasted(provider, client, tenant, address, entropy=system_entropy)
    say(f"Open this page, consent, and copy the address that the browser cannot open then:\n{page}")
    pasted = input("Address: ")
    secret = getpass("The client's secret, if it has one: ")
    return oauth.finish_pasted(provider, client, secret, tenant, pasted, verifier, egress=egress).line()


def _show(found: Discovered, tried: Tried | None, box: MailboxSettings, *, as_json: bool) -> None:
    through = found.smtp
    if as_json:
        emit(
            {
                "mailbox": box.name,
                "found_by": found.how,
                "oauth": found.oauth,
                "imap": {"host": found.imap.host, "port": found.imap.port, "tls": found.imap.tls},
                "smtp": {"host": through.host, "port": through.port, "tls": through.tls} if through else None,
                "folders": [folder.name for folder in tried.read] if tried else [],
                "messages": tried.messages if tried else None,
                "sent": tried.sent if tried else False,
                "written": tried is not None,
            }
        )
        return
    say(f"{box.address}: {found.imap.host}:{found.imap.port} ({found.how})")
    say(f"sending through {through.host}:{through.port}" if through else "no server to send through was found")
    if found.oauth:
        say(
            f"This is {found.oauth}: register a client of your own there and name it with --client ID, or use an app password."
        )
    if tried is None:
        return
    say(
        f"Signed in: {tried.messages} messages in INBOX; these folders will be read: "
        + ", ".join(f.name for f in tried.read)
    )
    say("A test message was sent to the mailbox itself." if tried.sent else "No test message was sent.")
    say(f"Written to gestand.toml as [mail.mailboxes.{box.name}]. Read it now with 'gestand mail pull {box.name}'.")
