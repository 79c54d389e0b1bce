"""The lists of docs/crypto.md: what the code imports to seal, sign and hash, and every key that it derives by a label."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from formats_cells import SOURCE, code, worded

PRIMITIVES = ("apsw", "argon2", "cryptography", "hashlib", "hmac", "pyrage", "ssl", "webauthn")
"""Packages of which every import is told."""
_BESIDE = ("exceptions", "utils", "structs", "helpers")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module by its path in the package; benchmarks seal nothing that stays."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "bench" not in path.relative_to(SOURCE).parts:
            yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the primitives that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in PRIMITIVES)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PRIMITIVES:
            if node.module.split(".")[-1] in _BESIDE:
                continue
            names = [
                alias.name for alias in node.names if not alias.name.startswith("Invalid")
            ]  # faults, no algorithms
            yield from (f"{node.module}.{name}".removeprefix("cryptography.hazmat.primitives.") for name in names)


def derived(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the label of every key that a module derives, and from what."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "derive" and len(node.args) == 2:
            root, label = node.args
            shown = str(label.value) if isinstance(label, ast.Constant) else ast.unparse(label)
            yield shown, ast.unparse(root)


def grouped(found: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the second of each pair by the first, in order and once."""
    groups: dict[str, dict[str, None]] = {}
    for name, value in found:
        groups.setdefault(name, {})[value] = None
    return {name: list(groups[name]) for name in sorted(groups)}


def list_crypto_primitives(before: str) -> str:
    """Return every imported primitive with the rooms that use it."""
    rooms = grouped((name, _room(path)) for path, tree in modules() for name in imported(tree))
    rows = [(code(name), ", ".join(places)) for name, places in rooms.items()]
    return worded(("imported", "rooms", "algorithm, what for, source"), rows, before)


def list_crypto_keys(before: str) -> str:
    """Return every derived key with where it comes from."""
    found = [(label, (root, path)) for path, tree in modules() for label, root in derived(tree)]
    places = grouped((label, f"{code(root)} in `{path}`") for label, (root, path) in found)
    rows = [(code(label), ", ".join(where)) for label, where in places.items()]
    return worded(("label", "from", "what it opens, and for how long"), rows, before)


def _room(path: str) -> str:
    return Path(path).parts[0].removesuffix(".py")
