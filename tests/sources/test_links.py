"""Links are followed by what the database holds: large numbers, bytes, blanks of CHAR, spellings that its collation holds for equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.sources.model import Known
from gestand.statement.policy import FieldKind
from sources.shop import ANNA_BY_MAIL, BRAM, KINDS, Shop, keys

MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "w", en = "w" }}
{place}
near = true
[tables.customer]
person = true
erase = "delete"
[tables.customer.columns]
email = {{ field = "contact.email" }}
[tables.orders]
links = {{ customer_id = "customer.id" }}
erase = "delete"
[tables.orders.columns]
street = {{ field = "contact.street" }}
"""
BYTES = {"sqlite": "BLOB", "postgres": "BYTEA", "mariadb": "BINARY(16)"}
SIXTEEN = {
    "sqlite": "X'{}'",
    "postgres": "'\\x{}'",
    "mariadb": "X'{}'",
}


def shop_of(kind: str, folder: Path, of: str, to: str, rows: str) -> Shop:
    tables = f"""
CREATE TABLE customer (id {of} PRIMARY KEY, email VARCHAR(80));
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id {to}, street VARCHAR(80));
"""
    return Shop(kind, folder, MAPPING, tables, rows)


def erased_whole(shop: Shop, mine: int) -> None:
    """Anna has her card and her orders, all of them leave, and Bram's stay."""
    found = shop.find(ANNA_BY_MAIL)
    assert found.complete
    assert sorted(trace.place for trace in found.traces) == ["customer", *["orders"] * mine]
    assert len(list(shop.source.export(found.traces))) == mine + 1
    assert shop.source.test() == ()
    assert shop.source.erase(shop.source.plan(found.traces, known=ANNA_BY_MAIL)).removed == mine + 1
    assert len(shop.rows("SELECT * FROM orders WHERE street = 'Lindelaan 1'")) == 0
    assert [row[0] for row in shop.rows("SELECT email FROM customer")] == ["bram@example.nl"]
    assert len(shop.find(BRAM).traces) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [1234567890123456789, 2**63 - 1, -(2**63)])
def test_a_link_over_a_number_of_nineteen_digits_is_followed(kind: str, number: int, tmp_path: Path):
    shop = shop_of(kind, tmp_path, "BIGINT", "BIGINT", """
INSERT INTO customer VALUES (ANNA, 'anna@example.nl'), (2, 'bram@example.nl');
INSERT INTO orders VALUES (1, ANNA, 'Lindelaan 1'), (2, 2, 'Dorp 1')""".replace("ANNA", str(number)))  # fmt: skip
    erased_whole(shop, 1)


def test_a_link_over_an_unsigned_number_is_followed(tmp_path: Path):
    shop = shop_of("mariadb", tmp_path, "BIGINT UNSIGNED", "BIGINT UNSIGNED", """
INSERT INTO customer VALUES (ANNA, 'anna@example.nl'), (2, 'bram@example.nl');
INSERT INTO orders VALUES (1, ANNA, 'Lindelaan 1'), (2, 2, 'Dorp 1')""".replace("ANNA", str(2**64 - 1)))  # fmt: skip
    erased_whole(shop, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_over_bytes_is_followed(kind: str, tmp_path: Path):
    anna, bram = (SIXTEEN[kind].format(sign * 16) for sign in ("a0", "41"))
    shop = shop_of(kind, tmp_path, BYTES[kind], BYTES[kind], """
INSERT INTO customer VALUES (ANNA, 'anna@example.nl'), (BRAM, 'bram@example.nl');
INSERT INTO orders VALUES (1, ANNA, 'Lindelaan 1'), (3, ANNA, 'Lindelaan 1'), (2, BRAM, 'Dorp 1')""".replace("ANNA", anna).replace("BRAM", bram))  # fmt: skip
    erased_whole(shop, 2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("to", ["CHAR(10)", "VARCHAR(10)"])
def test_blanks_that_a_column_of_fixed_length_adds_mean_nothing(kind: str, to: str, tmp_path: Path):
    shop = shop_of(kind, tmp_path, "CHAR(10)", to, """
INSERT INTO customer VALUES ('K1', 'anna@example.nl'), ('K3', 'anna@example.nl'), ('K2', 'bram@example.nl');
INSERT INTO orders VALUES (1, 'K1', 'Lindelaan 1'), (3, 'K3', 'Lindelaan 1'), (2, 'K2', 'Dorp 1')""")  # fmt: skip
    found = shop.find(ANNA_BY_MAIL)
    assert sorted(trace.place for trace in found.traces) == ["customer", "customer", "orders", "orders"]
    assert len(list(shop.source.export(found.traces))) == 4
    assert shop.source.erase(shop.source.plan(found.traces, known=ANNA_BY_MAIL)).removed == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("of", "to", "anna"), [("INTEGER", "VARCHAR(10)", "1"), ("VARCHAR(10)", "INTEGER", "'1'")])
def test_a_number_and_the_same_number_as_text_are_tied(kind: str, of: str, to: str, anna: str, tmp_path: Path):
    one = "'1'" if anna == "1" else "1"
    shop = shop_of(kind, tmp_path, of, to, """
INSERT INTO customer VALUES (ANNA, 'anna@example.nl'), (BRAM, 'bram@example.nl');
INSERT INTO orders VALUES (1, ONE, 'Lindelaan 1'), (2, TWO, 'Dorp 1')""".replace("ANNA", anna).replace("BRAM", anna.replace("1", "2")).replace("ONE", one).replace("TWO", one.replace("1", "2")))  # fmt: skip
    erased_whole(shop, 1)


@pytest.mark.parametrize(("kind", "text"), [("mariadb", "VARCHAR(20)"), ("sqlite", "TEXT COLLATE NOCASE")])
def test_rows_that_the_database_itself_ties_are_found_however_the_value_is_written(
    kind: str, text: str, tmp_path: Path
):
    shop = shop_of(kind, tmp_path, text, text, """
INSERT INTO customer VALUES ('K1', 'anna@example.nl'), ('K2', 'bram@example.nl');
INSERT INTO orders VALUES (1, 'k1', 'Lindelaan 1'), (3, 'K1', 'Lindelaan 1'), (2, 'k2', 'Dorp 1')""")  # fmt: skip
    together = shop.source.find({"anna": ANNA_BY_MAIL, "bram": BRAM})
    assert keys(together["anna"].traces) == {("customer", "K1"), ("orders", 1), ("orders", 3)}
    assert keys(together["bram"].traces) == {("customer", "K2"), ("orders", 2)}
    erased_whole(shop, 2)


@pytest.mark.parametrize(
    ("kind", "text"), [("mariadb", "VARCHAR(20) COLLATE utf8mb4_bin"), ("sqlite", "TEXT"), ("postgres", "TEXT")]
)
def test_values_that_the_database_holds_apart_stay_apart(kind: str, text: str, tmp_path: Path):
    shop = shop_of(kind, tmp_path, text, text, """
INSERT INTO customer VALUES ('K1', 'anna@example.nl'), ('k1', 'bram@example.nl');
INSERT INTO orders VALUES (1, 'K1', 'Lindelaan 1'), (2, 'k1', 'Dorp 1')""")  # fmt: skip
    together = shop.source.find({"anna": ANNA_BY_MAIL, "bram": BRAM})
    assert keys(together["anna"].traces) == {("customer", "K1"), ("orders", 1)}
    assert keys(together["bram"].traces) == {("customer", "k1"), ("orders", 2)}
    erased_whole(shop, 1)


def test_a_column_of_sqlite_without_a_type_is_asked_in_both_notations(tmp_path: Path):
    shop = shop_of("sqlite", tmp_path, "INTEGER", "", """
INSERT INTO customer VALUES (1, 'anna@example.nl'), (2, 'bram@example.nl');
INSERT INTO orders VALUES (1, 1, 'Lindelaan 1'), (3, '1', 'Lindelaan 1'), (2, 2, 'Dorp 1')""")  # fmt: skip
    erased_whole(shop, 2)


@pytest.mark.parametrize("kind", ["mariadb", "sqlite"])
def test_they_are_found_too_where_texts_are_read_whole_for_many(kind: str, tmp_path: Path):
    text = "VARCHAR(20)" if kind == "mariadb" else "TEXT COLLATE NOCASE"
    shop = shop_of(kind, tmp_path, text, text, """
INSERT INTO customer VALUES ('K1', 'anna@example.nl'), ('K2', 'bram@example.nl');
INSERT INTO orders VALUES (1, 'k1', 'Lindelaan 1'), (2, 'k2', 'Dorp 1')""")  # fmt: skip
    texts = MAPPING.replace(
        'street = {{ field = "contact.street" }}', 'street = {{ field = "service.notes", free_text = true }}'
    )
    many = {str(n): (Known(FieldKind.EMAIL, f"k{n}@example.org"),) for n in range(20)}
    found = shop.read(texts).find({**many, "anna": ANNA_BY_MAIL, "bram": BRAM})
    assert keys(found["anna"].traces) == {("customer", "K1"), ("orders", 1)}
    assert keys(found["bram"].traces) == {("customer", "K2"), ("orders", 2)}
