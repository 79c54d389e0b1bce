"""Questions as JSON lines in, answers as JSON lines out: one for one, whatever a line holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TextIO

Answering = Callable[[Mapping[str, Any]], dict[str, Any]]

LONGEST_LINE = 1_000_000
"""Bytes; a question is some hundreds."""


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_read = json.JSONDecoder(parse_constant=_no_number).decode
_write = json.JSONEncoder(ensure_ascii=True, separators=(", ", ": "), check_circular=False).encode


def answer_lines(lines: Iterable[bytes], out: TextIO, answering: Answering) -> None:
    """Answer every line of ``lines`` on ``out``; a line that is no question is answered as one a person must judge.

    An empty line is answered too, so that the lines of questions and answers go together. ``answering`` must not raise
    on what a question holds.
    """
    for number, line in enumerate(lines, 1):
        question = _question(line)
        if isinstance(question, str):
            answer: dict[str, Any] = {
                "id": None,
                "line": number,
                "needs_judgement": True,
                "missing": [f"line {number}: {question}; write one JSON object per line"],
            }
        else:
            answer = answering(question)
        out.write(_write(answer) + "\n")


def _question(line: bytes) -> dict[str, Any] | str:
    """Return the question on a line, or what is wrong with the line."""
    if len(line) > LONGEST_LINE:
        return f"longer than {LONGEST_LINE} bytes"
    if not line.strip():
        return "empty"
    try:
        question = _read(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "not UTF-8"
    except (ValueError, RecursionError) as error:
        return f"not JSON ({str(error)[:80]})"
    return question if isinstance(question, dict) else "not a JSON object"
