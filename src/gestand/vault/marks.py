"""What a person or the law said about data that stay, as it stands in rows: restriction, rectification, objection, consent, hold.

Their tables are made with the others in ``store``; they go with the item or the subject they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, cast

from gestand.kernel.ids import ActorId
from gestand.storage.engine import Engine
from gestand.vault.rows import RECTIFIED, ItemRow, instant

_RESTRICTIONS = "SELECT item, reason FROM vault_restriction WHERE subject = ?"
_PUT_RESTRICTION = """
    INSERT INTO vault_restriction VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (subject, item) DO UPDATE SET reason = excluded.reason, actor = excluded.actor, at = excluded.at
"""
_DELETE_RESTRICTION = "DELETE FROM vault_restriction WHERE subject = ? AND item = ?"
_RECTIFICATIONS = "SELECT item, reason, actor, at FROM vault_rectification WHERE subject = ? ORDER BY item, number"
_PUT_RECTIFICATION = """
    INSERT INTO vault_rectification VALUES (?1, ?2, (
        SELECT coalesce(max(number), 0) + 1 FROM vault_rectification WHERE subject = ?1 AND item = ?2
    ), ?3, ?4, ?5)
"""
_PUT_FIRST_RECTIFICATION = "INSERT INTO vault_rectification VALUES (?1, ?2, 1, ?3, ?4, ?5)"
_PUT_OBJECTION = """
    INSERT INTO vault_objection VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (subject, purpose) DO UPDATE SET reason = excluded.reason, actor = excluded.actor, at = excluded.at
"""
_DELETE_OBJECTION = "DELETE FROM vault_objection WHERE subject = ? AND purpose = ?"
_PUT_CONSENT = """
    INSERT INTO vault_consent VALUES (?, ?, ?, ?, ?, ?, NULL)
    ON CONFLICT (subject, purpose) DO UPDATE SET text_digest = excluded.text_digest, channel = excluded.channel,
        actor = excluded.actor, at = excluded.at, withdrawn = NULL
"""
_WITHDRAW_CONSENT = "UPDATE vault_consent SET withdrawn = ? WHERE subject = ? AND purpose = ?"

_PUT_HOLD = "INSERT INTO vault_hold VALUES (?, ?, ?, ?, ?)"
_PUT_HELD = "INSERT INTO vault_held VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_HOLD = "SELECT hold, reason, actor, at, until FROM vault_hold WHERE hold = ?"
_HELD_BY = "SELECT subject, item FROM vault_held WHERE hold = ? ORDER BY subject, item"
_HOLDS_OF = "SELECT DISTINCT hold FROM vault_held WHERE subject = ? ORDER BY hold"
_HELD_ITEMS = """
    SELECT item, min(hold) FROM vault_held JOIN vault_hold USING (hold)
    WHERE subject = ? AND (until IS NULL OR until >= ?) GROUP BY item
"""
_ANY_HOLD = "SELECT 1 FROM vault_hold LIMIT 1"
_LIFT = ("DELETE FROM vault_held WHERE hold = ?", "DELETE FROM vault_hold WHERE hold = ?")

_HELD_DUE = """
    SELECT subject, item FROM (
        SELECT DISTINCT due, vault_item.subject AS subject, vault_item.item AS item FROM vault_held
        JOIN vault_hold ON vault_hold.hold = vault_held.hold
        JOIN vault_item ON vault_item.subject = vault_held.subject AND vault_item.item = vault_held.item
        WHERE due IS NOT NULL AND due <= ? AND (until IS NULL OR until >= ?)
    ) AS held ORDER BY due, subject, item
"""
_RESTRICTED_DUE = """
    SELECT vault_item.subject, vault_item.item, activity, trigger_on, due FROM vault_restriction
    JOIN vault_item ON vault_item.subject = vault_restriction.subject AND vault_item.item = vault_restriction.item
    WHERE due IS NOT NULL AND due <= ? ORDER BY due, vault_item.subject, vault_item.item
"""


class Mark(NamedTuple):
    """A restriction or rectification: why, who, when."""

    reason: str
    actor: ActorId
    at: datetime


class ConsentRow(NamedTuple):
    """A consent as it stands in its row: to which text, by which channel, taken by whom and when."""

    subject: bytes
    purpose: int
    text_digest: str
    channel: str
    actor: ActorId
    at: int


class HoldRow(NamedTuple):
    """A hold as it stands in its row."""

    hold: str
    reason: str
    actor: ActorId
    at: int
    until: int | None


class Marks:
    """The rows beside items and subjects. Judges nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def restrictions(self, subject: bytes) -> dict[int, str]:
        """Return the reasons of the subject's restricted items."""
        return dict(cast("list[tuple[int, str]]", self.engine.execute(_RESTRICTIONS, (subject,))))

    def rectifications(self, subject: bytes) -> dict[int, Mark]:
        """Return the last rectification of each of the subject's items."""
        rows = cast("list[tuple[int, str, ActorId, int]]", self.engine.execute(_RECTIFICATIONS, (subject,)))
        return {item: Mark(reason, actor, instant(at)) for item, reason, actor, at in rows}

    def put_restrictions(self, places: Iterable[tuple[bytes, int]], reason: str, actor: ActorId, at: int) -> None:
        """Note why items are restricted, by whom and when."""
        self.engine.many(_PUT_RESTRICTION, [(*place, reason, actor, at) for place in places])

    def delete_restrictions(self, places: Iterable[tuple[bytes, int]]) -> None:
        """Delete restrictions."""
        self.engine.many(_DELETE_RESTRICTION, places)

    def put_rectification(self, row: ItemRow, reason: str, actor: ActorId, at: int) -> None:
        """Note that an item was rectified, why, by whom and when."""
        sql = _PUT_RECTIFICATION if row.state & RECTIFIED else _PUT_FIRST_RECTIFICATION
        self.engine.execute(sql, (row.subject, row.number, reason, actor, at))

    def put_objections(self, rows: Iterable[tuple[bytes, int, str, ActorId, int]]) -> None:
        """Write objections."""
        self.engine.many(_PUT_OBJECTION, rows)

    def delete_objections(self, rows: Iterable[tuple[bytes, int]]) -> None:
        """Delete objections."""
        self.engine.many(_DELETE_OBJECTION, rows)

    def put_consent(self, row: ConsentRow) -> None:
        """Write a consent."""
        self.engine.execute(_PUT_CONSENT, row)

    def withdraw_consent(self, subject: bytes, bit: int, at: int) -> None:
        """Note that a consent was withdrawn."""
        self.engine.execute(_WITHDRAW_CONSENT, (at, subject, bit))

    def put_hold(self, row: HoldRow, places: Iterable[tuple[bytes, int]]) -> None:
        """Write a hold over items."""
        self.engine.execute(_PUT_HOLD, row)
        self.put_held(row.hold, places)

    def put_held(self, hold: str, places: Iterable[tuple[bytes, int]]) -> None:
        """Lay a hold over more items."""
        self.engine.many(_PUT_HELD, [(*place, hold) for place in places])

    def hold(self, hold: str) -> HoldRow | None:
        """Return a hold, or None."""
        found = self.engine.execute(_HOLD, (hold,))
        return HoldRow._make(cast("tuple[str, str, ActorId, int, int | None]", found[0])) if found else None

    def held_by(self, hold: str) -> list[tuple[bytes, int]]:
        """Return the items under a hold."""
        return cast("list[tuple[bytes, int]]", self.engine.execute(_HELD_BY, (hold,)))

    def holds_of(self, subject: bytes) -> list[str]:
        """Return the holds that touch the subject."""
        return [cast("str", row[0]) for row in self.engine.execute(_HOLDS_OF, (subject,))]

    def ask_any_hold(self) -> Callable[[], bool]:
        """Ask in the open transaction whether there is any hold; return what says so."""
        asked = self.engine.later(_ANY_HOLD)
        return lambda: bool(asked())

    def held_items(self, subject: bytes, on: int) -> dict[int, str]:
        """Return the subject's items that are held on a day, each with a hold."""
        return dict(cast("list[tuple[int, str]]", self.engine.execute(_HELD_ITEMS, (subject, on))))

    def held_due(self, on: int) -> list[tuple[bytes, int]]:
        """Return the items that are due on a day and held then."""
        return cast("list[tuple[bytes, int]]", self.engine.execute(_HELD_DUE, (on, on)))

    def restricted_due(self, on: int) -> list[tuple[bytes, int, int, int | None, int]]:
        """Return subject, number, activity, trigger and due of the items that are due on a day and restricted."""
        return cast("list[tuple[bytes, int, int, int | None, int]]", self.engine.execute(_RESTRICTED_DUE, (on,)))

    def lift_hold(self, hold: str) -> None:
        """Delete a hold."""
        for sql in _LIFT:
            self.engine.execute(sql, (hold,))
