"""Connectors of one's own: found by their entry point, given only what their file grants; the kit notices one that lies."""

from __future__ import annotations

import itertools
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from gestand.kernel.errors import RefusedError, UsageError
from gestand.sources.conformance import check
from gestand.sources.connectors import ConnectorPlace, connector_of
from gestand.sources.load import read_source
from gestand.sources.model import Found, Known, Removal
from gestand.statement.policy import FieldKind
from sources.shop import ANNA, Shop, place, policy

DECLARED = """
format = 1
kind = "python"
title = { nl = "kassa", en = "till" }
connector = "%s"
near = true
peers = ["127.0.0.1:5432"]
settings = { branch = 3 }
secrets = { token = "env:TOKEN" }
"""
GIVEN: list[ConnectorPlace] = []


def make(where: ConnectorPlace) -> object:
    GIVEN.append(where)
    return where


def file(connector: str, declared: str = DECLARED):
    return read_source("kassa", (declared % connector).encode(), "sources/kassa.toml", policy())


def points():
    return {
        "mine": EntryPoint("mine", f"{__name__}:make", "gestand.sources"),
        "broken": EntryPoint("broken", "nergens:make", "gestand.sources"),
    }


def test_a_connector_gets_its_settings_its_secrets_and_only_its_peers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import sys

    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or __import__(__name__))
    made = connector_of(file("mine"), place(tmp_path, {"TOKEN": "sesam"}), points=points)
    assert isinstance(made, ConnectorPlace)
    assert (made.settings, made.secrets) == ({"branch": 3}, {"token": "sesam"})
    assert made.grant("127.0.0.1", 5432).address == "127.0.0.1"
    with pytest.raises(RefusedError) as refused:
        made.grant("127.0.0.1", 25)
    assert refused.value.code == "egress-unlisted"


@pytest.mark.parametrize("name", ["broken", "other"])
def test_a_connector_that_is_not_there_is_said(tmp_path: Path, name: str):
    with pytest.raises(UsageError) as refused:
        connector_of(file(name), place(tmp_path, {"TOKEN": "x"}), points=points)
    assert refused.value.code == "source-connector"


STRANGER = (Known(FieldKind.EMAIL, "niemand@example.nl"),)


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mariadb"])
def test_databases_do_what_a_source_must_do(kind: str, tmp_path: Path):
    shop = Shop(kind, tmp_path)
    known = (*ANNA, Known(FieldKind.CUSTOMER_NUMBER, "K-1001"))
    assert check(shop.source, person=known, stranger=STRANGER) == ()


class Lying:
    """A source that passes everything on, but for one verb."""

    def __init__(self, source: object, **verbs: object) -> None:
        self._source, self._verbs = source, verbs

    def __getattr__(self, name: str) -> object:
        return self._verbs.get(name) or getattr(self._source, name)


@pytest.mark.parametrize(
    ("verb", "noticed"),
    [
        ("find", "erase: "),
        ("erase", "erase: "),
        ("plan", "plan: "),
        ("export", "export: "),
        ("count", "count: "),
    ],
)
def test_a_source_that_lies_is_noticed(verb: str, noticed: str, tmp_path: Path):
    source = Shop("sqlite", tmp_path).source
    number = itertools.count()
    lies = {
        "find": lambda people, **_how: {p: Found() for p in people},
        "erase": lambda plan: Removal("shop", plan.actionable),
        "plan": lambda traces, **how: replace(source.plan(traces, **how), digest=str(next(number))),
        "export": lambda _traces: iter(()),
        "count": lambda: 0,
    }
    faults = check(Lying(source, **{verb: lies[verb]}), person=ANNA, stranger=STRANGER)
    assert faults
    if verb != "find":
        assert any(fault.startswith(noticed) for fault in faults), faults
