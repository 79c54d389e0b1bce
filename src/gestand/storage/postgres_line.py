"""What goes over one connection: statements are prepared once and sent ahead of their answers, which come in order.

To a server each answer that is waited for is a journey. Only who needs rows waits; what is merely told travels with the next
question, or with the commit, and a fault in it is raised there. (Pipeline mode of libpq; ADR 39.)
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NoReturn, cast

import psycopg
from psycopg import errors
from psycopg.adapt import Transformer
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult

from gestand.storage.engine import Question, Row, Value

_MOST_PREPARED: Final = 500
_MOST_AHEAD: Final = 1000  # statements under way before answers are read
_FLUSH_EVERY: Final = 4  # statements told before they are sent, so that the server is not idle meanwhile
BEGIN_READING: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_CANCEL_SECONDS: Final = 5.0
_BINARY: Final = 1
_ANY: Final = 0  # types as the server numbers them
_BYTES: Final = 17
_NUMBER: Final = 20
_TEXT: Final = 25
_NUMBER_SIZE: Final = 8
_STALE: Final = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)
_DONE: Final = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.EMPTY_QUERY})

_Prepared = tuple[str, tuple[int, ...]]
"""A statement and the types of its parameters."""


class Answer:
    """The rows of one statement, once they have come."""

    __slots__ = ("_line", "_rows", "done")

    def __init__(self, line: Line) -> None:
        self._line = line
        self._rows: list[Row] | None = None
        self.done = b""

    def take(self, result: PGresult, rows: list[Row]) -> None:
        """Keep what the server answered."""
        self._rows = rows
        self.done = result.command_status or b""

    @property
    def come(self) -> bool:
        """Say whether they have come."""
        return self._rows is not None

    def rows(self) -> list[Row]:
        """Return the rows, waited for if need be."""
        self._line.wait_for(self)
        return self._rows or []


class Line:
    """One connection's conversation, led by one thread at a time. Faults are those of psycopg, as the server gave them."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection
        self._conn = connection.pgconn
        self._loaders = Transformer(connection)
        self._names: dict[_Prepared, bytes] = {}
        self._made = 0
        self._synced = False  # whether the server was told that nothing more comes for now
        self._ahead: deque[Answer | _Prepared | None] = deque()  # who waits; what is prepared; nobody
        self._poll = select.poll()
        self._poll.register(self._conn.socket, select.POLLIN)

    def tell(self, sql: str, parameters: Sequence[Value] = ()) -> None:
        """Send a statement whose rows nobody wants."""
        self._send(sql, *_sent(parameters), None)
        if len(self._ahead) >= _MOST_AHEAD:
            self._conn.send_flush_request()
            while self._ahead:
                self._read()
        elif len(self._ahead) % _FLUSH_EVERY == 0:
            self._conn.flush()

    def later(self, sql: str, parameters: Sequence[Value] = ()) -> Answer:
        """Send a statement whose rows are asked for later."""
        answer = Answer(self)
        self._send(sql, *_sent(parameters), answer)
        return answer

    def ask(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Send a statement of the open transaction and return its rows."""
        return self.later(sql, parameters).rows()

    def ask_once(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Send a statement that is not worth preparing and return its rows."""
        answer = Answer(self)
        self._send_once(sql, parameters, answer)
        return answer.rows()

    def tell_once(self, sql: str) -> None:
        """Send a statement that is not worth preparing and whose rows nobody wants."""
        self._send_once(sql, (), None)

    def ahead(self, questions: Sequence[Question], *, alone: bool = False) -> list[Answer]:
        """Send statements and see them off, so that the server is at them meanwhile.

        ``alone``: they are a transaction of their own and see one moment; ``settle`` ends it.
        """
        sent = [(sql, *_sent(parameters), Answer(self)) for sql, parameters in questions]  # all of them can be sent
        framed = alone and len(sent) > 1
        if framed:
            self.tell(BEGIN_READING)
        for one in sent:
            self._send(*one)
        if framed:
            self.tell("COMMIT")
        if alone:
            self._sync()
        else:
            self._conn.flush()
        return [answer for *_, answer in sent]

    def ask_alone(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Send a statement that is a transaction of its own, and return its rows."""
        (answer,) = self.ahead([(sql, parameters)], alone=True)
        self.settle()
        return answer.rows()

    def check(self) -> None:
        """Raise if the server has closed the connection: what was told has then been undone."""
        while self._poll.poll(0):
            self._conn.consume_input()

    def commit(self) -> bool:
        """Commit the open transaction, with all that was told; False if the server undid it instead."""
        answer = self.later("COMMIT")
        self.settle()
        return answer.done == b"COMMIT"

    def wait_for(self, answer: Answer) -> None:
        """Read until an answer has come."""
        if not answer.come:
            if not self._synced:
                self._conn.send_flush_request()
            while not answer.come:
                self._read()

    def settle(self) -> None:
        """Wait until everything is answered, and leave the connection to psycopg's own ways."""
        if not self._conn.pipeline_status:
            return
        self._sync()
        while self._ahead:
            self._read()
        self._leave()

    def abandon(self) -> None:
        """Read what is still under way, whatever it says; for a transaction that is undone."""
        with suppress(psycopg.Error):  # its transaction is undone anyway
            self.settle()

    def forget(self) -> None:
        """Let go of every prepared statement: tables have changed."""
        self.settle()
        self._names.clear()
        self._connection.execute("DEALLOCATE ALL")

    def _enter(self) -> None:
        if not self._conn.pipeline_status:
            if len(self._names) >= _MOST_PREPARED:
                self.forget()
            self._conn.enter_pipeline_mode()

    def _send(self, sql: str, values: list[bytes | None], types: tuple[int, ...], waiting: Answer | None) -> None:
        self._enter()
        place = (sql, types)
        name = self._names.get(place)
        if name is None:
            self._made += 1
            name = self._names[place] = b"gestand_%d" % self._made
            self._conn.send_prepare(name, sql.encode(), types)
            self._ahead.append(place)
        self._conn.send_query_prepared(name, values, [_BINARY] * len(values), _BINARY)
        self._ahead.append(waiting)

    def _send_once(self, sql: str, parameters: Sequence[Value], waiting: Answer | None) -> None:
        values, types = _sent(parameters)
        self._enter()
        self._conn.send_query_params(sql.encode(), values, types, [_BINARY] * len(values), _BINARY)
        self._ahead.append(waiting)

    def _read(self) -> None:
        """Read the answer of the oldest statement under way."""
        result = self._result()
        if result is None or result.status not in _DONE:
            self._fail(result)
        waiting = self._ahead.popleft()
        if isinstance(waiting, Answer):
            loaders = self._loaders
            loaders.set_pgresult(result)
            rows = loaders.load_rows(0, result.ntuples, cast("type[tuple[object, ...]]", tuple))
            waiting.take(result, cast("list[Row]", rows))
        self._result()  # None: what ends the answer

    def _fail(self, result: PGresult | None) -> NoReturn:
        """Read what follows on a fault, which the server passes over, and raise it."""
        fault = _fault(result, self._conn.error_message)
        for waiting in self._ahead:
            if isinstance(waiting, tuple):  # may not have been prepared
                self._names.pop(waiting, None)
        self._ahead.clear()
        if isinstance(fault, _STALE):
            self._names.clear()  # prepared before the tables were changed
        try:
            self._sync()
            self._leave()
        except psycopg.Error:
            self._connection.close()
        raise fault

    def _sync(self) -> None:
        if not self._synced:
            self._conn.pipeline_sync()
            self._synced = True

    def _leave(self) -> None:
        """Read up to the sync, and leave pipeline mode."""
        ended = 0
        while (result := self._result()) is None or result.status != ExecStatus.PIPELINE_SYNC:
            ended = ended + 1 if result is None else 0
            if ended > 1 or self._connection.closed:  # an interruption has swallowed it, or the server is gone
                self._connection.close()
                raise psycopg.OperationalError("the connection is lost")
        self._synced = False
        self._conn.exit_pipeline_mode()

    def _result(self) -> PGresult | None:
        """Return what the server says next; None ends the answer to one statement."""
        conn = self._conn
        try:
            while conn.is_busy():
                unsent = conn.flush()
                if unsent:
                    self._poll.modify(conn.socket, select.POLLIN | select.POLLOUT)
                ready = self._poll.poll()
                if unsent:
                    self._poll.modify(conn.socket, select.POLLIN)
                if any(events & ~select.POLLOUT for _, events in ready):
                    conn.consume_input()
            return conn.get_result()
        except psycopg.Error:
            raise
        except BaseException:  # interrupted: the server stops too, and what it says is never read
            with suppress(psycopg.Error):
                self._connection.cancel_safe(timeout=_CANCEL_SECONDS)
            self._connection.close()
            raise


def _sent(parameters: Sequence[Value]) -> tuple[list[bytes | None], tuple[int, ...]]:
    """Return parameters as PostgreSQL takes them in binary, and their types.

    :raises psycopg.DataError: for what it does not take.
    """
    values: list[bytes | None] = []
    types: list[int] = []
    for value in parameters:
        if value is None:
            values.append(None)
            types.append(_ANY)
        elif isinstance(value, str):
            if "\0" in value:
                raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
            values.append(value.encode())
            types.append(_TEXT)
        elif isinstance(value, int):
            try:
                values.append(value.to_bytes(_NUMBER_SIZE, "big", signed=True))
            except OverflowError:
                raise psycopg.DataError("a number is too large for PostgreSQL") from None
            types.append(_NUMBER)
        else:
            values.append(bytes(value))
            types.append(_BYTES)
    return values, tuple(types)


def _fault(result: PGresult | None, said: bytes) -> psycopg.Error:
    state = result.error_field(DiagnosticField.SQLSTATE) if result is not None else None
    text = (result.error_message if result is not None else said).decode(errors="replace").strip()
    if state is None:
        return psycopg.OperationalError(text or "the connection is lost")
    try:
        return errors.lookup(state.decode())(text)
    except KeyError:
        return psycopg.DatabaseError(text)
