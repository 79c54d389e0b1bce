"""A line to a mail server: what TLS trusts, and what went wrong with it in words that tell what to look at."""

from __future__ import annotations

import ssl
from pathlib import Path

from gestand.kernel.errors import UsageError


def trusting(ca: Path | None, where: str) -> ssl.SSLContext:
    """Return what checks a server's certificate; ``ca``: the certificate of its own authority.

    :raises UsageError: ``mail-authority`` if that is no certificate, or not there.
    """
    try:
        return ssl.create_default_context(cafile=str(ca) if ca else None)
    except (ssl.SSLError, OSError) as fault:
        why = (fault.strerror if not isinstance(fault, ssl.SSLError) else "") or "there is no certificate in it"
        raise UsageError(
            "mail-authority",
            f"the certificate of the server's authority cannot be read from {ca}: {why}",
            where=where,
            remedy="Name with ca (--ca) the PEM file that your provider or network gives out; leave it out for a public server.",
        ) from None


def why_lost(fault: BaseException, port: int) -> str:
    """Say why a line broke or never was."""
    if isinstance(fault, ConnectionRefusedError):
        return f"nothing listens at port {port}"
    if isinstance(fault, TimeoutError):
        return f"nothing answered at port {port} in time"
    if isinstance(fault, ssl.SSLError) and fault.reason in {
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "RECORD_LAYER_FAILURE",
    }:
        return f"what listens at port {port} does not begin with TLS"
    return str(fault) or type(fault).__name__
