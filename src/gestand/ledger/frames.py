"""The records of the append file: how one is written, and how a run of them is read.

A frame is, little-endian: checksum (4 bytes), length of the leaf (4), origin (8), leaf. The origin is the number in the
outbox, 0 for none, or, with the highest bit set, the stream (31 bits) and the number there (32 bits). The checksum is CRC-32 over all that follows it, started with the entry's index: a frame that was flipped, cut, swapped,
copied or moved does not fit its place. It guards against accidents; against people the signed tree does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from zlib import crc32

from gestand.ledger.rules import LONGEST_LEAF
from gestand.ledger.state import Mark

HEAD = Struct("<IIQ")
_BODY = Struct("<IQ")
_CHUNK = 1 << 20
STREAMED = 1 << 63
"""The bit of an origin that says: it came by a stream."""
_SEED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Run:
    """Whole frames that follow one another: the index of the first, their leaves, where they end, the outbox mark."""

    first: int
    leaves: list[bytes]
    end: int
    moved: int


def frame(index: int, outbox: int, leaf: bytes) -> bytes:
    """Return the frame of ``leaf`` as entry ``index``; ``outbox`` is its number there, 0 if it never was in it."""
    body = _BODY.pack(len(leaf), outbox) + leaf
    return crc32(body, index & _SEED).to_bytes(4, "little") + body


def runs(descriptor: int, start: int, stop: int, index: int, moved: int = 0) -> Iterator[Run]:
    """Yield the whole frames from byte ``start`` to byte ``stop``, the first being entry ``index``.

    It ends at the first frame that is not whole: a caller who finds ``end`` short of ``stop`` has found a torn tail or
    damage, at the index after the last one. At least one run is yielded, empty if nothing is whole.
    """
    unpack, check, head = HEAD.unpack_from, crc32, HEAD.size
    position, rest = start, b""
    while True:
        chunk = os.pread(descriptor, min(_CHUNK, stop - position - len(rest)), position + len(rest))
        buffer = rest + chunk
        size, at, first = len(buffer), 0, index
        leaves: list[bytes] = []
        keep = leaves.append
        bad = False
        while at + head <= size:
            checksum, length, outbox = unpack(buffer, at)
            if length > LONGEST_LEAF:
                bad = True
                break
            after = at + head + length
            if after > size:
                break
            body = buffer[at + 4 : after]
            if check(body, index & _SEED) != checksum:
                bad = True
                break
            keep(body[12:])
            index += 1
            at = after
            if STREAMED > outbox > moved:
                moved = outbox
        position += at
        rest = buffer[at:]
        yield Run(first=first, leaves=leaves, end=position, moved=moved)
        if bad or not chunk or position + len(rest) >= stop:
            return


def staged_after(descriptor: int, stop: int, number: int) -> Iterator[bytes]:
    """Yield the leaves that came through the outbox under a number higher than ``number``, of a log that is whole."""
    at = 0
    while at < stop:
        _, length, outbox = HEAD.unpack(os.pread(descriptor, HEAD.size, at))
        if STREAMED > outbox > number:
            yield os.pread(descriptor, length, at + HEAD.size)
        at += HEAD.size + length


def tag(stream: int, number: int) -> int:
    """Return the origin of entry ``number`` (from 1) of a stream."""
    return STREAMED | stream << 32 | number


def tagged(descriptor: int, since: Mark, stop: int) -> Iterator[tuple[int, int]]:
    """Yield index and origin (without its highest bit) of the frames from ``since`` to byte ``stop`` that came by a stream."""
    at, index = since.end, since.size
    while at < stop:
        raw = os.pread(descriptor, HEAD.size, at)
        if len(raw) < HEAD.size:
            return
        _, length, origin = HEAD.unpack(raw)
        if origin & STREAMED:
            yield index, origin ^ STREAMED
        at, index = at + HEAD.size + length, index + 1
