"""What the command line writes: text for people, one JSON document for machines, errors on standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gestand.kernel.errors import GestandError, InputError

_ID = re.compile(r"[a-z]{3}_[a-z2-7]{8,}")


def say(text: str = "") -> None:
    """Write a line for a person on standard output."""
    sys.stdout.write(text + "\n")


def say_now(text: str = "") -> None:
    """Write a line that somebody waits for while the program goes on: also into a pipe or the log of a service."""
    say(text)
    sys.stdout.flush()


def emit(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write one JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def complain(error: GestandError, *, as_json: bool) -> None:
    """Write an error on standard error: the envelope of docs/formats.md with ``as_json``, else for a person."""
    if as_json:
        envelope: dict[str, Any] = {
            "error": {"code": error.code, "message": error.message, "where": error.where, "remedy": error.remedy}
        }
        if isinstance(error, InputError):
            envelope["problems"] = [
                {
                    "file": p.file,
                    "line": p.line,
                    "code": p.code,
                    "message": p.message,
                    "remedy": p.remedy,
                    "severity": p.severity,
                }
                for p in error.problems
            ]
        sys.stderr.write(json.dumps(envelope, ensure_ascii=False) + "\n")
    elif isinstance(error, InputError):
        sys.stderr.write("".join(f"{problem}\n" for problem in error.problems))
    else:
        sys.stderr.write(f"{error}\n")


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, marked: bool = False) -> None:
    """Write a table for a person; columns wrap to the width of the terminal, but for ids: those are copied whole.

    Where the words of a row do not stand beside each other within lines, the lines are left out.

    ``marked``: the cells carry colours as ``[red]...[/]``; otherwise what stands in brackets is text.
    """
    from rich.box import HEAVY_HEAD, SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    columns = [_widths(name, [row[at] for row in rows], marked=marked) for at, name in enumerate(head)]
    words, lines = sum(word for word, _ in columns), 3 * len(columns) + 1
    bare = words + lines > console.width >= words + len(columns) - 1
    fitted = _fitted(columns, console.width - (len(columns) - 1 if bare else lines))
    drawn = Table(
        header_style="bold", box=SIMPLE_HEAD if bare else HEAVY_HEAD, show_edge=not bare, pad_edge=not bare,
        padding=(0, 0) if bare else (0, 1),
    )  # fmt: skip
    for name, width, at in zip(head, fitted, range(len(head)), strict=True):
        whole = any(_ID.fullmatch(row[at]) for row in rows)
        drawn.add_column(name, overflow="fold", no_wrap=whole, width=width)
    for row in rows:
        drawn.add_row(*row if marked else map(escape, row))
    console.print(title, style="italic", markup=False, highlight=False, soft_wrap=True)  # not broken by a narrow table
    console.print(drawn)


def _widths(head: str, cells: Iterable[str], *, marked: bool) -> tuple[int, int]:
    """Return how wide the longest word of a column is, and its longest line."""
    from rich.cells import cell_len
    from rich.markup import render

    shown = [head, *(render(cell).plain if marked else cell for cell in cells)]
    word = max((cell_len(word) for text in shown for word in text.split()), default=0)
    return word, max((cell_len(line) for text in shown for line in text.splitlines()), default=0)


def _fitted(columns: Sequence[tuple[int, int]], room: int) -> Sequence[int | None]:
    """Return widths in which no word is broken, the widest columns narrowed first; no widths if that cannot be."""
    widths = [line for _, line in columns]
    while sum(widths) > room:
        at = max(range(len(widths)), key=lambda n: widths[n] - columns[n][0])
        if widths[at] == columns[at][0]:
            return [None] * len(widths)
        widths[at] -= 1
    return widths
