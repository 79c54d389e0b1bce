"""A file of what happened to dossiers: in Dutch or English, as CSV or XLSX, and every row that is not sound by its line."""

from __future__ import annotations

from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gestand.intake.happenings import day_of, read_happenings
from gestand.kernel.errors import InputError, Problem
from gestand.register.happenings import Happening
from gestand.register.model import DossierKind
from gestand.statement.policy import Trigger

DUTCH = """Soort;Nummer;Gebeurtenis;Datum
offerte;Q-1;verlopen;1-11-2026
overeenkomst;A-2;beëindigd;02-11-2026
factuur;F-3;verzonden;2026-11-03
reparatie;J-4;gesloten;4-11-2026
klacht;K-5;afgehandeld;5-11-2026
"""
SAID = [
    (DossierKind.QUOTE, "Q-1", Trigger.QUOTE_EXPIRED, date(2026, 11, 1)),
    (DossierKind.AGREEMENT, "A-2", Trigger.AGREEMENT_ENDED, date(2026, 11, 2)),
    (DossierKind.INVOICE, "F-3", Trigger.INVOICE_ISSUED, date(2026, 11, 3)),
    (DossierKind.JOB, "J-4", None, date(2026, 11, 4)),
    (DossierKind.COMPLAINT, "K-5", Trigger.COMPLAINT_CLOSED, date(2026, 11, 5)),
]


def said(path):
    rows = list(read_happenings(path))
    return [(one.kind, one.number, one.event, one.on) for one in rows if isinstance(one, Happening)]


def test_a_dutch_and_an_english_file_and_a_workbook_tell_the_same(tmp_path):
    dutch, english, book = tmp_path / "nl.csv", tmp_path / "en.csv", tmp_path / "nl.xlsx"
    dutch.write_text(DUTCH, "utf-8")
    english.write_text(
        "on,number,kind,event\n2026-11-01,Q-1,quote,quote-expired\n2026-11-02,A-2,agreement,agreement-ended\n"
        "2026-11-03,F-3,invoice,invoice-issued\n2026-11-04,J-4,job,closed\n2026-11-05,K-5,complaint,complaint-closed\n"
    )
    with xlsxwriter.Workbook(book) as written:
        sheet, day = written.add_worksheet(), written.add_format({"num_format": "dd-mm-yyyy"})
        for row, line in enumerate(DUTCH.splitlines()):
            for column, cell in enumerate(line.split(";")):
                sheet.write_string(row, column, cell)
        for row, (_, _, _, on) in enumerate(SAID, start=1):
            sheet.write_datetime(row, 3, on, day)
    assert said(dutch) == said(english) == said(book) == SAID


def test_a_row_that_is_not_sound_is_named_by_its_line_and_the_others_are_read(tmp_path):
    path = tmp_path / "told.csv"
    path.write_text(
        "kind,number,event,on\ncar,1,closed,2026-11-01\njob,2,exploded,2026-11-01\njob,3,closed,31-11-2026\n"
        "job,4,closed\njob,5,closed,2026-11-01\n"
    )
    rows = list(read_happenings(path))
    assert [(one.line, one.code) for one in rows if isinstance(one, Problem)][:3] == [
        (2, "dossier-kind"), (3, "dossier-event"), (4, "date"),
    ]  # fmt: skip
    assert [one.number for one in rows if isinstance(one, Happening)] == ["5"]
    assert len(rows) == 5


@pytest.mark.parametrize("text", ["number,event,on\n1,closed,2026-11-01\n", "naam,datum\nAnna,2026-11-01\n"])
def test_a_file_without_its_columns_is_refused_whole(tmp_path, text):
    path = tmp_path / "told.csv"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        list(read_happenings(path))
    assert refused.value.problems[0].code == "happenings-columns"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_reads_the_same_however_it_is_written(day):
    written = (day.isoformat(), f"{day.isoformat()} 00:00:00", f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day.year}")
    assert {day_of(text) for text in written} == {day}


@given(st.text(max_size=20))
def test_no_text_stops_the_reader(text):
    assert day_of(text) is None or len(text) >= 8
