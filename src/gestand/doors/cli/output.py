"""What the command line writes: text for people, one JSON document for machines, errors on standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from gestand.kernel.errors import GestandError, InputError

_ID = re.compile(r"(?:sub|dos|req|bak|itm|shr|bre|dev)_[a-z0-9]+$")


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

    ``marked``: the cells carry colours as ``[red]...[/]``; otherwise what stands in brackets is text.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(header_style="bold", expand=False)
    for at, name in enumerate(head):
        drawn.add_column(name, overflow="fold", no_wrap=any(_ID.match(row[at]) for row in rows))
    for row in rows:
        drawn.add_row(*row if marked else map(escape, row))
    console = Console()
    console.print(title, style="italic", markup=False, highlight=False, soft_wrap=True)  # not broken by a narrow table
    console.print(drawn)
