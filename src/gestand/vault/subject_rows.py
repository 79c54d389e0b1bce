"""Subjects: counters that never run back, and what each objects and consents to, as bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from gestand.storage.engine import Engine
from gestand.vault.rows import SubjectRow, subject_row

_PAGE = 500
_SUBJECT = (
    "SELECT subject, kind, added, last_item, last_bucket, objected, consented FROM vault_subject WHERE subject = ?"
)
_SUBJECTS = "SELECT subject FROM vault_subject WHERE subject > ? ORDER BY subject LIMIT ?"
_PUT_SUBJECT = """
    INSERT INTO vault_subject VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (subject) DO UPDATE SET kind = excluded.kind, added = excluded.added, last_item = excluded.last_item,
        last_bucket = excluded.last_bucket, objected = excluded.objected, consented = excluded.consented
"""
_SET_OBJECTED = "UPDATE vault_subject SET objected = ? WHERE subject = ?"
_SET_CONSENTED = "UPDATE vault_subject SET consented = ? WHERE subject = ?"
_SKIP_NUMBERS = "UPDATE vault_subject SET last_item = last_item + ?, last_bucket = last_bucket + ?"
_SET_BUCKETS = "UPDATE vault_subject SET last_bucket = ? WHERE subject = ?"
_SUBJECT_TABLES = ("vault_subject", "vault_objection", "vault_consent", "vault_shown", "vault_heir")


_PUT_HEIR = "INSERT INTO vault_heir VALUES (?, ?, ?)"
_HEIRS = "SELECT subject, bucket, parent FROM vault_heir WHERE subject IN ({})"
_ALL_HEIRS = "SELECT DISTINCT subject FROM vault_heir"
_DELETE_HEIR = "DELETE FROM vault_heir WHERE subject = ? AND bucket = ?"
_DELETE_HEIRS = "DELETE FROM vault_heir"
_SHOW = """
    INSERT INTO vault_shown VALUES (?, ?, ?, ?)
    ON CONFLICT (subject, day, purpose) DO UPDATE SET items = vault_shown.items + excluded.items
"""
_SHOWN = "SELECT day, purpose, items FROM vault_shown WHERE subject = ? ORDER BY day, purpose"


class SubjectRows:
    """The rows of subjects. Judges nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def subject(self, subject: bytes) -> SubjectRow | None:
        """Return a subject's row, or None."""
        found = self.engine.execute(_SUBJECT, (subject,))
        return subject_row(found[0]) if found else None

    def subjects(self) -> Iterator[bytes]:
        """Yield every subject, in pages, so that others may write meanwhile."""
        after = b""
        while page := self.engine.execute(_SUBJECTS, (after, _PAGE)):
            for row in page:
                after = cast("bytes", row[0])
                yield after

    def put_subjects(self, rows: Iterable[SubjectRow]) -> None:
        """Write subjects, new or changed."""
        self.engine.many(_PUT_SUBJECT, rows)

    def set_objected(self, subject: bytes, bits: int) -> None:
        """Set the purposes objected to."""
        self.engine.execute(_SET_OBJECTED, (bits, subject))

    def set_consented(self, subject: bytes, bits: int) -> None:
        """Set the purposes consented to."""
        self.engine.execute(_SET_CONSENTED, (bits, subject))

    def set_last_bucket(self, subject: bytes, number: int) -> None:
        """Set the highest bucket number given out."""
        self.engine.execute(_SET_BUCKETS, (number, subject))

    def skip_numbers(self, count: int) -> None:
        """Leave out numbers of items and buckets that a later state of this store may have given out."""
        self.engine.execute(_SKIP_NUMBERS, (count, count))

    def show(self, rows: Iterable[tuple[bytes, int, str, int]]) -> None:
        """Count what was opened of subjects among many: (subject, day, purpose, items)."""
        self.engine.many(_SHOW, rows)

    def shown(self, subject: bytes) -> list[tuple[int, str, int]]:
        """Return what was opened of a subject among many: (day, purpose, items), in that order."""
        return cast("list[tuple[int, str, int]]", self.engine.execute(_SHOWN, (subject,)))

    def put_heirs(self, rows: Iterable[tuple[bytes, int, int]]) -> None:
        """Note from which bucket's key that of another is made: (subject, bucket, parent)."""
        self.engine.many(_PUT_HEIR, rows)

    def heirs(self, subjects: Sequence[bytes]) -> dict[bytes, dict[int, int]]:
        """Return for subjects from which bucket each comes of which the key store may have only an ancestor."""
        found: dict[bytes, dict[int, int]] = {}
        for at in range(0, len(subjects), _PAGE):
            some = subjects[at : at + _PAGE]
            sql = _HEIRS.format(", ".join("?" * len(some)))
            for subject, bucket, parent in cast("list[tuple[bytes, int, int]]", self.engine.execute(sql, some)):
                found.setdefault(subject, {})[bucket] = parent
        return found

    def with_heirs(self) -> list[bytes]:
        """Return the subjects of whom ``heirs`` knows anything."""
        return [cast("bytes", row[0]) for row in self.engine.execute(_ALL_HEIRS)]

    def forget_heirs(self, places: Sequence[tuple[bytes, int]]) -> None:
        """Delete what ``heirs`` knows of these buckets."""
        if places:
            self.engine.many(_DELETE_HEIR, places)

    def forget_all_heirs(self) -> None:
        """Delete what ``heirs`` knows: every key is in the key store."""
        self.engine.execute(_DELETE_HEIRS)

    def delete_subjects(self, subjects: Sequence[bytes]) -> None:
        """Delete subjects with their objections, their consents, and when they were opened among many."""
        if not subjects:
            return
        for table in _SUBJECT_TABLES:
            self.engine.many(f"DELETE FROM {table} WHERE subject = ?", [(s,) for s in subjects])  # noqa: S608
