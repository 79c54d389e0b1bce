"""How a letter of plain text is set: under a letterhead, or as it is read on the screen."""

from __future__ import annotations

from gestand.post.salutation import closing, opening

SET_IN = "    "
"""Before each line that tells something of the line above them."""


def body_of(letter: str) -> str:
    """Return a letter without its first lines, for a letterhead that has sender, date and title; its headings are marked."""
    lines = letter.splitlines()[3:]
    return "\n".join(
        f"# {line.rstrip(':')}" if not before.strip() and _heads(line) else f"## {line}" if tells(line, after) else line
        for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False)
    )


def greeted(letter: str, name: str, sender: str, language: str) -> str:
    """Return a letter with its first and last words, as it is read on the screen; a letterhead has its own way to set these."""
    head, body = letter.splitlines()[:3], letter.splitlines()[3:]
    first, last = opening(name, language), closing(sender, language)
    return "\n".join([*head, "", first, *body, "", last]) + "\n"


def tells(line: str, after: str) -> bool:
    """Say whether a line is a thing of which the lines below it tell more."""
    return bool(line.strip()) and not line.startswith(" ") and after.startswith(SET_IN)


def _heads(line: str) -> bool:
    return line in {"Uw rechten", "Your rights"} or (line.endswith(":") and not line.startswith(" "))
