"""Subjects: counters that never run back, and what each objects and consents to, as bits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import cast

from gestand.storage.engine import Engine, Row
from gestand.vault.place import SUBJECT_SIZE
from gestand.vault.rows import SubjectRow, subject_row

_PAGE = 500
SUBJECT = (
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
HEIRS_OF_ONE = _HEIRS.format("?")
_ALL_HEIRS = "SELECT DISTINCT subject FROM vault_heir"
_DELETE_HEIR = "DELETE FROM vault_heir WHERE subject = ? AND bucket = ?"
_DELETE_HEIRS = "DELETE FROM vault_heir"
_SHOW = """
    INSERT INTO vault_shown WITH counted (subject, day, purpose, items) AS (VALUES {})
    SELECT subject, day, purpose, items FROM counted
    WHERE EXISTS (SELECT 1 FROM vault_subject WHERE vault_subject.subject = counted.subject)
    ON CONFLICT (subject, day, purpose) DO UPDATE SET items = vault_shown.items + excluded.items
"""
_SHOWN_BY_ONE = 50  # counts divided by one statement
_SHOW_ONE = _SHOW.format("(?, ?, ?, ?)")
_SHOW_SOME = _SHOW.format(", ".join(["(?, ?, ?, ?)"] * _SHOWN_BY_ONE))
_SHOWN = """
    SELECT day, purpose, items, NULL FROM vault_shown WHERE subject = ?
    UNION ALL SELECT day, purpose, 0, shown FROM vault_shown_together
"""  # one statement: nothing is divided between two questions
_SHOW_TOGETHER = "INSERT INTO vault_shown_together VALUES (?, ?, ?, ?)"
_ANY_TOGETHER = "SELECT 1 FROM vault_shown_together LIMIT 1"
_TAKE_TOGETHER = "DELETE FROM vault_shown_together RETURNING day, purpose, shown"
_HOW_MANY_TOGETHER = "SELECT COUNT(*) FROM vault_shown_together"
_COUNT_SIZE = 4
_MOST_TOGETHER = 128  # requests that wait before they are divided over the subjects


class SubjectRows:
    """The rows of subjects. Judges nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._together: int | None = None  # counted at the first: what earlier processes left counts too

    def subject(self, subject: bytes) -> SubjectRow | None:
        """Return a subject's row, or None."""
        return self.ask_subject(subject)()

    def ask_subject(self, subject: bytes) -> Callable[[], SubjectRow | None]:
        """Ask for a subject's row; return what gives it, or None. Call it, once."""
        asked = self.engine.together([(SUBJECT, (subject,))])

        def answered() -> SubjectRow | None:
            (found,) = asked()
            return subject_row(found[0]) if found else None

        return answered

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

    def show(self, request: bytes, day: int, purpose: str, counts: Iterable[tuple[bytes, int]]) -> None:
        """Note what was opened of many subjects by one request: subject and number of items of each.

        It is one row, however many they are; divided over the subjects when many such rows wait, or one of them leaves.
        """
        shown = b"".join([subject + count.to_bytes(_COUNT_SIZE, "big") for subject, count in counts])
        self.engine.execute(_SHOW_TOGETHER, (request, day, purpose, shown))
        if self._together is None:
            self._together = cast("int", self.engine.execute(_HOW_MANY_TOGETHER)[0][0])
        else:
            self._together += 1
        if self._together >= _MOST_TOGETHER:
            self.divide_shown()

    def divide_shown(self) -> None:
        """Count with each subject what requests for many showed of them, in the open transaction."""
        self._together = None  # counted again at the next: this may be undone with the open transaction
        counts: dict[tuple[bytes, int, str], int] = {}
        for day, purpose, shown in cast("list[tuple[int, str, bytes]]", self.engine.execute(_TAKE_TOGETHER)):
            for subject, items in _counts(shown):
                counts[subject, day, purpose] = counts.get((subject, day, purpose), 0) + items
        rows = [(*place, counts[place]) for place in sorted(counts)]
        whole = len(rows) - len(rows) % _SHOWN_BY_ONE
        self.engine.many(
            _SHOW_SOME,
            [list(chain.from_iterable(rows[at : at + _SHOWN_BY_ONE])) for at in range(0, whole, _SHOWN_BY_ONE)],
        )
        self.engine.many(_SHOW_ONE, rows[whole:])

    def shown(self, subject: bytes) -> list[tuple[int, str, int]]:
        """Return what was opened of a subject among many: (day, purpose, items), in that order."""
        counts: dict[tuple[int, str], int] = {}
        found = cast("list[tuple[int, str, int, bytes | None]]", self.engine.execute(_SHOWN, (subject,)))
        for day, purpose, items, together in found:
            own = items + sum(count for owner, count in _counts(together or b"") if owner == subject)
            if own:
                counts[day, purpose] = counts.get((day, purpose), 0) + own
        return [(*when, counts[when]) for when in sorted(counts)]

    def put_heirs(self, rows: Iterable[tuple[bytes, int, int]]) -> None:
        """Note from which bucket's key that of another is made: (subject, bucket, parent)."""
        self.engine.many(_PUT_HEIR, rows)

    def heirs(self, subjects: Sequence[bytes]) -> dict[bytes, dict[int, int]]:
        """Return for subjects from which bucket each comes of which the key store may have only an ancestor."""
        found: dict[bytes, dict[int, int]] = {}
        for at in range(0, len(subjects), _PAGE):
            some = subjects[at : at + _PAGE]
            sql = _HEIRS.format(", ".join("?" * len(some)))
            found |= parents(self.engine.execute(sql, some))
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
        if self.engine.execute(_ANY_TOGETHER):
            self.divide_shown()
        for table in _SUBJECT_TABLES:
            self.engine.many(f"DELETE FROM {table} WHERE subject = ?", [(s,) for s in subjects])  # noqa: S608


def parents(rows: Iterable[Row]) -> dict[bytes, dict[int, int]]:
    """Return of each subject, by bucket, the one that its key is made from."""
    found: dict[bytes, dict[int, int]] = {}
    for subject, bucket, parent in cast("Iterable[tuple[bytes, int, int]]", rows):
        found.setdefault(subject, {})[bucket] = parent
    return found


def _counts(shown: bytes) -> Iterator[tuple[bytes, int]]:
    size = SUBJECT_SIZE + _COUNT_SIZE
    for at in range(0, len(shown), size):
        yield shown[at : at + SUBJECT_SIZE], int.from_bytes(shown[at + SUBJECT_SIZE : at + size], "big")
