"""A row of a file into sound data, or into what is wrong with it, column by column. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gestand.intake.mapping import JOINED
from gestand.intake.model import ColumnPlan, Datum, MappedColumn, Record, Remark, Row
from gestand.reading.addresses import check_postcode, is_dutch
from gestand.reading.identifiers import CHECKS, check_field
from gestand.reading.outcome import Outcome
from gestand.statement.policy import DataField, FieldKind

Check = Callable[[str], Outcome]


class RowReader:
    """Reads rows after one plan of columns."""

    def __init__(self, plan: ColumnPlan) -> None:
        self._country = plan.country
        joined: dict[str, list[MappedColumn]] = {}
        for column in plan.mapped:
            if column.field.kind in JOINED:
                joined.setdefault(column.path, []).append(column)
        together = [columns for columns in joined.values() if len(columns) > 1]
        apart = {column.index for columns in together for column in columns}
        single = [column for column in plan.mapped if column.index not in apart]
        self._joined = [(columns, _check_of(columns[0].field)) for columns in together]
        self._single = [(c.index, c.path, c.purpose, c.name, _check_of(c.field)) for c in single]
        self._postcodes = frozenset(c.index for c in single if c.field.kind is FieldKind.POSTCODE)

    def read(self, record: Record) -> Row:
        """Return the data of a row, or if anything in it is unsound a remark for each such value and no data."""
        row, cells, fault = record
        if fault:
            return Row(row, [], [Remark(row, "", "refused", fault, "")])
        data: list[Datum] = []
        remarks: list[Remark] = []
        abroad = ""
        if self._country is not None and not is_dutch(cells[self._country]):
            abroad = cells[self._country]
        for index, path, purpose, name, check in self._single:
            value = cells[index]
            if not value:
                continue
            outcome = check_postcode(value, abroad) if abroad and index in self._postcodes else check(value)
            if isinstance(outcome, str):
                data.append(Datum(path, outcome, purpose, name))
            elif not value.isspace():
                remarks.append(Remark(row, name, "refused", outcome.reason, value))
        self._read_joined(row, cells, data, remarks)
        if remarks:
            return Row(row, [], remarks)
        if not data:
            remarks.append(Remark(row, "", "refused", "holds nothing in the columns that are admitted", ""))
        return Row(row, data, remarks)

    def _read_joined(self, row: int, cells: list[str], data: list[Datum], remarks: list[Remark]) -> None:
        for columns, check in self._joined:
            value = " ".join(cells[column.index].strip() for column in columns).strip()
            if not value:
                continue
            outcome = check(value)
            names = " + ".join(column.name for column in columns)
            if isinstance(outcome, str):
                data.append(Datum(columns[0].path, outcome, columns[0].purpose, names))
            else:
                remarks.append(Remark(row, names, "refused", outcome.reason, value))


def _check_of(field: DataField) -> Check:
    return partial(check_field, field) if field.kind is FieldKind.BSN else CHECKS[field.kind]
