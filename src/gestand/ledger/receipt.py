"""Receipts: a text by which anyone, offline, sees that an entry is in the ledger (c2sp.org/tlog-proof, version 1).

The extra line carries the leaf bytes, so that the receipt also shows what was recorded; the proof covers them.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from gestand.kernel.errors import DamagedError
from gestand.ledger.merkle import HASH, included, leaf_hash
from gestand.ledger.model import Checkpoint, Entry
from gestand.ledger.note import VerifyKey, read_checkpoint
from gestand.ledger.rules import entry_of

FIRST_LINE = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry, its audit path, and the checkpoint that covers it."""

    index: int
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    def to_text(self) -> str:
        """Return the text form; files of it end in ``.tlog-proof``."""
        lines = [FIRST_LINE, f"extra {_b64(self.leaf)}", f"index {self.index}", *map(_b64, self.path)]
        return "\n".join(lines) + "\n\n" + self.checkpoint.text


def verify_receipt(text: str, key: VerifyKey) -> Entry:
    """Return the entry that the receipt proves to be in the ledger of ``key``.

    :raises DamagedError: ``ledger-receipt`` or ``ledger-checkpoint`` if it proves nothing.
    """
    front, gap, note = text.partition("\n\n")
    lines = front.split("\n")
    if not gap or len(lines) < 3 or lines[0] != FIRST_LINE or not lines[1].startswith("extra "):
        raise _nothing("it is no receipt of a ledger")
    numbered = _INDEX.fullmatch(lines[2])
    leaf = _bytes(lines[1].removeprefix("extra "))
    path = [_bytes(line) for line in lines[3:]]
    if numbered is None or leaf is None:
        raise _nothing("its index or its entry cannot be read")
    hashes = [step for step in path if step is not None and len(step) == HASH]
    if len(hashes) != len(path):
        raise _nothing("its path holds something else than SHA-256 hashes")
    head = read_checkpoint(note, key).head
    index = int(numbered[1])
    if not included(leaf_hash(leaf), index, head.size, hashes, head.root):
        raise _nothing(f"entry {index} is not under its checkpoint")
    return entry_of(index, leaf)


def _nothing(why: str) -> DamagedError:
    return DamagedError(
        "ledger-receipt",
        f"the receipt does not hold: {why}",
        remedy="Ask for the receipt again and compare; if it still does not hold, ask who gave it.",
    )


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes | None:
    if len(text) % 4 or not _BASE64.fullmatch(text):
        return None
    raw = base64.b64decode(text)
    return raw if _b64(raw) == text else None
