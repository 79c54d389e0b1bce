"""Tables in Markdown; a last column of words is kept from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "gestand"
NO_WORDS = "(no words yet)"
_CELL = re.compile(r"(?<!\\)\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def worded(head: Sequence[str], rows: Iterable[Sequence[str]], before: str) -> str:
    """Return a table whose last column keeps the words that ``before`` has for the same first cell."""
    words = {}
    for line in before.splitlines():
        if line.startswith("| "):
            cells = [cell.strip().replace("\\|", "|") for cell in _CELL.split(line)[1:-1]]
            words[cells[0]] = cells[-1]
    return table(head, [(*row, words.get(row[0], NO_WORDS)) for row in rows])


def code(text: str) -> str:
    """Return ``text`` as code."""
    return f"`{text}`"
