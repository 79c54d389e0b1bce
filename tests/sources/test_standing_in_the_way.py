"""What is no obstacle to an erasure stands in no way: rows that go themselves, old damage elsewhere; a lock is told as one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError
from sources.shop import ANNA, KINDS, Shop

HEAD = 'format = 1\nkind = "sql"\ntitle = {{ nl = "w", en = "w" }}\n{place}\nnear = true\n'
CUSTOMER = '[tables.customer]\nperson = true\nerase = "delete"\n[tables.customer.columns]\nemail = {{ field = "contact.email" }}\n'
ADDRESS = '[tables.address]\nlinks = {{ cid = "customer.id" }}\nerase = "delete"\n[tables.address.columns]\nstreet = {{ field = "contact.street" }}\n'


def test_an_orphan_that_was_there_before_stops_no_erasure_and_a_new_one_does(tmp_path: Path):
    tables = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT);
CREATE TABLE part (id INTEGER PRIMARY KEY, whole INTEGER REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED);
"""
    rows = "INSERT INTO customer VALUES (7, 'anna@example.nl'), (8, 'bram@example.nl');\nINSERT INTO part VALUES (1, 99);\n"
    shop = Shop("sqlite", tmp_path, HEAD + CUSTOMER, tables, rows)
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    assert plan.conflicts == ()
    shop.do("INSERT INTO part VALUES (2, 7)")
    again = shop.source.plan(shop.find().traces, known=ANNA)
    assert again.conflicts == ("a constraint stands in the way: foreign key of part to customer",)
    shop.do("DELETE FROM part WHERE id = 2")
    assert shop.source.erase(plan).removed == 1
    assert shop.rows("SELECT id FROM customer") == [(8,)]


def test_a_database_that_another_program_has_locked_is_told_as_too_slow(tmp_path: Path):
    tables = "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT);\n"
    rows = "INSERT INTO customer VALUES (7, 'anna@example.nl');\n"
    shop = Shop("sqlite", tmp_path, HEAD + "timeout_seconds = 1\n" + CUSTOMER, tables, rows)
    traces = shop.find().traces
    other = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(GestandError) as told:
        shop.source.plan(traces, known=ANNA)
    assert told.value.code == "source-timeout"
    other.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("does", ["SET NULL", "CASCADE"])
def test_rows_that_refer_to_each_other_and_all_go_are_no_obstacle(tmp_path: Path, kind: str, does: str):
    tables = f"""
CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(80), payer INTEGER,
    FOREIGN KEY (payer) REFERENCES customer (id) ON DELETE {does});
"""
    rows = "INSERT INTO customer VALUES (6, 'anna@example.nl', NULL);\nINSERT INTO customer VALUES (7, 'anna@example.nl', 6);\n"
    shop = Shop(kind, tmp_path, HEAD + CUSTOMER, tables, rows)
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    assert plan.conflicts == ()
    shop.do("INSERT INTO customer VALUES (8, 'bram@example.nl', 7)")
    again = shop.source.plan(shop.find().traces, known=ANNA)
    assert again.conflicts == (f"1 rows of customer refer to customer; the database would {does} them unasked",)
    shop.do("DELETE FROM customer WHERE id = 8")
    assert shop.source.erase(plan).removed == 2
    assert shop.rows("SELECT id FROM customer") == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("back", ["CASCADE", "NO ACTION"])
def test_tables_that_refer_to_each_other_go_and_take_nothing_else_along(tmp_path: Path, kind: str, back: str):
    tables = f"""
CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(80), main INTEGER {"REFERENCES address (id) ON DELETE SET NULL" if kind == "sqlite" else ""});
CREATE TABLE address (id INTEGER PRIMARY KEY, cid INTEGER, street VARCHAR(80), FOREIGN KEY (cid) REFERENCES customer (id) ON DELETE {back});
CREATE TABLE photo (id INTEGER PRIMARY KEY, aid INTEGER, FOREIGN KEY (aid) REFERENCES address (id) ON DELETE CASCADE);
"""
    rows = """
INSERT INTO customer VALUES (7, 'anna@example.nl', NULL), (8, 'bram@example.nl', NULL);
INSERT INTO address VALUES (1, 7, 'Lindelaan 14'), (2, 8, 'Dorpsstraat 1');
UPDATE customer SET main = id - 6;
"""
    alter = "ALTER TABLE customer ADD FOREIGN KEY (main) REFERENCES address (id) ON DELETE SET NULL;\n"
    shop = Shop(kind, tmp_path, HEAD + CUSTOMER + ADDRESS, tables, rows + (alter if kind != "sqlite" else ""))
    shop.do("INSERT INTO photo VALUES (1, 1)")
    again = shop.source.plan(shop.find().traces, known=ANNA)
    assert again.conflicts == ("1 rows of photo refer to address; the database would CASCADE them unasked",)
    shop.do("DELETE FROM photo")
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    assert plan.conflicts == ()
    assert shop.source.erase(plan).removed == 2
    assert (shop.rows("SELECT id FROM customer"), shop.rows("SELECT id FROM address")) == ([(8,)], [(2,)])
