"""The rows of the key store, and the SQL over them: keys by subject and bucket, and the changes that are not settled yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import cast

from gestand.storage.engine import Engine, Row
from gestand.vault.place import REFERENCE, SUBJECT_SIZE
from gestand.vault.rows import SUBJECTS_TOGETHER, KeyRow, padded

_SCHEMA = (
    """
    CREATE TABLE vault_key (
        subject BLOB NOT NULL,
        bucket INTEGER NOT NULL,
        shelf TEXT NOT NULL,
        period INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        wrapped BLOB NOT NULL,
        PRIMARY KEY (subject, bucket)
    ) WITHOUT ROWID;
    CREATE TABLE vault_unsettled (
        change INTEGER PRIMARY KEY AUTOINCREMENT,
        subjects BLOB NOT NULL
    );
    """,
)
_RING = "SELECT * FROM vault_key WHERE subject = ?"
_TOGETHER = SUBJECTS_TOGETHER
_RINGS = f"SELECT * FROM vault_key WHERE subject IN ({', '.join('?' * _TOGETHER)})"  # noqa: S608 - placeholders only
_REFERENCE = f"SELECT * FROM vault_key WHERE subject = ? AND bucket = {REFERENCE}"  # noqa: S608
_REFERENCES = f"SELECT * FROM vault_key WHERE bucket = {REFERENCE} AND subject IN ({', '.join('?' * _TOGETHER)})"  # noqa: S608
_VERY_FEW = 2  # keys that are looked for one by one
_THERE = "SELECT 1 FROM vault_key WHERE subject = ? AND bucket = ?"
_FILED = f"""
    SELECT subject, bucket FROM vault_key WHERE (subject, bucket) IN (VALUES {", ".join(["(?, ?)"] * _TOGETHER)})
"""  # noqa: S608 - placeholders only
_BUCKETS = "SELECT bucket FROM vault_key WHERE subject = ?"
_ADD = """
    INSERT INTO vault_key VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (subject, bucket) DO UPDATE SET shelf = excluded.shelf, period = excluded.period,
        epoch = excluded.epoch, wrapped = excluded.wrapped
"""  # a row already there is an orphan of a rollback
_INHERIT = "UPDATE vault_key SET bucket = ?, epoch = ?, wrapped = ? WHERE subject = ? AND bucket = ? RETURNING 1"
_DELETE = "DELETE FROM vault_key WHERE subject = ? AND bucket = ?"
_DELETE_ALL = "DELETE FROM vault_key WHERE subject = ?"
_SUBJECTS = "SELECT DISTINCT subject FROM vault_key ORDER BY subject"
_ANY = "SELECT 1 FROM vault_key LIMIT 1"
_COUNT = "SELECT count(*) FROM vault_key WHERE bucket > 0"
_OLDER = """
    SELECT * FROM vault_key
    WHERE epoch < ? AND (subject, bucket) > (?, ?) ORDER BY subject, bucket LIMIT 5000
"""
_REWRAP = "UPDATE vault_key SET epoch = ?, wrapped = ? WHERE subject = ? AND bucket = ?"
_UNSETTLE = "INSERT INTO vault_unsettled (subjects) VALUES (?) RETURNING change"
_SETTLE = "DELETE FROM vault_unsettled WHERE change = ?"
_UNSETTLED = "SELECT change, subjects FROM vault_unsettled"


class KeyRows:
    """Wrapped keys as they stand. Writing is for who holds a transaction open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        engine.migrate("vault.keys", _SCHEMA)

    def of(self, subject: bytes) -> list[KeyRow]:
        """Return the keys of a subject."""
        return _key_rows(self._engine.execute(_RING, (subject,)))

    def of_many(self, subjects: Sequence[bytes]) -> Iterator[list[KeyRow]]:
        """Ask, at the call, for the keys of many subjects; yields them by ``SUBJECTS_TOGETHER`` subjects, in the order given."""
        asked = [padded(subjects[at : at + _TOGETHER], _TOGETHER) for at in range(0, len(subjects), _TOGETHER)]
        return map(_key_rows, self._engine.in_turn([(_RINGS, some) for some in asked]))

    def reference(self, subject: bytes) -> KeyRow | None:
        """Return the key of a subject's ledger reference, or None."""
        found = _key_rows(self._engine.execute(_REFERENCE, (subject,)))
        return found[0] if found else None

    def references(self, subjects: Sequence[bytes]) -> Iterator[KeyRow]:
        """Yield the keys of the ledger references of many subjects."""
        for at in range(0, len(subjects), _TOGETHER):
            yield from _key_rows(self._engine.execute(_REFERENCES, padded(subjects[at : at + _TOGETHER], _TOGETHER)))

    def there(self, places: Sequence[tuple[bytes, int]]) -> set[tuple[bytes, int]]:
        """Return those of these subjects and buckets that have a key."""
        if len(places) <= _VERY_FEW:
            answers = self._engine.together([(_THERE, place) for place in places])()
            return {place for place, rows in zip(places, answers, strict=True) if rows}
        found: set[tuple[bytes, int]] = set()
        for at in range(0, len(places), _TOGETHER):
            asked = padded(places[at : at + _TOGETHER], _TOGETHER)
            found.update(
                cast("list[tuple[bytes, int]]", self._engine.execute(_FILED, list(chain.from_iterable(asked))))
            )
        return found

    def buckets(self, subject: bytes) -> list[int]:
        """Return the bucket numbers of which a subject has a key, the reference's included."""
        return [cast("int", row[0]) for row in self._engine.execute(_BUCKETS, (subject,))]

    def subjects(self) -> list[bytes]:
        """Return every subject that has a key, in order."""
        return [cast("bytes", row[0]) for row in self._engine.execute(_SUBJECTS)]

    def any(self) -> bool:
        """Say whether there is any key."""
        return bool(self._engine.execute(_ANY))

    def count(self) -> int:
        """Return the number of data keys."""
        return cast("int", self._engine.execute(_COUNT)[0][0])

    def put(self, rows: Iterable[KeyRow]) -> None:
        """Put keys in their place, over what a rollback left there."""
        self._engine.many(_ADD, rows)

    def delete(self, places: Collection[tuple[bytes, int]]) -> None:
        """Delete keys. With that of a subject's reference go all of the subject, under whatever number they stand."""
        whole = {subject for subject, bucket in places if bucket == REFERENCE}
        if whole:
            self._engine.many(_DELETE_ALL, [(subject,) for subject in sorted(whole)])
        self._engine.many(_DELETE, [place for place in places if place[0] not in whole] if whole else places)

    def inherit(
        self, subject: bytes, line: Iterable[int], bucket: int, epoch: int, wrapped: bytes
    ) -> Callable[[], bool]:
        """Put a key in the place of the one of its ``line`` that is there; return what says whether there was one."""
        if self._engine.remote:  # one journey, whichever it is; once one has been found, no other is
            asked = [self._engine.later(_INHERIT, (bucket, epoch, wrapped, subject, number)) for number in line]
            return lambda: any(answer() for answer in asked)
        found = any(self._engine.execute(_INHERIT, (bucket, epoch, wrapped, subject, number)) for number in line)
        return lambda: found

    def older(self, epoch: int) -> Iterator[list[KeyRow]]:
        """Yield in pages the keys wrapped under an epoch before ``epoch``; each page may be wrapped anew before the next."""
        after: tuple[bytes, int] = (b"", -1)
        while rows := _key_rows(self._engine.execute(_OLDER, (epoch, *after))):
            yield rows
            after = rows[-1][:2]

    def rewrap(self, rows: Sequence[KeyRow]) -> None:
        """Write epoch and wrapping of keys that are there."""
        self._engine.many(_REWRAP, [(row[4], row[5], row[0], row[1]) for row in rows])

    def unsettle(self, subjects: Iterable[bytes]) -> int:
        """Note a change of these subjects that is not settled yet; return its number."""
        return cast("int", self._engine.execute(_UNSETTLE, (b"".join(subjects),))[0][0])

    def settle(self, changes: Collection[int]) -> None:
        """Forget changes that are settled."""
        if changes:
            self._engine.many(_SETTLE, [(change,) for change in changes])

    def unsettled(self) -> list[tuple[int, list[bytes]]]:
        """Return the changes that are not settled, each with its subjects."""
        return [
            (cast("int", change), [joined[at : at + SUBJECT_SIZE] for at in range(0, len(joined), SUBJECT_SIZE)])
            for change, joined in self._engine.execute(_UNSETTLED)
            if isinstance(joined, bytes)
        ]


def _key_rows(rows: list[Row]) -> list[KeyRow]:
    return cast("list[KeyRow]", rows)
