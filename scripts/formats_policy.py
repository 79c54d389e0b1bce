"""The keys of policy.toml, read from its models, with the shortest value that an organisation in the repository writes."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from formats_cells import ROOT, SOURCE, code, worded


@dataclass(frozen=True)
class Key:
    """One key of a policy: where it stands, its type in words, whether it is needed, the default."""

    section: str
    name: str
    type: str
    needed: str


def bare(annotation: Any) -> tuple[Any, bool]:
    """Return the type inside ``Annotated`` and ``X | None``, and whether None is allowed."""
    optional = False
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif origin is typing.Union or str(origin) == "<class 'types.UnionType'>":
            optional = True
            annotation = next(a for a in typing.get_args(annotation) if a is not type(None))
        else:
            return annotation, optional


def type_words(annotation: Any) -> str:  # noqa: PLR0911 - a table of types
    """Return the type as an owner reads it."""
    from gestand.law.periods import Period
    from gestand.statement.policy import FieldKind, Noun, Text, Trigger

    kind, _ = bare(annotation)
    origin = typing.get_origin(kind)
    if kind is Text:
        return "text (nl, en)"
    if kind is Trigger:
        return "trigger (below)"
    if kind is FieldKind:
        return "field kind (below)"
    if origin is typing.Literal:
        return " or ".join(code(str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)) for value in typing.get_args(kind))  # fmt: skip
    if origin is tuple:
        inner = type_words(typing.get_args(kind)[0])
        return "list of tables" if inner == "table" else f"list of {inner}"
    if origin is dict:
        inner = type_words(typing.get_args(kind)[1])
        return "tables by name" if inner == "table" else f"{inner}, by name"
    if isinstance(kind, type) and issubclass(kind, str) and hasattr(kind, "__members__"):
        return " or ".join(code(f'"{member}"') for member in kind)
    if isinstance(kind, type) and issubclass(kind, Noun):
        return "table"
    if kind is Period:
        return "period"
    return {"str": "text", "bool": "true or false", "int": "whole number", "date": "date"}.get(
        kind.__name__, kind.__name__
    )


def sections_of(model: type[Any], title: str) -> Iterator[tuple[str, type[Any]]]:
    """Yield every section of the file with its model, the top one first."""
    from gestand.statement.policy import Noun, Text

    yield title, model
    for name, field in model.model_fields.items():
        kind, _ = bare(field.annotation)
        prefix = "" if title == "top" else title.strip("[]") + "."
        inner, form = kind, f"[{prefix}{name}]"
        if typing.get_origin(kind) is dict:
            inner = bare(typing.get_args(kind)[1])[0]
            form = f"[{prefix}{name}.{'ID' if name == 'clauses' else 'NAME'}]"
        elif typing.get_origin(kind) is tuple:
            inner = bare(typing.get_args(kind)[0])[0]
            form = f"[[{prefix}{name}]]"
        if isinstance(inner, type) and issubclass(inner, Noun) and inner is not Text:
            yield from sections_of(inner, form)


def policy_keys() -> list[tuple[str, list[Key]]]:
    """Return the keys of policy.toml by section."""
    from gestand.statement.policy import Policy

    return [(title, keys_of(title, model)) for title, model in sections_of(Policy, "top")]


def keys_of(section: str, model: type[Any]) -> list[Key]:
    """Return the keys of one section."""
    found = []
    for name, field in model.model_fields.items():
        default = field.default
        if field.is_required():
            needed = "yes"
        elif default in (None, "", (), {}) or not isinstance(default, (str, bool, int)):
            needed = "no"
        else:
            needed = "no: " + code(str(default).lower() if isinstance(default, bool) else f'"{default}"')
        found.append(Key(section, name, type_words(field.annotation), needed))
    return found


def examples() -> dict[tuple[str, str], str]:
    """Return for each section and key the shortest value that the organisations in the repository write."""
    found: dict[tuple[str, str], str] = {}
    template = (SOURCE / "templates/firm/policy.toml").read_text("utf-8")
    template = re.sub(r"^\w+ = @\w+@$", "", template, flags=re.MULTILINE)
    texts = [*(p.read_text("utf-8") for p in sorted((ROOT / "examples").rglob("policy.toml"))), template]  # fmt: skip
    for text in texts:
        for section, name, value in walk(tomllib.loads(text)):
            shown = toml(value)
            if shown and len(shown) < len(found.get((section, name), "x" * 80)):
                found[section, name] = shown
    return found


def walk(document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield section, key and value of everything a policy file says, sections named as in ``policy_keys``."""
    from gestand.statement.policy import Policy

    models = dict(sections_of(Policy, "top"))

    def below(at: Any, section: str) -> Iterator[tuple[str, str, Any]]:
        for name, value in at.items():
            yield section, name, value
            prefix = "" if section == "top" else section.strip("[]") + "."
            for form, inner in (
                (f"[{prefix}{name}]", [value]),
                (f"[[{prefix}{name}]]", value if isinstance(value, list) else []),
                (
                    f"[{prefix}{name}.{'ID' if name == 'clauses' else 'NAME'}]",
                    value.values() if isinstance(value, dict) else [],
                ),
            ):
                if form in models:
                    for one in inner:
                        if isinstance(one, dict):
                            yield from below(one, form)

    yield from below(document, "top")


def toml(value: Any) -> str:
    """Return a value as TOML writes it; nothing for what fills a section of its own."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"' if "\n" not in value and value else ""
    if isinstance(value, list):
        parts = [toml(one) for one in value]
        return "[" + ", ".join(parts) + "]" if all(parts) and parts else ""
    if isinstance(value, dict):
        if set(value) == {"nl", "en"}:
            return f"{{ nl = {toml(value['nl'])}, en = {toml(value['en'])} }}"
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def list_policy(before: str) -> str:
    """Return the tables of policy.toml, one a section."""
    shown = examples()
    kept = re.split(r"^#### ", before, flags=re.MULTILINE)
    parts = []
    for title, keys in policy_keys():
        heading = "The top of the file" if title == "top" else code(title)
        old = next((part for part in kept if part.startswith(heading + "\n")), "")
        rows = [(code(k.name), k.type, k.needed, code(e) if (e := shown.get((title, k.name))) else "") for k in keys]
        parts.append(f"#### {heading}\n\n" + worded(("key", "type", "needed", "example", "meaning"), rows, old))
    return "\n".join(parts)
