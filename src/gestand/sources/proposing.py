"""A draft of a new source from a live database."""

from __future__ import annotations

import json

from gestand.kernel.errors import UsageError
from gestand.sources.declared import SqlDeclared
from gestand.sources.introspect import propose
from gestand.sources.model import SourceName
from gestand.sources.place import SourcePlace
from gestand.sources.sql.connecting import Connecting
from gestand.statement.policy import Text


def draft(name: str, place: SourcePlace, *, dsn: str, path: str, schema: str, person: str, near: bool) -> str:
    """Return a draft of ``sources/NAME.toml`` for the database at ``dsn`` or ``path``.

    :raises UsageError: ``source-place``, ``source-no-person``. :raises GestandError: if it cannot be reached.
    """
    if bool(dsn) == bool(path) or (dsn and not dsn.startswith(("env:", "file:"))):
        raise UsageError(
            "source-place",
            "a database is named by where its connection string is, or by the path of an SQLite file",
            where="--dsn, --path",
            remedy="Give --dsn env:NAME, --dsn file:PATH or --path shop.db.",
        )
    declared = SqlDeclared(
        format=1, kind="sql", title=Text(nl=name, en=name), near=near, dsn=dsn or None, path=path, in_schema=schema
    )
    head = ["format = 1", 'kind = "sql"', f"title = {{ nl = {json.dumps(name)}, en = {json.dumps(name)} }}"]
    head.append(f"dsn = {json.dumps(dsn)}" if dsn else f"path = {json.dumps(path)}")
    head += ["near = true"] if near else []
    head += [f"in_schema = {json.dumps(schema)}"] if schema else []
    connecting = Connecting(SourceName(name), declared, place)
    try:
        with connecting.reading() as connection:
            return propose(connection, schema, place.policy, head=head, person=person)
    finally:
        connecting.close()
