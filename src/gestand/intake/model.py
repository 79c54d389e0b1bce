"""The nouns of the intake: a file and its records, what its columns mean, what was wrong, and how far an import came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from gestand.kernel.ids import FieldPath, PurposeId
from gestand.statement.policy import DataField

FileKind = Literal["csv", "xlsx", "vcard"]


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a file tells. ``digest`` is SHA-256 (hex), ``lines`` a number of line ends for the progress."""

    path: Path
    kind: FileKind
    digest: str
    size: int
    lines: int
    encoding: str
    broken_utf8: bool


class Record(NamedTuple):
    """A row of a file. ``row`` is the line (CSV, vCard) or row (XLSX) where it begins, from 1; ``fault`` why it is none."""

    row: int
    cells: list[str]
    fault: str = ""


class Table(Protocol):
    """A file read as rows under a header. Reading again begins anew."""

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        ...

    def records(self) -> Iterator[Record]:
        """Yield the rows below the header; a broken one with its fault."""
        ...


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column that is admitted: its place from 0, its name, and the field and purpose it is for."""

    index: int
    name: str
    path: FieldPath
    field: DataField
    purpose: PurposeId


@dataclass(frozen=True, slots=True)
class RefusedColumn:
    """A column that stays out, by name, and why."""

    name: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What becomes of every column of a file. ``country`` is a column that only serves to judge postcodes."""

    purpose: PurposeId
    mapped: tuple[MappedColumn, ...]
    refused: tuple[RefusedColumn, ...]
    country: int | None


class Datum(NamedTuple):
    """A sound value on its way in."""

    path: FieldPath
    value: str
    purpose: PurposeId
    column: str


class Remark(NamedTuple):
    """A line of the errors file. ``outcome``: the row was refused, a value conflicts, or a person was kept apart."""

    row: int
    column: str
    outcome: Literal["refused", "conflict", "kept-apart"]
    reason: str
    value: str


class Row(NamedTuple):
    """A row that was judged: its data if all of it is sound, else what is wrong and no data."""

    number: int
    data: list[Datum]
    remarks: list[Remark]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do. ``duplicates``: sound rows whose e-mail, telephone or customer number is met before."""

    survey: Survey
    columns: ColumnPlan
    read: int
    sound: int
    unsound: int
    duplicates: int
    faults: tuple[tuple[str, int], ...]  # reason and how often, the most frequent first


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import came, in all its runs. ``records`` is the place in the file to go on from.

    ``id`` is imp_... and the source of the data unless another was named.
    """

    id: str
    records: int
    read: int
    added: int
    merged: int
    refused: int
    errors_bytes: int
    done: bool


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """An import that is complete. ``resumed``: an earlier run was gone on with; ``again``: it was complete already."""

    read: int
    added: int
    merged: int
    refused: int
    errors_file: Path | None
    resumed: bool
    again: bool


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import and how. ``on`` is the local date that counts as the day of collection."""

    path: Path
    mapping: Path | None
    purpose: PurposeId
    source: str
    on: date | None = None
    repeat_values: bool = False
