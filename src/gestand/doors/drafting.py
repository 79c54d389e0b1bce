"""The draft of the statement as it stands in the organisation's folder: judged, compared, and one file of it written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from gestand.evidence.registry import control_ids
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, InputError, Problem, UsageError
from gestand.kernel.rootkey import sync_folder
from gestand.publication.folder import read_files
from gestand.statement.compare import compare
from gestand.statement.load import belongs, load_statement
from gestand.statement.model import Change, Statement
from gestand.statement.rules import check
from gestand.system import System

LARGEST = 400_000


@dataclass(frozen=True, slots=True)
class Draft:
    """Files, the statement they make (None: they make none), every problem, and what changes in meaning."""

    files: Mapping[str, bytes]
    read: Statement | None
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep it from being published."""
        return tuple(one for one in self.problems if one.severity == "error")


def draft_of(house: System, files: Mapping[str, bytes] | None = None) -> Draft:
    """Return the draft as it stands, or as ``files`` would have it, judged and compared with what is in force."""
    folder = house.config.folder
    content = dict(read_files(folder) if files is None else files)
    try:
        read = load_statement(content, str(folder))
    except InputError as fault:
        return Draft(content, None, fault.problems, ())
    found = check(read, control_ids(), today=local_date(house.clock()))
    problems = tuple(sorted(found, key=lambda one: (one.severity != "error", one.file, one.line)))
    try:
        changes = compare(house.publication.in_force(), read)
    except GestandError:
        changes = ()
    return Draft(content, read, problems, changes)


def typed(house: System, name: str, content: str) -> dict[str, bytes]:
    """Return the files of the draft with one of them as it is typed.

    :raises UsageError: ``page-unknown`` if there is no such file, or it is too long.
    """
    files = read_files(house.config.folder)
    made = content.replace("\r\n", "\n").encode()
    if name not in files or not belongs(name) or len(made) > LARGEST:
        raise UsageError("page-unknown", f"'{name}' is no file of the statement", remedy="Choose one of the files.")
    return {**files, name: made}


def save_draft(house: System, name: str, content: bytes) -> None:
    """Write one file of the draft: all of it, or nothing; durable on return."""
    path = house.config.folder / name
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)
