"""Every noun that was promised has a row in docs/coverage.md naming the test that shows it; a missing test fails.

A row is ``| noun | tests/path/test_x.py::test_name |``; more tests are separated by white space or ``<br>``.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"(tests/[\w/.-]+\.py)(?:::([\w:]+))?")


def names(path: Path) -> set[str]:
    """Return the tests a file defines: ``test_x``, and ``Class::test_x``."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found.add(node.name)
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
        elif isinstance(node, ast.Assign):  # TestX = Machine.TestCase
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def main() -> int:
    rows = faults = 0
    for number, line in enumerate((ROOT / "docs/coverage.md").read_text("utf-8").splitlines(), 1):
        if not line.startswith("|") or line.startswith(("| what", "|--", "| --")):
            continue
        rows += 1
        tests = NAMED.findall(line)
        if not tests:
            faults += 1
            print(f"docs/coverage.md:{number}: names no test: {line}")
        for file, name in tests:
            path = ROOT / file
            if not path.is_file() or (name and name not in names(path)):
                faults += 1
                print(f"docs/coverage.md:{number}: no such test: {file}::{name}")
    print(f"coverage: {rows} rows, {faults} without their test")
    return 1 if faults or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
