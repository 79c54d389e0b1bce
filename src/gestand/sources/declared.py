"""The nouns of ``sources/*.toml``: another system in machine terms. Frozen, typed; every key is told in docs/formats.md.

Nothing here says a password or an address of a person: connection strings and secrets are named as ``env:`` or ``file:``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gestand.register.model import DossierKind
from gestand.statement.policy import FieldKind, Noun, Text, Trigger

Secret = Annotated[str, Field(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$")]
"""Where a secret is: ``env:NAME`` or ``file:PATH``; never the secret itself."""
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9.:_-]+$")]
Port = Annotated[int, Field(ge=1, le=65535)]
ColumnErasure = Literal["null", "replace", "keep"]
TableErasure = Literal["delete", "columns", "keep"]


class Column(Noun):
    """A column of a table, or a part of a record.

    ``field``: what of the policy it holds; or ``none``: why it is nothing personal. ``erase``: what becomes of it where the
    row stays: ``null``, ``replace`` (by ``value``; ``{key}`` in it is the row's key), or ``keep`` with its ``ground``.
    """

    field: str = ""
    none: str = ""
    kind: FieldKind | None = None
    part: Literal["whole", "first", "middle", "last"] = "whole"
    finds: bool | None = None
    free_text: bool = False
    erase: ColumnErasure | None = None
    value: str | None = None
    ground: str = ""
    until: str = ""


class Attach(Noun):
    """Where a correction is put beside an issued document: a table with a row for each note."""

    table: str
    columns: Annotated[dict[str, str], Field(min_length=1)]  # column -> text; {key}, {note}


class Happens(Noun):
    """What a row of a table says happened to a dossier: that of this kind with the number in a column, on the day in another.

    ``event``: ``closed``, or a trigger that the dossier takes.
    """

    kind: DossierKind
    number: str
    on: str
    event: Trigger | Literal["closed"] = "closed"


class Table(Noun):
    """A table: how its rows are named (``key``) and tied to a person (``links``), and what becomes of them.

    ``links``: column -> "table.column" of a row that is the person's. ``person``: a row is a person, so what it says of
    them is searched for elsewhere. ``issued``: an invoice or another document that is never rewritten. ``shelf`` and
    ``since``: the retention class of its rows, and the column with the date on which their period begins. ``happens``: what
    its rows tell of dossiers.
    """

    key: tuple[str, ...] = ()
    person: bool = False
    links: dict[str, str] = Field(default_factory=dict)
    columns: dict[str, Column] = Field(default_factory=dict)
    erase: TableErasure | None = None
    ground: str = ""
    until: str = ""
    issued: bool = False
    attach: Attach | None = None
    shelf: str = ""
    since: str = ""
    happens: Happens | None = None
    restrict: str = ""  # the column that marks a row as restricted
    where: dict[str, str | int] = Field(default_factory=dict)  # only rows with these: a table of many kinds of row


class Roles(Noun):
    """A connection string for each verb, where the system has a role for each."""

    find: Secret | None = None
    export: Secret | None = None
    rectify: Secret | None = None
    restrict: Secret | None = None
    erase: Secret | None = None


class Declared(Noun):
    """What every source says: its form, its title, whether it stands on this machine or in a private network."""

    format: Literal[1]
    title: Text
    near: bool = False
    timeout_seconds: Annotated[int, Field(ge=1, le=3600)] = 30


class SqlDeclared(Declared):
    """A SQL database. ``dsn`` as SQLAlchemy writes it (``postgresql://``, ``mysql://``, ...), or ``path`` of an SQLite file."""

    kind: Literal["sql"]
    dsn: Secret | None = None
    path: str = ""
    in_schema: str = ""
    row_cap: Annotated[int, Field(ge=1, le=10_000_000)] = 200_000
    roles: Roles = Roles()
    not_personal: dict[str, str] = Field(default_factory=dict)  # table -> why nothing in it is personal
    tables: dict[str, Table] = Field(default_factory=dict)


class ImapDeclared(Declared):
    """A mailbox at a provider, read over IMAP with TLS. ``folders`` empty: all of them."""

    kind: Literal["imap"]
    host: Host
    port: Port = 993
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    user: Secret
    password: Secret
    folders: tuple[str, ...] = ()
    field: str
    erase: Literal["delete", "keep"]
    ground: str = ""
    until: str = ""
    skip_attachments: str = ""  # why attachments that cannot be read as text are left out of the search
    message_cap: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000


class FilesDeclared(Declared):
    """A folder of files.

    ``erase``: ``delete`` where every file is about one person alone; ``black-out`` rewrites texts, and names the documents that
    a person must edit; ``keep`` with its ground. ``skip``: patterns of names that are not searched, each with the reason.
    """

    kind: Literal["files"]
    folder: str
    field: str
    erase: Literal["delete", "black-out", "keep"]
    skip: dict[str, str] = Field(default_factory=dict)
    ground: str = ""
    until: str = ""
    issued: bool = False
    file_cap: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    size_cap: Annotated[int, Field(ge=1, le=1_000_000_000)] = 20_000_000


class Paging(Noun):
    """How a list goes on: a page number or a cursor in the query, until a page is empty or names no next one."""

    kind: Literal["page", "cursor"]
    parameter: str
    first: int = 1
    next: str = ""  # cursor: the path in the answer
    pages: Annotated[int, Field(ge=1, le=10_000)] = 1000


class Endpoint(Noun):
    """One call: method, path, query and body, with ``{value}``, ``{key}`` or a field's column in braces."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: Annotated[str, Field(pattern=r"^/")]
    query: dict[str, str] = Field(default_factory=dict)
    body: dict[str, str] = Field(default_factory=dict)
    records: str = ""  # the path of the list in the answer; empty: the answer itself
    optional: bool = False  # the list is left out of the answer where it is empty
    done: tuple[int, ...] = (200, 201, 202, 204)
    gone: tuple[int, ...] = (404, 410)


class Session(Noun):
    """How a service gives a token that counts for a while: what it is sent for one, and where that stands in its answer.

    ``url``: a path of the service, or an address of another server. In ``body`` ``{secret}``, ``{user}`` and ``{password}`` stand
    for those of ``auth``; it goes as JSON, or as a form (as for OAuth 2, RFC 6749 section 4.4.2). ``end``: the call that ends it.
    """

    url: Annotated[str, Field(pattern=r"^(/|https?://[^/?#@]+/)[^?#]*$")]
    body: Annotated[dict[str, str], Field(min_length=1)]
    form: bool = False
    field: Annotated[str, Field(min_length=1)] = "token"
    end: Endpoint | None = None


class Auth(Noun):
    """How an HTTP service knows us: a header with a secret (``Bearer `` before it by default), or name and password.

    With a ``session`` these are sent once, and the header carries the token that the service gives for them.
    """

    header: str = "Authorization"
    prefix: str = "Bearer "
    secret: Secret | None = None
    user: Secret | None = None
    password: Secret | None = None
    session: Session | None = None


class Resource(Noun):
    """A kind of record of an HTTP service, as a table is of a database. ``find``: one call for each kind of identifier.

    ``all``: the call that lists every record, by which one that was erased and put back is known again.
    """

    key: str = "id"
    find: dict[FieldKind, Endpoint] = Field(default_factory=dict)
    all: Endpoint | None = None
    export: Endpoint | None = None
    rectify: Endpoint | None = None
    restrict: Endpoint | None = None
    release: Endpoint | None = None
    erase: Endpoint | None = None
    columns: dict[str, Column] = Field(default_factory=dict)
    links: dict[str, str] = Field(default_factory=dict)
    linked: Endpoint | None = None
    ground: str = ""
    until: str = ""
    count: Endpoint | None = None
    paging: Paging | None = None


class HttpDeclared(Declared):
    """An HTTP service with JSON answers."""

    kind: Literal["http"]
    url: Annotated[str, Field(pattern=r"^https?://[^/?#@]+(/[^?#]*)?$")]
    auth: Auth = Auth()
    size_cap: Annotated[int, Field(ge=1, le=1_000_000_000)] = 20_000_000
    resources: Annotated[dict[str, Resource], Field(min_length=1)]


class PythonDeclared(Declared):
    """A connector of one's own, found by its entry point in the group ``gestand.sources``; ``settings`` are handed to it."""

    kind: Literal["python"]
    connector: str
    settings: dict[str, str | int | bool] = Field(default_factory=dict)
    secrets: dict[str, Secret] = Field(default_factory=dict)
    peers: tuple[str, ...] = ()  # host:port it may connect to


AnyDeclared = SqlDeclared | ImapDeclared | FilesDeclared | HttpDeclared | PythonDeclared
KINDS: dict[str, type[Declared]] = {
    "sql": SqlDeclared,
    "imap": ImapDeclared,
    "files": FilesDeclared,
    "http": HttpDeclared,
    "python": PythonDeclared,
}
