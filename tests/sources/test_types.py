"""What a database can hold in a column, and a search cannot read, is told: nobody is found there, and nobody takes that for an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError
from sources.shop import ANNA_BY_MAIL, KINDS, Shop, keys

MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "w", en = "w" }}
{place}
near = true
[tables.person]
person = true
erase = "delete"
[tables.person.columns]
email = {{ field = "contact.email" }}
said = {{ field = "service.notes"NOTE }}
"""
TEXTS = MAPPING.replace("NOTE", ", free_text = true")
FIELDS = MAPPING.replace("NOTE", ', kind = "text"')


def shop_of(kind: str, folder: Path, mapping: str, email: str, said: str, row: str) -> Shop:
    tables = f"CREATE TABLE person (id INTEGER PRIMARY KEY, email {email}, said {said});\n"
    return Shop(kind, folder, mapping, tables, row)


@pytest.mark.parametrize(("kind", "of", "row"), [
    ("postgres", "TEXT[]", "INSERT INTO person VALUES (1, '{anna@example.nl}', NULL)"),
    ("postgres", "JSON", "INSERT INTO person VALUES (1, '\"anna@example.nl\"', NULL)"),
    ("postgres", "JSONB", "INSERT INTO person VALUES (1, '[\"anna@example.nl\"]', NULL)"),
    ("postgres", "BYTEA", "INSERT INTO person VALUES (1, 'anna@example.nl', NULL)"),
    ("mariadb", "VARBINARY(80)", "INSERT INTO person VALUES (1, 'anna@example.nl', NULL)"),
    ("sqlite", "JSON", "INSERT INTO person VALUES (1, '\"anna@example.nl\"', NULL)"),
    ("sqlite", "BLOB", "INSERT INTO person VALUES (1, 'anna@example.nl', NULL)"),
])  # fmt: skip
def test_a_type_in_which_nobody_can_be_looked_for_is_a_fault_and_no_search_is_whole(
    kind: str, of: str, row: str, tmp_path: Path
):
    shop = shop_of(kind, tmp_path, FIELDS, of, "VARCHAR(80)", row)
    [problem] = shop.source.test()
    assert problem.code == "column-unsearchable"
    assert "person.email" in problem.message
    found = shop.find(ANNA_BY_MAIL)
    assert not found.complete
    assert "person.email" in found.searched[0].why_not


@pytest.mark.parametrize(("kind", "of"), [
    ("postgres", "JSON"), ("postgres", "JSONB"), ("postgres", "TEXT[]"), ("postgres", "BYTEA"), ("sqlite", "JSON"),
    ("sqlite", "BLOB"), ("mariadb", "BLOB"),
])  # fmt: skip
def test_free_text_of_such_a_type_is_one_too_and_the_rest_of_the_table_is_searched(kind: str, of: str, tmp_path: Path):
    shop = shop_of(kind, tmp_path, TEXTS, "VARCHAR(80)", of, "INSERT INTO person VALUES (1, 'anna@example.nl', NULL)")
    [problem] = shop.source.test()
    assert problem.code == "column-unsearchable"
    found = shop.find(ANNA_BY_MAIL)
    assert keys(found.traces) == {("person", 1)}
    assert not found.complete


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", ['["anna@example.nl"]', '{"mail": "anna@example.nl"}', '"anna@example.nl"'])
def test_a_text_that_holds_json_is_seen_by_its_content(kind: str, value: str, tmp_path: Path):
    of = "JSON" if kind == "mariadb" else "TEXT"
    row = "INSERT INTO person VALUES (1, 'HELD', NULL)".replace("HELD", value)
    shop = shop_of(kind, tmp_path, FIELDS, of, "VARCHAR(80)", row)
    assert [problem.code for problem in shop.source.test()] == ["column-unsearchable"]


@pytest.mark.parametrize("of", ["UUID", "BYTEA", "NUMERIC", "DECIMAL(10,2)", "MONEY", "DATETIME"])
def test_a_column_of_sqlite_is_read_as_what_stands_there(of: str, tmp_path: Path):
    row = "INSERT INTO person VALUES (1, 'Anna@example.nl', 'belt met anna@example.nl')"
    shop = shop_of("sqlite", tmp_path, TEXTS, of, of, row)
    assert shop.source.test() == ()
    found = shop.find(ANNA_BY_MAIL)
    assert found.complete
    assert {value.value for trace in found.traces for value in trace.values} == {
        "Anna@example.nl",
        "belt met anna@example.nl",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_view_is_searched_as_a_table_is(kind: str, tmp_path: Path):
    tables = """
CREATE TABLE base (id INTEGER PRIMARY KEY, email VARCHAR(80), said VARCHAR(80));
CREATE VIEW person AS SELECT id, email, said FROM base;
"""
    row = "INSERT INTO base VALUES (1, 'anna@example.nl', 'x'), (2, 'bram@example.nl', 'y')"
    mapping = FIELDS.replace(
        "[tables.person]", '[not_personal]\nbase = "seen through its view"\n[tables.person]\nkey = ["id"]'
    )
    shop = Shop(kind, tmp_path, mapping, tables, row)
    assert shop.source.test() == ()
    found = shop.find(ANNA_BY_MAIL)
    assert keys(found.traces) == {("person", 1)}
    assert found.complete
    assert len(list(shop.source.export(found.traces))) == 1


def test_a_link_that_is_a_list_is_told(tmp_path: Path):
    tables = """
CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(80), said VARCHAR(80));
CREATE TABLE parcel (id INTEGER PRIMARY KEY, people INTEGER[], street VARCHAR(80));
"""
    row = "INSERT INTO person VALUES (1, 'anna@example.nl', 'x');\nINSERT INTO parcel VALUES (1, '{1}', 'Lindelaan 1')"
    mapping = FIELDS + """
[tables.parcel]
links = {{ people = "person.id" }}
erase = "delete"
[tables.parcel.columns]
street = {{ field = "contact.street" }}
"""  # fmt: skip
    shop = Shop("postgres", tmp_path, mapping, tables, row)
    assert [problem.code for problem in shop.source.test()] == ["column-unsearchable"]
    found = shop.find(ANNA_BY_MAIL)
    assert [search.place for search in found.searched if search.why_not] == ["parcel"]


def test_what_the_library_of_a_database_refuses_is_told_as_a_source_that_failed(tmp_path: Path):
    shop = shop_of("sqlite", tmp_path, FIELDS, "TEXT", "TEXT", "")
    with shop.source._connecting.reading() as gone:
        pass
    with pytest.raises(GestandError) as refused, shop.source._connecting.reading():
        gone.exec_driver_sql("SELECT 1")
    assert refused.value.code == "source-failed"
