"""A shop in PostgreSQL: eleven tables with primary keys and no other index, its mapping, and the same by hand."""

from __future__ import annotations

from typing import Any

HEAVY = 6
"""Subjects 1 to 6 have thousands of cards and logins of their own."""
CARDS = 5_001
LOGINS = 20_000
TABLES = """
CREATE TABLE address (id bigint PRIMARY KEY, house text, street text, city text, zip text);
CREATE TABLE customer (id bigint PRIMARY KEY, email text NOT NULL, name text, address_id bigint);
CREATE TABLE employee (id bigint PRIMARY KEY, email text, name text, address_id bigint);
CREATE TABLE payment_card (id bigint PRIMARY KEY, name text, ccn text, code text, customer_id bigint, billing_address_id bigint);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, shipping_address_id bigint, payment_card_id bigint);
CREATE TABLE order_item (order_id bigint, item_no int, product_id bigint, quantity int, PRIMARY KEY (order_id, item_no));
CREATE TABLE product (id bigint PRIMARY KEY, name text, price numeric);
CREATE TABLE login (id bigint PRIMARY KEY, customer_id bigint, time text);
CREATE TABLE visit (id bigint PRIMARY KEY, email text, last_visit text);
CREATE TABLE service_request (id bigint PRIMARY KEY, email text, alt_email text, opened text, employee_id bigint);
CREATE TABLE report (id bigint PRIMARY KEY, email text, name text, year int, total int);
"""
ROWS = """
INSERT INTO address SELECT i, i::text, 'Street ' || i, 'Town', '1000 AA' FROM generate_series(1, %(n)s) i;
INSERT INTO customer SELECT i, 'u' || i || '@example.org', 'Person Number' || i, i FROM generate_series(1, %(n)s) i;
INSERT INTO employee SELECT i, 'e' || i || '@example.net', 'Employee ' || i, 1 + i FROM generate_series(1, %(n)s / 10) i;
INSERT INTO payment_card SELECT i, 'Person Number' || (1 + i %% %(n)s), (37 * i)::text, '321', 1 + i %% %(n)s, 1 + i %% %(n)s FROM generate_series(1, 2 * %(n)s) i;
INSERT INTO orders SELECT i, 1 + i %% %(n)s, 1 + i %% %(n)s, i FROM generate_series(1, 3 * %(n)s) i;
INSERT INTO order_item SELECT 1 + i / 2, i %% 2, 1 + i %% 100, 1 FROM generate_series(1, 6 * %(n)s) i;
INSERT INTO product SELECT i, 'Product ' || i, 10 FROM generate_series(1, %(n)s / 10) i;
INSERT INTO login SELECT i, 1 + i %% %(n)s, '2026-01-01 10:00' FROM generate_series(1, 4 * %(n)s) i;
INSERT INTO visit SELECT i, 'u' || (1 + i %% %(n)s) || '@example.org', '2026-01-01' FROM generate_series(1, 3 * %(n)s / 2) i;
INSERT INTO service_request SELECT i, 'u' || (1 + i %% %(n)s) || '@example.org', NULL, '2026-01-01', 1 FROM generate_series(1, 7 * %(n)s / 10) i;
INSERT INTO report SELECT i, 'e' || (1 + i %% 100) || '@example.net', 'Monthly', 2026, i FROM generate_series(1, %(n)s / 10) i;
"""
HEAVIER = (
    "INSERT INTO payment_card SELECT 10000000 + 100000 * %(s)s + i, 'x', '37', '321', %(s)s, %(s)s FROM generate_series(1, %(c)s) i",
    "INSERT INTO login SELECT 10000000 + 100000 * %(s)s + i, %(s)s, '2026-01-01 10:00' FROM generate_series(1, %(l)s) i",
)
NAMES = (
    "address",
    "customer",
    "employee",
    "payment_card",
    "orders",
    "order_item",
    "product",
    "login",
    "visit",
    "service_request",
    "report",
)


def fill(connection: Any, size: int) -> int:
    """Make the shop with ``size`` customers; return how many rows it has."""
    for statement in TABLES.strip().split(";\n"):
        connection.execute(statement.rstrip(";"))
    for statement in ROWS.strip().split(";\n"):
        connection.execute(statement.rstrip(";").replace("%(n)s", str(size)).replace("%%", "%"))
    for subject in range(1, HEAVY + 1):
        for statement in HEAVIER:
            connection.execute(
                statement.replace("%(s)s", str(subject))
                .replace("%(c)s", str(CARDS - 2))
                .replace("%(l)s", str(LOGINS - 4))
            )
    connection.execute("VACUUM ANALYZE")
    return sum(int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in NAMES)  # noqa: S608 - names of this file


MAPPING = """
format = 1
kind = "sql"
title = { nl = "winkel", en = "shop" }
dsn = "env:SHOP"
near = true
not_personal = { product = "what is sold" }
[tables.customer]
person = true
erase = "columns"
[tables.customer.columns]
email = { field = "contact.email", erase = "replace", value = "gone-{key}@example.invalid" }
name = { field = "contact.name", finds = false, erase = "null" }
[tables.address]
links = { id = "customer.address_id" }
erase = "columns"
[tables.address.columns]
house = { field = "contact.text", erase = "null" }
street = { field = "contact.text", erase = "null" }
city = { field = "contact.text", erase = "null" }
zip = { field = "contact.text", erase = "null" }
[tables.payment_card]
links = { customer_id = "customer.id" }
erase = "columns"
[tables.payment_card.columns]
name = { field = "contact.name", finds = false, erase = "null" }
ccn = { field = "contact.text", erase = "null" }
code = { field = "contact.text", erase = "null" }
[tables.orders]
links = { customer_id = "customer.id" }
erase = "keep"
ground = "AWR 52(4)"
until = "7 years"
[tables.orders.columns]
shipping_address_id = { field = "contact.text" }
payment_card_id = { field = "contact.text" }
[tables.order_item]
links = { order_id = "orders.id" }
erase = "keep"
ground = "AWR 52(4)"
until = "7 years"
[tables.order_item.columns]
product_id = { field = "contact.text" }
quantity = { field = "contact.text" }
[tables.login]
links = { customer_id = "customer.id" }
erase = "columns"
[tables.login.columns]
time = { field = "contact.text", erase = "null" }
[tables.visit]
erase = "columns"
[tables.visit.columns]
email = { field = "contact.email", erase = "null" }
last_visit = { field = "contact.text", erase = "null" }
[tables.service_request]
erase = "columns"
[tables.service_request.columns]
email = { field = "contact.email", erase = "null" }
alt_email = { field = "contact.email", erase = "null" }
opened = { field = "contact.text", erase = "keep", ground = "figures", until = "2 years" }
[tables.employee]
erase = "columns"
[tables.employee.columns]
email = { field = "contact.email", erase = "null" }
name = { field = "contact.name", finds = false, erase = "null" }
[tables.report]
erase = "columns"
[tables.report.columns]
email = { field = "contact.email", erase = "null" }
name = { field = "contact.name", finds = false, erase = "null" }
"""
_SAME = "lower(btrim({})) = %(email)s"
BY_HAND = f"""
WITH c AS MATERIALIZED (SELECT * FROM customer WHERE {_SAME.format("email")}),
     o AS MATERIALIZED (SELECT orders.* FROM orders JOIN c ON c.id = orders.customer_id)
SELECT 'customer', ARRAY[id::text, email, name, address_id::text] FROM c
UNION ALL SELECT 'address', ARRAY[a.id::text, house, street, city, zip] FROM address a JOIN c ON c.address_id = a.id
UNION ALL SELECT 'payment_card', ARRAY[p.id::text, p.customer_id::text, p.name, ccn, code] FROM payment_card p JOIN c ON c.id = p.customer_id
UNION ALL SELECT 'orders', ARRAY[id::text, customer_id::text, shipping_address_id::text, payment_card_id::text] FROM o
UNION ALL SELECT 'order_item', ARRAY[i.order_id::text, item_no::text, product_id::text, quantity::text] FROM order_item i JOIN o ON o.id = i.order_id
UNION ALL SELECT 'login', ARRAY[l.id::text, l.customer_id::text, time] FROM login l JOIN c ON c.id = l.customer_id
UNION ALL SELECT 'visit', ARRAY[id::text, email, last_visit] FROM visit WHERE {_SAME.format("email")}
UNION ALL SELECT 'service_request', ARRAY[id::text, email, alt_email, opened] FROM service_request
    WHERE {_SAME.format("email")} OR {_SAME.format("alt_email")}
UNION ALL SELECT 'employee', ARRAY[id::text, email, name] FROM employee WHERE {_SAME.format("email")}
UNION ALL SELECT 'report', ARRAY[id::text, email, name] FROM report WHERE {_SAME.format("email")}
"""  # noqa: S608 - conditions of this file; the address is a parameter
_WHOSE = f"(SELECT id FROM customer WHERE {_SAME.format('email')})"  # noqa: S608
BY_HAND_PLAIN = f"""
SELECT 'customer', ARRAY[id::text, email, name, address_id::text] FROM customer WHERE {_SAME.format("email")}
UNION ALL SELECT 'address', ARRAY[id::text, house, street, city, zip] FROM address WHERE id IN (SELECT address_id FROM customer WHERE {_SAME.format("email")})
UNION ALL SELECT 'payment_card', ARRAY[id::text, customer_id::text, name, ccn, code] FROM payment_card WHERE customer_id IN {_WHOSE}
UNION ALL SELECT 'orders', ARRAY[id::text, customer_id::text, shipping_address_id::text, payment_card_id::text] FROM orders WHERE customer_id IN {_WHOSE}
UNION ALL SELECT 'order_item', ARRAY[order_id::text, item_no::text, product_id::text, quantity::text] FROM order_item
    WHERE order_id IN (SELECT id FROM orders WHERE customer_id IN {_WHOSE})
UNION ALL SELECT 'login', ARRAY[id::text, customer_id::text, time] FROM login WHERE customer_id IN {_WHOSE}
UNION ALL SELECT 'visit', ARRAY[id::text, email, last_visit] FROM visit WHERE {_SAME.format("email")}
UNION ALL SELECT 'service_request', ARRAY[id::text, email, alt_email, opened] FROM service_request
    WHERE {_SAME.format("email")} OR {_SAME.format("alt_email")}
UNION ALL SELECT 'employee', ARRAY[id::text, email, name] FROM employee WHERE {_SAME.format("email")}
UNION ALL SELECT 'report', ARRAY[id::text, email, name] FROM report WHERE {_SAME.format("email")}
"""  # noqa: S608 - conditions of this file; the address is a parameter
"""The same, written another way: whichever PostgreSQL runs faster counts."""
UPDATES = (
    f"UPDATE payment_card SET name = NULL, ccn = NULL, code = NULL WHERE customer_id IN {_WHOSE}",  # noqa: S608
    f"UPDATE login SET time = NULL WHERE customer_id IN {_WHOSE}",  # noqa: S608
    f"UPDATE address SET house = NULL, street = NULL, city = NULL, zip = NULL WHERE id IN (SELECT address_id FROM customer WHERE {_SAME.format('email')})",  # noqa: S608
    f"UPDATE visit SET email = NULL, last_visit = NULL WHERE {_SAME.format('email')}",  # noqa: S608
    f"UPDATE service_request SET email = NULL, alt_email = NULL WHERE {_SAME.format('email')} OR {_SAME.format('alt_email')}",  # noqa: S608
    f"UPDATE employee SET email = NULL, name = NULL WHERE {_SAME.format('email')}",  # noqa: S608
    f"UPDATE report SET email = NULL, name = NULL WHERE {_SAME.format('email')}",  # noqa: S608
    f"UPDATE customer SET email = 'gone-' || id || '@example.invalid', name = NULL WHERE {_SAME.format('email')}",  # noqa: S608
)
"""What the policy says, as sets, written by someone who knows the schema."""


def _text(word: str) -> dict[str, str]:
    return {"nl": word, "en": word}


POLICY: dict[str, Any] = {
    "format": 1,
    "version": "2026-01-01",
    "languages": ["nl"],
    "controller": {
        "name": "Voorbeeldwinkel",
        "website": "https://example.org",
        "legal_form": _text("de winkel"),
        "contacts": [{"kind": "email", "value": "privacy@example.org"}],
    },
    "categories": {
        "contact": {
            "title": _text("contact"),
            "fields": {
                "email": {"title": _text("e-mail"), "kind": "email", "identifies": True},
                "name": {"title": _text("naam"), "kind": "name"},
                "text": {"title": _text("gegeven")},
            },
        }
    },
    "purposes": {
        "service": {"title": _text("levering"), "basis": "contract", "ground": "AVG 6(1)(b)", "shelf": "customer", "needs": {"*": _text("om te leveren")}}
    },
    "shelves": {
        "customer": {"title": _text("klant"), "trigger": "collected", "period": "2 years", "ground": "AVG 5(1)(e)", "why": _text("zo lang")}
    },
    "rights": {"purpose": "service", "shelf": "customer", "identity": _text("een tweede gegeven")},
    "breach": {"authority": "AP", "authority_within_hours": 72, "subjects_within_hours": 72},
}  # fmt: skip
