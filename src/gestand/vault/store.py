"""What the vault keeps in the main store: subjects, items and tokens by their own files, and the erasures under way."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from gestand.kernel.ids import ActorId
from gestand.storage.engine import Engine, Row
from gestand.vault.item_rows import COLUMNS, ItemRows
from gestand.vault.rows import Job, SubjectRow, padded, subject_row
from gestand.vault.schema import SCHEMA
from gestand.vault.subject_rows import SubjectRows
from gestand.vault.token_rows import TokenRows

_PUT_ERASURE = "INSERT INTO vault_erasure VALUES (?, ?, 0, ?, ?, ?)"
_ERASURES = "SELECT erasure, actor, stage, reference, items, keys FROM vault_erasure ORDER BY erasure"
_DELETE_ERASURE = "DELETE FROM vault_erasure WHERE erasure = ? RETURNING stage"
_CLEARED = "UPDATE vault_erasure SET stage = stage + ? WHERE erasure = ?"
_COUNTS = "SELECT (SELECT count(*) FROM vault_subject), (SELECT count(*) FROM vault_item)"

_FEW = 8  # items asked for by number in one statement
_OWNER_COLUMNS = len(SubjectRow._fields)
_OWNER_AND = f"""
    SELECT {", ".join(f"vault_subject.{name}" for name in SubjectRow._fields)}, {", ".join(f"vault_item.{name}" for name in COLUMNS)}
    FROM vault_subject LEFT JOIN vault_item ON vault_item.subject = vault_subject.subject
"""  # noqa: S608 - columns, no values
_OWNER_AND_ITEMS = _OWNER_AND + "WHERE vault_subject.subject = ? ORDER BY item"
_OWNER_AND_SOME = f"{_OWNER_AND} AND item IN ({', '.join('?' * _FEW)}) WHERE vault_subject.subject = ? ORDER BY item"


class Store(SubjectRows, ItemRows, TokenRows):
    """The vault's rows. Judges nothing, opens nothing."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        engine.migrate("vault", SCHEMA)

    def owner_and_rows(self, subject: bytes, numbers: Collection[int] | None) -> tuple[SubjectRow | None, list[Row]]:
        """Return a subject's row and its items, or those with ``numbers``.

        In a file two short statements are faster than a join; to a server they are two journeys.
        """
        if self.engine.remote and (numbers is None or len(numbers) <= _FEW):
            return self._joined(subject, numbers)
        owner = self.subject(subject)
        return owner, self.rows(subject, numbers) if owner else []

    def _joined(self, subject: bytes, numbers: Collection[int] | None) -> tuple[SubjectRow | None, list[Row]]:
        if numbers is None:
            found = self.engine.execute(_OWNER_AND_ITEMS, (subject,))
        elif numbers:
            found = self.engine.execute(_OWNER_AND_SOME, (*padded(sorted(numbers), _FEW), subject))
        else:
            return self.subject(subject), []
        owner = subject_row(found[0][:_OWNER_COLUMNS]) if found else None
        return owner, [row[_OWNER_COLUMNS:] for row in found if row[_OWNER_COLUMNS] is not None]

    def put_erasure(self, job: Job) -> None:
        """Write an erasure that begins."""
        self.engine.execute(_PUT_ERASURE, (job.erasure, job.actor, job.reference, job.items, job.keys))

    def erasures(self) -> list[Job]:
        """Return the erasures under way."""
        return [
            Job._make(cast("tuple[str, ActorId, int, str, bytes, bytes]", row))
            for row in self.engine.execute(_ERASURES)
        ]

    def cleared(self, erasure: str, rows: int) -> None:
        """Count rows of a whole subject that an erasure has cleared."""
        self.engine.execute(_CLEARED, (rows, erasure))

    def delete_erasure(self, erasure: str) -> int | None:
        """Delete an erasure that is done and return what ``cleared`` has counted; None if it was not there any more."""
        found = self.engine.execute(_DELETE_ERASURE, (erasure,))
        return cast("int", found[0][0]) if found else None

    def counts(self) -> tuple[int, int]:
        """Return the number of subjects and of items."""
        return cast("tuple[int, int]", self.engine.execute(_COUNTS)[0])
