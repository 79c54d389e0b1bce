"""A table of another system tells what happened to dossiers: the number and the day of each row, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError, InputError
from gestand.register.happenings import Happening
from gestand.register.model import DossierKind
from gestand.sources.load import read_source
from gestand.sources.telling import hear
from gestand.statement.policy import Trigger
from sources.shop import KINDS, Shop, policy

TABLES = """
CREATE TABLE werkbon (id INTEGER PRIMARY KEY, nummer VARCHAR(20), klaar DATE, soort VARCHAR(10), klant VARCHAR(80));
CREATE TABLE nota (id INTEGER PRIMARY KEY, nummer VARCHAR(20), verstuurd TIMESTAMP NULL);
"""
ROWS = """
INSERT INTO werkbon VALUES (1, 'J-1', '2026-02-01', 'werk', 'Anna de Vries'), (2, 'J-2', NULL, 'werk', 'Bram Jansen'),
    (3, NULL, '2026-02-01', 'werk', 'Cor Mulder'), (4, 'J-4', '2026-02-01', 'proef', 'Dirk Bos');
INSERT INTO nota VALUES (1, 'F-1', '2026-02-02 10:00:00');
"""
MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "planning", en = "planning" }}
{place}
near = true
[tables.werkbon]
erase = "delete"
where = {{ soort = "werk" }}
happens = {{ kind = "job", number = "nummer", on = "klaar" }}
[tables.werkbon.columns]
klant = {{ field = "contact.name" }}
[tables.nota]
happens = {{ kind = "invoice", number = "nummer", on = "verstuurd", event = "invoice-issued" }}
"""


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_with_a_number_and_a_day_tells_and_names_nobody(kind: str, tmp_path: Path):
    one = Shop(kind, tmp_path, MAPPING, TABLES, ROWS)
    assert one.source.happenings() == (
        Happening(DossierKind.JOB, "J-1", None, date(2026, 2, 1), "shop: werkbon"),
        Happening(DossierKind.INVOICE, "F-1", Trigger.INVOICE_ISSUED, date(2026, 2, 2), "shop: nota"),
    )


def test_a_system_that_is_away_or_writes_no_dates_stops_no_other(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    sound, odd = (Shop("sqlite", tmp_path / name, MAPPING, TABLES, ROWS) for name in ("a", "b"))
    odd.do("UPDATE werkbon SET klaar = 'morgen'")
    heard = hear([odd.source, sound.source])
    assert [one.number for one in heard.told] == ["J-1", "F-1"]
    [(name, fault)] = heard.away
    assert (name, fault.code) == ("shop", "source-date")


def test_a_column_that_is_not_there_is_said(tmp_path: Path):
    one = Shop("sqlite", tmp_path, MAPPING.replace('on = "klaar"', 'on = "af"'), TABLES, ROWS)
    with pytest.raises(GestandError) as missing:
        one.source.happenings()
    assert missing.value.code == "source-column-missing"


def test_an_event_that_no_dossier_knows_is_refused():
    text = MAPPING.format(place='path = "shop.db"').replace('"invoice-issued"', '"paid"')
    with pytest.raises(InputError):
        read_source("shop", text.encode(), "sources/shop.toml", policy())
