"""Judgements of a declared source, pure: is every personal column a field of the policy, and is its end decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gestand.sources.declared import (
    AnyDeclared,
    Auth,
    Column,
    FilesDeclared,
    HttpDeclared,
    ImapDeclared,
    SqlDeclared,
    Table,
)
from gestand.statement.locate import KeyPath
from gestand.statement.policy import FieldKind, Policy


class Fault(NamedTuple):
    """What is wrong at a key of a source's file, and what to do."""

    path: KeyPath
    code: str
    message: str
    remedy: str


FINDING = frozenset(
    {
        FieldKind.EMAIL,
        FieldKind.PHONE,
        FieldKind.IBAN,
        FieldKind.BSN,
        FieldKind.CUSTOMER_NUMBER,
        FieldKind.NAME,
        FieldKind.IP,
        FieldKind.VAT,
    }
)
"""Kinds by which a person can be found; a column of another kind only supports."""


def kind_of(column: Column, policy: Policy) -> FieldKind:
    """Return what kind of value a column holds: its own, else that of its field."""
    if column.kind is not None:
        return column.kind
    field = policy.field(column.field)
    return field.kind if field is not None else FieldKind.TEXT


def finds(column: Column, policy: Policy) -> bool:
    """Say whether people are looked for in a column: by its kind, unless its declaration says otherwise."""
    if column.none or column.free_text:
        return False
    if column.finds is not None:
        return column.finds
    return kind_of(column, policy) in FINDING


def judge_declared(declared: AnyDeclared, policy: Policy) -> Iterator[Fault]:
    """Yield every fault of meaning: where, code, message, remedy."""
    if isinstance(declared, SqlDeclared):
        yield from _sql(declared, policy)
    elif isinstance(declared, HttpDeclared):
        yield from _http(declared, policy)
    elif isinstance(declared, ImapDeclared | FilesDeclared):
        yield from _field(("field",), declared.field, policy)
        if declared.erase == "keep":
            yield from _ground((), declared.ground, declared.until)


def _sql(declared: SqlDeclared, policy: Policy) -> Iterator[Fault]:
    if (declared.dsn is None) == (not declared.path):
        yield Fault(
            ("kind",),
            "source-place",
            "a database is named by its dsn, or by the path of an SQLite file",
            'Write dsn = "env:NAME" or path = "shop.db", one of the two.',
        )
    for name, table in declared.tables.items():
        here: KeyPath = ("tables", name)
        yield from _links(here, table.links, declared.tables)
        yield from _columns(here, table.columns, policy)
        yield from _table(here, table)
        yield from _period(here, table, policy)
        if name in declared.not_personal:
            yield Fault(
                ("not_personal", name),
                "source-twice",
                f"'{name}' is declared, and said to hold nothing personal",
                "Leave out one of the two.",
            )


def _period(here: KeyPath, table: Table, policy: Policy) -> Iterator[Fault]:
    if bool(table.shelf) != bool(table.since):
        yield Fault(
            here,
            "period-half",
            f"of '{here[-1]}' the {'shelf' if table.shelf else 'date'} is named alone, so that nobody knows when a row must leave",
            'Write both: shelf = "customer" and since = "the column with the date on which the period begins".',
        )
    shelf = policy.shelves.get(table.shelf)
    if table.shelf and shelf is None:
        yield Fault(
            (*here, "shelf"),
            "source-shelf",
            f"the policy has no shelf '{table.shelf}'",
            f"Name one of policy.toml: {', '.join(policy.shelves)}.",
        )
    if shelf is not None and shelf.then:
        yield Fault(
            (*here, "shelf"),
            "source-shelf-moves",
            f"what lies on '{table.shelf}' moves on to '{shelf.then}', and rows of another system do not move",
            f'Name the last one, or write two views of the table with where: shelf = "{shelf.then}".',
        )


def _table(here: KeyPath, table: Table) -> Iterator[Fault]:
    personal = {name: column for name, column in table.columns.items() if column.field}
    if personal and table.erase is None:
        yield Fault(
            here,
            "table-without-erasure",
            f"what happens to rows of '{here[-1]}' at an erasure is not decided",
            'Write erase = "delete", "columns" or "keep" (with its ground and until).',
        )
    if table.erase == "keep":
        yield from _ground(here, table.ground, table.until)
    if table.erase != "columns":
        return
    for name, column in personal.items():
        at = (*here, "columns", name)
        if column.erase is None:
            yield Fault(
                at,
                "column-without-erasure",
                f"'{here[-1]}.{name}' holds {column.field}, and its erasure is not decided",
                'Write erase = "null", "replace" (with value) or "keep" (with its ground).',
            )
        elif column.erase == "replace" and column.value is None:
            yield Fault(at, "column-without-value", f"'{here[-1]}.{name}' is replaced by nothing", 'Write value = "…".')
        elif column.erase == "keep":
            yield from _ground(at, column.ground, column.until)
    if "{key}" in "".join(column.value or "" for column in personal.values()) and len(table.key) > 1:
        yield Fault(
            here,
            "key-of-many",
            f"{{key}} stands in a value of '{here[-1]}', whose key has several columns",
            "Leave {key} out of it.",
        )


def _columns(here: KeyPath, columns: Mapping[str, Column], policy: Policy) -> Iterator[Fault]:
    for name, column in columns.items():
        at = (*here, "columns", name)
        if not column.field and not column.none and column.kind is None:
            yield Fault(
                at,
                "column-unlabelled",
                f"'{here[-1]}.{name}' says neither which field it holds nor why it is nothing personal",
                'Write field = "contact.email", or none = "why".',
            )
        if column.field:
            yield from _field(at, column.field, policy)
        if column.field and column.none:
            yield Fault(
                at,
                "column-both",
                f"'{here[-1]}.{name}' is a field of the policy, and nothing personal",
                "Leave out one of the two.",
            )


def _links(here: KeyPath, links: Mapping[str, str], tables: Mapping[str, object]) -> Iterator[Fault]:
    for column, target in links.items():
        table, dot, wanted = target.partition(".")
        if not dot or not wanted or table not in tables:
            yield Fault(
                (*here, "links", column),
                "link-nowhere",
                f"'{here[-1]}.{column}' is tied to '{target}', which is no table.column declared here",
                "Write the table and column it refers to, such as customer.id.",
            )


def _session(auth: Auth) -> Iterator[Fault]:
    if auth.session is None:
        return
    given = {name for name in ("secret", "user", "password") if getattr(auth, name)}
    asked = {name for said in auth.session.body.values() for name in re.findall(r"\{(\w+)\}", said)}
    for name in sorted(asked - given):
        yield Fault(
            ("auth", "session", "body"),
            "session-unknown",
            f"what is sent for a session names {{{name}}}, and auth has no '{name}'",
            "Write secret, user or password under [auth] as env:NAME or file:PATH, and name those alone.",
        )
    if not asked:
        yield Fault(
            ("auth", "session", "body"),
            "session-open",
            "a session is asked for without anything secret of [auth]",
            "Write {secret}, or {user} and {password}, where they belong; never the secret itself.",
        )


def _http(declared: HttpDeclared, policy: Policy) -> Iterator[Fault]:
    yield from _session(declared.auth)
    for name, resource in declared.resources.items():
        here: KeyPath = ("resources", name)
        yield from _links(here, resource.links, declared.resources)
        yield from _columns(here, resource.columns, policy)
        if not resource.find and not resource.links:
            yield Fault(
                here,
                "resource-unreachable",
                f"nothing leads to '{name}'",
                "Give it a call for a kind of identifier ([…find.email]), or a link.",
            )
        if resource.links and resource.linked is None:
            yield Fault(
                here,
                "resource-unreachable",
                f"'{name}' has links and no call that follows them",
                f"Write [resources.{name}.linked].",
            )
        if resource.erase is None:
            yield from _ground(here, resource.ground, resource.until)


def _field(here: KeyPath, field: str, policy: Policy) -> Iterator[Fault]:
    if policy.field(field) is None:
        yield Fault(
            here,
            "source-field",
            f"the policy has no field '{field}'",
            "Name one of policy.toml; a copy of what is not promised may not be kept: add it there, or remove it there.",
        )


def _ground(here: KeyPath, ground: str, until: str) -> Iterator[Fault]:
    if not ground or not until:
        yield Fault(
            here,
            "keep-without-ground",
            "what is kept after an erasure needs its ground and until when (Article 17(3))",
            'Write ground = "AWR 52(4)" and until = "7 years after the year of the invoice".',
        )
