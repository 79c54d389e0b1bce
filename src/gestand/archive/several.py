"""Asking for several rows at once, by a statement that is the same each time, so that the engine prepares it once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gestand.storage.engine import Engine, Row, Value

TOGETHER: Final = 64
MARKS: Final = ", ".join("?" * TOGETHER)
"""As many places as are asked for together."""


def some(engine: Engine, sql: str, values: Sequence[Value], *more: Value) -> Iterator[Row]:
    """Yield the rows of a statement with ``MARKS`` in it, for all values; ``more`` comes after them."""
    for at in range(0, len(values), TOGETHER):
        asked = list(values[at : at + TOGETHER])
        asked += [asked[0]] * (TOGETHER - len(asked))
        yield from engine.execute(sql, [*asked, *more])
