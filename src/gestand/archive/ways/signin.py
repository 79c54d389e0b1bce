"""Signing in to a mail server: a password, or an OAuth 2.0 access token (XOAUTH2) made from a refresh token."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gestand.archive.ways.oauth import access_token, read_grant
from gestand.kernel.config_mail import ServerSettings
from gestand.kernel.egress import Egress
from gestand.kernel.secret import read_secret

Variable = Callable[[str], str | None]


def imap_sign_in(
    server: ServerSettings, folder: Path, *, variable: Variable, egress: Egress, where: str
) -> Callable[[Any], None]:
    """Return how to sign in to an opened IMAP connection.

    :raises UsageError: if the password or token is not where the settings say.
    """
    secret = read_secret(server.password, folder, variable=variable, where=where)

    def sign_in(client: Any) -> None:
        if server.oauth:
            token = access_token(server.oauth, read_grant(secret, where), egress=egress)
            client.xoauth2(server.user, token, None)
        elif secret.isascii() and server.user.isascii():
            client.login(server.user, secret, None)
        else:
            client.login_utf8(server.user, secret, None)

    return sign_in
