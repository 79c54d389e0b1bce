"""How one value is sealed, and how it can be found without being opened.

A sealed value is bound to its format, subject, number, field and bucket: moved to another row, field or subject it does
not open. A blind token is HMAC-SHA256 of kind and normal form under the index key, then mapped one to one under the token
key of the epoch: when an epoch is destroyed, the tokens in old copies of the store match nothing any more.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from gestand.reading.normal import normal_form
from gestand.statement.policy import FieldKind

TOKEN_SIZE = 16
LIKE_SIZE = 3 * TOKEN_SIZE  # what a name has beside its exact token (``likeness``)
LIKE_LOOKED_UP = 2 * TOKEN_SIZE  # the part of it that stands in the index
_VALUE = b"gestand/value/1\x00"
_numbers = struct.Struct(">II").pack
_place = struct.Struct(">10sIIi").pack


def bound_value(subject: bytes, number: int, bucket: int, field: str) -> bytes:
    """Return the associated data of a value: ``gestand/value/1``, subject, number, bucket, field."""
    return _VALUE + subject + _numbers(number, bucket) + field.encode()


def bound_to(subject: bytes) -> bytes:
    """Return the first part of the associated data of a subject's values, for ``bound_number`` and the field to follow."""
    return _VALUE + subject


bound_number = _numbers
"""The second part: number and bucket, as eight bytes."""


def bound_key(subject: bytes, bucket: int, shelf: str, period: int, epoch: int) -> bytes:
    """Return the associated data of a data key: ``gestand/key/1``, subject, bucket, epoch, period, shelf."""
    return b"gestand/key/1\x00" + _place(subject, bucket, epoch, period) + shelf.encode()


def bare_token(index_key: bytes, kind: FieldKind, value: str) -> bytes | None:
    """Return the 16-byte token of ``value`` before the epoch's mapping; None where its normal form is empty."""
    normal = normal_form(kind, value)
    if not normal:
        return None
    message = kind.encode() + b"\x00" + normal.encode("utf-8", "surrogatepass")
    token = _index(index_key).copy()
    token.update(message)
    return token.finalize()[:TOKEN_SIZE]


def looked_up(tokens: bytes) -> Iterator[bytes]:
    """Yield, of the blocks that one datum keeps, those that stand in the index."""
    if tokens:
        yield tokens[:TOKEN_SIZE]
    for at in range(TOKEN_SIZE, len(tokens), LIKE_SIZE):
        yield tokens[at : at + TOKEN_SIZE]
        yield tokens[at + TOKEN_SIZE : at + LIKE_LOOKED_UP]


@lru_cache(maxsize=1)
def _index(index_key: bytes) -> HMAC:
    """Return the HMAC of the index key, made ready once: a bulk import makes seven tokens a row."""
    return HMAC(index_key, SHA256())
