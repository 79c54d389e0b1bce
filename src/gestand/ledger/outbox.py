"""What a change of the store and its entry have in common: both happen, or neither.

An event is staged in the outbox with the open transaction, and moved to the log once that is committed. What a crash
leaves in the outbox is moved at the next opening; what the log has on stable storage is forgotten with the next event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gestand.kernel.errors import RefusedError
from gestand.ledger import store
from gestand.ledger.log import Log
from gestand.ledger.model import Event
from gestand.ledger.recovery import check_store
from gestand.ledger.rules import leaf_of
from gestand.storage.engine import Engine


class Outbox:
    """The outbox of one ledger in one store."""

    def __init__(self, engine: Engine, log: Log, *, before: Callable[[], None], after: Callable[[], None]) -> None:
        """``before`` is called before rows go to the log, ``after`` once they are in it."""
        self._engine = engine
        self._log = log
        self._before = before
        self._after = after
        self._durable = 0  # the row up to which the log has them on stable storage
        self._forgotten = 0
        self._owed = 0  # the row up to which commits were acknowledged that the log would not take

    def start(self, *, older_store: bool) -> None:
        """Compare the store with the log, and move what a crash left.

        :raises DamagedError: ``store-behind-ledger`` if it lacks commits that the ledger holds, unless ``older_store``.
        """
        engine = self._engine
        engine.migrate("ledger", store.SCRIPTS)
        if not older_store:
            written = self._log.written()  # before the store: another process may commit and move in between
            check_store(self._log, written, store.last_number(engine))
        with engine.transaction():
            store.number_from(engine, self._log.written().moved)
        self._move()

    def stage(self, events: Sequence[Event]) -> None:
        """Record events with the open transaction; see ``Ledger.stage``.

        :raises RefusedError: ``ledger-cannot-record`` while the log does not take what was acknowledged before.
        """
        engine = self._engine
        if self._owed:
            self._pay()
        leaves = [leaf_of(event) for event in events]
        first = store.stage(engine, leaves[0]) if len(leaves) == 1 else store.stage_all(engine, leaves)
        if self._durable > self._forgotten:
            self._forgotten = self._durable
            store.forget(engine, self._forgotten)
        engine.after_commit(lambda: self._committed(list(enumerate(leaves, first()))))

    @property
    def engine(self) -> Engine:
        """The store it is in."""
        return self._engine

    def synced(self, moved: int) -> None:
        """Note that the log has the rows up to ``moved`` on stable storage."""
        self._durable = moved

    def close(self) -> None:
        """Move what waits; nothing while a transaction is open."""
        if not self._engine.in_transaction():
            self._move()

    def _committed(self, rows: Sequence[tuple[int, bytes]]) -> None:
        moved = self._log.written().moved
        if moved >= rows[-1][0]:  # with another of the same transaction
            return
        # The event is durable in the outbox. If the log cannot take it now, the next change is refused, and the next open moves it.
        try:
            if moved == rows[0][0] - 1:  # what this commit staged comes next: it need not be read again
                self._take_along(rows)
            else:
                self._move()
        except RefusedError:
            self._owed = max(self._owed, rows[-1][0])

    def _pay(self) -> None:
        """Move what is owed, or go on owing it; what another thread comes to owe meanwhile stays owed."""
        owed, self._owed = self._owed, 0
        try:
            self._move(owed)
        except BaseException:
            self._owed = max(self._owed, owed)
            raise

    def _move(self, last: int | None = None) -> None:
        """Move what waits. ``last``: up to this row, for what comes after it may not be committed yet."""
        moved = self._log.written().moved
        more = True
        while more and (rows := store.waiting(self._engine, moved)):
            more = len(rows) == store.BATCH
            if last is not None and rows[-1][0] > last:
                rows, more = [row for row in rows if row[0] <= last], False
            if rows:
                moved = self._take_along(rows)

    def _take_along(self, rows: Sequence[tuple[int, bytes]]) -> int:
        """Write rows to the log, and return the number up to which it has them."""
        self._before()
        moved = self._log.move(rows).moved
        self._after()
        return moved
