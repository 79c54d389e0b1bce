"""What pydantic found wrong in a policy, in words for its author: which key, which line, what to write instead."""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ValidationError

from gestand.kernel.errors import Problem
from gestand.law.periods import Period, Unit
from gestand.statement.locate import KeyPath, line_of

_NEEDED = {  # what the law asks by name gets a code by name
    ("purposes", "basis"): ("purpose-without-basis", "Name one of the six of Article 6(1) GDPR: {choices}."),
    ("purposes", "ground"): ("purpose-without-ground", 'Name the article or statute, such as ground = "AVG 6(1)(b)".'),
    ("shelves", "ground"): ("shelf-without-ground", "Name the statute or the reason that allows keeping it this long."),
    ("purposes", "needs"): ("purpose-without-needs", "List each field it needs and why (Article 5(1)(c) GDPR)."),
}
_FORMED = {"version": "2000-01-01", "country": "NL"}  # stand-ins for values with a form of their own
_MARKER = (
    "A word on the envelope may never be a condition of a right (Articles 12(2) and 12(6) GDPR): leave the key out."
)


def problems_of(
    error: ValidationError, model: type[BaseModel], file: str, lines: Mapping[KeyPath, int]
) -> tuple[Problem, ...]:
    """Return one problem for each fault, in order of their lines."""
    found = []
    for fault in error.errors(include_url=False):
        path = key_path(fault["loc"])
        code, message, remedy = _words(fault, path, model)
        found.append(Problem(file, line_of(lines, path), code, message, remedy))
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.message)))


def key_path(loc: Sequence[str | int]) -> KeyPath:
    """Return the path of keys of a place that pydantic names; a bad key is named by itself."""
    return tuple(part for part in loc if part != "[key]")


def spoken(path: KeyPath) -> str:
    """Return ``controller.contacts[0].value``."""
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}"
    return words.lstrip(".")


def _words(fault: Mapping[str, Any], path: KeyPath, model: type[BaseModel]) -> tuple[str, str, str]:  # noqa: PLR0911 - a table of faults
    kind, name = fault["type"], spoken(path)
    wanted = _annotation(model, path)
    choices = ", ".join(_choices(wanted))
    if path[-1:] == ("marker_required",):
        return "marker-required", f"{name} may only be false", _MARKER
    if kind in {"missing", "string_too_short"} and len(path) >= 3 and (path[0], path[-1]) in _NEEDED:
        code, remedy = _NEEDED[str(path[0]), str(path[-1])]
        noun = str(path[0]).replace("shelves", "shelf").removesuffix("s")
        return code, f"the {noun} '{path[1]}' has no {path[-1]}", remedy.format(choices=choices)
    if kind == "missing":
        more = f": one of {choices}" if choices else ""
        return "key-missing", f"'{name}' is missing", f"Add the key '{path[-1]}'{more}."
    if kind == "extra_forbidden":
        known = _keys(_annotation(model, path[:-1]))
        near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
        first = f"Did you mean '{near[0]}'? " if near else ""
        return "key-unknown", f"'{name}' is no key of a policy", f"{first}Known here: {', '.join(known)}."
    if kind == "value_error" and wanted is Period:
        message = str(fault["ctx"]["error"])
        code = "unit-unknown" if "is no unit" in message else "period-unreadable"
        return code, f"{name}: {message}", 'Write a whole number and days, weeks, months or years, such as "6 months".'
    if fault["loc"][-1:] == ("[key]",):
        return (
            "name-form",
            f"'{path[-1]}' cannot be a name ({name})",
            "A name is lower-case letters, digits and hyphens, and begins with a letter.",
        )
    if choices:
        near = difflib.get_close_matches(str(fault["input"]), _choices(wanted), n=1)
        first = f"Did you mean '{near[0]}'? " if near else ""
        return (
            "value-unknown",
            f"{name}: '{fault['input']}' is none of the known values",
            f"{first}Write one of {choices}.",
        )
    return _shape(kind, name, fault, path)


def _shape(kind: str, name: str, fault: Mapping[str, Any], path: KeyPath) -> tuple[str, str, str]:  # noqa: PLR0911 - a table of faults
    if kind == "string_type" and isinstance(fault["input"], date):
        return (
            "value-kind",
            f"{name} is a date, and a text is asked",
            f'Put it in quotes: "{fault["input"].isoformat()}".',
        )
    if kind == "string_type":
        return "value-kind", f"{name} is no text", "Put the value in quotes."
    if kind == "string_too_short":
        return "value-empty", f"{name} is empty", "Write what is meant."
    if kind == "string_pattern_mismatch" and path == ("version",):
        return (
            "value-form",
            f"{name}: '{fault['input']}' is no date",
            'Name a version by its date: version = "2026-01-31".',
        )
    if kind == "string_pattern_mismatch":
        return (
            "value-form",
            f"{name}: '{fault['input']}' has not the form asked",
            f"It must match {fault['ctx']['pattern']}.",
        )
    if kind == "model_type" or kind.startswith("dict"):
        return (
            "value-kind",
            f"{name} is one value, and a table is asked",
            "Write it as a table: { key = value, … } or [section].",
        )
    if kind.startswith("tuple"):
        return "value-kind", f"{name} is one value, and a list is asked", 'Write it as a list: ["…", "…"].'
    message = re.sub(r"^Input should", "it should", fault["msg"])
    return "value-kind", f"{name}: {message}", "Mend the value."


def _annotation(model: Any, path: KeyPath) -> Any:
    """Return the type that stands at ``path`` in ``model``; None where there is none."""
    at = model
    for part in path:
        at = _bare(at)
        if isinstance(at, type) and issubclass(at, BaseModel):
            field = at.model_fields.get(str(part))
            at = field.annotation if field else None
        elif typing.get_origin(at) in {dict, tuple}:
            arguments = typing.get_args(at)
            at = arguments[1] if typing.get_origin(at) is dict else arguments[0]
        else:
            return None
    return _bare(at)


def _bare(annotation: Any) -> Any:
    """Return the type inside ``Annotated`` and ``X | None``."""
    while True:
        origin = typing.get_origin(annotation)
        if origin is Annotated:
            annotation = typing.get_args(annotation)[0]
        elif origin in {typing.Union, types.UnionType}:
            annotation = next(a for a in typing.get_args(annotation) if a is not type(None))
        else:
            return annotation


def _choices(annotation: Any) -> tuple[str, ...]:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return tuple(str(member) for member in annotation)
    if typing.get_origin(annotation) is Literal:
        return tuple(str(choice) for choice in typing.get_args(annotation))
    return ()


def _keys(annotation: Any) -> tuple[str, ...]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return tuple(annotation.model_fields)
    return ()


def patched(document: dict[str, Any], error: ValidationError, model: type[BaseModel]) -> dict[str, Any]:
    """Return a copy of ``document`` whose faulty places hold something well-formed.

    Only so that the judgements of ``rules`` can be given in the same run as the faults of form; never used as a policy.
    """
    whole: dict[str, Any] = _copy(document)
    for fault in error.errors(include_url=False):
        path = key_path(fault["loc"])
        at: Any = whole
        for part in path[:-1]:
            at = _step(at, part)
        if isinstance(at, dict) and (fault["type"] == "extra_forbidden" or fault["loc"][-1:] == ("[key]",)):
            at.pop(path[-1], None)
        elif at is not None:
            at[path[-1]] = _FORMED.get(str(path[-1])) or _stand_in(_annotation(model, path))
    return whole


def _step(at: Any, part: str | int) -> Any:
    if isinstance(at, dict):
        return at.get(part)
    return at[part] if isinstance(at, list) and isinstance(part, int) else None


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _stand_in(annotation: Any) -> Any:
    choices = _choices(annotation)
    if choices:
        first = typing.get_args(annotation)[0] if typing.get_origin(annotation) is Literal else choices[0]
        return [first] if annotation is tuple else first
    if annotation is Period:
        return f"1 {Unit.YEARS}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {
            key: _stand_in(_bare(field.annotation))
            for key, field in annotation.model_fields.items()
            if field.is_required()
        }
    origin = typing.get_origin(annotation)
    if origin is tuple:
        return [_stand_in(_bare(typing.get_args(annotation)[0]))]
    simple = {str: "x", bool: False, int: 1, date: date(2000, 1, 1), dict: {}}
    return simple.get(origin or annotation, "x")
