"""A row as a trace: what it says in the fields of the policy, as text, and by what one writing of it is told from another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from gestand.sources.knowing import Agreement
from gestand.sources.model import Trace, TraceValue
from gestand.sources.place import SourcePlace
from gestand.sources.sql.schema import Layout

MENTIONED = "mentioned "
"""How the reason begins of a row that is not the person's, and speaks of them."""


def version_of(layout: Layout, values: tuple[Any, ...], place: SourcePlace) -> str:
    """Return what tells this writing of a row from another: what the database says of it, else a digest of what was read."""
    return str(values[-1]) if layout.versioned else place.digest(*map(as_text, values))


def said_of(layout: Layout, values: tuple[Any, ...]) -> tuple[TraceValue, ...]:
    """Return what a row says, as text, in the columns that are fields of the policy."""
    return tuple(
        TraceValue(part.name, part.declared.field, text)
        for part in layout.parts
        if part.declared.field and (text := as_text(values[layout.at[part.name]]))
    )


def trace_of(layout: Layout, values: tuple[Any, ...], place: SourcePlace, name: str, agreement: Agreement) -> Trace:
    """Return a row as a trace of the person it agrees with."""
    key = values[: len(layout.key)]
    return Trace(
        place.trace_id(name, layout.name, key), name, layout.name, key, said_of(layout, values), agreement.confidence,
        agreement.why, version_of(layout, values, place),
    )  # fmt: skip


def as_text(value: Any) -> str:
    """Return a value of a database as text."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return f"({len(value)} bytes)"
    return str(value)
