"""A key that is declared must name one row: by one that two rows have, what is done for Anna would be done to Bram."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError, RefusedError
from gestand.sources.model import Correction, Known
from gestand.statement.policy import FieldKind
from sources.shop import ANNA_BY_MAIL, BRAM, KINDS, Shop

MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "w", en = "w" }}
{place}
near = true
[tables.visit]
key = ["day"]
person = true
erase = "delete"
restrict = "shut"
[tables.visit.columns]
email = {{ field = "contact.email" }}
what = {{ field = "service.request" }}
"""
TABLES = """
CREATE TABLE visit (day VARCHAR(10), email VARCHAR(80), what VARCHAR(80), shut INTEGER DEFAULT 0);
"""
ROWS = """
INSERT INTO visit VALUES ('d1', 'anna@example.nl', 'A', 0), ('d2', 'bram@example.nl', 'B', 0)
"""
NEW = Correction("contact.email", "anna@example.nl", "anna@example.org")
CODE = "source-key-ambiguous"


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    return Shop(request.param, tmp_path, MAPPING, TABLES, ROWS)


def test_a_key_that_names_one_row_by_what_stands_there_serves(shop: Shop):
    assert shop.source.test() == ()
    found = shop.find(ANNA_BY_MAIL)
    assert found.complete
    assert shop.source.rectify(found.traces, [NEW], note="").changed == 1
    assert shop.source.restrict(found.traces, restricted=True) == 1
    found = shop.find((Known(FieldKind.EMAIL, "anna@example.org"),))
    assert shop.source.erase(shop.source.plan(found.traces)).removed == 1
    assert shop.rows("SELECT day FROM visit") == [("d2",)]


@pytest.mark.parametrize("other", [
    "INSERT INTO visit VALUES ('d1', 'anna@example.nl', 'B', 0)",
    "INSERT INTO visit VALUES ('d1', 'anna@example.nl', 'A', 0)",
    "INSERT INTO visit VALUES ('d1', 'bram@example.nl', 'B', 0)",
    "INSERT INTO visit VALUES (NULL, 'anna@example.nl', 'B', 0)",
])  # fmt: skip
def test_a_key_that_names_several_rows_or_none_is_a_fault_and_no_search_is_whole(shop: Shop, other: str):
    shop.do(other)
    [problem] = shop.source.test()
    assert problem.code == CODE
    assert "visit" in problem.message
    for people in ({"anna": ANNA_BY_MAIL}, {"anna": ANNA_BY_MAIL, "bram": BRAM}):
        found = shop.source.find(people)["anna"]
        assert not found.complete
        assert "day" in found.searched[0].why_not
        assert found.traces == ()


def test_what_was_found_is_refused_once_another_row_has_its_key(shop: Shop):
    found = shop.find(ANNA_BY_MAIL)
    plan = shop.source.plan(found.traces)
    shop.do("INSERT INTO visit VALUES ('d1', 'bram@example.nl', 'C', 0)")
    before = shop.rows("SELECT * FROM visit ORDER BY what")
    for act in (
        lambda: list(shop.source.export(found.traces)),
        lambda: shop.source.erase(plan),
        lambda: shop.source.rectify(found.traces, [NEW], note=""),
        lambda: shop.source.restrict(found.traces, restricted=True),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert refused.value.code == CODE
    assert shop.source.plan(found.traces).conflicts
    assert shop.rows("SELECT * FROM visit ORDER BY what") == before


def test_a_row_that_is_gone_is_not_told_as_corrected_or_marked(shop: Shop):
    found = shop.find(ANNA_BY_MAIL)
    shop.do("DELETE FROM visit WHERE day = 'd1'")
    with pytest.raises(RefusedError) as refused:
        shop.source.rectify(found.traces, [NEW], note="")
    assert refused.value.code == "source-changed"
    with pytest.raises(RefusedError):
        shop.source.restrict(found.traces, restricted=True)


def test_rows_without_a_key_stand_in_no_plan(tmp_path: Path):
    shop = Shop("postgres", tmp_path, MAPPING, TABLES, """
INSERT INTO visit VALUES ('d1', 'anna@example.nl', 'A', 0), (NULL, 'anna@example.nl', 'B', 0), ('d1', 'bram@example.nl', 'C', 0)
""")  # fmt: skip
    assert shop.find(ANNA_BY_MAIL).traces == ()
    assert not shop.find(ANNA_BY_MAIL).complete


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("rule", "sound"), [
    ("CREATE UNIQUE INDEX one ON visit (day)", True), ("CREATE UNIQUE INDEX one ON visit (day, what)", False),
])  # fmt: skip
def test_the_schema_is_believed_where_it_sees_to_it(kind: str, rule: str, *, sound: bool, tmp_path: Path):
    tables = TABLES.replace("day VARCHAR(10)", "day VARCHAR(10) NOT NULL").replace(
        "what VARCHAR(80)", "what VARCHAR(80) NOT NULL"
    )
    shop = Shop(kind, tmp_path, MAPPING, f"{tables}{rule};\n", ROWS)
    assert shop.source.test() == ()
    shop.find(ANNA_BY_MAIL)
    assert shop.source._layouts["visit"].named is sound


def test_a_unique_index_of_some_rows_alone_proves_nothing(tmp_path: Path):
    tables = TABLES.replace("day VARCHAR(10)", "day VARCHAR(10) NOT NULL")
    for kind in ("postgres", "sqlite"):
        folder = tmp_path / kind
        folder.mkdir()
        shop = Shop(kind, folder, MAPPING, tables + "CREATE UNIQUE INDEX one ON visit (day) WHERE shut = 1;\n", ROWS)
        shop.do("INSERT INTO visit VALUES ('d1', 'bram@example.nl', 'B', 0)")
        assert [problem.code for problem in shop.source.test()] == [CODE]
        assert not shop.find(ANNA_BY_MAIL).complete


@pytest.mark.parametrize("of", ["TEXT[]", "JSONB"])
def test_lists_and_objects_are_no_key(of: str, tmp_path: Path):
    shop = Shop("postgres", tmp_path, MAPPING, TABLES.replace("VARCHAR(10)", of), "")
    assert [problem.code for problem in shop.source.test()] == [CODE]
    with pytest.raises(GestandError) as refused:
        shop.find(ANNA_BY_MAIL)
    assert refused.value.code == CODE
