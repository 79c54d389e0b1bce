"""What the database would do along, over keys of several columns and from other schemas, is seen and counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sources.shop import ANNA, KINDS, Shop

HEAD = 'format = 1\nkind = "sql"\ntitle = {{ nl = "w", en = "w" }}\n{place}\nnear = true\n'
CUSTOMER = '[tables.customer]\nperson = true\nkey = ["id"]\nerase = "delete"\n[tables.customer.columns]\nemail = {{ field = "contact.email" }}\n'
TABLES = """
CREATE TABLE customer (tenant INTEGER NOT NULL, id INTEGER NOT NULL UNIQUE, email VARCHAR(80), PRIMARY KEY (tenant, id));
CREATE TABLE deed (id INTEGER PRIMARY KEY, tenant INTEGER, cid INTEGER, seen VARCHAR(10),
    FOREIGN KEY (tenant, cid) REFERENCES customer (tenant, id) ON DELETE CASCADE);
"""
ROWS = """
INSERT INTO customer VALUES (1, 7, 'anna@example.nl'), (1, 8, 'bram@example.nl');
INSERT INTO deed VALUES (1, 1, 7, 'old'), (2, 1, 7, 'new'), (3, 1, 8, 'new'), (4, 2, NULL, 'new');
"""


@pytest.mark.parametrize("kind", KINDS)
def test_rows_behind_a_key_of_several_columns_are_counted_and_told(tmp_path: Path, kind: str):
    shop = Shop(kind, tmp_path, HEAD + CUSTOMER, TABLES, ROWS)
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    assert plan.conflicts == ("2 rows of deed refer to customer; the database would CASCADE them unasked",)
    told = [problem for problem in shop.source.test() if problem.code == "table-unlinked"]
    assert [problem.message for problem in told] == ["deed.tenant, cid refers to customer, and nothing says so here"]
    assert shop.rows("SELECT COUNT(*) FROM deed") == [(4,)]


@pytest.mark.parametrize("kind", KINDS)
def test_one_linked_column_of_a_key_says_whose_its_rows_are(tmp_path: Path, kind: str):
    deed = '[tables.deed]\nlinks = {{ cid = "customer.id" }}\nerase = "delete"\n[tables.deed.columns]\nseen = {{ field = "service.request" }}\n'
    shop = Shop(kind, tmp_path, HEAD + CUSTOMER + deed, TABLES, ROWS)
    assert "table-unlinked" not in {problem.code for problem in shop.source.test()}
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    assert plan.conflicts == ()
    assert shop.source.erase(plan).removed == 3
    assert shop.rows("SELECT id FROM deed ORDER BY id") == [(3,), (4,)]


def test_rows_of_another_schema_are_counted_and_told(tmp_path: Path):
    tables, rows = TABLES.partition("CREATE TABLE deed")[0], ROWS.partition("INSERT INTO deed")[0]
    shop = Shop("postgres", tmp_path, HEAD + CUSTOMER, tables, rows)
    [(own,)] = shop.rows("SELECT current_schema()")
    other = f"{own}_el"
    shop.do(
        f"CREATE SCHEMA {other};\nCREATE TABLE {other}.deed (id INTEGER PRIMARY KEY, cid INTEGER,"
        f" FOREIGN KEY (cid) REFERENCES {own}.customer (id) ON DELETE CASCADE);\nINSERT INTO {other}.deed VALUES (1, 7), (2, 8)"
    )
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    assert plan.conflicts == (f"1 rows of {other}.deed refer to customer; the database would CASCADE them unasked",)
    assert "table-unlinked" in {problem.code for problem in shop.source.test()}
    said = shop.read(HEAD + f'not_personal = {{{{ "{other}.deed" = "a source of its own" }}}}\n' + CUSTOMER)
    assert "table-unlinked" not in {problem.code for problem in said.test()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_that_is_over_waits_for_those_that_name_it_by_several_columns(tmp_path: Path, kind: str):
    tables = TABLES.replace("email VARCHAR(80)", "email VARCHAR(80), seen DATE").replace(" ON DELETE CASCADE", "")
    rows = ROWS.replace(".nl')", ".nl', '2018-05-01')").replace(", (3, 1, 8, 'new')", "")
    aged = CUSTOMER.replace('erase = "delete"', 'erase = "delete"\nshelf = "customer"\nsince = "seen"')
    shop = Shop(kind, tmp_path, HEAD + aged, tables, rows)
    on = date(2026, 3, 2)
    due = {row.key: row.hold for row in shop.source.due(on)}
    assert sorted(due.values()) == ["", "rows of deed that are not due refer to it"]
    assert shop.source.erase_due(list(due), on) == 1
    assert shop.rows("SELECT id FROM customer") == [(7,)]


def test_sqlite_means_the_same_table_by_any_case_and_a_column_that_is_not_declared(tmp_path: Path):
    tables = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, code TEXT UNIQUE, email TEXT);
CREATE TABLE deed (id INTEGER PRIMARY KEY, code TEXT REFERENCES Customer (CODE) ON DELETE CASCADE);
"""
    rows = "INSERT INTO customer VALUES (7, 'a', 'anna@example.nl');\nINSERT INTO deed VALUES (1, 'a');\n"
    shop = Shop("sqlite", tmp_path, HEAD + CUSTOMER, tables, rows)
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    assert plan.conflicts == ("1 rows of deed refer to customer; the database would CASCADE them unasked",)
