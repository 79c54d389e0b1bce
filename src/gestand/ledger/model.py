"""The nouns of the ledger: an event to be recorded, the entry it became, the head of the tree, and proofs.

Leaf bytes are canonical JSON (kernel/canonical.py) of {"v":1,"event","at","actor","subject","facts"}; leaf and node hashes
are RFC 6962 section 2.1 (SHA-256, prefixes 0x00 and 0x01).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gestand.kernel.ids import ActorId

Fact = str | int | bool | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What a room asks the ledger to record. ``at`` is aware; ``subject`` a reference from ``vault.reference()``."""

    name: str
    at: datetime
    actor: ActorId
    facts: Mapping[str, Fact] = field(default_factory=dict)
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded event: its index from 0, and the exact leaf bytes."""

    index: int
    leaf: bytes
    event: Event


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the tree: number of entries and root hash (32 bytes)."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed head in the C2SP tlog-checkpoint and signed-note formats: ``text`` is the whole note."""

    origin: str
    head: Head
    text: str
