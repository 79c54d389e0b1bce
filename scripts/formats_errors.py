"""Every error code, found in the syntax tree: whoever passes a code to something whose parameter is called ``code`` is seen."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from formats_cells import SOURCE, code, table

_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module of the source with its syntax tree."""
    yield from parsed(SOURCE)


@cache
def parsed(folder: Path) -> list[tuple[str, ast.Module]]:
    """Return every module below ``folder``, parsed once."""
    paths = sorted(folder.rglob("*.py"))
    return [(path.relative_to(folder).as_posix(), ast.parse(path.read_text("utf-8"))) for path in paths]


@dataclass(frozen=True)
class Error:
    """A place that gives a code: its class or carrier, the words as they stand in the source, the module."""

    code: str
    carrier: str
    says: str
    module: str


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def callee(call: ast.Call) -> str:
    """Return the last word of what is called."""
    return (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )


def takers() -> dict[str, set[int]]:
    """Return everything that takes a code, with the place of that argument in a call."""
    found: dict[str, set[int]] = {}
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [a.arg for a in node.args.args]
                if "code" in names:
                    method = names[0] in {"self", "cls"}
                    found.setdefault(node.name, set()).add(names.index("code") - method)
            elif isinstance(node, ast.ClassDef):
                fields = [
                    s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
                ]
                if "code" in fields:
                    found.setdefault(node.name, set()).add(fields.index("code"))
    for name in error_classes():
        found.setdefault(name, set()).add(0)
    found.pop("__init__", None)
    found.pop("InputError", None)  # carries problems, each with its own code
    return found


def error_classes() -> dict[str, int]:
    """Return every class of error with its exit status."""
    from gestand.kernel import errors

    return {
        name: one.exit_status
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, errors.GestandError)
    }


def error_codes() -> tuple[list[Error], list[str]]:
    """Return every code with its words, and the places where a code is not written out (to be followed by hand)."""
    return codes_in(SOURCE)


@cache
def codes_in(_folder: Path) -> tuple[list[Error], list[str]]:
    """Return the same, found once for a folder."""
    taking = takers()
    found: list[Error] = []
    hidden: list[str] = []
    for module, tree in trees():
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        for call in calls(tree):
            name = callee(call)
            if name not in taking:
                continue
            seen = [error for at in taking[name] for error in given_at(call, at, module)]
            found += seen
            carries = name in error_classes() or name in {"Problem", "Unsound"} or built_at(call, taking[name])
            if not seen and carries and not inside_taker(call, parents, taking) and module not in TUPLES:
                hidden.append(f"{module}:{call.lineno}")
        found += written_in_tuples(module, tree)
    return sorted(set(found), key=lambda e: (e.code, e.module, e.says)), hidden


def built_at(call: ast.Call, places: set[int]) -> bool:
    """Say whether a call puts its code together on the spot."""
    return any(at < len(call.args) and isinstance(call.args[at], ast.JoinedStr) for at in places)


def given_at(call: ast.Call, at: int, module: str) -> list[Error]:
    """Return the codes that a call gives as its argument number ``at``, with the words of the argument after it."""
    given = call.args[at : at + 2]
    if not given or isinstance(given[0], ast.Starred):
        return []
    says = template(given[1]) if len(given) > 1 else ""
    codes = [one for one in constants(given[0]) if _CODE.fullmatch(one)]
    return [Error(one, callee(call), says, module) for one in codes]


def inside_taker(node: ast.AST, parents: dict[ast.AST, ast.AST], taking: dict[str, set[int]]) -> bool:
    """Say whether ``node`` stands in a function that was itself given the code."""
    while node in parents:
        node = parents[node]
        if isinstance(node, ast.FunctionDef) and node.name in taking:
            return True
    return False


TUPLES = ("statement/faults.py", "storage/faults.py")
"""Modules that return code and words as a tuple."""


def written_in_tuples(module: str, tree: ast.Module) -> Iterator[Error]:
    """Yield the codes of the modules in ``TUPLES``."""
    if module not in TUPLES:
        return
    carrier = "Problem" if module.startswith("statement") else "GestandError"
    remedies = {id(value) for node in ast.walk(tree) if isinstance(node, ast.Dict) for value in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and id(node) not in remedies:
            for first, second in itertools.pairwise(node.elts):
                codes = [one for one in constants(first) if "-" in one and _CODE.fullmatch(one)]
                if isinstance(second, (ast.JoinedStr, ast.Constant, ast.Name)):
                    yield from (Error(one, carrier, template(second), module) for one in codes)
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "code" for t in node.targets):
            yield from (Error(one, carrier, "", module) for one in constants(node.value) if _CODE.fullmatch(one))


def constants(node: ast.AST) -> list[str]:
    """Return the texts an expression can be: one, or both sides of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return []


def template(node: ast.AST) -> str:
    """Return a message as it stands in the source, with ``…`` where values come in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(template(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.IfExp):
        return f"{template(node.body)} / {template(node.orelse)}"
    if isinstance(node, ast.BinOp):
        return template(node.left) + template(node.right)
    return "…"


FOLLOWED = {
    "sources/load.py": [],  # what a living source raised is told again as a problem of its file: each code stands where it is raised
    "doors/api/outside.py": [],
    "doors/cli/dossier.py": [],  # as above: what a system that is away raised
    "register/happenings.py": [],  # what the register raised of one telling is said with its place
    "doors/office/pages/sources.py": [],
    "doors/cli/ledger.py": [],  # what was found wrong in a receipt or export is said again with its file
    "ledger/exported.py": [],
    "kernel/config_mail.py": [
        Error("config-value", "UsageError", "… is no setting of [mail]", "kernel/config_mail.py")
    ],
    "statement/rules.py": [
        Error(f"{kind}-unknown", "Problem", f"there is no {kind} '…'", "statement/rules.py")
        for kind in ("shelf", "recipient", "purpose", "field", "category")
    ],
    "statement/transparency.py": [
        Error(f"transparency-{how}", "Problem", f"{says}: …", "statement/transparency.py")
        for how, says in (
            ("missing", "the text does not tell"),
            ("partial", "the text touches on, and does not tell"),
            ("wrong", "the text tells at odds with the law"),
        )
    ],
    "sharing/desk.py": [],  # the code of the first reason against, each of which is written out where it is found
    "statement/faults.py": [
        Error(f"{noun}-without-{key}", "Problem", f"the {noun} '…' has no {key}", "statement/faults.py")
        for noun, key in (("purpose", "basis"), ("purpose", "ground"), ("shelf", "ground"), ("purpose", "needs"))
    ],
}
"""Codes that are put together where they are used."""


def all_errors() -> list[Error]:
    """Return every code, those put together included."""
    found, _ = error_codes()
    return sorted(
        [*found, *(e for errors in FOLLOWED.values() for e in errors)], key=lambda e: (e.code, e.module, e.says)
    )


def status_of(error: Error) -> str:
    """Return the exit status of what carries a code."""
    classes = error_classes()
    if error.code == "internal":
        from gestand.doors.cli.main import INTERNAL_FAULT

        return str(INTERNAL_FAULT)
    if error.carrier == "Against":  # what sharing refuses with
        return str(classes["RefusedError"])
    return str(classes[error.carrier]) if error.carrier in classes else ""


def list_errors(_before: str) -> str:
    """Return every error code: exit status, words, room."""
    by_code: dict[str, list[Error]] = {}
    for error in all_errors():
        if error.carrier != "Unsound":
            by_code.setdefault(error.code, []).append(error)
    rows = []
    for name, errors in by_code.items():
        statuses = sorted({s for e in errors if (s := status_of(e))})
        says = list(dict.fromkeys(e.says for e in errors if e.says not in {"", "…"})) or ["(the words of the system)"]
        rooms = dict.fromkeys(e.module.split("/")[0] for e in errors)
        rows.append((code(name), ", ".join(statuses) or "in a list", " · ".join(says[:2]), ", ".join(rooms)))
    return table(("code", "exit", "says", "room"), rows)


def list_unsound(_before: str) -> str:
    """Return why a value is refused."""
    by_code: dict[str, list[str]] = {}
    for error in all_errors():
        if error.carrier == "Unsound":
            by_code.setdefault(error.code, []).append(error.says)
    rows = [(code(name), " · ".join(dict.fromkeys(says))) for name, says in by_code.items()]
    return table(("reason", "the value …"), rows)
