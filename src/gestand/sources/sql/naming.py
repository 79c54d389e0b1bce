"""Whether the key of a table names one row: by its schema where that says so, else by what stands in it.

By a key that two rows have, one person would be shown, corrected or erased in the row of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from gestand.kernel.errors import RefusedError
from gestand.sources.sql.asking import CHUNK, Condition, among
from gestand.sources.sql.schema import Layout

Key = tuple[object, ...]


def keyed(layout: Layout, keys: Sequence[Key], dialect: str) -> Iterator[Condition]:
    """Yield conditions that together are true of the rows with these keys, and of no others."""
    if len(layout.key) == 1:
        column = layout.live.c[layout.key[0]]
        whole = dialect in {"postgresql", "sqlite"} and all(isinstance(key[0], int | str) for key in keys)
        size = max(len(keys), 1) if whole else CHUNK
        for start in range(0, len(keys), size):
            some = [key[0] for key in keys[start : start + size]]
            yield among(column, some, dialect) if whole else column.in_(some)
        return
    columns = sa.tuple_(*(layout.live.c[name] for name in layout.key))
    for start in range(0, len(keys), CHUNK // 4):
        yield columns.in_(list(keys[start : start + CHUNK // 4]))


def refuse_ambiguous(connection: sa.Connection, layout: Layout, keys: Sequence[Key]) -> None:
    """Refuse keys that name several rows, or none that can be told from another.

    :raises RefusedError: ``source-key-ambiguous``.
    """
    if layout.named:
        return
    if any(part is None for key in keys for part in key):
        raise ambiguous(layout)
    for condition in keyed(layout, keys, connection.dialect.name):
        if connection.execute(_twice(layout).where(condition)).first() is not None:
            raise ambiguous(layout)


def ambiguous(layout: Layout) -> RefusedError:
    """Return that rows of a table cannot be told from each other."""
    return RefusedError(
        "source-key-ambiguous",
        f"several rows of {layout.name} have the same {', '.join(layout.key)}, or have none: nobody can say which is whose",
        where=layout.name,
        remedy="Write key with columns that together name one row, or let the table get a number of its own.",
    )


def is_ambiguous(connection: sa.Connection, layout: Layout) -> bool:
    """Say whether any row of a table has no whole key, or the key of another."""
    if layout.named:
        return False
    empty = sa.or_(*(layout.live.c[name].is_(None) for name in layout.key))
    without = sa.select(sa.literal(1)).select_from(layout.live).where(empty).limit(1)
    return any(connection.execute(query).first() is not None for query in (without, _twice(layout)))


def _twice(layout: Layout) -> sa.Select[int]:
    columns = [layout.live.c[name] for name in layout.key]
    return sa.select(sa.func.count()).select_from(layout.live).group_by(*columns).having(sa.func.count() > 1).limit(1)
