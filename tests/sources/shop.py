"""A shop with its database on any engine: Anna, a namesake, a housemate, and Anna again under other notations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from gestand.kernel.clock import SettableClock
from gestand.publication.folder import read_statement
from gestand.reading.mailreader import MailReader
from gestand.sources.load import read_source
from gestand.sources.model import Found, Known, Trace
from gestand.sources.place import SourcePlace
from gestand.sources.sql.service import SqlSource
from gestand.statement.policy import FieldKind, Policy
from mariadb_server import running_mariadb
from postgres_server import running_server

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANNA = (
    Known(FieldKind.NAME, "Anna de Vries"),
    Known(FieldKind.EMAIL, "anna@example.nl"),
    Known(FieldKind.PHONE, "+31612345678"),
)
READER = MailReader()
KINDS = ("sqlite", "postgres", "mariadb")
ANNA_BY_MAIL = (Known(FieldKind.EMAIL, "anna@example.nl"),)
BRAM = (Known(FieldKind.EMAIL, "bram@example.nl"),)
TABLES = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, number VARCHAR(20) NOT NULL UNIQUE, name VARCHAR(80) NOT NULL, email VARCHAR(80),
    alt_email VARCHAR(80), phone VARCHAR(30), country VARCHAR(2) NOT NULL, CHECK (country <> ''));
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, street VARCHAR(80) NOT NULL, note TEXT,
    FOREIGN KEY (customer_id) REFERENCES customer (id));
CREATE TABLE order_line (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, what VARCHAR(80),
    FOREIGN KEY (order_id) REFERENCES orders (id));
CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER, billed_name VARCHAR(80) NOT NULL, amount INTEGER);
CREATE TABLE service_request (id INTEGER PRIMARY KEY, email VARCHAR(80) NOT NULL, message TEXT);
CREATE TABLE product (id INTEGER PRIMARY KEY, label VARCHAR(80));
"""
ROWS = """
INSERT INTO customer VALUES (1, 'K-1001', 'Anna de Vries', 'Anna@Example.NL', NULL, '06-12 34 56 78', 'NL');
INSERT INTO customer VALUES (2, 'K-1002', 'Bram Jansen', 'bram@example.nl', NULL, '0485-341000', 'NL');
INSERT INTO customer VALUES (3, 'K-1003', 'Anna de Vries', 'andere.anna@example.org', NULL, '010-4567890', 'NL');
INSERT INTO orders VALUES (10, 1, 'Lindelaan 14', 'achterom'), (11, 1, 'Lindelaan 14', NULL), (12, 2, 'Dorpsstraat 1', 'afgeven bij Anna de Vries, tel. +31 (0)6 12345678, als Bram weg is');
INSERT INTO order_line VALUES (100, 10, 'muis'), (101, 11, 'toetsenbord'), (102, 12, 'scherm');
INSERT INTO invoice VALUES (500, 1, 'Anna de Vries', 4500), (501, 2, 'Bram Jansen', 900);
INSERT INTO service_request VALUES (30, 'ANNA@example.nl', 'mijn printer'), (31, 'bram@example.nl', 'scherm stuk');
INSERT INTO product VALUES (1, 'muis'), (2, 'toetsenbord');
"""
MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "webwinkel", en = "web shop" }}
{place}
near = true

[tables.customer]
person = true
erase = "columns"
[tables.customer.columns]
id = {{ none = "row number" }}
number = {{ field = "contact.customer-number", erase = "replace", value = "weg-{{key}}" }}
name = {{ field = "contact.name", erase = "replace", value = "verwijderd" }}
email = {{ field = "contact.email", erase = "null" }}
alt_email = {{ field = "contact.email", erase = "replace", value = "weg@example.org" }}
phone = {{ field = "contact.phone", erase = "null" }}

[tables.orders]
links = {{ customer_id = "customer.id" }}
erase = "delete"
[tables.orders.columns]
street = {{ field = "contact.street" }}
note = {{ field = "service.notes", free_text = true }}

[tables.order_line]
links = {{ order_id = "orders.id" }}
erase = "delete"
[tables.order_line.columns]
what = {{ field = "service.request" }}

[tables.invoice]
links = {{ customer_id = "customer.id" }}
erase = "keep"
ground = "AWR 52(4)"
until = "7 years after the year of the invoice"
issued = true
[tables.invoice.columns]
billed_name = {{ field = "contact.name", finds = false }}
amount = {{ field = "payment.invoice" }}

[tables.service_request]
erase = "delete"
[tables.service_request.columns]
email = {{ field = "contact.email" }}
message = {{ field = "service.request", free_text = true }}
"""


def policy() -> Policy:
    return read_statement(Path(__file__).parents[2] / "examples/koper").policy


def admin(dsn: str) -> sa.Engine:
    return sa.create_engine(dsn, poolclass=NullPool)


def fill(dsn: str, script: str) -> None:
    engine = admin(dsn)
    with engine.begin() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement.replace("%", "%%") if "mysql" in dsn else statement)
    engine.dispose()


def rows(dsn: str, query: str) -> list[tuple]:
    engine = admin(dsn)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(query)]
    engine.dispose()
    return found


def new_database(kind: str, folder: Path) -> tuple[str, str, dict[str, str]]:
    """Return a connection string for the test, the line of the mapping that says where it is, and the environment it needs."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'shop.db'}", 'path = "shop.db"', {}
    if kind == "mariadb":
        dsn = running_mariadb().database()
        return dsn.replace("mysql://", "mysql+pymysql://"), 'dsn = "env:SHOP_DSN"', {"SHOP_DSN": dsn}
    server = running_server()
    schema = server.schema()
    dsn = server.dsn().replace("postgresql://", "postgresql+psycopg://")
    fill(dsn, f"CREATE SCHEMA {schema}")
    inside = f"{dsn}?options=-csearch_path%3D{schema}"
    return inside, 'dsn = "env:SHOP_DSN"', {"SHOP_DSN": inside.replace("+psycopg", "")}


def place(folder: Path, variables: Mapping[str, str] | None = None) -> SourcePlace:
    return SourcePlace(folder, policy(), SettableClock(NOW), b"k" * 32, (variables or {}).get, reader=READER)


class Shop:
    """A filled shop and its source."""

    def __init__(
        self, kind: str, folder: Path, mapping: str = MAPPING, tables: str = TABLES, content: str = ROWS
    ) -> None:
        self.dsn, self.line, self.variables = new_database(kind, folder)
        fill(self.dsn, tables + content)
        self.folder = folder
        self.source = self.read(mapping)

    def read(self, mapping: str) -> SqlSource:
        file = read_source("shop", mapping.format(place=self.line).encode(), "sources/shop.toml", policy())
        return SqlSource(file, place(self.folder, self.variables))

    def find(self, known: Sequence[Known] = ANNA) -> Found:
        return self.source.find({"anna": known})["anna"]

    def rows(self, query: str) -> list[tuple]:
        return rows(self.dsn, query)

    def do(self, script: str) -> None:
        fill(self.dsn, script)


def keys(traces: Sequence[Trace]) -> set[tuple[str, object]]:
    return {(trace.place, trace.key[0]) for trace in traces}
