"""A mapping proposed from a live schema: the persons' table, what hangs from it, columns by name and content; refused until reviewed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.errors import InputError, UsageError
from gestand.sources.classify import guess_column, holds_identifiers
from gestand.sources.fideslang import mapping_of
from gestand.sources.load import read_source
from gestand.sources.proposing import draft
from gestand.sources.sql.service import SqlSource
from gestand.statement.policy import FieldKind
from sources.shop import fill, place, policy

SCHEMA = """
CREATE TABLE klanten (id INTEGER PRIMARY KEY, achternaam TEXT, mail TEXT, x7 TEXT, burgerservicenummer TEXT);
CREATE TABLE bestelling (id INTEGER PRIMARY KEY, klanten_id INTEGER, adres TEXT, ref TEXT);
CREATE TABLE regel (id INTEGER PRIMARY KEY, bestelling INTEGER REFERENCES bestelling (id), aantal INTEGER);
CREATE TABLE logboek (id INTEGER PRIMARY KEY, tekst TEXT);
CREATE TABLE artikel (id INTEGER PRIMARY KEY, omschrijving TEXT);
INSERT INTO klanten VALUES (1, 'de Vries', 'anna@example.nl', '06-12345678', NULL), (2, 'Jansen', 'bram@example.nl', '+31 10 4567890', NULL);
INSERT INTO bestelling VALUES (10, 1, 'Lindelaan 14', 'r-1');
INSERT INTO logboek VALUES (1, 'gebeld met anna@example.nl over de rekening');
INSERT INTO artikel VALUES (1, 'muis');
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    connection = sqlite3.connect(tmp_path / "winkel.db")
    connection.executescript(SCHEMA)
    connection.close()
    return tmp_path


def test_a_draft_finds_the_persons_and_what_hangs_from_them(database: Path):
    text = draft("winkel", place(database), dsn="", path="winkel.db", schema="", person="", near=False)
    assert "[tables.klanten]\nperson = true" in text
    assert 'links = { klanten_id = "klanten.id" }' in text
    assert 'links = { bestelling = "bestelling.id" }' in text
    assert 'x7 = { field = "contact.phone" }  # 100% of 2 values are valid as phone' in text
    assert 'achternaam = { field = "contact.name", part = "last" }' in text
    assert 'tekst = { field = "?", free_text = true }' in text
    assert (
        "say which field of the policy it is" in text
    )  # a text may be any of many: nothing is guessed into a wrong one
    assert "# Nothing personal shows in: artikel." in text
    with pytest.raises(InputError) as refused:  # until a person has decided
        read_source("winkel", text.encode(), "sources/winkel.toml", policy())
    assert "table-without-erasure" in {problem.code for problem in refused.value.problems}


def test_a_column_that_looks_personal_and_is_not_declared_is_an_error(database: Path):
    declared = 'format = 1\nkind = "sql"\ntitle = { nl = "w", en = "w" }\npath = "winkel.db"\n[tables.klanten]\nperson = true\nerase = "delete"\n[tables.klanten.columns]\nmail = { field = "contact.email" }\n'
    source = SqlSource(read_source("winkel", declared.encode(), "sources/winkel.toml", policy()), place(database))
    problems = source.test()
    assert all(problem.severity == "error" for problem in problems)
    told = " ".join(problem.message for problem in problems if problem.code == "column-looks-personal")
    for column in (
        "klanten.achternaam",
        "klanten.x7",
        "klanten.burgerservicenummer",
        "bestelling.adres",
        "logboek.tekst",
    ):
        assert column in told
    assert "artikel" not in told


@pytest.mark.parametrize(
    ("column", "field"), [("mobiel", "contact.mobile"), ("telefoon", "contact.phone"), ("tel", "contact.phone")]
)
def test_of_fields_of_one_kind_that_is_proposed_which_is_called_like_the_column(
    tmp_path: Path, column: str, field: str
):
    fill(f"sqlite:///{tmp_path / 'w.db'}", f"CREATE TABLE klant (id INTEGER PRIMARY KEY, email TEXT, {column} TEXT)")
    text = draft("w", place(tmp_path), dsn="", path="w.db", schema="", person="klant", near=True)
    assert f'{column} = {{ field = "{field}" }}' in text


def test_a_table_of_persons_that_is_not_there_is_said(database: Path):
    with pytest.raises(UsageError) as refused:
        draft("winkel", place(database), dsn="", path="winkel.db", schema="", person="mensen", near=False)
    assert refused.value.code == "source-no-person"
    with pytest.raises(UsageError):
        draft("winkel", place(database), dsn="postgresql://a:b@c/d", path="", schema="", person="", near=False)


@pytest.mark.parametrize(
    ("table", "column", "samples", "kind"),
    [
        ("x", "a", ["anna@example.nl", "bram@example.org"], FieldKind.EMAIL),
        ("x", "a", ["NL91ABNA0417164300"], FieldKind.IBAN),
        ("x", "a", ["192.0.2.7", "2001:db8::1"], FieldKind.IP),
        ("x", "a", ["1234 AB", "2345bc"], FieldKind.POSTCODE),
        ("x", "a", [f"{n}" for n in (111222333, 123456782, 100000009)] * 5, FieldKind.BSN),
        ("customer", "a", ["Anna de Vries", "Bram Jansen", "Eva Ölçer"], FieldKind.NAME),
        ("product", "a", ["Blauwe Stoel", "Rode Tafel"], None),
        ("x", "ip_address", [], FieldKind.IP),
        ("x", "geboortedatum", [], FieldKind.DATE),
        ("x", "afleveradres", [], FieldKind.STREET),
        ("x", "mac_adres", [], None),
        ("x", "mac_address", [], None),
        ("x", "mailadres", [], FieldKind.EMAIL),
        ("x", "a", ["Lindelaan 14", "Burg. van Dijkstraat 7 bis", "Dorp 1"], FieldKind.STREET),
        ("x", "a", ["Laptop 14", "Kerkplein", "Laan 2000"], None),
        ("x", "last_name", [], FieldKind.NAME),
        ("x", "opmerking", [], FieldKind.TEXT),
        ("x", "price", ["12.50"], None),
        ("x", "quantity", ["1", "2"], None),
        ("x", "shipping_date", ["2026-01-01"], None),
    ],
)
def test_a_column_is_guessed_by_name_and_content(table: str, column: str, samples: list[str], kind: FieldKind | None):
    guess = guess_column(table, column, samples)
    assert (guess.kind if guess else None) == kind


@given(st.lists(st.text(max_size=60), max_size=8))
def test_no_content_overturns_the_guess(samples: list[str]):
    guess = guess_column("customer", "a", samples)
    assert guess is None or guess.why
    assert holds_identifiers([*samples, "bel 06-12345678"])


FIDES = """
dataset:
  - fides_key: shop
    name: Shop
    collections:
      - name: customer
        fields:
          - name: id
            data_categories: [user.unique_id]
            fides_meta: {primary_key: True}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string}
          - name: address_id
            data_categories: [system.operations]
            fides_meta:
              references:
                - {dataset: shop, field: address.id, direction: to}
      - name: address
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, data_categories: [system.operations]}
          - {name: street, data_categories: [user.contact.address.street]}
      - name: orders
        fields:
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
"""


def test_a_fideslang_dataset_becomes_a_draft():
    text = mapping_of(FIDES.encode(), "shop.yml", policy(), dsn="env:SHOP")
    assert '"email" = { field = "contact.email", erase = "null" }  # user.contact.email' in text
    assert 'links = { "customer_id" = "customer.id" }' in text
    assert 'links = { "id" = "customer.address_id" }' in text
    assert 'erase = "delete"' in text
    assert '"address_id" = { none = "Fides: system.operations" }' in text
    with pytest.raises(InputError) as refused:
        read_source("shop", text.encode(), "sources/shop.toml", policy())
    assert {problem.code for problem in refused.value.problems} == {"table-without-erasure"}
    for broken, code in ((b"a: [", "fideslang-yaml"), (b"a: 1", "fideslang-form"), (b"- 1", "fideslang-form")):
        with pytest.raises(InputError) as refused:
            mapping_of(broken, "x.yml", policy(), dsn="env:X")
        assert refused.value.code == code
