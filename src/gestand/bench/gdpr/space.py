"""Space: every byte that is kept (store, keys, indexes, ledger) for each byte of personal data, after all logs are cut."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from gestand.bench.gdpr.kept import Kept
from gestand.bench.gdpr.plain import Plain, SqliteTable
from gestand.bench.gdpr.records import PER_SUBJECT, record
from gestand.bench.report import Result, document

_REACH = 4.5
_TEXT = 100  # bytes of personal data a record


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Measure with ``size`` records of 100 bytes, ten a subject."""
    size = min(size, 10_000) if quick else size
    users = size // PER_SUBJECT
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room:
        place = Path(room)
        kept, plain = place / "kept", place / "plain"
        kept.mkdir()
        plain.mkdir()
        ours = Kept(kept)
        ours.load((record(key, users) for key in range(size)), users)
        factor = ours.occupied() / (size * _TEXT)
        parts = {
            path.relative_to(kept).as_posix(): path.stat().st_size / (size * _TEXT)
            for path in kept.rglob("*")
            if path.is_file() and path.stat().st_size > size
        }
        ours.close()
        table = Plain("plain SQLite", SqliteTable(plain))
        table.load((record(key, users) for key in range(size)), users)
        other = table.occupied() / (size * _TEXT)
        table.close()
    return document(
        [
            Result(
                "all bytes ÷ personal data (other: plain SQLite, with a log of 100,000 lines)",
                size,
                round(factor, 2),
                "",
                other=round(other, 2),
                ratio=round(factor / other, 2),
                reach=_REACH,
                holds=factor <= _REACH,
            ),
            *(Result(f"of which {name}", size, round(part, 2), "") for name, part in sorted(parts.items())),
        ]
    )
