"""One HTTPS request to a host that egress granted: to the address that was resolved, under the host's name, no redirects."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gestand.kernel.egress import Egress
from gestand.kernel.errors import GestandError, UsageError

TIMEOUT = 20.0  # seconds
LARGEST = 1024 * 1024  # bytes of an answer
HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes


def ask(
    egress: Egress, url: str, *, form: Mapping[str, str] | None = None, ca: Path | None = None, timeout: float = TIMEOUT
) -> Answer:
    """GET ``url``, or POST ``form`` to it.

    :raises UsageError: ``https-only``. :raises RefusedError: if the host is not listed. :raises GestandError:
        ``https-failed`` if it cannot be reached, its certificate is not trusted, or it answers with too much.
    """
    import httpx  # a tenth of a second that only who asks pays for

    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise UsageError("https-only", f"{url} is no https address", where=url, remedy="Only https is asked.")
    port = parts.port or HTTPS_PORT
    granted = egress.grant(parts.hostname, port)
    host = f"[{granted.address}]" if ":" in granted.address else granted.address
    target = f"https://{host}:{port}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    name = parts.hostname if port == HTTPS_PORT else f"{parts.hostname}:{port}"
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    try:
        with (
            httpx.Client(verify=context, timeout=timeout, trust_env=False) as client,
            client.stream(
                "GET" if form is None else "POST",
                target,
                data=dict(form) if form is not None else None,
                headers={"Host": name, "Accept-Encoding": "identity"},
                extensions={"sni_hostname": parts.hostname},
            ) as response,
        ):
            body = b""
            for piece in response.iter_raw():
                body += piece
                if len(body) > LARGEST:
                    raise GestandError(
                        "https-failed", f"the answer is larger than {LARGEST} bytes", where=parts.hostname
                    )
            return Answer(response.status_code, body)
    except httpx.HTTPError as fault:
        raise GestandError(
            "https-failed",
            f"{parts.hostname} cannot be asked: {str(fault) or type(fault).__name__}",
            where=parts.hostname,
            remedy="Try again when the network is there.",
        ) from None
