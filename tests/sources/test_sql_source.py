"""A person in a database: found along every link and notation, planned to the row, erased whole or not at all. On three engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError, RefusedError
from gestand.sources.model import Act, Confidence, Correction, Known
from gestand.statement.policy import FieldKind
from sources.shop import ANNA, KINDS, MAPPING, Shop, keys

MINE = {
    ("customer", 1), ("orders", 10), ("orders", 11), ("order_line", 100), ("order_line", 101), ("invoice", 500),
    ("service_request", 30),
}  # fmt: skip


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    return Shop(request.param, tmp_path)


def sure(shop: Shop, known=ANNA):
    return [trace for trace in shop.find(known).traces if trace.confidence is not Confidence.DOUBTFUL]


def test_the_walk_finds_every_row_of_a_person_and_of_nobody_else(shop: Shop):
    found = shop.find()
    by_sureness = {c: keys([t for t in found.traces if t.confidence is c]) for c in Confidence}
    assert by_sureness[Confidence.CERTAIN] >= MINE
    assert by_sureness[Confidence.DOUBTFUL] == {("customer", 3)}  # the namesake is shown, and is not her
    assert {k for c in Confidence for k in by_sureness[c]} - MINE == {("customer", 3), ("orders", 12)}
    [spoken] = [trace for trace in found.traces if trace.key == (12,)]
    assert spoken.why == "mentioned in text: name, telephone number"
    assert [value.column for value in spoken.values] == ["note"]  # of Bram's order, only what speaks of her
    assert "; other" in next(t.why for t in found.traces if t.key == (3,))
    assert {(known.kind, known.value) for known in found.learned} == {(FieldKind.CUSTOMER_NUMBER, "K-1001")}
    assert {search.place: search.found for search in found.searched} == {
        "customer": 2, "orders": 3, "order_line": 2, "invoice": 1, "service_request": 1,
    }  # fmt: skip
    assert found.complete


def test_many_persons_are_found_in_one_pass_and_not_mixed(shop: Shop):
    bram = (Known(FieldKind.EMAIL, "bram@example.nl"),)
    found = shop.source.find({"anna": ANNA, "bram": bram, "nobody": (Known(FieldKind.EMAIL, "niemand@example.nl"),)})
    assert keys([t for t in found["bram"].traces if t.confidence is Confidence.CERTAIN]) == {
        ("customer", 2), ("orders", 12), ("order_line", 102), ("invoice", 501), ("service_request", 31),
    }  # fmt: skip
    assert keys(found["anna"].traces) >= MINE
    assert found["nobody"].traces == ()
    assert found["nobody"].searched


def test_the_plan_says_to_the_row_what_happens_and_changes_nothing(shop: Shop):
    before = shop.rows("SELECT * FROM customer ORDER BY id")
    found = shop.find()
    plan = shop.source.plan(found.traces, known=(*ANNA, *found.learned))
    assert plan.conflicts == ()
    assert {(row.place, row.act, row.rows) for row in plan.rows} == {
        ("customer", Act.CHANGE, 1), ("orders", Act.DELETE, 2), ("orders", Act.CHANGE, 1), ("order_line", Act.DELETE, 2),
        ("invoice", Act.KEEP, 1), ("service_request", Act.DELETE, 1),
    }  # fmt: skip
    assert plan.doubtful == 1
    assert next(row for row in plan.rows if row.act is Act.KEEP).ground == "AWR 52(4)"
    assert shop.rows("SELECT * FROM customer ORDER BY id") == before
    assert len(shop.rows("SELECT * FROM orders")) == 3


def test_an_erasure_is_whole_and_the_search_afterwards_finds_nothing_to_do(shop: Shop):
    found = shop.find()
    known = (*ANNA, *found.learned)
    removal = shop.source.erase(shop.source.plan(found.traces, known=known))
    assert removal.removed == 7
    assert [(kept.place, kept.rows, kept.ground) for kept in removal.retained] == [("invoice", 1, "AWR 52(4)")]
    [(_, number, name, email, alt, phone, country), *others] = shop.rows("SELECT * FROM customer ORDER BY id")
    assert (number, name, email, alt, phone, country) == ("weg-1", "verwijderd", None, None, None, "NL")
    assert [row[2] for row in others] == ["Bram Jansen", "Anna de Vries"]
    assert shop.rows("SELECT id, note FROM orders") == [
        (12, "afgeven bij [verwijderd], tel. +[verwijderd], als Bram weg is")
    ]
    assert shop.rows("SELECT id FROM order_line") == [(102,)]
    assert shop.rows("SELECT id FROM service_request") == [(31,)]
    again = shop.find(known)
    assert shop.source.plan(again.traces, known=known).actionable == 0


def test_a_row_that_changed_since_the_plan_stops_everything(shop: Shop):
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    shop.do("UPDATE orders SET street = 'Beukenlaan 2' WHERE id = 11")
    with pytest.raises(RefusedError) as refused:
        shop.source.erase(plan)
    assert refused.value.code == "source-changed"
    assert len(shop.rows("SELECT * FROM orders")) == 3
    assert shop.rows("SELECT email FROM customer WHERE id = 1") == [("Anna@Example.NL",)]


def test_what_the_columns_do_not_allow_is_a_conflict_before_anything_changes(shop: Shop):
    wrong = MAPPING.replace(
        'name = {{ field = "contact.name", erase = "replace", value = "verwijderd" }}',
        'name = {{ field = "contact.name", erase = "null" }}',
    )
    source = shop.read(wrong)
    assert "column-not-null" in {problem.code for problem in source.test()}
    plan = source.plan(source.find({"anna": ANNA})["anna"].traces)
    [conflict] = plan.conflicts
    assert "name" in conflict
    assert "Lindelaan" not in conflict
    with pytest.raises(RefusedError):
        source.erase(plan)
    assert len(shop.rows("SELECT * FROM orders")) == 3


def test_rows_of_others_that_refer_to_what_goes_stop_it(shop: Shop):
    shop.do("INSERT INTO order_line VALUES (103, 10, 'kabel')")
    without = (
        MAPPING.replace("[tables.order_line]", "[tables.product]")
        .replace('links = {{ order_id = "orders.id" }}', "")
        .replace("[tables.order_line.columns]", "[tables.product.columns]")
        .replace("what = ", "label = ")
    )
    source = shop.read(without)
    assert "table-unlinked" in {problem.code for problem in source.test()}
    plan = source.plan(source.find({"anna": ANNA})["anna"].traces)
    assert len(plan.conflicts) == 1


def test_a_correction_reaches_every_copy_and_never_rewrites_an_invoice(shop: Shop):
    right = [
        Correction("contact.street", "Lindelaan 14", "Beukenlaan 2"),
        Correction("contact.name", "Anna de Vries", "Anna Smit"),
    ]
    done = shop.source.rectify(sure(shop), right, note="naam gewijzigd")
    assert (done.changed, done.attached, done.to_attach, done.conflicts) == (3, 0, 1, ())
    assert {street for (street,) in shop.rows("SELECT street FROM orders WHERE customer_id = 1")} == {"Beukenlaan 2"}
    assert shop.rows("SELECT billed_name FROM invoice WHERE id = 500") == [("Anna de Vries",)]
    [conflict] = shop.source.rectify(
        sure(shop), [Correction("contact.phone", "06-99999999", "06-11111111")], note=""
    ).conflicts
    assert conflict.says == "06-12 34 56 78"


def test_the_search_cannot_write_and_stops_at_its_row_cap(shop: Shop):
    with shop.source._connecting.reading() as connection, pytest.raises(Exception, match=r"(?i)read.?only|readonly"):
        connection.exec_driver_sql("DELETE FROM product")
    few = shop.read(MAPPING.replace("near = true", "near = true\nrow_cap = 1"))
    found = few.find({"anna": ANNA})["anna"]
    assert not found.complete
    assert "more than 1 rows" in next(search.why_not for search in found.searched if search.why_not)


def test_a_copy_is_read_as_it_stands_now(shop: Shop):
    traces = sure(shop)
    shop.do("UPDATE service_request SET message = 'opgelost' WHERE id = 30")
    now = {trace.key: trace for trace in shop.source.export(traces)}
    assert "opgelost" in [value.value for value in now[30,].values]
    assert shop.source.count() == 13


def test_a_database_that_is_away_says_so(tmp_path: Path):
    gone = Shop("sqlite", tmp_path)
    (tmp_path / "shop.db").unlink()
    with pytest.raises(GestandError) as away:
        gone.find()
    assert away.value.code == "source-unreachable"
    assert [problem.code for problem in gone.source.test()] == ["source-unreachable"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_that_was_erased_is_known_again_when_a_backup_brings_it_back(kind: str, tmp_path: Path):
    shop = Shop(kind, tmp_path)
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    marks = shop.source.marks(plan)
    shop.source.erase(plan)
    assert shop.source.returned(marks) == 0
    shop.do("INSERT INTO service_request VALUES (30, 'iemand@example.org', 'een ander onder hetzelfde nummer')")
    assert shop.source.returned(marks) == 0
    shop.do("UPDATE service_request SET email = 'ANNA@example.nl', message = 'mijn printer' WHERE id = 30")
    assert shop.source.returned(marks) == 1
