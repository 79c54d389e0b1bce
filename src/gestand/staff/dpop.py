"""A proof that whoever sends a token also holds the key it is bound to: DPoP, RFC 9449, with ES256 alone.

The key lives in a Web Worker and cannot be taken out of it; a token that is seen elsewhere opens nothing. Checks are those
of RFC 9449 section 4.3; that a proof is used once (11.1) is asked of ``storage.once`` by the caller.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from gestand.kernel.errors import RefusedError

PAST = timedelta(seconds=60)
FUTURE = timedelta(seconds=30)
LONGEST = 2048
_SIZE = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that holds: the RFC 7638 thumbprint of its key, its own id, and until when it would be taken."""

    thumbprint: str
    jti: str
    until: datetime


def verify_proof(text: str, *, method: str, address: str, now: datetime, token: str | None = None) -> Proof:
    """Return a proof for ``method`` on ``address`` (scheme, host and path, no query); ``token``: the one it must go with.

    :raises RefusedError: ``proof`` whatever is wrong with it.
    """
    try:
        return _verified(text, method, address, now, token)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, InvalidSignature):
        raise RefusedError(
            "proof", "the proof that goes with the token does not hold", remedy="Sign in again."
        ) from None


def _verified(text: str, method: str, address: str, now: datetime, token: str | None) -> Proof:
    if len(text) > LONGEST:
        raise ValueError
    head, body, signature = text.split(".")
    header, claims = _json(head), _json(body)
    jwk = header["jwk"]
    if header["typ"] != "dpop+jwt" or header["alg"] != "ES256" or "d" in jwk or "crit" in header:
        raise ValueError
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise ValueError
    x, y, raw = _bytes(jwk["x"]), _bytes(jwk["y"]), _bytes(signature)
    if len(x) != _SIZE or len(y) != _SIZE or len(raw) != 2 * _SIZE:
        raise ValueError
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1())
    der = encode_dss_signature(int.from_bytes(raw[:_SIZE], "big"), int.from_bytes(raw[_SIZE:], "big"))
    numbers.public_key().verify(der, f"{head}.{body}".encode("ascii"), ec.ECDSA(hashes.SHA256()))
    issued = datetime.fromtimestamp(_whole(claims["iat"]), UTC)
    if not now - PAST <= issued <= now + FUTURE:
        raise ValueError
    jti = claims["jti"]
    if claims["htm"] != method or claims["htu"] != address or not isinstance(jti, str) or not 16 <= len(jti) <= 128:
        raise ValueError
    if token is not None and not hmac.compare_digest(str(claims["ath"]), token_hash(token)):
        raise ValueError
    return Proof(thumbprint(jwk), jti, issued + PAST + FUTURE)


def token_hash(token: str) -> str:
    """Return the ``ath`` of a token: its SHA-256, base64url (RFC 9449 section 4.2)."""
    return _text(hashlib.sha256(token.encode()).digest())


def thumbprint(jwk: dict[str, Any]) -> str:
    """Return the RFC 7638 thumbprint of an EC key."""
    members = {name: str(jwk[name]) for name in ("crv", "kty", "x", "y")}
    return _text(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def _json(part: str) -> dict[str, Any]:
    found = json.loads(_bytes(part))
    if not isinstance(found, dict):
        raise TypeError
    return found


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError from None


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")
