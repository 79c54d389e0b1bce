"""Eight ways in which a well-known open system answered "complete" and was not; each is a test that passes here.

The same sample: a customer whose address has no type, a card that a default policy would withhold, a request whose e-mail is labelled
as nothing personal, an empty second address, columns that may not be empty.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.errors import InputError, RefusedError
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.sources.model import Known
from gestand.statement.policy import FieldKind
from sources.shop import Shop

JANE = (Known(FieldKind.EMAIL, "jane@example.com"),)
TABLES = """
CREATE TABLE address (id INTEGER PRIMARY KEY, street VARCHAR(80), zip VARCHAR(10));
CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(80) NOT NULL, alt_email VARCHAR(80), name VARCHAR(80) NOT NULL, address_id INTEGER REFERENCES address (id));
CREATE TABLE payment_card (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, ccn VARCHAR(30), code VARCHAR(4));
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, remark VARCHAR(80));
CREATE TABLE service_request (id INTEGER PRIMARY KEY, email VARCHAR(80) NOT NULL, opened VARCHAR(10));
"""
ROWS = """
INSERT INTO address VALUES (4, '1111 Example Place', '54321'), (5, 'Elsewhere 2', '12345');
INSERT INTO customer VALUES (3, 'jane@example.com', NULL, 'Jane Customer', 4), (7, 'other@example.com', NULL, 'Other Person', 5);
INSERT INTO payment_card VALUES (1, 3, '373719391', '321'), (2, 7, '373719392', '456');
INSERT INTO orders VALUES (1, 3, 'a'), (2, 3, 'b'), (3, 7, 'c');
INSERT INTO service_request VALUES (1, 'jane@example.com', '2026-01-01'), (2, 'other@example.com', '2026-01-02');
"""
MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "winkel", en = "shop" }}
{place}
near = true
[tables.customer]
person = true
erase = "columns"
[tables.customer.columns]
email = {{ field = "contact.email", erase = "replace", value = "weg-{{key}}@example.invalid" }}
alt_email = {{ field = "contact.email", erase = "replace", value = "weg@example.invalid" }}
name = {{ field = "contact.name", erase = "replace", value = "verwijderd" }}
address_id = {{ none = "number of the address" }}
[tables.address]
links = {{ id = "customer.address_id" }}
erase = "columns"
[tables.address.columns]
street = {{ field = "contact.street", erase = "null" }}
zip = {{ field = "contact.postcode", erase = "null" }}
[tables.payment_card]
links = {{ customer_id = "customer.id" }}
erase = "delete"
[tables.payment_card.columns]
ccn = {{ field = "payment.invoice" }}
code = {{ field = "payment.invoice" }}
[tables.orders]
links = {{ customer_id = "customer.id" }}
erase = "delete"
[tables.orders.columns]
remark = {{ field = "service.notes", free_text = true }}
[tables.service_request]
erase = "delete"
[tables.service_request.columns]
email = {{ field = "contact.email" }}
"""


@pytest.fixture(params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    return Shop(request.param, tmp_path, MAPPING, TABLES, ROWS)


def erase(shop: Shop) -> None:
    found = shop.find(JANE)
    shop.source.erase(shop.source.plan(found.traces, known=(*JANE, *found.learned)))


def test_1_a_column_without_an_erasure_is_refused_and_the_others_are_really_masked(shop: Shop):
    with pytest.raises(InputError) as refused:
        shop.read(
            MAPPING.replace(
                'street = {{ field = "contact.street", erase = "null" }}', 'street = {{ field = "contact.street" }}'
            )
        )
    [problem] = refused.value.problems
    assert (problem.code, problem.file, problem.line) == ("column-without-erasure", "sources/shop.toml", 19)
    erase(shop)
    assert shop.rows("SELECT street, zip FROM address ORDER BY id") == [(None, None), ("Elsewhere 2", "12345")]


def test_2_an_answer_withholds_nothing_by_default(shop: Shop):
    values = {value.value for trace in shop.find(JANE).traces for value in trace.values}
    assert {"373719391", "321", "1111 Example Place"} <= values
    assert "373719392" not in values


def test_3_a_column_of_addresses_labelled_as_nothing_personal_is_an_error(shop: Shop):
    wrong = shop.read(
        MAPPING.replace('email = {{ field = "contact.email" }}', 'email = {{ none = "system.operations" }}').replace(
            '[tables.service_request]\nerase = "delete"', "[tables.service_request]"
        )
    )
    assert ("column-mislabelled", 34) in {(problem.code, problem.line) for problem in wrong.test()}
    assert not shop.source.test()
    erase(shop)
    assert shop.rows("SELECT email FROM service_request") == [("other@example.com",)]
    assert shop.find(JANE).traces == ()  # searched again


def test_4_nothing_is_invented_where_there_was_nothing(shop: Shop):
    erase(shop)
    assert shop.rows("SELECT email, alt_email FROM customer WHERE id = 3") == [("weg-3@example.invalid", None)]


def test_5_a_column_that_may_not_be_empty_stops_it_before_anything_changes(shop: Shop):
    wrong = shop.read(
        MAPPING.replace(
            'name = {{ field = "contact.name", erase = "replace", value = "verwijderd" }}',
            'name = {{ field = "contact.name", erase = "null" }}',
        )
    )
    plan = wrong.plan(wrong.find({"jane": JANE})["jane"].traces)
    assert plan.conflicts
    with pytest.raises(RefusedError):
        wrong.erase(plan)
    assert shop.rows("SELECT count(*) FROM payment_card") == [(2,)]
    assert shop.rows("SELECT customer_id FROM orders ORDER BY id") == [(3,), (3,), (7,)]


def test_6_no_row_is_repeated_in_an_error(shop: Shop):
    wrong = shop.read(
        MAPPING.replace(
            'name = {{ field = "contact.name", erase = "replace", value = "verwijderd" }}',
            'name = {{ field = "contact.name", erase = "null" }}',
        )
    )
    [conflict] = wrong.plan(wrong.find({"jane": JANE})["jane"].traces).conflicts
    assert "name" in conflict
    assert not {"Jane", "jane@example.com", "1111", "null, "} & set(conflict.split())
    assert "Failing row" not in conflict


def test_7_without_identity_judged_nothing_is_found_or_erased(place, monkeypatch: pytest.MonkeyPatch):
    shop = Shop("sqlite", place.folder, MAPPING, TABLES, ROWS)
    (place.folder / "sources").mkdir(exist_ok=True)
    (place.folder / "sources" / "shop.toml").write_text(MAPPING.format(place=shop.line))
    house = place.open()
    asked = house.requests.receive(Right.ERASURE, contact="jane@example.com", channel=Channel.EMAIL, actor="owner")
    for verb in (house.requests.plan, house.requests.erase, house.requests.find):
        with pytest.raises(RefusedError) as refused:
            verb(asked.id, actor="owner")
        assert refused.value.code == "identity-not-judged"
    assert len(shop.rows("SELECT * FROM customer")) == 2
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor="owner")
    [shop_plan] = [one for one in house.requests.plan(asked.id, actor="owner").copies if one.source == "shop"]
    assert shop_plan.actionable == 6


def test_8_nothing_that_was_found_is_left_in_clear_on_disk(place):
    shop = Shop("sqlite", place.folder.parent, MAPPING.replace("{place}", 'path = "../shop.db"'), TABLES, ROWS)
    (place.folder / "sources").mkdir(exist_ok=True)
    (place.folder / "sources" / "shop.toml").write_text(MAPPING.format(place='path = "../shop.db"'))
    house = place.open()
    asked = house.requests.receive(Right.ACCESS, contact="jane@example.com", channel=Channel.EMAIL, actor="owner")
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor="owner")
    assert "1111 Example Place" in {copy.value for copy in house.requests.answer(asked.id, actor="owner").copies}
    place.close()
    kept = [path for path in place.folder.rglob("*") if path.is_file() and b"1111 Example Place" in path.read_bytes()]
    assert kept == []
    assert shop.rows("SELECT count(*) FROM customer") == [(2,)]
