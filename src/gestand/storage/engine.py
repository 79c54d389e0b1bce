"""What every engine gives the rooms above: transactions, visible SQL, migrations. Nothing of the business."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

Value = str | int | bytes | None
Row = tuple[Value, ...]
Question = tuple[str, Sequence[Value]]
"""A statement and its parameters."""


class Engine(Protocol):
    """One store. SQL is written with ``?`` for parameters and keeps to what SQLite and PostgreSQL share.

    A transaction is re-entrant: an inner block joins the outer one, and an exception anywhere rolls back all of it. When
    the outermost block ends, what was written is on stable storage: it survives a kill and a loss of power.
    """

    @property
    def remote(self) -> bool:
        """Say whether each statement is a journey to a server: then one that is longer is better than two."""
        ...

    def transaction(self, *, durable: bool = True, about: bytes = b"") -> AbstractContextManager[None]:
        """Begin a transaction, or join the one that is open.

        ``durable`` false: whole or not at all, and safe from ``kill -9``, but on stable storage only with the next one
        that is; for steps that are taken again if a power cut undoes them. ``about``: it reads and writes only what is of
        this one subject, and events; a server lets several of these go on at once, each about another subject, and none
        beside one that is not so bounded. An inner block has no say in either.
        """
        ...

    def in_transaction(self) -> bool:
        """Say whether a transaction is open."""
        ...

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Run one statement and return all its rows."""
        ...

    def later(self, sql: str, parameters: Sequence[Value] = ()) -> Callable[[], list[Row]]:
        """Run one statement of the open transaction whose rows are not wanted yet; return what gives them.

        Where a statement is a journey, its answer travels with a later one; so does a fault of one that gives no rows.
        """
        ...

    def together(self, questions: Sequence[Question]) -> Callable[[], list[list[Row]]]:
        """Put several questions at once, in a transaction or not; return what gives the rows of each. Call it, once.

        Where each is a journey they make it together, and meanwhile there is time for something else.
        """
        ...

    def in_turn(self, questions: Sequence[Question]) -> Iterator[list[Row]]:
        """Put several questions at once and yield the rows of each as they come; read it to its end.

        To a server they are put at the call; in a file each when its turn comes.
        """
        ...

    def stream(self, sql: str, parameters: Sequence[Value] = ()) -> Iterator[Row]:
        """Run one query and yield its rows without holding them all."""
        ...

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of parameters."""
        ...

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` once the open transaction is on stable storage; at once if none is open."""
        ...

    def migrate(self, room: str, scripts: Sequence[str]) -> None:
        """Bring the tables of ``room`` forward: run the scripts not yet run, each in a transaction, in order."""
        ...

    def expunge(self, *, whole: bool = False, going_on: bool = False) -> None:
        """Take what was deleted out of every file that this engine keeps, its log included, and check that it went.

        ``whole``: also where that means writing the tables anew; for what is done seldom, such as turning an epoch.
        ``going_on``: changes go on at once; what room the log has taken it may keep, filled with zeros.
        """
        ...

    def verify(self) -> None:
        """Read everything and check it; raises DamagedError."""
        ...

    def close(self) -> None:
        """Leave nothing in a write-ahead log and close the files."""
        ...
