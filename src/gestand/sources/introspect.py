"""A mapping proposed from the live schema, as a draft of a source's file. It is refused until a person has decided its open ends.

Tables are reached by foreign keys from the table of persons, and, where a schema has none, by columns called after it
(``customer_id``); columns are guessed by name and by a sample. What becomes of the rows at an erasure is never guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

import sqlalchemy as sa

from gestand.kernel.errors import UsageError
from gestand.sources.classify import Guess
from gestand.sources.sql.checking import guesses, tables_of
from gestand.sources.sql.referring import Reference, references
from gestand.statement.policy import FieldKind, Policy

_PERSONAL = frozenset({FieldKind.EMAIL, FieldKind.NAME, FieldKind.PHONE, FieldKind.CUSTOMER_NUMBER})
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def propose(connection: sa.Connection, schema: str, policy: Policy, *, head: Sequence[str], person: str = "") -> str:
    """Return a draft of ``sources/NAME.toml``; ``head``: the lines that say where the database is.

    :raises UsageError: ``source-no-person`` if no table looks like one of persons and none is named.
    """
    tables = tables_of(connection, schema)
    found = {name: guesses(connection, schema, name) for name in tables}
    root = person or _person_table(found)
    if root not in found:
        raise UsageError(
            "source-no-person",
            f"there is no table '{person}'" if person else "no table looks like a table of persons",
            remedy="Name it with --person TABLE; there are: " + ", ".join(tables) + ".",
        )
    columns = {
        name: [column["name"] for column in sa.inspect(connection).get_columns(name, schema=schema or None)]
        for name in tables
    }
    refers = [
        one for one in references(connection, schema) if not one.schema and len(one.columns) == len(one.wanted) == 1
    ]
    refers += _called_after(columns, refers)
    reached = _reached(root, refers)
    lines = [*head, "", "# A draft: look at every line. It is refused until each table says what an erasure does to its rows", '# (erase = "delete", "columns" or "keep").']  # fmt: skip
    for name in tables:
        if name in reached or found[name]:
            lines += _table(name, root, found[name], refers if name in reached else [], reached, policy)
    rest = [name for name in tables if name not in reached and not found[name]]
    if rest:
        lines += ["", "# Nothing personal shows in: " + ", ".join(rest) + "."]
    return "\n".join(lines) + "\n"


def _person_table(found: Mapping[str, Mapping[str, Guess]]) -> str:
    scored = {name: len({guess.kind for guess in guessed.values()} & _PERSONAL) for name, guessed in found.items()}
    best = max(scored, key=lambda name: (scored[name], "customer" in name or "klant" in name, -len(name)), default="")
    return best if best and scored[best] else ""


_ALIKE = 0.75
"""From here a column is called like a field; a text may be any of them, and a person says which."""


def _called_after(columns: Mapping[str, Sequence[str]], refers: Iterable[Reference]) -> list[Reference]:
    """Return links that are no foreign keys and are called after a table: ``customer_id``, ``klant_id``."""
    known = {(reference.table, reference.columns[0]) for reference in refers}
    found = []
    for table, names in columns.items():
        for name in names:
            stem = name.removesuffix("_id")
            target = next((t for t in (stem, f"{stem}s", f"{stem}en") if t in columns and t != table), None)
            if name != stem and target and (table, name) not in known and "id" in columns[target]:
                found.append(Reference(table, (name,), target, ("id",)))
    return found


def _reached(root: str, refers: Sequence[Reference]) -> set[str]:
    reached = {root}
    while True:
        more = {reference.table for reference in refers if reference.target in reached} - reached
        if not more:
            return reached
        reached |= more


def _table(  # noqa: PLR0917 - what a draft of a table says
    name: str,
    root: str,
    guessed: Mapping[str, Guess],
    refers: Sequence[Reference],
    reached: set[str],
    policy: Policy,
) -> list[str]:
    links = {
        r.columns[0]: f"{r.target}.{r.wanted[0]}"
        for r in refers
        if r.table == name and r.target in reached and r.target != name
    }
    lines = ["", f"[tables.{_key(name)}]"]
    lines += ["person = true"] if name == root else []
    if links:
        lines.append("links = { " + ", ".join(f"{_key(c)} = {json.dumps(t)}" for c, t in links.items()) + " }")
    own = {column: guess for column, guess in guessed.items() if column not in links}
    if own:
        lines += ["", f"[tables.{_key(name)}.columns]"]
        lines += [_column(column, guess, policy) for column, guess in own.items()]
    return lines


def _column(name: str, guess: Guess, policy: Policy) -> str:
    likely = _likely(name, guess.kind, policy)
    sure = likely and (guess.kind is not FieldKind.TEXT or len(likely) == 1 or likely[0][0] >= _ALIKE)
    said = [f'field = "{likely[0][1] if sure else "?"}"']
    if guess.free_text:
        said.append("free_text = true")
    part = _part(name) if guess.kind is FieldKind.NAME else ""
    if part:
        said.append(f'part = "{part}"')
    which = "" if sure else "; say which field of the policy it is"
    return f"{_key(name)} = {{ {', '.join(said)} }}  # {guess.why}{which}"


def _likely(name: str, kind: FieldKind, policy: Policy) -> list[tuple[float, str]]:
    """Return the fields of a kind, that which is called most like the column first, and how much it is."""
    found = []
    for path in policy.field_paths():
        field = policy.field(path)
        if field is not None and field.kind is kind:
            called = (path.rpartition(".")[2], *field.title.nl.split(), *field.title.en.split())
            found.append((max(SequenceMatcher(None, name.lower(), one.lower()).ratio() for one in called), path))
    return sorted(found, key=lambda one: -one[0])


def _part(name: str) -> str:
    low = name.lower()
    if re.search(r"first|given|voornaam", low):
        return "first"
    if re.search(r"last|sur_?name|family|achternaam", low):
        return "last"
    return "middle" if re.search(r"middle|tussenvoegsel|infix|prefix", low) else ""


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name)
