"""What the verbs of the archive work with, handed round as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gestand.archive.classing import Classes
from gestand.archive.store import ArchiveStore
from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.ledger.service import Ledger
from gestand.vault.lockers import Lockers
from gestand.vault.model import Statements
from gestand.vault.service import Vault

Failpoint = Callable[[str], None]
"""Called with the name of each durable step just taken; tests stop the program there."""


@dataclass(frozen=True, slots=True)
class Workroom:
    """Rows, keys, ledger, statement, classes, time, randomness. ``content_key`` knows the same bytes again."""

    store: ArchiveStore
    lockers: Lockers
    vault: Vault
    ledger: Ledger
    statements: Statements
    classes: Classes
    content_key: bytes
    clock: Clock
    entropy: Entropy
    failpoint: Failpoint


def no_failpoint(_step: str) -> None:
    """Stop nowhere."""
