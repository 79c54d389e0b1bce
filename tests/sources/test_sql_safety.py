"""What a database as a source may not do, and what it must notice: roles, read-only, time, what goes along, shared identifiers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest

from gestand.kernel.errors import GestandError, RefusedError
from gestand.sources.load import read_source
from gestand.sources.model import Confidence, Correction, Judged, Known
from gestand.sources.sql.service import SqlSource
from gestand.statement.policy import FieldKind
from postgres_server import running_server
from sources.shop import ANNA, MAPPING, ROWS, TABLES, Shop, keys, place, policy

HEAD = 'format = 1\nkind = "sql"\ntitle = {{ nl = "w", en = "w" }}\n{place}\nnear = true\n'


def sqlite(folder: Path, script: str, mapping: str) -> SqlSource:
    connection = sqlite3.connect(folder / "shop.db")
    connection.executescript(script)
    connection.close()
    text = (HEAD + mapping).format(place='path = "shop.db"')
    return SqlSource(read_source("shop", text.encode(), "sources/shop.toml", policy()), place(folder))


def test_each_verb_has_its_own_role_and_can_do_no_more(tmp_path: Path):
    shop = Shop("postgres", tmp_path)
    schema = shop.rows("SELECT current_schema()")[0][0]
    role = f"lezer_{schema}"
    with psycopg.connect(running_server().dsn("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN")
    shop.do(f"GRANT USAGE ON SCHEMA {schema} TO {role};\nGRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}")
    reader = shop.variables["SHOP_DSN"].replace("://gestand@", f"://{role}@")
    shop.variables["READER"] = reader
    source = shop.read(MAPPING.replace("near = true", 'near = true\n[roles]\nfind = "env:READER"'))
    plan = source.plan(source.find({"anna": ANNA})["anna"].traces, known=ANNA)
    assert not plan.conflicts
    assert source.erase(plan).removed == 7
    weak = shop.read(MAPPING.replace("near = true", 'near = true\n[roles]\nerase = "env:READER"'))
    bram = (Known(FieldKind.EMAIL, "bram@example.nl"),)
    with pytest.raises(GestandError) as refused:
        weak.plan(weak.find({"bram": bram})["bram"].traces)
    assert refused.value.code == "source-failed"
    assert "bram" not in str(refused.value).lower()


def test_a_database_inside_a_private_network_must_be_meant(tmp_path: Path):
    source = Shop("postgres", tmp_path).read(MAPPING.replace("near = true", ""))
    with pytest.raises(RefusedError) as refused:
        source.find({"anna": ANNA})
    assert refused.value.code == "egress-private"


def test_a_search_that_takes_too_long_is_stopped_and_says_so(tmp_path: Path):
    shop = Shop("postgres", tmp_path)
    slow = shop.read(MAPPING.replace("near = true", "near = true\ntimeout_seconds = 1"))
    with pytest.raises(GestandError) as stopped, slow._connecting.reading() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(5)")
    assert stopped.value.code == "source-timeout"


def test_sqlite_refuses_what_no_search_needs(tmp_path: Path):
    source = Shop("sqlite", tmp_path).source
    for statement in (
        "ATTACH 'x.db' AS x",
        "PRAGMA writable_schema = ON",
        "DROP TABLE product",
        "SELECT load_extension('x')",
    ):
        with pytest.raises(GestandError), source._connecting.reading() as connection:
            connection.exec_driver_sql(statement)


def test_rows_that_the_database_would_delete_along_are_counted_and_refused(tmp_path: Path):
    source = sqlite(
        tmp_path,
        "CREATE TABLE klant (id INTEGER PRIMARY KEY, email TEXT);"
        "CREATE TABLE foto (id INTEGER PRIMARY KEY, klant_id INTEGER REFERENCES klant (id) ON DELETE CASCADE);"
        "INSERT INTO klant VALUES (1, 'anna@example.nl'); INSERT INTO foto VALUES (5, 1), (6, 1);",
        '[tables.klant]\nerase = "delete"\n[tables.klant.columns]\nemail = {{ field = "contact.email" }}\n',
    )
    plan = source.plan(source.find({"a": ANNA})["a"].traces)
    assert plan.conflicts == ("2 rows of foto refer to klant; the database would CASCADE them unasked",)


def test_a_telephone_that_others_share_proves_little(tmp_path: Path):
    source = sqlite(
        tmp_path,
        "CREATE TABLE klant (id INTEGER PRIMARY KEY, naam TEXT, tel TEXT);"
        "INSERT INTO klant VALUES (1, 'Hugo Bos', '0485-349999'), (2, 'Ilse Bos', '0485 349999'), (3, NULL, '0485349999');",
        '[tables.klant]\nerase = "delete"\n[tables.klant.columns]\nnaam = {{ field = "contact.name" }}\ntel = {{ field = "contact.phone" }}\n',
    )
    hugo = [Known(FieldKind.NAME, "Hugo Bos"), Known(FieldKind.PHONE, "0485-349999", shared=True)]
    found = {trace.key[0]: trace for trace in source.find({"hugo": hugo})["hugo"].traces}
    assert {key: trace.confidence for key, trace in found.items()} == {
        1: Confidence.PROBABLE, 2: Confidence.DOUBTFUL, 3: Confidence.DOUBTFUL,
    }  # fmt: skip
    judged = Judged(frozenset({found[3].id}), frozenset({found[2].id}))
    again = {trace.key[0]: trace for trace in source.find({"hugo": hugo}, judged=judged)["hugo"].traces}
    assert set(again) == {1, 3}
    assert again[3].why.endswith("confirmed by a person")


def test_an_issued_document_gets_a_note_beside_it_and_stays_as_it_was(tmp_path: Path):
    note = TABLES + "CREATE TABLE invoice_note (id INTEGER PRIMARY KEY, invoice_id VARCHAR(20), said TEXT);\n"
    attach = 'issued = true\nattach = {{ table = "invoice_note", columns = {{ invoice_id = "{{key}}", said = "{{note}}" }} }}'
    shop = Shop("sqlite", tmp_path, MAPPING.replace("issued = true", attach), note)
    sure = [t for t in shop.find().traces if t.confidence is Confidence.CERTAIN]
    done = shop.source.rectify(
        sure, [Correction("contact.name", "Anna de Vries", "Anna Smit")], note="naam is Anna Smit"
    )
    assert (done.changed, done.attached, done.to_attach) == (1, 1, 0)
    assert shop.rows("SELECT invoice_id, said FROM invoice_note") == [("500", "naam is Anna Smit")]
    assert shop.rows("SELECT billed_name FROM invoice WHERE id = 500") == [("Anna de Vries",)]


def test_a_restriction_is_a_column_and_without_one_refused(tmp_path: Path):
    tables = TABLES.replace("country VARCHAR(2) NOT NULL,", "country VARCHAR(2) NOT NULL, blocked INTEGER,")
    rows = ROWS.replace("'NL');", "'NL', 0);")
    shop = Shop(
        "sqlite", tmp_path, MAPPING.replace("person = true", 'person = true\nrestrict = "blocked"'), tables, rows
    )
    mine = [t for t in shop.find().traces if t.place == "customer"]
    assert shop.source.restrict(mine, restricted=True) == 1
    assert shop.rows("SELECT id FROM customer WHERE blocked = 1") == [(1,)]
    assert shop.source.restrict(mine, restricted=False) == 1
    with pytest.raises(RefusedError) as refused:
        shop.source.restrict(shop.find().traces, restricted=True)
    assert refused.value.code == "source-cannot-restrict"
    assert shop.rows("SELECT id FROM customer WHERE blocked = 1") == []


def test_two_kinds_of_row_in_one_table_are_kept_apart(tmp_path: Path):
    source = sqlite(
        tmp_path,
        "CREATE TABLE post (id INTEGER PRIMARY KEY, soort TEXT, mail TEXT);"
        "INSERT INTO post VALUES (1, 'klant', 'anna@example.nl'), (2, 'blad', 'anna@example.nl');",
        '[tables."post#klant"]\nwhere = {{ soort = "klant" }}\nerase = "delete"\n'
        '[tables."post#klant".columns]\nsoort = {{ none = "kind of row" }}\nmail = {{ field = "contact.email" }}\n',
    )
    assert keys(source.find({"a": ANNA})["a"].traces) == {("post#klant", 1)}


def test_a_value_is_never_part_of_a_statement(tmp_path: Path):
    evil = (
        Known(FieldKind.EMAIL, "x'); DROP TABLE product; --@example.nl"),
        Known(FieldKind.NAME, "Robert'); DELETE FROM orders; -- %_!"),
    )
    for kind in ("sqlite", "postgres", "mariadb"):
        (tmp_path / kind).mkdir()
        shop = Shop(kind, tmp_path / kind)
        assert shop.find(evil).complete
        assert len(shop.rows("SELECT * FROM orders")) == 3


def test_a_table_that_cannot_undo_is_refused_by_the_test(tmp_path: Path):
    shop = Shop("mariadb", tmp_path, tables=TABLES.replace("message TEXT);", "message TEXT) ENGINE = MyISAM;"))
    assert "table-not-transactional" in {problem.code for problem in shop.source.test()}
