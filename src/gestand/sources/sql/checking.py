"""A declared database against the live one: what is missing, what looks personal and is not declared, what cannot be erased so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from gestand.kernel.errors import GestandError, Problem
from gestand.sources.classify import SAMPLE, Guess, guess_column
from gestand.sources.declared import SqlDeclared
from gestand.sources.load import SourceFile
from gestand.sources.rules import Fault
from gestand.sources.sql.ageing import read_date, undated
from gestand.sources.sql.naming import ambiguous, is_ambiguous
from gestand.sources.sql.referring import Reference, references
from gestand.sources.sql.schema import Layout, layouts, live_table, read_as_written, reflect
from gestand.sources.sql.traces import as_text
from gestand.statement.locate import KeyPath
from gestand.statement.policy import Policy


def check(connection: sa.Connection, file: SourceFile, declared: SqlDeclared, policy: Policy) -> tuple[Problem, ...]:
    """Return every fault between a declared database and the live one. Reads; changes nothing.

    :raises GestandError: where tables or columns are missing, so that nothing further can be judged.
    """
    made = layouts(reflect(connection, declared, list(declared.tables)), declared, policy)
    refers = references(connection, declared.in_schema)
    faults = [
        *_unlabelled(connection, declared),
        *_unlinked(declared, refers),
        *(fault for layout in made.values() for fault in _unsearchable(connection, layout)),
        *(fault for layout in made.values() for fault in _unnamed(connection, layout)),
        *(fault for layout in made.values() for fault in _unerasable(connection, layout)),
        *(fault for layout in made.values() if layout.declared.since for fault in _unaged(connection, layout)),
    ]
    return tuple(file.problem(*fault) for fault in faults)


def guesses(connection: sa.Connection, schema: str, table: str) -> Mapping[str, Guess]:
    """Return what each column of a live table looks like; columns in which nothing personal shows are left out."""
    live = _table(connection, schema, table)
    rows = connection.execute(sa.select(live).limit(SAMPLE)).fetchall()
    found: dict[str, Guess] = {}
    for at, column in enumerate(live.c):
        if isinstance(column.type, sa.Boolean | sa.Float | sa.LargeBinary):
            continue
        guess = guess_column(table, column.name, [as_text(row[at]) for row in rows])
        if guess is not None:
            found[column.name] = guess
    return found


def _table(connection: sa.Connection, schema: str, table: str) -> sa.Table:
    live = sa.Table(table, sa.MetaData(schema=schema or None), autoload_with=connection, resolve_fks=False)
    read_as_written(connection, live)
    return live


def tables_of(connection: sa.Connection, schema: str) -> Sequence[str]:
    """Return the live tables, in order of name."""
    return sorted(sa.inspect(connection).get_table_names(schema=schema or None))


def _unlabelled(connection: sa.Connection, declared: SqlDeclared) -> Iterator[Fault]:
    labelled: dict[str, set[str]] = {}
    for name, table in declared.tables.items():
        attached = table.attach.table if table.attach else None
        labelled.setdefault(live_table(name), set()).update(
            table.columns,
            table.links,
            table.key,
            [table.restrict, table.since],
            [table.happens.number, table.happens.on] if table.happens else (),
        )
        if attached:
            labelled.setdefault(attached, set()).update(table.attach.columns if table.attach else ())
    for name in tables_of(connection, declared.in_schema):
        if name in declared.not_personal:
            continue
        for column, guess in guesses(connection, declared.in_schema, name).items():
            if column in labelled.get(name, ()):
                yield from _mislabelled(declared, name, column, guess)
                continue
            here: KeyPath = ("tables", name) if name in declared.tables else ()
            yield Fault(
                here,
                "column-looks-personal",
                f"{name}.{column} looks personal ({guess.kind}: {guess.why}) and is not declared",
                f'Declare it under [tables.{name}.columns]: {column} = {{ field = "…" }}, or {{ none = "why it is not" }}.',
            )


def _mislabelled(declared: SqlDeclared, table: str, column: str, guess: Guess) -> Iterator[Fault]:
    """Yield a fault where a column is said to be nothing personal, and its content says otherwise."""
    for name, said in declared.tables.items():
        label = said.columns.get(column)
        if live_table(name) == table and label is not None and label.none and guess.by_content:
            yield Fault(
                ("tables", name, "columns", column),
                "column-mislabelled",
                f"{name}.{column} is said to be nothing personal ({label.none}), and {guess.why}",
                f'Write {column} = {{ field = "…" }}.',
            )


def _unlinked(declared: SqlDeclared, refers: Sequence[Reference]) -> Iterator[Fault]:
    known = {live_table(name) for name in declared.tables}
    for reference in refers:
        if reference.target not in known or reference.where in declared.not_personal:
            continue
        if reference.schema:
            if reference.acts:
                yield _elsewhere(reference)
            continue
        theirs = [table for name, table in declared.tables.items() if live_table(name) == reference.table]
        linked = {column for table in theirs for column in table.links}
        none = {c for table in theirs for c, said in table.columns.items() if said.none}
        columns = {*reference.columns}
        if not columns & linked and not columns <= none and reference.table != reference.target:
            yield Fault(
                ("tables", reference.table) if reference.table in declared.tables else (),
                "table-unlinked",
                f"{reference.table}.{', '.join(reference.columns)} refers to {reference.target}, and nothing says so here",
                _linking(reference),
            )


def _linking(reference: Reference) -> str:
    """Return how to say to whom rows belong; of a key of several columns a person knows which of them says it alone."""
    pairs = zip(reference.columns, reference.wanted, strict=False)
    either = " or ".join(f'links = {{ {column} = "{reference.target}.{wanted}" }}' for column, wanted in pairs)
    alone = ", whichever says by itself whose row it is" if len(reference.columns) > 1 else ""
    return f"Write {either} under [tables.{reference.table}]{alone}."


def _elsewhere(reference: Reference) -> Fault:
    return Fault(
        (),
        "table-unlinked",
        f"{reference.where} refers to {reference.target}, and the database would {reference.on_delete} its rows along with it",
        f'Declare it in a source with in_schema = "{reference.schema}", and say so here: '
        f'not_personal = {{ "{reference.where}" = "…" }}; an erasure is refused as long as it has rows that refer to what goes.',
    )


def _unsearchable(connection: sa.Connection, layout: Layout) -> Iterator[Fault]:
    """Yield a fault where people are to be found in a column that holds no single value as text or number."""
    wrapped = [
        part.name
        for part in layout.parts
        if part.finds and not part.unread and any(map(_is_json, _sample(connection, layout, part.live)))
    ]
    for name in (*layout.unread, *wrapped):
        yield Fault(
            ("tables", layout.name, "columns" if layout.part(name) else "links", name),
            "column-unsearchable",
            f"{layout.name}.{name} holds lists, objects or bytes, in which nobody can be looked for",
            "Name a column or view that holds the value alone; or write finds = false if the rows are found otherwise.",
        )


def _sample(connection: sa.Connection, layout: Layout, column: sa.Column[Any]) -> Iterator[Any]:
    query = sa.select(column).where(*layout.filters, column.is_not(None)).limit(SAMPLE)
    return (value for (value,) in connection.execute(query))


def _is_json(value: Any) -> bool:
    """Say whether a value is a list, an object or a quoted text."""
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "{", '"')):
        return False
    try:
        return isinstance(json.loads(value), list | dict | str)
    except (ValueError, RecursionError):
        return False


def _unnamed(connection: sa.Connection, layout: Layout) -> Iterator[Fault]:
    """Yield a fault where a key names several rows, so that what is done to one is done to another."""
    if is_ambiguous(connection, layout):
        fault = ambiguous(layout)
        yield Fault(("tables", layout.name, "key"), fault.code, fault.message, fault.remedy)


def _unaged(connection: sa.Connection, layout: Layout) -> Iterator[Fault]:
    """Yield a fault where rows would never leave: they have no date, or one that cannot be read."""
    here: KeyPath = ("tables", layout.name, "since")
    column = layout.live.c[layout.declared.since]
    without = undated(connection, layout)
    if without:
        yield Fault(
            here,
            "rows-undated",
            f"{without} rows of {layout.name} have no {column.name}: their period never begins, and they never leave",
            "Give each of them its date, or name another column.",
        )
    sample = sa.select(column).where(*layout.filters, column.is_not(None)).limit(SAMPLE)
    try:
        for (value,) in connection.execute(sample):
            read_date(value, layout.name)
    except GestandError as fault:
        yield Fault(here, fault.code, f"{layout.name}.{column.name}: {fault.message}", fault.remedy)


def _unerasable(connection: sa.Connection, layout: Layout) -> Iterator[Fault]:
    here: KeyPath = ("tables", layout.name)
    if layout.declared.erase in {"delete", "columns"} and connection.dialect.name in {"mysql", "mariadb"}:
        options = sa.inspect(connection).get_table_options(layout.live.name)
        engine = str(options.get("mysql_engine") or options.get("mariadb_engine") or "InnoDB")
        if engine.lower() != "innodb":
            yield Fault(
                here,
                "table-not-transactional",
                f"{layout.name} is stored by {engine}, which cannot undo half an erasure",
                f"ALTER TABLE {layout.name} ENGINE = InnoDB.",
            )
    if layout.declared.erase != "columns":
        return
    alone = _unique(connection, layout)
    for part in layout.parts:
        at = (*here, "columns", part.name)
        value = part.declared.value or ""
        if part.declared.erase == "null" and not part.live.nullable:
            yield Fault(
                at,
                "column-not-null",
                f"{layout.name}.{part.name} may not be empty, and is to be emptied",
                'Write erase = "replace" with a value, or erase the row.',
            )
        if part.declared.erase == "replace" and part.name in alone and "{key}" not in value:
            yield Fault(
                at,
                "column-unique",
                f"{layout.name}.{part.name} is unique, and every erased row would get the same value",
                'Put {key} in the value: value = "verwijderd-{key}".',
            )
        length = getattr(part.live.type, "length", None)
        if part.declared.erase == "replace" and length and len(value.replace("{key}", "0")) > length:
            yield Fault(
                at, "column-too-short", f"{layout.name}.{part.name} has {length} characters", "Write a shorter value."
            )


def _unique(connection: sa.Connection, layout: Layout) -> frozenset[str]:
    inspector = sa.inspect(connection)
    schema = layout.live.schema
    found: list[Any] = [*inspector.get_unique_constraints(layout.live.name, schema=schema)]
    found += [index for index in inspector.get_indexes(layout.live.name, schema=schema) if index.get("unique")]
    return frozenset(
        one["column_names"][0] for one in found if len(one["column_names"]) == 1 and one["column_names"][0]
    )
