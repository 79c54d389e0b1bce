"""The statement and its policy: read it, change the draft with the check and the meaning beside it, publish after a second look."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.evidence.registry import control_ids
from gestand.kernel.errors import GestandError, InputError, Problem, UsageError
from gestand.kernel.rootkey import sync_folder
from gestand.publication.folder import read_files
from gestand.staff.model import Act
from gestand.statement.compare import compare
from gestand.statement.load import belongs, load_statement
from gestand.statement.model import Change, Statement
from gestand.statement.policy import Text
from gestand.statement.render import render_html
from gestand.statement.rules import check

LARGEST = 400_000


def statement(visit: Visit) -> Answer:
    """Show the version in force, in the language of the page."""
    current = visit.house.publication.in_force()
    return visit.page(
        "statement.html",
        statement=current,
        body=Markup(render_html(current.text(visit.language))),  # noqa: S704 - made by statement.render, which escapes all text
        history=sorted(visit.house.publication.history(), key=lambda one: one.in_force_from, reverse=True),
        findings={result.clause.id: result.finding for result in visit.memory.proof.clauses}
        if visit.memory.proof
        else {},
    )


def draft(visit: Visit) -> Answer:
    """Show the files of the draft, and what they would change."""
    files = read_files(visit.house.config.folder)
    name = visit.query.get("file", "policy.toml")
    if name not in files:
        raise UsageError("page-unknown", f"there is no {name}", remedy="Choose one of the files.")
    read, problems, changes = judged(visit, files)
    wanted = visit.house.staff.approvals.of(Act.PUBLISH, read.digest, now=visit.now) if read else None
    return visit.page(
        "draft.html", visit.say("Ontwerp", "Draft"), files=sorted(files), file=name, content=files[name].decode("utf-8"),
        problems=problems, changes=changes, draft=read, wanted=wanted, waiting=visit.house.config.waiting_minutes,
        published=bool(read and any(one.digest == read.digest for one in visit.house.publication.history())),
    )  # fmt: skip


def judged(
    visit: Visit, files: Mapping[str, bytes]
) -> tuple[Statement | None, tuple[Problem, ...], tuple[Change, ...]]:
    """Return the draft that files make, every problem of it, and what it changes in meaning."""
    try:
        read = load_statement(dict(files), str(visit.house.config.folder))
    except InputError as fault:
        return None, fault.problems, ()
    found = check(read, control_ids(), today=visit.today)
    problems = tuple(sorted(found, key=lambda problem: (problem.severity != "error", problem.file, problem.line)))
    try:
        changes = compare(visit.house.publication.in_force(), read)
    except GestandError:
        changes = ()
    return read, problems, changes


def live(visit: Visit) -> Answer:
    """Judge the draft as it would be with what is typed; nothing is written."""
    read, problems, changes = judged(visit, _typed(visit))
    return visit.page("draft_judged.html", "", problems=problems, changes=changes, draft=read)


def save(visit: Visit) -> Answer:
    """Write a file of the draft: all of it, or nothing."""
    name, files = visit.field("file"), _typed(visit)
    path = visit.house.config.folder / name
    new = path.with_name(path.name + ".new")
    _write(new, files[name])
    new.replace(path)
    sync_folder(path.parent)
    return visit.go(f"statement/draft?file={name}")


def _typed(visit: Visit) -> dict[str, bytes]:
    files = read_files(visit.house.config.folder)
    name = visit.field("file")
    content = visit.form.get("content", "").replace("\r\n", "\n").encode()
    if name not in files or not belongs(name) or len(content) > LARGEST:
        raise UsageError("page-unknown", f"'{name}' is no file of the statement", remedy="Choose one of the files.")
    return {**files, name: content}


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def ask(visit: Visit) -> Answer:
    """Ask for a second look at the draft exactly as it is now."""
    visit.house.staff.ask_approval(Act.PUBLISH, _sound(visit).digest, actor=visit.actor)
    return visit.go("statement/draft")


def publish(visit: Visit) -> Answer:
    """Make the draft current from a day on, with the approval that was given for exactly these words."""
    read = _sound(visit)
    start = visit.day("start", visit.today)
    publication, staff = visit.house.publication, visit.house.staff
    publication.publish(read, in_force_from=start, actor=visit.actor, controls=control_ids(), dry_run=True)
    staff.approvals.use(Act.PUBLISH, read.digest, actor=visit.actor, now=visit.now)
    publication.publish(read, in_force_from=start, actor=visit.actor, controls=control_ids())
    return visit.go("statement")


def _sound(visit: Visit) -> Statement:
    files = read_files(visit.house.config.folder)
    read = load_statement(files, str(visit.house.config.folder))
    errors = tuple(problem for problem in check(read, control_ids(), today=visit.today) if problem.severity == "error")
    if errors:
        raise InputError(errors)
    return read


PAGE = Page(
    "statement",
    Text(nl="Verklaring", en="Statement"),
    (
        Route("statement", "GET", "staff", NONE, statement),
        Route("statement/draft", "GET", "staff", NONE, draft),
        Route("statement/live", "POST", "staff", NONE, live),
        Route("statement/save", "POST", "keeper", NONE, save),
        Route("statement/ask", "POST", "keeper", NONE, ask, fresh=True),
        Route("statement/publish", "POST", "keeper", NONE, publish, fresh=True),
    ),
    group="promise",
)
