"""A search goes on while anything is left to follow; where it stops all the same, it says that it is not whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gestand.sources import searching
from gestand.sources.model import Found, Known
from gestand.sources.searching import search
from gestand.sources.sql import walking
from gestand.statement.policy import FieldKind
from sources.shop import ANNA_BY_MAIL, KINDS, Shop

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DEEP = 15
MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "w", en = "w" }}
{place}
near = true
[tables.thread]
links = {{ parent = "thread.id" }}
erase = "delete"
[tables.thread.columns]
email = {{ field = "contact.email" }}
"""
TABLES = "CREATE TABLE thread (id INTEGER PRIMARY KEY, parent INTEGER, email VARCHAR(80));\n"
REPLY = "INSERT INTO thread VALUES (NEXT, LAST, NULL)"
ROWS = ";\n".join((
    "INSERT INTO thread VALUES (1, NULL, 'anna@example.nl')",
    *(REPLY.replace("NEXT", str(n)).replace("LAST", str(n - 1)) for n in range(2, DEEP + 1)),
))  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_chain_of_rows_is_followed_to_its_end(kind: str, tmp_path: Path):
    found = Shop(kind, tmp_path, MAPPING, TABLES, ROWS).find(ANNA_BY_MAIL)
    assert len(found.traces) == DEEP
    assert found.complete


def test_a_walk_that_stops_says_that_it_is_not_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(walking, "ROUNDS", 3)
    found = Shop("sqlite", tmp_path, MAPPING, TABLES, ROWS).find(ANNA_BY_MAIL)
    assert len(found.traces) == 3
    assert not found.complete


class Teaching:
    """A system that knows one more address of whoever is asked for, up to a number."""

    def __init__(self, name: str, most: int) -> None:
        self.name = name
        self.most = most

    def find(self, people, *, judged):
        known = [one.value for one in people["anna"]]
        last = max((int(said.partition("@")[0]) for said in known if said[0].isdigit()), default=0)
        more = (Known(FieldKind.EMAIL, f"{last + 1}@example.nl", self.name),) if last < self.most else ()
        return {"anna": Found(learned=more)}


@pytest.mark.parametrize(("most", "whole"), [(30, True), (1000, False)])
def test_systems_that_teach_each_other_are_asked_until_nothing_is_new(most: int, *, whole: bool):
    chosen = {name: Teaching(name, most) for name in ("one", "two")}
    found = search(chosen, {"anna": ANNA_BY_MAIL}, judged=searching.Judged(), clock=lambda: NOW)["anna"]  # type: ignore[arg-type]
    assert found.complete is whole
    if whole:
        assert len(found.learned) == most
