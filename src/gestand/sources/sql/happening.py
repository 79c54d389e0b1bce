"""What a table says happened to the firm's dossiers: the number of each, and the day. Nothing else of a row is read."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from gestand.register.happenings import Happening
from gestand.sources.declared import Happens
from gestand.sources.sql.ageing import read_date
from gestand.sources.sql.schema import Layout


def happened(connection: sa.Connection, layout: Layout, happens: Happens, source: str) -> Iterator[Happening]:
    """Yield what each row with a number and a date tells.

    :raises GestandError: ``source-date``.
    """
    number, on = layout.live.c[happens.number], layout.live.c[happens.on]
    query = sa.select(number, on).where(*layout.filters, number.is_not(None), on.is_not(None))
    place = f"{source}: {layout.name}"
    for said, day in connection.execute(query):
        event = None if happens.event == "closed" else happens.event
        yield Happening(happens.kind, str(said).strip(), event, read_date(day, f"{place}.{happens.on}"), place)
