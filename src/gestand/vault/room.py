"""What the verbs of the vault work with, handed round as one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.crypto import mac
from gestand.kernel.entropy import Entropy
from gestand.kernel.ids import PurposeId, SubjectId
from gestand.statement.model import Statement
from gestand.vault.catalogue import Catalogue
from gestand.vault.concluding import Concluding
from gestand.vault.keys import KeyStore
from gestand.vault.marks import Marks
from gestand.vault.model import Recorder, Statements, Why
from gestand.vault.place import subject_id, unknown_subject
from gestand.vault.residue import Residue
from gestand.vault.rows import SubjectRow
from gestand.vault.store import Store

Failpoint = Callable[[str], None]
"""Called with the name of each durable step just taken; tests stop the program there."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was worked out for one purpose under one version of the statement on one day, by number of the activity."""

    statement: Statement
    day: int
    fields: dict[int, Why | None] = field(default_factory=dict)
    usual: dict[tuple[bool, bool], dict[int, Why | None]] = field(default_factory=dict)
    """Of what is not restricted and not past its time: by whether its subject objected and consented to the purpose."""
    bound: dict[int, bytes] = field(default_factory=dict)
    sentences: dict[tuple[Why, str], tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Room:
    """Rows, keys, ledger, statement, time, randomness."""

    store: Store
    marks: Marks
    keys: KeyStore
    catalogue: Catalogue
    ledger: Recorder
    statements: Statements
    index_key: bytes
    clock: Clock
    entropy: Entropy
    failpoint: Failpoint
    residue: Residue
    concluding: Concluding
    judged: dict[PurposeId, Judged] = field(default_factory=dict)
    beside: list[Callable[[Sequence[SubjectId]], None]] = field(default_factory=list)
    """Whoever keeps something beside the data of a subject: it leaves with the last of them."""

    def empty(self, subjects: Sequence[bytes]) -> None:
        """Delete subjects of whom nothing is left, and what is kept beside them, in the open transaction."""
        self.store.delete_subjects(subjects)
        for leave in self.beside if subjects else ():
            leave([subject_id(subject) for subject in subjects])

    def today(self) -> date:
        """Return the local date of the organisation."""
        return local_date(self.clock())

    def known(self, subject: bytes) -> SubjectRow:
        """Return the subject's row.

        :raises UsageError: if it is not there.
        """
        return self.found(subject, self.store.ask_subject(subject)())

    def known_and_reference(self, subject: bytes) -> tuple[SubjectRow, str]:
        """Return the subject's row, and its reference for the ledger.

        :raises UsageError: as ``known`` and ``reference``.
        """
        asked = self.store.ask_subject(subject)
        key = self.keys.reference_key(subject)  # on a server while the row is on its way
        row = self.found(subject, asked())
        if key is None:
            raise unknown_subject(subject_id(subject))
        return row, refer(key, subject)

    def found(self, subject: bytes, row: SubjectRow | None) -> SubjectRow:
        """Return the row that was asked for.

        :raises UsageError: if there is none.
        """
        if row is None:
            raise unknown_subject(subject_id(subject))
        return row

    def reference(self, subject: bytes) -> str:
        """Return the subject's reference for the ledger.

        :raises UsageError: if the subject is not there, or its reference key died with its last item.
        """
        key = self.keys.reference_key(subject)
        if key is None:
            raise unknown_subject(subject_id(subject))
        return refer(key, subject)

    def token_key(self) -> bytes:
        """Return the key that maps blind tokens as they now stand."""
        epoch = self.store.tokens_epoch()
        return (self.keys.current if epoch is None else self.keys.epoch(epoch)).token_key


def refer(key: bytes, subject: bytes) -> str:
    """Return the ledger reference of a subject: 32 hexadecimal digits of HMAC-SHA256 under its own key."""
    return mac(key, b"gestand/reference/1\x00" + subject).hex()


def no_failpoint(_step: str) -> None:
    """Stop nowhere."""
