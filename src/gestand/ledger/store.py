"""The outbox: events staged in a transaction of the store, until they stand in the log.

Numbers go up in the order of commits. On a server the row in ``ledger_outbox_number`` makes writers take turns for them. A file
has one writer at a time: the next number is one more than the highest in the outbox, where the last row therefore stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gestand.storage.engine import Engine, Row

SCRIPTS: tuple[str, ...] = (
    "CREATE TABLE ledger_outbox (number INTEGER PRIMARY KEY, leaf BLOB NOT NULL)",
    "CREATE TABLE ledger_outbox_last (id INTEGER PRIMARY KEY, number INTEGER NOT NULL)",
    "INSERT INTO ledger_outbox_last (id, number) VALUES (1, 0)",
    "ALTER TABLE ledger_outbox_last RENAME TO ledger_outbox_number",  # who counts on in the former way, alone, stops
)

HIGHEST = """
    SELECT max(coalesce((SELECT max(number) FROM ledger_outbox), 0), (SELECT number FROM ledger_outbox_number WHERE id = 1))
"""
STAGE_NEXT = "INSERT INTO ledger_outbox (leaf) VALUES (?) RETURNING number"
GREATEST = HIGHEST.replace("SELECT max(coalesce", "SELECT greatest(coalesce")
STAGE_IN_TURN = """
    WITH next AS (UPDATE ledger_outbox_number SET number = number + 1 WHERE id = 1 RETURNING number)
    INSERT INTO ledger_outbox (number, leaf) VALUES ((SELECT number FROM next), ?) RETURNING number
"""
NEXT_OF = "UPDATE ledger_outbox_number SET number = number + ? WHERE id = 1 RETURNING number"
RAISE = "UPDATE ledger_outbox_number SET number = ? WHERE id = 1 AND number < ?"
STAGE_BEFORE_LAST = """
    INSERT INTO ledger_outbox (number, leaf) VALUES ((SELECT number - ? FROM ledger_outbox_number WHERE id = 1), ?)
"""  # where that row is gone there is no number, so nothing is kept
STAGE = "INSERT INTO ledger_outbox (number, leaf) VALUES (?, ?)"
PUT_LAST = f"{STAGE} ON CONFLICT DO NOTHING"
WAITING = "SELECT number, leaf FROM ledger_outbox WHERE number > ? AND length(leaf) > 0 ORDER BY number LIMIT ?"
FORGET = "DELETE FROM ledger_outbox WHERE number <= ?"
FORGET_BUT_LAST = f"{FORGET} AND number < (SELECT max(number) FROM ledger_outbox)"  # noqa: S608 - a statement made of statements

BATCH = 1000
"""Rows moved in one write."""


def stage(engine: Engine, leaf: bytes) -> Callable[[], int]:
    """Put a leaf in the outbox, under the next number; return what tells it. Numbers follow the order of commits."""
    rows = engine.later(STAGE_IN_TURN if engine.remote else STAGE_NEXT, (leaf,))
    return lambda: _number(rows())


def stage_all(engine: Engine, leaves: Sequence[bytes]) -> Callable[[], int]:
    """Put leaves in the outbox, one after another; return what tells the number of the first."""
    count = len(leaves)
    if engine.remote:
        last = engine.later(NEXT_OF, (count,))
        engine.many(STAGE_BEFORE_LAST, [(count - at, leaf) for at, leaf in enumerate(leaves, 1)])
        return lambda: _number(last()) - count + 1
    first = last_number(engine) + 1
    engine.many(STAGE, list(enumerate(leaves, first)))
    return lambda: first


def waiting(engine: Engine, moved: int) -> Sequence[tuple[int, bytes]]:
    """Return the first rows after number ``moved``, in order."""
    rows = engine.execute(WAITING, (moved, BATCH))
    return [(number, bytes(leaf)) for number, leaf in rows if isinstance(number, int) and isinstance(leaf, bytes)]


def forget(engine: Engine, moved: int) -> None:
    """Delete the rows up to ``moved``: they are in the log on stable storage."""
    engine.execute(FORGET if engine.remote else FORGET_BUT_LAST, (moved,))


def last_number(engine: Engine) -> int:
    """Return the number of the last event that a commit of this store staged, 0 if there was none."""
    return _number(engine.execute(GREATEST if engine.remote else HIGHEST))


def number_from(engine: Engine, moved: int) -> None:
    """Let new numbers start after ``moved``: a store put back from an older copy must not use a number twice."""
    number = max(moved, last_number(engine))
    engine.execute(RAISE, (number, number))
    if not engine.remote:
        engine.execute(PUT_LAST, (number, b""))


def _number(rows: Sequence[Row]) -> int:
    number = rows[0][0]
    assert isinstance(number, int)
    return number
