"""What the vault keeps in the main store: subjects, items and tokens by their own files, and the erasures under way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import cast

from gestand.kernel.ids import ActorId
from gestand.storage.engine import Engine, Row
from gestand.vault.item_rows import ITEM, ITEMS, THERE, ItemRows
from gestand.vault.rows import Job, SubjectRow, subject_row
from gestand.vault.schema import SCHEMA
from gestand.vault.subject_rows import HEIRS_OF_ONE, SUBJECT, SubjectRows, parents
from gestand.vault.token_rows import TokenRows

_PUT_ERASURE = "INSERT INTO vault_erasure VALUES (?, ?, 0, ?, ?, ?)"
_ERASURES = "SELECT erasure, actor, stage, reference, items, keys FROM vault_erasure ORDER BY erasure"
_DELETE_ERASURE = "DELETE FROM vault_erasure WHERE erasure = ? RETURNING stage"
_CLEARED = "UPDATE vault_erasure SET stage = stage + ? WHERE erasure = ?"
_COUNTS = "SELECT (SELECT count(*) FROM vault_subject), (SELECT count(*) FROM vault_item)"

_FEW = 8  # items that are read one by one


class Store(SubjectRows, ItemRows, TokenRows):
    """The vault's rows. Judges nothing, opens nothing."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        engine.migrate("vault", SCHEMA)

    def owner_and_rows(
        self, subject: bytes, numbers: Collection[int] | None
    ) -> Callable[[], tuple[SubjectRow | None, list[Row]]]:
        """Ask for a subject's row and its items, or those with ``numbers``; return what gives them. Call it, once."""
        few = numbers is not None and len(numbers) <= _FEW
        items = [(ITEM, (subject, number)) for number in sorted(numbers or ())] if few else [(ITEMS, (subject,))]
        asked = self.engine.together([(SUBJECT, (subject,)), *items])

        def answered() -> tuple[SubjectRow | None, list[Row]]:
            owner, *found = asked()
            rows = [row for some in found for row in some if few or numbers is None or row[1] in numbers]
            return (subject_row(owner[0]) if owner else None), rows

        return answered

    def ask_left(
        self, places: Sequence[tuple[bytes, int]], subjects: Sequence[bytes]
    ) -> Callable[[], tuple[int, dict[bytes, dict[int, int]]]]:
        """Ask how many of these items there are, and for ``heirs`` of these subjects; return what gives both. Call it, once."""
        if len(places) != 1 or len(subjects) != 1:
            counted = self.count_at(places)
            return lambda: (counted(), self.heirs(subjects))
        asked = self.engine.together([(THERE, places[0]), (HEIRS_OF_ONE, subjects)])

        def answered() -> tuple[int, dict[bytes, dict[int, int]]]:
            there, heirs = asked()
            return len(there), parents(heirs)

        return answered

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
