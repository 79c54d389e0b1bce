"""Items by what they have in common, read and changed set by set: no statement here is run once for each item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from gestand.kernel.ids import ActorId
from gestand.storage.engine import Engine, Value
from gestand.vault.rows import RESTRICTED, ItemRow, item_row
from gestand.vault.sealing import looked_up

TOGETHER = 256
"""Subjects whose items are changed in one transaction."""

_HELD = """EXISTS (
    SELECT 1 FROM vault_held JOIN vault_hold USING (hold)
    WHERE vault_held.subject = vault_item.subject AND vault_held.item = vault_item.item
    AND (until IS NULL OR until >= ?)
)"""
_THERE = "EXISTS (SELECT 1 FROM vault_subject WHERE vault_subject.subject = vault_item.subject)"
_SUBJECTS = "SELECT DISTINCT subject FROM vault_item WHERE {}"
_COUNT = "SELECT count(DISTINCT subject), count(*) FROM vault_item WHERE {}"
_ROWS = """
    SELECT subject, item, activity, bucket, state, collected, trigger_on, due, dossier, token, sealed
    FROM vault_item WHERE {} ORDER BY subject, item
"""
_RESTRICT = """
    INSERT INTO vault_restriction SELECT subject, item, ?, ?, ? FROM vault_item WHERE {}
    ON CONFLICT (subject, item) DO UPDATE SET reason = excluded.reason, actor = excluded.actor, at = excluded.at
"""
_SET_BITS = "UPDATE vault_item SET state = state | ? WHERE {}"
_UNSET_BITS = "UPDATE vault_item SET state = state & ~? WHERE {}"
_SET_DUE = "UPDATE vault_item SET trigger_on = ?, due = ? WHERE {}"
_DELETE = "DELETE FROM vault_item WHERE {}"
_DELETE_MARKS = "DELETE FROM {} WHERE (subject, item) IN (SELECT subject, item FROM vault_item WHERE {})"
_MARKED_TABLES = ("vault_restriction", "vault_rectification", "vault_held")
_DELETE_EMPTY_HOLDS = "DELETE FROM vault_hold WHERE hold NOT IN (SELECT hold FROM vault_held)"
_DELETE_TOKEN = "DELETE FROM vault_token WHERE token = ? AND subject = ? AND item = ?"  # noqa: S105 - a blind token is no password


class Bounds(NamedTuple):
    """What the items of a set have in common. None: whatever it is.

    ``free_on``: only what no hold keeps on that day; ``due_between``: due in these days, both included.
    """

    subjects: tuple[bytes, ...] | None = None
    activities: tuple[int, ...] | None = None
    due_by: int | None = None
    free_on: int | None = None
    due_between: tuple[int, int] | None = None
    undated: bool = False

    def sql(self) -> tuple[str, list[Value]]:
        """Return the condition and its parameters."""
        parts, values = [_THERE], list[Value]()
        if self.subjects is not None:
            parts.append(f"subject IN ({', '.join('?' * len(self.subjects))})")
            values += self.subjects
        if self.activities is not None:
            plus = "" if self.subjects is None else "+"  # with subjects given, theirs is the key to read by
            parts.append(f"{plus}activity IN ({', '.join('?' * len(self.activities)) or 'NULL'})")
            values += self.activities
        if self.due_by is not None:
            parts.append("due IS NOT NULL AND due <= ?")
            values.append(self.due_by)
        if self.due_between is not None:
            parts.append("due BETWEEN ? AND ?")
            values += self.due_between
        if self.undated:
            parts.append("due IS NULL")
        if self.free_on is not None:
            parts.append(f"NOT {_HELD}")
            values.append(self.free_on)
        return " AND ".join(parts), values


class SetRows:
    """Sets of items. Judges nothing, opens nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def count(self, bounds: Bounds) -> tuple[int, int]:
        """Return how many subjects and items are in a set."""
        return cast("tuple[int, int]", self._run(_COUNT, bounds)[0])

    def batches(self, bounds: Bounds) -> Iterator[Bounds]:
        """Yield the set in parts of so many subjects; who belongs to it is settled at the first."""
        condition, values = bounds.sql()
        found = bytearray()
        size = 0
        for (subject,) in self.engine.stream(_SUBJECTS.format(condition), values):
            found += cast("bytes", subject)
            size = size or len(found)
        for at in range(0, len(found), TOGETHER * (size or 1)):
            part = bytes(found[at : at + TOGETHER * size])
            yield bounds._replace(subjects=tuple(part[to : to + size] for to in range(0, len(part), size)))

    def rows(self, bounds: Bounds) -> list[ItemRow]:
        """Return the items of a set, in order of subject and number."""
        return [item_row(row) for row in self._run(_ROWS, bounds)]

    def restrict(self, bounds: Bounds, reason: str, actor: ActorId, at: int) -> None:
        """Restrict the items of a set."""
        self._run(_RESTRICT, bounds, reason, actor, at)
        self._run(_SET_BITS, bounds, RESTRICTED)

    def release(self, bounds: Bounds) -> None:
        """Lift the restriction of the items of a set."""
        condition, values = bounds.sql()
        self.engine.execute(_DELETE_MARKS.format("vault_restriction", condition), values)
        self._run(_UNSET_BITS, bounds, RESTRICTED)

    def set_due(self, bounds: Bounds, trigger_on: int | None, due: int | None) -> None:
        """Set trigger and due date of the items of a set."""
        self._run(_SET_DUE, bounds, trigger_on, due)

    def delete(self, bounds: Bounds, rows: Sequence[ItemRow]) -> None:
        """Delete the items of a set, which are ``rows``, with their tokens and every mark about them."""
        tokens = [(token, row.subject, row.number) for row in rows if row.token for token in looked_up(row.token)]
        self.engine.many(_DELETE_TOKEN, sorted(tokens))
        condition, values = bounds.sql()
        for table in _MARKED_TABLES[:-1]:
            self.engine.execute(_DELETE_MARKS.format(table, condition), values)
        self._run(_DELETE, bounds)
        of_items = "SELECT 1 FROM vault_item WHERE vault_item.subject = vault_held.subject AND vault_item.item = vault_held.item"
        places = ", ".join("?" * len(bounds.subjects or ()))
        self.engine.execute(
            f"DELETE FROM vault_held WHERE subject IN ({places}) AND NOT EXISTS ({of_items})",  # noqa: S608 - placeholders only
            bounds.subjects or (),
        )
        self.engine.execute(_DELETE_EMPTY_HOLDS)

    def _run(self, sql: str, bounds: Bounds, *first: Value) -> list[tuple[Value, ...]]:
        condition, values = bounds.sql()
        return self.engine.execute(sql.format(condition), [*first, *values])
