"""Rows of what a person says of messages: those that stay (a legal hold), and those not to be used for now (Article 18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from gestand.archive.model import MessageHold
from gestand.archive.several import MARKS, some
from gestand.archive.tables import seconds
from gestand.storage.engine import Engine, Row

FOR_REASON = "SELECT id FROM archive_hold WHERE reason = ? ORDER BY id"
HELD = """
    SELECT id, reason, placed_by, placed_at, until FROM archive_hold JOIN archive_held ON archive_held.hold = archive_hold.id
    WHERE number = ? AND (until IS NULL OR until >= ?) ORDER BY id LIMIT 1
"""
HELD_OF = f"""
    SELECT DISTINCT number FROM archive_held JOIN archive_hold ON archive_hold.id = archive_held.hold
    WHERE number IN ({MARKS}) AND (until IS NULL OR until >= ?)
"""  # noqa: S608 - placeholders only
PLACE_HOLD = "INSERT INTO archive_hold VALUES (?, ?, ?, ?, ?)"
HOLD_MESSAGE = "INSERT INTO archive_held VALUES (?, ?)"
PLACE_HOLD_AGAIN = f"{PLACE_HOLD} ON CONFLICT (id) DO NOTHING"
HOLD_MESSAGE_AGAIN = f"{HOLD_MESSAGE} ON CONFLICT (hold, number) DO NOTHING"
LIFT_HOLD = ("DELETE FROM archive_held WHERE hold = ?", "DELETE FROM archive_hold WHERE id = ?")
HOLD = "SELECT 1 FROM archive_hold WHERE id = ?"
FORGET_EMPTY = "DELETE FROM archive_hold WHERE id NOT IN (SELECT hold FROM archive_held)"
RESTRICT = "INSERT INTO archive_restricted VALUES (?, ?, ?, ?) ON CONFLICT (number) DO NOTHING"
UNRESTRICT = "DELETE FROM archive_restricted WHERE number = ?"
RESTRICTED = f"SELECT number FROM archive_restricted WHERE number IN ({MARKS})"  # noqa: S608 - placeholders only
HOLDS = """
    SELECT id, reason, placed_by, placed_at, until, thing FROM archive_hold
    JOIN archive_held ON archive_held.hold = archive_hold.id JOIN archive_message ON archive_message.number = archive_held.number
"""
IN_ORDER = "ORDER BY placed_at, id, archive_held.number"
ALL = f"{HOLDS} {IN_ORDER}"
ALL_ON = f"{HOLDS} WHERE id IN (SELECT hold FROM archive_held WHERE number = ?) {IN_ORDER}"  # noqa: S608 - no value in it
ALL_RESTRICTED = """
    SELECT thing, received, reason, placed_by, placed_at FROM archive_restricted
    JOIN archive_message ON archive_message.number = archive_restricted.number ORDER BY archive_restricted.number
"""
COUNTS = "SELECT (SELECT count(DISTINCT number) FROM archive_held), (SELECT count(*) FROM archive_restricted)"


class HoldStore:
    """Holds and restrictions, by number of message."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def for_reason(self, reason: str) -> list[str]:
        """Return the holds that were placed for a reason."""
        return [str(row[0]) for row in self._engine.execute(FOR_REASON, (reason,))]

    def of(self, number: int, day: int) -> Row | None:
        """Return a hold that keeps a message on a day: id, reason, who, when, until; or None."""
        rows = self._engine.execute(HELD, (number, day))
        return rows[0] if rows else None

    def held(self, numbers: Sequence[int], day: int) -> set[int]:
        """Return those of some messages that a hold keeps on a day."""
        return {cast("int", row[0]) for row in some(self._engine, HELD_OF, list(numbers), day)}

    def place(self, hold: MessageHold, numbers: Sequence[int], until: int | None) -> None:
        """Write a hold."""
        self._engine.execute(PLACE_HOLD, (hold.id, hold.reason, hold.placed_by, seconds(hold.placed_at), until))
        self._engine.many(HOLD_MESSAGE, [(hold.id, number) for number in numbers])

    def again(self, hold: MessageHold, numbers: Sequence[int], until: int | None) -> None:
        """Write a hold that may be there already, in part or whole."""
        row = (hold.id, hold.reason, hold.placed_by, seconds(hold.placed_at), until)
        self._engine.execute(PLACE_HOLD_AGAIN, row)
        self._engine.many(HOLD_MESSAGE_AGAIN, [(hold.id, number) for number in numbers])

    def lift(self, hold: str) -> bool:
        """Delete a hold; False if there is none."""
        there = bool(self._engine.execute(HOLD, (hold,)))
        for sql in LIFT_HOLD:
            self._engine.execute(sql, (hold,))
        return there

    def forget_empty(self) -> None:
        """Delete the holds of which no message is left: their reasons would stay for good."""
        self._engine.execute(FORGET_EMPTY)

    def restrict(self, numbers: Iterable[int], reason: str, actor: str, at: int) -> None:
        """Mark messages as restricted; a mark that is there stays as it was."""
        self._engine.many(RESTRICT, [(number, reason, actor, at) for number in numbers])

    def unrestrict(self, numbers: Iterable[int]) -> None:
        """Take the mark off."""
        self._engine.many(UNRESTRICT, [(number,) for number in numbers])

    def restricted(self, numbers: Sequence[int]) -> set[int]:
        """Return those of some messages that are restricted."""
        return {cast("int", row[0]) for row in some(self._engine, RESTRICTED, list(numbers))}

    def all(self) -> Iterator[Row]:
        """Yield a row for each message of each hold, oldest hold first: id, reason, who, when, until, the message's id."""
        return self._engine.stream(ALL)

    def on(self, number: int) -> list[Row]:
        """Return such rows of every hold that one message is under."""
        return self._engine.execute(ALL_ON, (number,))

    def all_restricted(self) -> Iterator[Row]:
        """Yield a row for each restricted message, oldest first: its id, day of receipt, reason, who, when."""
        return self._engine.stream(ALL_RESTRICTED)

    def counts(self) -> tuple[int, int]:
        """Return how many messages are under a hold, and how many are restricted."""
        [(held, restricted)] = self._engine.execute(COUNTS)
        return cast("int", held), cast("int", restricted)
