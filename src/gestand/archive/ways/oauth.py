"""OAuth 2.0 for mailboxes of Microsoft 365 and Gmail: device code (RFC 8628) or pasted code (RFC 8252, PKCE), and refreshing.

The firm registers a client of its own at the provider, once; this program has none. What is kept, in the file that the
settings name, mode 0600, is one line of JSON: client, tenant and refresh token. An access token is never written anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from gestand.archive.ways.https import HTTPS_PORT, Answer, ask
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import GestandError, UsageError

REDIRECT = "http://127.0.0.1/"
"""Where the browser is sent with the code. Nothing listens there: the address is copied from the browser's bar."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider's tokens are made, and for what. ``{tenant}`` is filled in."""

    token: str
    device: str
    authorize: str
    scope: str


PROVIDERS: Mapping[str, Provider] = {
    # learn.microsoft.com: "Authenticate an IMAP, POP or SMTP connection using OAuth"; device code is allowed
    "microsoft": Provider(
        token="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106 - an address
        device="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
        authorize="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        scope="offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
    ),
    # developers.google.com: "OAuth 2.0 Mechanism" for Gmail; its device flow does not give the scope of mail
    "google": Provider(
        token="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        device="",
        authorize="https://accounts.google.com/o/oauth2/v2/auth",
        scope="https://mail.google.com/",
    ),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What is kept: whose client, in which tenant, and the refresh token."""

    client: str
    refresh: str
    secret: str = ""
    tenant: str = "common"

    def line(self) -> str:
        """Return the line that is kept."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person types in at ``url``, and what is asked for until they have. Times in seconds."""

    url: str
    code: str
    device: str
    interval: int
    expires: int


def peers(provider: str) -> tuple[Peer, ...]:
    """Return the hosts that must be reached for a provider's tokens."""
    found = PROVIDERS[provider]
    hosts = {str(urlsplit(url.format(tenant="common")).hostname) for url in (found.token, found.device) if url}
    return tuple(Peer(host, HTTPS_PORT) for host in sorted(hosts))


def read_grant(line: str, where: str) -> Grant:
    """Read what is kept.

    :raises UsageError: ``oauth-grant`` if it is none.
    """
    try:
        told = json.loads(line)
        return Grant(**{str(key): str(value) for key, value in told.items()})
    except (ValueError, TypeError, AttributeError):
        raise UsageError(
            "oauth-grant",
            "this is no grant of a mail provider",
            where=where,
            remedy="Run 'gestand mail setup ADDRESS --client ID' again.",
        ) from None


def access_token(
    provider: str, grant: Grant, *, egress: Egress, known: Provider | None = None, ca: Path | None = None
) -> str:
    """Return an access token for an hour or so, by refreshing.

    :raises GestandError: ``oauth-refused`` if the provider gives none: consent was withdrawn, or it ended.
    """
    found = known or PROVIDERS[provider]
    form = {"grant_type": "refresh_token", "client_id": grant.client, "refresh_token": grant.refresh}
    form |= {"client_secret": grant.secret} if grant.secret else {}
    answer = _told(ask(egress, found.token.format(tenant=grant.tenant), form=form, ca=ca), provider)
    return str(answer["access_token"])


def begin_device(
    provider: str, client: str, tenant: str, *, egress: Egress, known: Provider | None = None, ca: Path | None = None
) -> DeviceCode:
    """Ask for a code that a person types in at the provider's page (RFC 8628 section 3.1).

    :raises UsageError: ``oauth-no-device`` if the provider has no such way for mail.
    """
    found = known or PROVIDERS[provider]
    if not found.device:
        raise UsageError(
            "oauth-no-device",
            f"{provider} gives no access to mail by device code",
            remedy="Use an app password, or the pasted code.",
        )
    form = {"client_id": client, "scope": found.scope}
    told = _told(ask(egress, found.device.format(tenant=tenant), form=form, ca=ca), provider, key="device_code")
    return DeviceCode(
        url=str(told.get("verification_uri") or told.get("verification_url", "")),
        code=str(told["user_code"]),
        device=str(told["device_code"]),
        interval=int(told.get("interval", 5)),
        expires=int(told.get("expires_in", 900)),
    )


def finish_device(
    provider: str,
    client: str,
    tenant: str,
    code: DeviceCode,
    *,
    egress: Egress,
    wait: Callable[[float], None],
    known: Provider | None = None,
    ca: Path | None = None,
) -> Grant:
    """Ask until the person typed the code in (RFC 8628 section 3.4), and return what is kept.

    :raises GestandError: ``oauth-refused`` if they said no, or took too long.
    """
    found = known or PROVIDERS[provider]
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": client,
        "device_code": code.device,
    }
    waited, interval = 0, code.interval
    while waited < code.expires:
        wait(interval)
        waited += max(interval, 1)
        answer = ask(egress, found.token.format(tenant=tenant), form=form, ca=ca)
        error = _json(answer).get("error")
        if error == "slow_down":
            interval += 5
        elif error != "authorization_pending":
            return Grant(client, str(_told(answer, provider, key="refresh_token")["refresh_token"]), tenant=tenant)
    raise _refused(provider, "nobody typed in the code in time")


def begin_pasted(provider: str, client: str, tenant: str, address: str, *, entropy: Entropy) -> tuple[str, str]:
    """Return the page at which a person consents, and the verifier to hand back with the code (RFC 7636)."""
    found = PROVIDERS[provider]
    verifier = base64.urlsafe_b64encode(entropy(32)).rstrip(b"=").decode("ascii")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode("ascii")
    asked = {
        "client_id": client,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": found.scope,
        "access_type": "offline",
        "prompt": "consent",
        "login_hint": address,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{found.authorize.format(tenant=tenant)}?{urlencode(asked)}", verifier


def finish_pasted(  # noqa: PLR0917 - what the flow hands round
    provider: str,
    client: str,
    secret: str,
    tenant: str,
    pasted: str,
    verifier: str,
    *,
    egress: Egress,
    known: Provider | None = None,
    ca: Path | None = None,
) -> Grant:
    """Trade the pasted address (or code) for a refresh token, and return what is kept."""
    found = known or PROVIDERS[provider]
    code = parse_qs(urlsplit(pasted.strip()).query).get("code", [pasted.strip()])[0]
    form = {
        "grant_type": "authorization_code",
        "client_id": client,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": verifier,
    }
    form |= {"client_secret": secret} if secret else {}
    told = _told(ask(egress, found.token.format(tenant=tenant), form=form, ca=ca), provider, key="refresh_token")
    return Grant(client, str(told["refresh_token"]), secret, tenant)


def _json(answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _told(answer: Answer, provider: str, key: str = "access_token") -> dict[str, Any]:
    told = _json(answer)
    if not isinstance(told.get(key), str):
        raise _refused(provider, str(told.get("error", f"status {answer.status}"))[:80])
    return told


def _refused(provider: str, why: str) -> GestandError:
    return GestandError(
        "oauth-refused",
        f"{provider} gives no access to the mailbox: {why}",
        where=provider,
        remedy="Run 'gestand mail setup ADDRESS --client ID' again and give consent.",
    )
