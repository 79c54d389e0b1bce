"""Asking witnesses to cosign the ledger's checkpoint, over HTTP, and keeping what they said beside the remembered one.

A witness elsewhere makes it known when someone puts an older copy of everything back, the remembered checkpoint included: it
refuses to cosign what it has seen longer.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gestand.kernel.egress import Egress, Peer
from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.ledger import keys
from gestand.ledger.cosigning import Cosignature, WitnessKey, read_cosignature, witness_key
from gestand.ledger.model import Checkpoint
from gestand.ledger.service import Ledger
from gestand.ledger.witness import request_body

SECONDS = 15.0
LONGEST = 64 * 1024
WITNESSED = "ledger.witnessed"


@dataclass(frozen=True, slots=True)
class WitnessAt:
    """A witness: its submission address, which ends before ``/add-checkpoint``, and its key."""

    url: str
    key: WitnessKey


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking one witness: its cosignature, or why there is none."""

    witness: str
    cosignature: Cosignature | None
    why: str = ""


Post = Callable[[str, bytes], tuple[int, bytes]]
"""Send a body to an address and return status and answer. :raises GestandError: if it cannot be reached."""


def witness_at(text: str) -> WitnessAt:
    """Read a setting ``https://witness.example.org key``.

    :raises UsageError: ``witness-setting``.
    """
    url, _, key = text.strip().partition(" ")
    if not url.startswith(("https://", "http://")) or not key:
        raise UsageError(
            "witness-setting",
            f"'{text}' names no witness",
            where="[ledger] witnesses",
            remedy='Write "https://witness.example.org witness.example.org/w1+1a2b3c4d+BA...".',
        )
    return WitnessAt(url.rstrip("/"), witness_key(key))


def peers_of(witnesses: Sequence[WitnessAt], *, near: bool = False) -> tuple[Peer, ...]:
    """Return the servers that asking them connects to."""
    found = []
    for one in witnesses:
        parts = urlsplit(one.url)
        found.append(Peer(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), near))
    return tuple(found)


def ask(
    ledger: Ledger, witnesses: Sequence[WitnessAt], post: Post, folder: Path
) -> tuple[Checkpoint, tuple[Heard, ...]]:
    """Ask each witness to cosign the present state, and keep the note with all cosignatures in ``folder``.

    :raises DamagedError: ``witness-fork`` if one of them remembers what this ledger never had.
    """
    signed = ledger.checkpoint()
    heard = tuple(_ask_one(ledger, signed, one, post) for one in witnesses)
    lines = "".join(one.cosignature.line for one in heard if one.cosignature is not None)
    if lines:
        keys.replace(folder / WITNESSED, signed.text + lines)
    return signed, heard


def _ask_one(ledger: Ledger, signed: Checkpoint, witness: WitnessAt, post: Post) -> Heard:
    old = 0
    try:
        for _ in range(3):
            proof = ledger.consistency(old, signed.head.size) if 0 < old < signed.head.size else ()
            status, body = post(f"{witness.url}/add-checkpoint", request_body(old, proof, signed.text))
            text = body.decode("utf-8", "replace")
            if status == 200:
                return Heard(witness.key.name, _own(signed.text, text, witness.key))
            if status != 409 or not text.strip().isdigit() or int(text) == old:
                break
            old = int(text)
            if old > signed.head.size:
                raise _fork(witness, f"it has seen {old} entries; this ledger holds {signed.head.size}")
    except DamagedError:
        raise
    except GestandError as fault:
        return Heard(witness.key.name, None, fault.message)
    if status in {409, 422}:
        raise _fork(witness, "what it has seen is not a beginning of this ledger")
    return Heard(witness.key.name, None, f"it answers {status}: {text.strip()[:200]}")


def _own(note: str, text: str, key: WitnessKey) -> Cosignature:
    lines = [line for line in text.splitlines() if line]
    if not lines:
        raise DamagedError(
            "witness-signature", f"{key.name} answered without a cosignature", remedy="Ask the witness again."
        )
    return read_cosignature(note, lines[0], key)


def _fork(witness: WitnessAt, why: str) -> DamagedError:
    return DamagedError(
        "witness-fork",
        f"{witness.key.name} refuses to cosign: {why}; an older or another history was put here",
        where=witness.url,
        remedy="Put back the newest copy of the organisation's folder, keys included, and find out who put this one there.",
    )


def poster(egress: Egress) -> Post:
    """Return the way to post over HTTP that asks the gate first and follows no redirect."""

    def post(url: str, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(url)
        tls = parts.scheme == "https"
        granted = egress.grant(parts.hostname or "", parts.port or (443 if tls else 80))
        connection = http.client.HTTPConnection(granted.address, granted.port, timeout=SECONDS)
        try:
            connection.connect()
            if tls:
                connection.sock = ssl.create_default_context().wrap_socket(
                    connection.sock, server_hostname=granted.host
                )
            connection.request("POST", parts.path, body, {"Host": parts.netloc, "Content-Type": "text/plain"})
            answer = connection.getresponse()
            return answer.status, answer.read(LONGEST)
        except (OSError, http.client.HTTPException) as fault:
            raise UsageError(
                "witness-silent", f"{granted.host} does not answer: {fault}", where=url, remedy="Try again later."
            ) from None
        finally:
            connection.close()

    return post
