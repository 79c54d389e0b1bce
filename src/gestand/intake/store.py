"""How far each import came, written in the transaction of the rows themselves. No personal data."""

from __future__ import annotations

from typing import cast

from gestand.intake.model import Progress
from gestand.storage.engine import Engine

MIGRATIONS = (
    """
    CREATE TABLE intake_import (
        id TEXT NOT NULL, file TEXT NOT NULL, columns TEXT NOT NULL, started_at TEXT NOT NULL, records INTEGER NOT NULL,
        read INTEGER NOT NULL, added INTEGER NOT NULL, merged INTEGER NOT NULL, refused INTEGER NOT NULL,
        errors_bytes INTEGER NOT NULL, done INTEGER NOT NULL, PRIMARY KEY (file, columns)
    );
    """,
)
BEGIN = "INSERT INTO intake_import VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (file, columns) DO NOTHING"
PROGRESS = "SELECT id, records, read, added, merged, refused, errors_bytes, done FROM intake_import WHERE file = ? AND columns = ?"
ADVANCE = (
    "UPDATE intake_import SET records = ?, read = ?, added = ?, merged = ?, refused = ?, errors_bytes = ?, done = ?"
    " WHERE file = ? AND columns = ? AND records = ? AND done = 0 RETURNING records"
)


def progress(engine: Engine, file: str, columns: str) -> Progress | None:
    """Return how far the import of a file (its digest) under a plan of columns (its digest) came; None: not begun."""
    rows = engine.execute(PROGRESS, (file, columns))
    if not rows:
        return None
    id_, *counts, done = rows[0]
    records, read, added, merged, refused, errors_bytes = cast("list[int]", counts)
    return Progress(str(id_), records, read, added, merged, refused, errors_bytes, bool(done))


def advance(engine: Engine, file: str, columns: str, before: Progress, after: Progress) -> bool:
    """Record progress; False if the import is not where ``before`` says, for another one is at work."""
    values = (after.records, after.read, after.added, after.merged, after.refused, after.errors_bytes, int(after.done))
    return bool(engine.execute(ADVANCE, (*values, file, columns, before.records)))
