"""A ledger as one file that anyone checks without this organisation: its key, its entries, its signed checkpoints.

    gestand-ledger-export@v1
    key example.org/ledger+1a2b3c4d+AQ...
    entries 3
                                  (an empty line)
    {"actor":...                  one leaf a line: canonical JSON holds no line break
                                  (an empty line)
    example.org/ledger            the checkpoints, one after another, each followed by an empty line;
    ...                           the last one covers all entries

A leaf's hash is SHA-256 of 0x00 and its line without the line break: any RFC 6962 program can check the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gestand.kernel.errors import DamagedError, UsageError
from gestand.ledger.audit import check
from gestand.ledger.model import Checkpoint, Head
from gestand.ledger.note import VerifyKey, read_checkpoint, split_notes, verify_key
from gestand.ledger.rules import LONGEST_LEAF

FIRST_LINE = "gestand-ledger-export@v1"
_BATCH = 4096
_LONGEST_NOTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """What an export proved: the head, how many checkpoints hold, and whether the key came from elsewhere."""

    head: Head
    checkpoints: int
    key: VerifyKey
    trusted: bool


def write_export(
    file: IO[bytes], batches: Iterable[Sequence[bytes]], key: VerifyKey, signed: Sequence[Checkpoint]
) -> None:
    """Write the export to ``file``; ``signed`` are the checkpoints, the last one over all leaves of ``batches``."""
    file.write(f"{FIRST_LINE}\nkey {key}\nentries {signed[-1].head.size}\n\n".encode())
    for leaves in batches:
        file.writelines(leaf + b"\n" for leaf in leaves)
    file.write(b"\n")
    file.writelines(checkpoint.text.encode() + b"\n" for checkpoint in signed)


def verify_export(path: Path, key: VerifyKey | None) -> Verified:
    """Check an export against its checkpoints, and these against ``key``; without one against the key in the file.

    :raises DamagedError: ``ledger-export``, ``ledger-checkpoint``, ``ledger-fork`` or ``ledger-rollback``, with the
        first bad index.
    :raises UsageError: ``no-file`` if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            own, count = _read_front(file, path)
            start = file.tell()
            for _leaf in _leaves(file, path, count):
                pass
            notes = file.read(_LONGEST_NOTES)
            signed = _read_checkpoints(notes, own if key is None else key, path)
            file.seek(start)
            head = check(_batched(_leaves(file, path, count)), signed, where=str(path))
    except OSError as fault:
        raise UsageError(
            "no-file", f"cannot be read: {fault.strerror}", where=str(path), remedy="Name an export of a ledger."
        ) from None
    if signed[-1].head.size != head.size:
        raise _malformed(path, f"its last checkpoint covers {signed[-1].head.size} of {head.size} entries")
    return Verified(head, len(signed), own if key is None else key, trusted=key is not None)


def _read_front(file: IO[bytes], path: Path) -> tuple[VerifyKey, int]:
    lines = [file.readline(4096) for _ in range(4)]
    if lines[0] != FIRST_LINE.encode() + b"\n" or lines[3] != b"\n":
        raise _malformed(path, f"it does not begin with {FIRST_LINE}")
    word, _, count = lines[2].rstrip(b"\n").partition(b" ")
    if not lines[1].startswith(b"key ") or word != b"entries" or not count.isdigit() or len(count) > 18:
        raise _malformed(path, "its key or number of entries cannot be read")
    try:
        return verify_key(lines[1][4:].decode()), int(count)
    except (UnicodeDecodeError, UsageError):
        raise _malformed(path, "its key cannot be read") from None


def _leaves(file: IO[bytes], path: Path, count: int) -> Iterator[bytes]:
    for index in range(count):
        line = file.readline(LONGEST_LEAF + 2)
        if not line.startswith(b"{") or not line.endswith(b"\n"):
            raise DamagedError(
                "ledger-export",
                f"entry {index} is missing or damaged",
                where=f"{path}: entry {index}",
                remedy="Ask for the export again.",
            )
        yield line[:-1]
    if file.readline(2) != b"\n":
        raise _malformed(path, f"after {count} entries there is no empty line")


def _batched(leaves: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for leaf in leaves:
        batch.append(leaf)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _read_checkpoints(notes: bytes, key: VerifyKey, path: Path) -> list[Checkpoint]:
    try:
        text = notes.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed(path, "its checkpoints are no UTF-8 text") from None
    try:
        signed = [read_checkpoint(note, key) for note in split_notes(text)]
    except DamagedError as fault:
        raise DamagedError(fault.code, fault.message, where=str(path), remedy=fault.remedy) from None
    sizes = [checkpoint.head.size for checkpoint in signed]
    if not signed or sizes != sorted(sizes):
        raise _malformed(path, "it has no checkpoint, or they are out of order")
    return signed


def _malformed(path: Path, why: str) -> DamagedError:
    return DamagedError(
        "ledger-export",
        f"this is no whole export of a ledger: {why}",
        where=str(path),
        remedy="Ask for the export again; 'gestand ledger export FILE' makes one.",
    )
