"""``gestand check``: the compiler."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection
from pathlib import Path

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import Problem
from gestand.statement.model import Statement


def command(org: Org = HERE, as_json: Json = False) -> int:
    """Compile policy and statement; list every problem with its place and remedy. Exit 1 if there are errors."""
    statement, problems = examined(org)
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        emit({"ok": not errors, "problems": [as_document(problem) for problem in problems]})
        return 1 if errors else 0
    for problem in problems:
        say(str(problem))
    warnings = len(problems) - errors
    if errors or statement is None:
        say(f"Errors: {errors}, warnings: {warnings}.")
        return 1
    clauses = len(statement.texts[0].clauses)
    languages = ", ".join(text.language for text in statement.texts)
    say(f"Version {statement.version}: {clauses} clauses ({languages}), no errors, warnings: {warnings}.")
    return 0


def as_document(problem: Problem) -> dict[str, str | int]:
    """Return a problem as machine output writes it."""
    return {
        "file": problem.file,
        "line": problem.line,
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
        "severity": problem.severity,
    }


def examined(org: Path) -> tuple[Statement | None, tuple[Problem, ...]]:
    """Return the organisation's draft, or None, and the problems of it and of the earlier versions it brings along."""
    from gestand.kernel.clock import local_date, system_clock
    from gestand.publication.folder import earlier, read_files
    from gestand.statement.load import read_draft
    from gestand.statement.rules import examine
    from gestand.statement.transparency import lacking

    today = local_date(system_clock())
    statement, problems = examine(
        read_files(org), str(org), known_controls(), today=today, lacking=lambda sound: lacking(sound, today)
    )
    former = tuple(p for folder in earlier(org) for p in read_draft(read_files(folder), str(folder)).problems)
    return (statement if not former else None), problems + former


def known_controls() -> Collection[str] | None:
    """Return the ids of all controls, or None where no register of them is installed."""
    if importlib.util.find_spec("gestand.evidence.registry") is None:
        return None
    registry = importlib.import_module("gestand.evidence.registry")
    return tuple(registry.control_ids())
