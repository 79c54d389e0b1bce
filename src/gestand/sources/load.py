"""``sources/*.toml`` into declared sources. Every fault of every file is found in one run and named with line and remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from gestand.kernel.errors import GestandError, InputError, Problem
from gestand.sources.declared import KINDS, AnyDeclared
from gestand.sources.model import SourceName
from gestand.sources.rules import judge_declared
from gestand.statement.faults import problems_of
from gestand.statement.locate import KeyPath, line_of, locate
from gestand.statement.policy import Policy

FOLDER = "sources"
_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source as its file declares it, with the line of each key for messages."""

    name: SourceName
    file: str
    declared: AnyDeclared
    lines: Mapping[KeyPath, int]

    def problem(self, path: KeyPath, code: str, message: str, remedy: str) -> Problem:
        """Return a problem at a key of this file."""
        return Problem(self.file, line_of(self.lines, path), code, message, remedy)


def load_sources(folder: Path, policy: Policy) -> tuple[SourceFile, ...]:
    """Return every source that the organisation in ``folder`` declares, in order of name.

    :raises InputError: with every fault of every file.
    """
    loaded: list[SourceFile] = []
    problems: list[Problem] = []
    for path in sorted((folder / FOLDER).glob("*.toml")):
        try:
            loaded.append(read_source(path.stem, path.read_bytes(), f"{FOLDER}/{path.name}", policy))
        except InputError as faults:
            problems += faults.problems
        except OSError as fault:
            remedy = "Make the file readable to you."
            problems.append(Problem(str(path), 0, "source-unreadable", f"it cannot be read: {fault.strerror}", remedy))
    if problems:
        raise InputError(tuple(problems))
    return tuple(loaded)


def places_of_sources(folder: Path) -> Iterator[Path]:
    """Yield where on this disk sources say they lie, whatever else is wrong with their files or with the statement."""
    for path in sorted((folder / FOLDER).glob("*.toml")):
        with suppress(OSError, InputError):
            _, document = _parsed(path.read_bytes(), path.name)
            for key in ("path", "folder"):
                if document.get(key):
                    yield folder / str(document[key])


def read_source(name: str, content: bytes, file: str, policy: Policy) -> SourceFile:
    """Return one source.

    :raises InputError: with every fault: of form, and of meaning where the form is sound.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            (
                Problem(
                    file,
                    0,
                    "source-name",
                    f"'{name}' cannot be the name of a source",
                    "Name the file in lower-case letters, digits and hyphens.",
                ),
            )
        )
    text, document = _parsed(content, file)
    lines = locate(text)
    model = KINDS.get(str(document.get("kind")))
    if model is None:
        known = ", ".join(KINDS)
        said = document.get("kind")
        message = f"there is no kind of source '{said}'" if said else "'kind' is missing"
        raise InputError(
            (Problem(file, line_of(lines, ("kind",)), "source-kind", message, f"Write kind = one of {known}."),)
        )
    try:
        declared: AnyDeclared = model.model_validate(document)  # type: ignore[assignment]
    except ValidationError as faults:
        raise InputError(problems_of(faults, model, file, lines)) from None
    found = SourceFile(SourceName(name), file, declared, lines)
    problems = tuple(found.problem(*fault) for fault in judge_declared(declared, policy))
    if problems:
        raise InputError(tuple(sorted(problems, key=lambda p: p.line)))
    return found


def _parsed(content: bytes, file: str) -> tuple[str, dict[str, object]]:
    try:
        text = content.decode("utf-8")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        problem = Problem(file, line, "not-utf8", f"byte {fault.start + 1} is no UTF-8", "Save the file as UTF-8.")
    except tomllib.TOMLDecodeError as fault:
        told = re.search(r"at line (\d+)", str(fault))
        line = int(told[1]) if told else content.count(b"\n") + 1
        problem = Problem(file, line, "not-toml", str(fault).partition(" (at")[0], "Mend the line that is named.")
    raise InputError((problem,))


def fault_of(file: SourceFile, fault: GestandError) -> Problem:
    """Return an error that a living source raised as a problem of its file."""
    where = f"{fault.where}: " if fault.where else ""
    return Problem(file.file, 0, fault.code, f"{where}{fault.message}", fault.remedy)
