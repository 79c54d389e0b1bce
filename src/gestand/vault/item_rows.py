"""Items: one row for each datum, those of one subject together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import cast

from gestand.storage.engine import Engine, Question, Row, Value
from gestand.vault.rows import (
    RECTIFIED,
    RESTRICTED,
    SUBJECTS_TOGETHER,
    ItemRow,
    SubjectRow,
    item_row,
    padded,
    subject_row,
)
from gestand.vault.sealing import looked_up
from gestand.vault.subject_rows import SUBJECT

_PAGE = 500
_FEW = 8  # items that are read one by one
_VERY_FEW = 2  # items that are looked for one by one
THERE = "SELECT 1 FROM vault_item WHERE subject = ? AND item = ?"
_RUN = 20_000  # items deleted in one transaction
COLUMNS = (
    "subject",
    "item",
    "activity",
    "bucket",
    "state",
    "collected",
    "trigger_on",
    "due",
    "dossier",
    "token",
    "sealed",
)
_COLUMNS = ", ".join(COLUMNS)
ITEMS = f"SELECT {_COLUMNS} FROM vault_item WHERE subject = ? ORDER BY item"  # noqa: S608 - columns, no values
_SUBJECTS_OF = SUBJECT.removesuffix("= ?") + f"IN ({', '.join('?' * SUBJECTS_TOGETHER)})"
_ITEMS_OF = ITEMS.replace("= ? ORDER BY item", f"IN ({', '.join('?' * SUBJECTS_TOGETHER)}) ORDER BY subject, item")
_PLACES_TOGETHER = 100
_STILL_USED = f"""
    WITH asked (subject, bucket) AS (VALUES {", ".join(["(?, ?)"] * _PLACES_TOGETHER)})
    SELECT DISTINCT subject, bucket FROM asked WHERE EXISTS (
        SELECT 1 FROM vault_item WHERE vault_item.subject = asked.subject AND vault_item.bucket = asked.bucket
    )
"""  # noqa: S608 - placeholders only
_WITHOUT_ITEMS = f"""
    SELECT subject FROM vault_subject WHERE subject IN ({", ".join("?" * SUBJECTS_TOGETHER)})
    AND NOT EXISTS (SELECT 1 FROM vault_item WHERE vault_item.subject = vault_subject.subject) ORDER BY subject
"""  # noqa: S608 - placeholders only
_ITEMS_AT = (
    ITEMS.removesuffix("subject = ? ORDER BY item")
    + f"(subject, item) IN (VALUES {', '.join(['(?, ?)'] * _PLACES_TOGETHER)}) ORDER BY subject, item"
)
_COUNT_AT = f"""
    SELECT count(*) FROM vault_item WHERE (subject, item) IN (VALUES {", ".join(["(?, ?)"] * _PLACES_TOGETHER)})
"""  # noqa: S608 - placeholders only
_SPAN = "SELECT min(item), max(item), count(*) FROM (SELECT item FROM vault_item WHERE subject = ? AND item > ? ORDER BY item LIMIT ?) AS span"
_COUNT_SPAN = "SELECT count(*) FROM vault_item WHERE subject = ? AND item BETWEEN ? AND ?"
_DELETE_SPAN = "DELETE FROM vault_item WHERE subject = ? AND item BETWEEN ? AND ?"
_TOKENS_OF_SPAN = (
    "SELECT token, subject, item FROM vault_item WHERE subject = ? AND item BETWEEN ? AND ? AND token IS NOT NULL"
)
_SIZE = "SELECT count(*) FROM vault_item WHERE subject = ?"
ITEM = f"SELECT {_COLUMNS} FROM vault_item WHERE subject = ? AND item = ?"  # noqa: S608
_DUE = f"""
    SELECT {_COLUMNS} FROM vault_item
    WHERE due IS NOT NULL AND due <= ? AND (due, subject, item) > (?, ?, ?) AND (state & {RESTRICTED}) = 0
    AND NOT EXISTS (
        SELECT 1 FROM vault_held JOIN vault_hold USING (hold)
        WHERE vault_held.subject = vault_item.subject AND vault_held.item = vault_item.item
        AND (until IS NULL OR until >= ?)
    )
    ORDER BY due, subject, item LIMIT ?
"""  # noqa: S608
_DUE_PAGE = 5_000
_DUE_LINES = f"""
    SELECT subject, item, activity, trigger_on, due FROM vault_item
    WHERE due IS NOT NULL AND due <= ? AND (due, subject, item) > (?, ?, ?) AND (state & {RESTRICTED}) = 0
    ORDER BY due, subject, item LIMIT ?
"""  # noqa: S608 - a constant, no values
_DUE_BY_DAY = """
    SELECT due, count(*) FROM vault_item WHERE due IS NOT NULL AND due >= ? AND due <= ? GROUP BY due ORDER BY due
"""
_WAITING = "SELECT activity, count(*), min(collected) FROM vault_item WHERE due IS NULL GROUP BY activity"
_PUT_ITEM = f"INSERT INTO vault_item ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_CHANGE_ITEM = """
    UPDATE vault_item SET activity = ?, bucket = ?, state = ?, trigger_on = ?, due = ?, token = ?, sealed = ?
    WHERE subject = ? AND item = ?
"""
_SEAL_ITEM = "UPDATE vault_item SET bucket = ?, state = ?, token = ?, sealed = ? WHERE subject = ? AND item = ?"
_RESEAL_ITEM = "UPDATE vault_item SET bucket = ?, sealed = ? WHERE subject = ? AND item = ?"
_RESEAL_ITEMS = """
    UPDATE vault_item SET bucket = again.bucket, sealed = again.sealed
    FROM (VALUES {}) AS again (bucket, sealed, subject, item)
    WHERE vault_item.subject = again.subject AND vault_item.item = again.item
"""
_RESEALED_BY_ONE = (8, 4, 2)  # items sealed again by one statement to a server
_SET_STATE = "UPDATE vault_item SET state = ? WHERE subject = ? AND item = ?"
_DELETE_ITEM = "DELETE FROM vault_item WHERE subject = ? AND item = ?"
_BUCKETS = "SELECT DISTINCT bucket FROM vault_item WHERE subject = ?"
_COLLECTED = """
    SELECT subject FROM (SELECT DISTINCT subject FROM vault_item WHERE activity IN ({})) AS found
    WHERE EXISTS (SELECT 1 FROM vault_subject WHERE vault_subject.subject = found.subject)
"""
_TOGETHER = 250  # tokens looked up by one statement
_DELETE_TOKEN = "DELETE FROM vault_token WHERE token = ? AND subject = ? AND item = ?"  # noqa: S105
_MARKED_TABLES = ("vault_restriction", "vault_rectification", "vault_held")
_MARKED_BY = {"vault_restriction": RESTRICTED, "vault_rectification": RECTIFIED}  # the bit that says there is a row
_DELETE_HELD = "DELETE FROM vault_held WHERE subject = ? AND item = ?"
_DELETE_EMPTY_HOLDS = "DELETE FROM vault_hold WHERE hold NOT IN (SELECT hold FROM vault_held)"
_of_subject = itemgetter(0)


class ItemRows:
    """The rows of items, sealed as they are. Judges nothing, opens nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def items(self, subject: bytes) -> list[ItemRow]:
        """Return the subject's items in order of number."""
        return [item_row(row) for row in self.engine.execute(ITEMS, (subject,))]

    def subjects_and_items(
        self, subjects: Sequence[bytes]
    ) -> Iterator[tuple[dict[bytes, SubjectRow], dict[bytes, list[Row]]]]:
        """Ask, at the call, for the rows of many subjects and of their items, each subject's in order of number.

        Yields them by ``SUBJECTS_TOGETHER`` subjects, in the order given.
        """
        questions: list[Question] = []
        for at in range(0, len(subjects), SUBJECTS_TOGETHER):
            some = padded(subjects[at : at + SUBJECTS_TOGETHER], SUBJECTS_TOGETHER)
            questions += [(_SUBJECTS_OF, some), (_ITEMS_OF, some)]
        coming = self.engine.in_turn(questions)
        return (_grouped(owners, items) for owners, items in zip(coming, coming, strict=True))

    def item(self, subject: bytes, number: int) -> ItemRow | None:
        """Return one item, or None."""
        found = self.engine.execute(ITEM, (subject, number))
        return item_row(found[0]) if found else None

    def size(self, subject: bytes) -> int:
        """Return the number of the subject's items."""
        return cast("int", self.engine.execute(_SIZE, (subject,))[0][0])

    def still_used(self, buckets: Sequence[tuple[bytes, int]]) -> set[tuple[bytes, int]]:
        """Return those of these subjects and buckets that have an item."""
        found: set[tuple[bytes, int]] = set()
        for at in range(0, len(buckets), _PLACES_TOGETHER):
            asked = padded(buckets[at : at + _PLACES_TOGETHER], _PLACES_TOGETHER)
            rows = self.engine.execute(_STILL_USED, list(chain.from_iterable(asked)))
            found.update(cast("list[tuple[bytes, int]]", rows))
        return found

    def without_items(self, subjects: Sequence[bytes]) -> list[bytes]:
        """Return those of these subjects of whom there is no item."""
        found: list[bytes] = []
        for at in range(0, len(subjects), SUBJECTS_TOGETHER):
            asked = padded(subjects[at : at + SUBJECTS_TOGETHER], SUBJECTS_TOGETHER)
            found += [cast("bytes", row[0]) for row in self.engine.execute(_WITHOUT_ITEMS, asked)]
        return found

    def items_at(self, places: Sequence[tuple[bytes, int]]) -> list[ItemRow]:
        """Return what rows there are of these items, in order of subject and number within each hundred."""
        if len(places) <= _FEW:
            return [row for place in places if (row := self.item(*place)) is not None]
        found: list[ItemRow] = []
        for at in range(0, len(places), _PLACES_TOGETHER):
            asked = padded(places[at : at + _PLACES_TOGETHER], _PLACES_TOGETHER)
            found += map(ItemRow._make, self.engine.execute(_ITEMS_AT, list(chain.from_iterable(asked))))
        return found

    def count_at(self, places: Sequence[tuple[bytes, int]]) -> Callable[[], int]:
        """Ask how many of these items there are; return what says so. Call it, once."""
        if len(places) <= _VERY_FEW:
            few = self.engine.together([(THERE, place) for place in places])
            return lambda: sum(map(len, few()))
        many: list[Question] = []
        for at in range(0, len(places), _PLACES_TOGETHER):
            asked = padded(places[at : at + _PLACES_TOGETHER], _PLACES_TOGETHER)
            many.append((_COUNT_AT, list(chain.from_iterable(asked))))
        counts = self.engine.together(many)
        return lambda: sum(cast("int", rows[0][0]) for rows in counts())

    def spans(self, subject: bytes) -> Iterator[tuple[int, int]]:
        """Yield the subject's items as runs: first number, last number; a run may be deleted once it is read."""
        after = -1
        while True:
            first, last, count = cast("tuple[int, int, int]", self.engine.execute(_SPAN, (subject, after, _RUN))[0])
            if not count:
                return
            yield first, last
            after = last

    def delete_span(self, subject: bytes, first: int, last: int) -> int:
        """Delete a run of a subject's items with their tokens and every mark about them; return how many there were."""
        count = cast("int", self.engine.execute(_COUNT_SPAN, (subject, first, last))[0][0])
        kept = cast("list[tuple[bytes, bytes, int]]", self.engine.execute(_TOKENS_OF_SPAN, (subject, first, last)))
        self.engine.many(
            _DELETE_TOKEN, sorted((one, place, number) for tokens, place, number in kept for one in looked_up(tokens))
        )
        self.engine.execute(_DELETE_SPAN, (subject, first, last))
        for table in _MARKED_TABLES:
            sql = f"DELETE FROM {table} WHERE subject = ? AND item BETWEEN ? AND ?"  # noqa: S608 - names above
            self.engine.execute(sql, (subject, first, last))
        self.engine.execute(_DELETE_EMPTY_HOLDS)
        return count

    def due(self, on: int) -> Iterator[ItemRow]:
        """Yield items due on or before ``on`` and neither held then nor restricted, in order of due, in pages."""
        after: tuple[Value, Value, Value] = (-1_000_000, b"", -1)
        while page := self.engine.execute(_DUE, (on, *after, on, _PAGE)):
            for row in page:
                found = item_row(row)
                after = (found.due, found.subject, found.number)
                yield found

    def due_by_day(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return for each day from ``first`` to ``last`` on which something is due how much that is."""
        return [(cast("int", day), cast("int", n)) for day, n in self.engine.execute(_DUE_BY_DAY, (first, last))]

    def waiting(self) -> list[tuple[int, int, int]]:
        """Return for each activity of which data have no due date yet how many, and when the oldest was collected."""
        return cast("list[tuple[int, int, int]]", self.engine.execute(_WAITING))

    def due_lines(self, on: int) -> Iterator[list[tuple[bytes, int, int, int | None, int]]]:
        """Yield pages of subject, number, activity, trigger and due of what is due on or before ``on`` and not restricted."""
        after: tuple[Value, Value, Value] = (-1_000_000, b"", -1)
        while page := self.engine.execute(_DUE_LINES, (on, *after, _DUE_PAGE)):
            after = (page[-1][4], page[-1][0], page[-1][1])
            yield cast("list[tuple[bytes, int, int, int | None, int]]", page)

    def put_items(self, rows: Iterable[tuple[Value, ...]]) -> None:
        """Write new items."""
        self.engine.many(_PUT_ITEM, rows)

    def change_items(self, rows: Sequence[ItemRow]) -> None:
        """Write changed items."""
        if not rows:
            return
        self.engine.many(
            _CHANGE_ITEM,
            [
                (r.activity, r.bucket, r.state, r.trigger_on, r.due, r.token, r.sealed, r.subject, r.number)
                for r in rows
            ],
        )

    def seal_items(self, rows: Sequence[tuple[Value, ...]]) -> None:
        """Write items that were sealed again and stand where they stood: no index is touched.

        Of each: bucket, state, token, sealed value; subject and number.
        """
        if rows:
            self.engine.many(_SEAL_ITEM, rows)

    def reseal_items(self, rows: Sequence[tuple[Value, ...]]) -> None:
        """Write items of which nothing changed but bucket and sealed value. Of each these, then subject and number."""
        at = 0
        for size in _RESEALED_BY_ONE if self.engine.remote else ():
            sql = _RESEAL_ITEMS.format(", ".join(["(?, ?, ?, ?)"] * size))
            while at + size <= len(rows):
                self.engine.execute(sql, list(chain.from_iterable(rows[at : at + size])))
                at += size
        if at < len(rows):
            self.engine.many(_RESEAL_ITEM, rows[at:])

    def set_states(self, rows: Iterable[ItemRow], state: int, *, on: bool) -> None:
        """Switch a bit of the state of items on or off."""
        self.engine.many(
            _SET_STATE, [((r.state | state) if on else (r.state & ~state), r.subject, r.number) for r in rows]
        )

    def delete_items(self, rows: Sequence[ItemRow], *, held: bool = True) -> None:
        """Delete items with every mark about them. ``held``: there may be a hold."""
        if not rows:
            return
        places = [(row.subject, row.number) for row in rows]
        self.engine.many(_DELETE_ITEM, places)
        for table, bit in _MARKED_BY.items():
            marked = [(row.subject, row.number) for row in rows if row.state & bit]
            if marked:
                self.engine.many(f"DELETE FROM {table} WHERE subject = ? AND item = ?", marked)  # noqa: S608 - names above
        if held:
            self.engine.many(_DELETE_HELD, places)
            self.engine.execute(_DELETE_EMPTY_HOLDS)

    def buckets(self, subject: bytes) -> set[int]:
        """Return the buckets that the subject's items use."""
        return self.ask_buckets(subject)()

    def ask_buckets(self, subject: bytes) -> Callable[[], set[int]]:
        """Ask for the buckets that the subject's items use; return what gives them. Call it, once."""
        asked = self.engine.together([(_BUCKETS, (subject,))])
        return lambda: {cast("int", row[0]) for row in asked()[0]}

    def collected(self, activities: Sequence[int]) -> Iterator[bytes]:
        """Yield the subjects of whom an item belongs to one of these activities, each once."""
        found: set[bytes] = set()
        for at in range(0, len(activities), _TOGETHER):
            some = activities[at : at + _TOGETHER]
            rows = self.engine.execute(_COLLECTED.format(", ".join("?" * len(some))), some)
            for (subject,) in cast("list[tuple[bytes]]", rows):
                if subject not in found:
                    found.add(subject)
                    yield subject


def _grouped(owners: list[Row], items: list[Row]) -> tuple[dict[bytes, SubjectRow], dict[bytes, list[Row]]]:
    """Return the rows of subjects, and of their items, by subject."""
    return (
        {cast("bytes", row[0]): subject_row(row) for row in owners},
        {cast("bytes", subject): list(rows) for subject, rows in groupby(items, _of_subject)},
    )
