"""The plain side: one table, a column for each metadata field, nine indexes, prepared statements, no duty at all.

PostgreSQL as its makers ship it (fsync on), over a socket of the same machine; SQLite with the same page cipher and
``synchronous=FULL`` as Gestand. Every change is a commit of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from gestand.bench.gdpr.model import NOTHING, Answer, seen_meta, seen_text
from gestand.bench.gdpr.records import PURPOSES, Record, Stance, Terms, first_stance, first_terms, record, text_of
from gestand.bench.gdpr.workload import Kind, Op
from gestand.storage.sqlite import SqliteEngine, open_sqlite

LOGGED = 100_000
_PAGE_KEY = bytes(range(32))  # several processes open the file; its content is made up
_COLUMNS = ("id", "pur", "ttl", "usr", "obj", "dec", "acl", "shr", "src", "cat", "text")
_INDEXED = _COLUMNS[1:-1]
_ALL = ", ".join(_COLUMNS)
_TABLE = """
    CREATE TABLE record (
        id TEXT PRIMARY KEY, pur TEXT, ttl INTEGER, usr TEXT, obj TEXT, dec TEXT, acl TEXT, shr TEXT, src TEXT, cat TEXT,
        text TEXT
    )
"""
_LOG = "CREATE TABLE log (id INTEGER PRIMARY KEY, at TEXT, line TEXT)"
_INSERT = f"INSERT INTO record ({_ALL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - columns, no values
_INSERT_LOG = "INSERT INTO log VALUES (?, ?, ?)"
_READ = f"SELECT {_ALL} FROM record WHERE id = ?"  # noqa: S608
_READ_BY = f"SELECT {_ALL} FROM record WHERE {{}} = ?"  # noqa: S608
_META = "SELECT id, pur, ttl, usr, obj, dec, acl, shr, src, cat FROM record WHERE usr = ?"
_UPDATE = "UPDATE record SET text = ? WHERE id = ?"
_UPDATE_BY = "UPDATE record SET {} = ? WHERE {} = ?"
_DELETE = "DELETE FROM record WHERE id = ?"
_GONE = "SELECT 1 FROM record WHERE id = ?"
_LOGS = "SELECT id, at, line FROM log ORDER BY id DESC LIMIT ?"

Parameters = Sequence[str | int]


class Database(Protocol):
    """What the two databases differ in."""

    def query(self, sql: str, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Return all rows of a prepared query."""
        ...

    def change(self, sql: str, parameters: Parameters) -> int:
        """Run a prepared statement, committed when this returns, and return the rows it met."""
        ...

    def fill(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Take many rows in, in one transaction."""
        ...

    def create(self, sql: str) -> None:
        """Make a table or an index."""
        ...

    def occupied(self) -> int:
        """Return the bytes kept."""
        ...

    def close(self) -> None:
        """Leave."""
        ...


class Plain:
    """The plain side over either database."""

    def __init__(self, name: str, database: Database, users: int = 1) -> None:
        self.name = name
        self._database = database
        self._users = users
        self._terms = {purpose: first_terms(purpose) for purpose in range(PURPOSES)}
        self._stances: dict[int, Stance] = {}

    def load(self, records: Iterable[Record], users: int) -> None:
        """Take all records in, and the log that a regulator reads."""
        self._users = users
        database = self._database
        database.create(_TABLE)
        database.create(_LOG)
        database.fill(_INSERT, (self._row(one) for one in records))
        database.fill(_INSERT_LOG, ((at, "2026-03-02T09:00:00Z", f"{text_of(at, 1)}{at}") for at in range(LOGGED)))
        for column in _INDEXED:
            database.create(f"CREATE INDEX record_{column} ON record ({column})")
        database.create("ANALYZE")

    def run(self, op: Op) -> Answer:  # noqa: PLR0911 - one return a query
        """Do one operation."""
        number = op.number
        match op.kind:
            case Kind.READ:
                return _texts(self._database.query(_READ, (f"key{number}",)))
            case Kind.READ_USER:
                return _texts(self._database.query(_READ_BY.format("usr"), (f"user{number}",)))
            case Kind.READ_PURPOSE:
                return _texts(self._database.query(_READ_BY.format("pur"), (f"purpose{number}",)))
            case Kind.META_USER:
                rows = self._database.query(_META, (f"user{number}",))
                return Answer(len(rows), sum(map(_seen, rows)))
            case Kind.LOGS:
                return Answer(len(self._database.query(_LOGS, (number,))))
            case Kind.GONE:
                return Answer(len(self._database.query(_GONE, (f"key{number}",))))
            case _:
                return self._change(op)

    def expire(self, month: int) -> int:
        """Delete all records of a period by one indexed statement, and return how many."""
        return self._database.change("DELETE FROM record WHERE ttl = ?", (month,))

    def mark_due(self, category: int, month: int) -> None:
        """Give the records of one category, spread over the whole table, a period of their own."""
        self._database.change("UPDATE record SET ttl = ? WHERE cat = ?", (month, f"cat{category}"))

    def mark_first_due(self, count: int, month: int) -> None:
        """Give those ``count`` records that were taken in first a period of their own: they lie in one run of the table."""
        first = "SELECT id FROM record ORDER BY CAST(substr(id, 4) AS INTEGER) LIMIT ?"
        self._database.change(f"UPDATE record SET ttl = ? WHERE id IN ({first})", (month, count))  # noqa: S608 - no values

    def occupied(self) -> int:
        """Return the bytes kept."""
        return self._database.occupied()

    def close(self) -> None:
        """Leave."""
        self._database.close()

    def _change(self, op: Op) -> Answer:
        change, number = self._database.change, op.number
        if op.kind is Kind.INSERT:
            change(_INSERT, self._row(record(number, self._users)))
            return Answer(1)
        if op.kind is Kind.UPDATE_PURPOSE:
            self._terms[number] = self._terms[number]._replace(**{op.field: op.value})
            change(_UPDATE_BY.format(op.field, "pur"), (_value(op.field, op.value), f"purpose{number}"))
            return Answer(1)
        if op.kind is Kind.UPDATE_USER:
            met = change(_UPDATE_BY.format(op.field, "usr"), (_value(op.field, op.value), f"user{number}"))
            if met:
                self._stances[number] = self._stance(number)._replace(**{op.field: op.value})
        elif op.kind is Kind.UPDATE:
            met = change(_UPDATE, (text_of(number, op.value), f"key{number}"))
        else:
            met = change(_DELETE, (f"key{number}",))
        return Answer(1) if met else NOTHING

    def _stance(self, user: int) -> Stance:
        return self._stances.get(user, first_stance(user))

    def _row(self, one: Record) -> Parameters:
        terms, stance = self._terms[one.purpose], self._stance(one.user)
        return (
            f"key{one.key}", f"purpose{one.purpose}", terms.ttl, f"user{one.user}", f"obj{stance.obj}",
            f"dec{stance.dec}", f"acl{terms.acl}", f"shr{terms.shr}", f"src{one.source}", f"cat{one.category}", one.text,
        )  # fmt: skip


class SqliteTable:
    """The table in SQLite, through the same engine, page cipher and durability as Gestand's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine: SqliteEngine = open_sqlite(folder / "plain.db", _PAGE_KEY, create=True)

    def query(self, sql: str, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self._engine.execute(sql, parameters)

    def change(self, sql: str, parameters: Parameters) -> int:
        """Run a statement in a transaction of its own."""
        return len(self._engine.execute(sql + " RETURNING 1", parameters))

    def fill(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Take many rows in."""
        self._engine.many(sql, rows)

    def create(self, sql: str) -> None:
        """Make a table or an index."""
        self._engine.execute(sql)

    def occupied(self) -> int:
        """Return the size of the file, its log cut first."""
        self._engine.expunge()
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def close(self) -> None:
        """Close the file."""
        self._engine.close()


class PostgresTable:
    """The table in PostgreSQL, through psycopg 3 with every statement prepared at its first use."""

    def __init__(self, address: str, *, fresh: bool) -> None:
        """``fresh``: begin without tables."""
        import psycopg

        self._connection = psycopg.connect(address, autocommit=True, prepare_threshold=0)
        self._connection.prepared_max = 200
        self._cursor = self._connection.cursor(binary=True)
        if fresh:
            self._cursor.execute("DROP TABLE IF EXISTS record")
            self._cursor.execute("DROP TABLE IF EXISTS log")
        self._known: dict[str, Any] = {}

    def query(self, sql: str, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self._cursor.execute(self._told(sql), parameters).fetchall()

    def change(self, sql: str, parameters: Parameters) -> int:
        """Run a statement in a transaction of its own."""
        return self._cursor.execute(self._told(sql), parameters).rowcount

    def fill(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Take many rows in by COPY."""
        table = sql.split()[2]
        with self._cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def create(self, sql: str) -> None:
        """Make a table or an index."""
        self._cursor.execute(sql)

    def occupied(self) -> int:
        """Return the size of the table with its indexes."""
        row = self._cursor.execute("SELECT pg_total_relation_size('record')").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _told(self, sql: str) -> Any:
        found = self._known.get(sql)
        if found is None:
            found = self._known[sql] = sql.replace("?", "%s").encode()
        return found


def _value(field: str, value: int) -> str | int:
    return value if field == "ttl" else f"{field}{value}"


def _texts(rows: list[tuple[Any, ...]]) -> Answer:
    return Answer(len(rows), sum([seen_text(row[-1]) for row in rows]))


def _seen(row: tuple[Any, ...]) -> int:
    _, pur, ttl, _, obj, dec, acl, shr, src, cat = row
    return seen_meta(
        int(pur[7:]),
        _number(src),
        _number(cat),
        Terms(ttl, _number(acl), _number(shr)),
        Stance(_number(obj), _number(dec)),
    )


def _number(text: str) -> int:
    """Return the number behind the three letters of a metadata value."""
    return int(text[3:])
