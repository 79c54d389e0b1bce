"""How a message is sealed, so that it comes back byte for byte and dies alone.

bytes -> zstd (level 3, no dictionary: a trained one would hold addresses) -> AES-256-GCM under the message's own key, in
parts of at most ``PART`` bytes. Each part is bound to the message, its place and whether it is the last, so that none can
be moved, left out or cut off.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, cast

import zstandard

from gestand.archive.model import Way, WayKind
from gestand.kernel.crypto import NONCE_SIZE, Sealer, mac
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, UsageError
from gestand.kernel.ids import MessageId
from gestand.vault.lockers import THING_SIZE

PART: Final = 4 * 1024 * 1024
LEVEL: Final = 3
CONTENT_SIZE: Final = 16


_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS: Final = [first + second for first in _LETTERS for second in _LETTERS]


class _Mine(threading.local):
    """What each thread compresses with: making one costs more than an ordinary message."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


_mine = _Mine()


def message_id(thing: bytes) -> MessageId:
    """Return the id of the message with these 10 bytes."""
    number = int.from_bytes(thing, "big")
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(70, -1, -10)]
    return MessageId("msg_" + "".join(pairs))


def thing_of(message: str) -> bytes:
    """Return the 10 bytes that ``msg_...`` stands for.

    :raises UsageError: ``message-unknown`` if it is no message id.
    """
    word = message.removeprefix("msg_")
    if message.startswith("msg_") and len(word) == 16 and word.isascii():
        try:
            thing = base64.b32decode(word.upper())
        except ValueError:
            thing = b""
        if len(thing) == THING_SIZE:
            return thing
    raise unknown_message(message)


def unknown_message(message: str) -> UsageError:
    """Return the error for a message that is not there."""
    return UsageError(
        "message-unknown",
        f"there is no message {message}; it may have been erased",
        remedy="Find messages with 'gestand archive search'.",
    )


def content_token(key: bytes, raw: bytes) -> bytes:
    """Return by which the same message is known again, whatever way it comes: HMAC-SHA256 of its bytes."""
    return mac(key, raw, CONTENT_SIZE)


def seal_message(key: bytes, thing: bytes, raw: bytes, entropy: Entropy) -> list[bytes]:
    """Return the sealed parts of a message."""
    packed = memoryview(_mine.compressor.compress(raw))
    sealer = Sealer(key)
    starts = range(0, max(len(packed), 1), PART)
    return [
        sealer.seal(
            bytes(packed[at : at + PART]), _bound(thing, number, last=at + PART >= len(packed)), entropy(NONCE_SIZE)
        )
        for number, at in enumerate(starts)
    ]


def open_message(key: bytes, thing: bytes, parts: Iterable[bytes], size: int) -> bytes:
    """Return the bytes of a message, as they came.

    :raises DamagedError: if a part is missing, was changed or moved, or the whole has not ``size`` bytes.
    """
    sealer, found = Sealer(key), list(parts)
    try:
        packed = [
            sealer.open(part, _bound(thing, number, last=number == len(found) - 1), "")
            for number, part in enumerate(found)
        ]
    except DamagedError as fault:  # its id is worked out only for who must be told
        fault.where = message_id(thing)
        raise
    raw = _unpacked(packed, size)
    if not found or len(raw) != size:
        raise DamagedError(
            "message-damaged",
            f"the message should have {size} bytes and has {len(raw)}",
            where=message_id(thing),
            remedy="Restore the store from a backup.",
        )
    return raw


def _unpacked(packed: Sequence[bytes], size: int) -> bytes:
    """Return what was packed. One part at once into ``size`` bytes, which is much quicker than piece by piece."""
    if len(packed) == 1 and size:
        try:
            return _mine.decompressor.decompress(packed[0], max_output_size=size)
        except zstandard.ZstdError:
            return b""  # more than it should have, or no whole: said by who compares the sizes
    unpack = _mine.decompressor.decompressobj()
    return b"".join(unpack.decompress(part) for part in packed)


def seal_way(key: bytes, thing: bytes, way: Way, nonce: bytes) -> bytes:
    """Return a way, sealed under the message's key."""
    told = {
        "kind": way.kind,
        "place": way.place,
        "received": way.received.isoformat(),
        "from": way.envelope_from,
        "to": list(way.envelope_to),
        "folder": way.folder,
        "origin": way.at_origin,
    }
    return Sealer(key).seal(json.dumps(told, ensure_ascii=True).encode(), _bound_way(thing), nonce)


def open_way(key: bytes, thing: bytes, sealed: bytes) -> Way:
    """Undo ``seal_way``."""
    told = json.loads(Sealer(key).open(sealed, _bound_way(thing), message_id(thing)))
    return Way(
        kind=cast("WayKind", told["kind"]),
        place=told["place"],
        received=datetime.fromisoformat(told["received"]),
        envelope_from=told["from"],
        envelope_to=tuple(told["to"]),
        folder=told["folder"],
        at_origin=told["origin"],
    )


def way_token(key: bytes, way: Way) -> bytes:
    """Return by which the same way is known again: kind, place, folder, place at its origin and envelope."""
    parts = (way.kind, way.place, way.folder, way.at_origin, way.envelope_from, *way.envelope_to)
    return mac(key, b"way\x00" + "\x00".join(parts).encode("utf-8", "surrogatepass"), CONTENT_SIZE)


def origin_token(key: bytes, place: str, folder: str, at_origin: str) -> bytes:
    """Return by which a place at an origin is known again."""
    return mac(
        key, b"origin\x00" + f"{place}\x00{folder}\x00{at_origin}".encode("utf-8", "surrogatepass"), CONTENT_SIZE
    )


def new_things(count: int, entropy: Entropy) -> Iterator[bytes]:
    """Yield new ids of messages, as bytes."""
    drawn = entropy(THING_SIZE * count)
    for at in range(0, len(drawn), THING_SIZE):
        yield drawn[at : at + THING_SIZE]


def _bound(thing: bytes, number: int, *, last: bool) -> bytes:
    """Return the associated data of a part: ``gestand/message/1``, message, number, whether it is the last."""
    return b"gestand/message/1\x00" + thing + number.to_bytes(4, "big") + bytes([last])


def _bound_way(thing: bytes) -> bytes:
    return b"gestand/way/1\x00" + thing
