"""Rows of other systems that are older than promised: found on any engine, erased to the row, those still referred to waiting."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, InputError, RefusedError
from gestand.kernel.ids import ActorId
from gestand.law.periods import Period, Unit, keeping
from gestand.sources.ageing import newest_due
from gestand.sources.load import read_source
from gestand.sources.sql.ageing import read_date
from sources.shop import KINDS, Shop, fill, policy, rows

OWNER = ActorId("owner")
ON = date(2026, 3, 2)
TABLES = """
CREATE TABLE klant (id INTEGER PRIMARY KEY, naam VARCHAR(80), laatst DATE);
CREATE TABLE bon (id INTEGER PRIMARY KEY, klant_id INTEGER, besteld TIMESTAMP NULL, tekst VARCHAR(80));
CREATE TABLE bezoek (id INTEGER PRIMARY KEY, ip VARCHAR(40), moment {moment});
"""
ROWS = """
INSERT INTO klant VALUES (1, 'Anna de Vries', '2018-05-01'), (2, 'Bram Jansen', '2018-05-01'), (3, 'Cor Mulder', '2025-05-01');
INSERT INTO bon VALUES (10, 1, '2018-05-01 10:00:00', 'muis'), (11, 2, '2018-05-01 10:00:00', 'scherm'), (12, 2, '2025-06-01 10:00:00', 'kabel');
INSERT INTO bezoek VALUES (20, '192.0.2.1', {old}), (21, '192.0.2.2', {new});
"""
MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "winkel", en = "shop" }}
{place}
near = true
[tables.klant]
erase = "delete"
shelf = "customer"
since = "laatst"
[tables.klant.columns]
naam = {{ field = "contact.name" }}
[tables.bon]
links = {{ klant_id = "klant.id" }}
erase = "keep"
ground = "AWR 52(4)"
until = "7 years after the year of the order"
shelf = "administration"
since = "besteld"
[tables.bon.columns]
tekst = {{ field = "payment.invoice" }}
[tables.bezoek]
erase = "columns"
shelf = "web-log"
since = "moment"
[tables.bezoek.columns]
ip = {{ field = "technical.ip", erase = "null" }}
"""
MOMENTS = {
    "sqlite": ("TEXT", "'2020-01-01T00:00:00Z'", "'2026-03-01 08:00'"),
    "postgres": ("TIMESTAMPTZ", "'2020-01-01 00:00+00'", "'2026-03-01 08:00+00'"),
    "mariadb": ("BIGINT", "1577836800", "1772352000"),
}


def shop(kind: str, folder: Path, mapping: str = MAPPING) -> Shop:
    moment, old, new = MOMENTS[kind]
    return Shop(kind, folder, mapping, TABLES.format(moment=moment), ROWS.format(old=old, new=new))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_over_leaves_and_what_is_still_referred_to_waits(kind: str, tmp_path: Path):
    one = shop(kind, tmp_path)
    assert not [p for p in one.source.test() if "since" in p.message or "undated" in p.code]
    due = one.source.due(ON)
    told = {(row.place, row.key, row.shelf): (row.gone_from, row.hold) for row in due}
    assert told == {
        ("klant", '["shop", "klant", [1]]', "customer"): (gone("customer", date(2018, 5, 1)), ""),
        ("klant", '["shop", "klant", [2]]', "customer"): (
            gone("customer", date(2018, 5, 1)), "rows of bon that are not due refer to it",
        ),
        ("bon", '["shop", "bon", [10]]', "administration"): (gone("administration", date(2018, 5, 1)), ""),
        ("bon", '["shop", "bon", [11]]', "administration"): (gone("administration", date(2018, 5, 1)), ""),
        ("bezoek", '["shop", "bezoek", [20]]', "web-log"): (gone("web-log", date(2020, 1, 1)), ""),
    }  # fmt: skip
    assert one.source.erase_due([row.key for row in due], ON) == 4
    assert one.rows("SELECT id FROM klant ORDER BY id") == [(2,), (3,)]
    assert one.rows("SELECT id FROM bon ORDER BY id") == [(12,)]
    assert one.rows("SELECT id, ip FROM bezoek ORDER BY id") == [(20, None), (21, "192.0.2.2")]
    assert [(row.place, bool(row.hold)) for row in one.source.due(ON)] == [("klant", True)]


def gone(shelf: str, since: date) -> date:
    said = policy().shelves[shelf]
    return keeping(since, said.period, said.counts_from).erase_from


def test_a_row_that_is_no_longer_due_is_not_taken_along(tmp_path: Path):
    one = shop("sqlite", tmp_path)
    keys = [row.key for row in one.source.due(ON)]
    one.do("UPDATE bon SET besteld = '2026-01-01' WHERE id = 10")
    assert one.source.erase_due(keys, ON) == 2  # bon 11 and the visit; customer 1 is referred to again
    assert one.rows("SELECT id FROM klant ORDER BY id") == [(1,), (2,), (3,)]


def test_a_foreign_key_that_nobody_declared_makes_a_row_wait_too(tmp_path: Path):
    one = shop("sqlite", tmp_path)
    one.do(
        "CREATE TABLE foto (id INTEGER PRIMARY KEY, klant_id INTEGER REFERENCES klant (id));\nINSERT INTO foto VALUES (1, 1)"
    )
    holds = {row.key: row.hold for row in one.read(MAPPING).due(ON)}
    assert holds['["shop", "klant", [1]]'] == "rows of foto that are not due refer to it"


def test_a_row_that_is_restricted_there_stays_with_those_it_refers_to(tmp_path: Path):
    mapping = MAPPING.replace('since = "besteld"', 'since = "besteld"\nrestrict = "dicht"')
    one = Shop("sqlite", tmp_path, mapping, TABLES.format(moment="TEXT"), ROWS.format(old="NULL", new="NULL"))
    one.do("ALTER TABLE bon ADD COLUMN dicht INTEGER;\nUPDATE bon SET dicht = 1 WHERE id = 10")
    due = one.read(mapping).due(ON)
    assert {row.key for row in due if row.hold} == {
        '["shop", "klant", [1]]', '["shop", "klant", [2]]', '["shop", "bon", [10]]',
    }  # fmt: skip
    one.read(mapping).erase_due([row.key for row in due], ON)
    assert one.rows("SELECT id FROM bon ORDER BY id") == [(10,), (12,)]


def test_rows_that_would_never_leave_are_a_fault(tmp_path: Path):
    one = shop("sqlite", tmp_path)
    one.do("INSERT INTO klant VALUES (4, 'Dirk Bos', NULL), (5, 'Els Bos', '01-05-2018')")
    found = {problem.code: problem.message for problem in one.source.test()}
    assert found["rows-undated"].startswith("1 rows of klant have no laatst")
    assert "klant.laatst: a date in it cannot be read" in found["source-date"]
    with pytest.raises(GestandError) as refused:
        one.source.due(ON)
    assert refused.value.code == "source-date"


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ('since = "laatst"\n', "", "period-half"),
        ('shelf = "customer"\n', "", "period-half"),
        ('shelf = "customer"', 'shelf = "zolder"', "source-shelf"),
    ],
)
def test_half_a_period_is_refused(was: str, now: str, code: str):
    text = MAPPING.format(place='path = "shop.db"').replace(was, now, 1)
    with pytest.raises(InputError) as refused:
        read_source("shop", text.encode(), "sources/shop.toml", policy())
    assert code in {problem.code for problem in refused.value.problems}


@given(
    st.integers(0, 4000),
    st.sampled_from(["event", "year_end"]),
    st.integers(1, 90),
    st.sampled_from(list(Unit)),
)
def test_the_newest_due_day_is_over_and_the_next_is_not(days: int, counts_from: str, count: int, unit: Unit):
    on = date(2016, 1, 1) + timedelta(days=days)
    shelf = policy().shelves["customer"].model_copy(update={"period": Period(count, unit), "counts_from": counts_from})
    newest = newest_due(shelf, on)
    if newest is None:
        assert keeping(date(1900, 1, 1), shelf.period, shelf.counts_from).erase_from > on
        return
    assert keeping(newest, shelf.period, shelf.counts_from).erase_from <= on
    later = newest + timedelta(days=1)
    assert later > on or keeping(later, shelf.period, shelf.counts_from).erase_from > on


@pytest.mark.parametrize("value", ["gisteren", "", -(10**20)])
def test_what_is_no_date_is_said_and_never_guessed(value: object):
    with pytest.raises(GestandError) as refused:
        read_date(value, "shop: klant.laatst")
    assert refused.value.code == "source-date"


def test_a_run_of_retention_reaches_other_systems(place: Place):
    (place.folder / "sources").mkdir(exist_ok=True)
    moment, old, new = MOMENTS["sqlite"]
    fill(f"sqlite:///{place.folder / 'shop.db'}", TABLES.format(moment=moment) + ROWS.format(old=old, new=new))
    (place.folder / "sources" / "shop.toml").write_text(MAPPING.format(place='path = "shop.db"'))
    house = place.open()
    plan = house.retention.plan()
    ours = [leaving for leaving in plan.leaving if leaving.custodian == "sources"]
    assert len(ours) == 5
    assert [s.why for s in plan.staying if s.custodian == "sources"] == ["rows of bon that are not due refer to it"]
    assert house.retention.drift()["sources"] == 5
    before = house.ledger.head().size
    run = house.retention.run(actor=OWNER)
    assert run.erased >= 5
    assert "sources" not in house.retention.drift()
    assert rows(f"sqlite:///{place.folder / 'shop.db'}", "SELECT id FROM klant ORDER BY id") == [(2,), (3,)]
    events = [e.event for e in house.ledger.entries(before) if e.event.name in {"source.due", "source.expired"}]
    assert [(e.name, e.facts.get("rows", e.facts.get("removed"))) for e in events] == [
        ("source.due", 5),
        ("source.expired", 5),
    ]
    assert house.sources.upkeep.due(ON).per_place() == {}


def test_a_system_that_is_away_does_not_stop_the_others(place: Place):
    (place.folder / "sources").mkdir(exist_ok=True)
    (place.folder / "sources" / "shop.toml").write_text(MAPPING.format(place='path = "shop.db"'))
    house = place.open()
    assert [search.source for search in house.sources.upkeep.due(ON).away] == ["shop"]
    assert house.retention.run(actor=OWNER).found_afterwards == 0
    house.retention.run(actor=OWNER)
    [task] = [one for one in house.tasks.all() if one.system == "shop"]  # a person is asked, once
    assert task.done_on is None
    assert task.due == local_date(place.clock()) + timedelta(days=7)
    assert not task.late(local_date(place.clock()))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_row_that_changes_under_the_sweep_stops_it_whole(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = shop(kind, tmp_path)
    keys = [row.key for row in one.source.due(ON)]
    one.do(
        "CREATE TABLE rem (id INTEGER PRIMARY KEY, bon_id INTEGER NOT NULL REFERENCES bon (id));\nINSERT INTO rem VALUES (1, 11)"
    )
    monkeypatch.setattr("gestand.sources.sql.ageing.Overdue._hold", lambda _self: False)
    with pytest.raises(RefusedError) as refused:
        one.source.erase_due(keys, ON)
    assert refused.value.code == "source-conflict"
    assert len(one.rows("SELECT id FROM klant")) == 3
