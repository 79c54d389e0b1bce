"""Requests that other programs pass on for people: an agent by the Data Rights Protocol, a controller by OpenDSR.

Each program sees what it passed on itself, under the number it knows it by, and nothing else. An agent signs with the Ed25519
key that the settings name, for this organisation alone, and for a quarter of an hour (Data Rights Protocol 0.9, 3.07).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import RequestId
from gestand.rights import case_store as sql
from gestand.storage.engine import Engine

LONGEST: Final = timedelta(hours=1)
"""The protocol recommends a quarter of an hour for a message; more than this is refused."""
SKEW: Final = timedelta(minutes=2)
_SIGNATURE: Final = 64
VERSION: Final = "0.9"
VERSIONS: Final = (VERSION, "0.9.1", "0.9.2", "0.9.3", "0.9.4")
"""Of one family: what is served here is alike in all of them."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A message of an agent whose signature, addressee and time are right; ``issued``, ``until``: its time."""

    agent: str
    content: Mapping[str, Any]
    issued: datetime
    until: datetime


def open_signed(body: bytes, agent: str, key: str, business: str, now: datetime) -> Signed:
    """Return a signed message of ``agent``, judged in the order of the protocol: form, signature, agent, business, times.

    ``key``: its public key as 64 hexadecimal digits.

    :raises RefusedError: ``drp-signature`` for anything that is not right: what it was is not told.
    """
    content = _verified(body, key)
    if content.get("agent-id") != agent or content.get("business-id") != business:
        raise _unsigned()
    issued, expires = _moment(content.get("issued-at")), _moment(content.get("expires-at"))
    if issued > now + SKEW or not now < expires <= issued + LONGEST:
        raise _unsigned()
    return Signed(agent, content, issued, expires)


def open_bare(body: bytes, key: str) -> Mapping[str, Any]:
    """Return a signed message that names nobody: what takes a request back says no more than why.

    :raises RefusedError: ``drp-signature``.
    """
    return _verified(body, key)


class Outside:
    """Which request a program passed on, by the number it has for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, program: str, number: str, request: str, *, theirs: str = "") -> None:
        """Remember under which number a program asks for a request, and ``theirs``, which it gave itself to be said back."""
        self._engine.execute(sql.ADD_OUTSIDE, (program, number, request, theirs))

    def theirs(self, request: str) -> str:
        """Return the number that who passed a request on gave it; empty without one."""
        rows = self._engine.execute(sql.THEIRS, (request,))
        return str(rows[0][0]) if rows else ""

    def request_of(self, program: str, number: str) -> RequestId | None:
        """Return the request that a program knows by a number; None for any that it did not pass on."""
        rows = self._engine.execute(sql.OUTSIDE, (program, number))
        return RequestId(str(rows[0][0])) if rows else None


def _verified(body: bytes, key: str) -> Mapping[str, Any]:
    try:
        buffer = base64.b64decode(body.strip(), validate=True)
        signature, message = buffer[:_SIGNATURE], buffer[_SIGNATURE:]
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
        content = json.loads(message)
    except (binascii.Error, ValueError, InvalidSignature, RecursionError):
        raise _unsigned() from None
    if not isinstance(content, Mapping):
        raise _unsigned()
    return content


def _moment(text: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise _unsigned() from None
    if found.tzinfo is None:
        raise _unsigned()
    return found


def contact_in(content: Mapping[str, Any]) -> str:
    """Return by what the person of a message can be reached: e-mail, else telephone, else name.

    :raises UsageError: ``drp-identity`` if it names none of them.
    """
    for name in ("email", "phone_number", "name"):
        value = content.get(name)
        if isinstance(value, str) and 0 < len(value.strip()) <= 320:
            return value.strip()
    raise UsageError("drp-identity", "it names nobody", where="email", remedy="Send email, phone_number or name.")


def _unsigned() -> RefusedError:
    return RefusedError(
        "drp-signature",
        "this message is not signed by this agent, for this organisation and this moment",
        remedy="Sign it as the Data Rights Protocol 0.9 has it (3.07), and look at the clock.",
    )
