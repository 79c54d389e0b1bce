"""The lines of a text told apart: headings, items of lists, rows of tables, running text; wrapped lines joined."""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE_LIMIT = 1200  # marks are not looked for in longer lines
HEADING_LIMIT = 90

_BULLET = re.compile(r"^\s*(?:[•·▪◦‣●○✓✔*–—-]|o(?=\s))\s+(?=\S)")
_NUMBERED = re.compile(
    r"^\s*(?:\(?[a-z0-9]{1,2}[.)]|\d{1,2}\.\d{1,2}\.?|(?:artikel|article|section)\s\d{1,2}[.:]?)\s+(?=\S)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s*(#{1,6})\s+(\S.*?)\s*#*$")
_OPENING = re.compile(r"^\*\*([^*]{2,60}[.?])\*\* +(?=\S)")
_RULE = re.compile(r"^\s*(?:-{3,}|={3,}|\*{3,}|_{3,})\s*$")
_TABLE_LINE = re.compile(r"^\s*\|?[\s:|-]*-{3}[\s:|-]*$")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\(([^()\s]{1,300})\)")


@dataclass(slots=True)
class Line:
    """One logical line. ``head`` is the head of a table; ``level`` counts for headings, 1 the highest."""

    text: str
    kind: str  # heading | text | item | row | head | blank
    level: int = 0


def lines(text: str) -> list[Line]:
    """Return the logical lines of a text: wrapped lines joined, each told apart as heading, item, row or text."""
    plain = [
        _without_marks(line)
        for whole in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")
        for line in _parted(whole)
    ]
    told: list[Line] = []
    for at, line in enumerate(plain):
        following = next((other for other in plain[at + 1 : at + 4] if other.strip()), "")
        told.append(
            _tell(
                line,
                following,
                previous=told[-1] if told else None,
                directly=plain[at + 1] if at + 1 < len(plain) else "",
            )
        )
    return _joined([line for line in told if line.text or line.kind == "blank"])


def _parted(line: str) -> list[str]:
    """Part a bold question or title from the text it opens ("**How long?** Three years."): a heading of its own."""
    opening = _OPENING.match(line) if line.startswith("**") else None
    return [f"##### {opening[1]}", line[opening.end() :]] if opening else [line]


def _without_marks(line: str) -> str:
    line = _LINK.sub(
        lambda m: m[1] if m[2].startswith(("#", "/")) else f"{m[1]} ({m[2].removeprefix('mailto:')})", line
    )
    return line.replace("__", "").replace("`", "").replace("\u00a0", " ").replace("\ufeff", "")


def _tell(line: str, following: str, *, previous: Line | None, directly: str) -> Line:
    stripped = line.strip()
    if not stripped:
        return Line("", "blank")
    if _RULE.match(line):
        return _underline(line, previous)
    marked = _marked_heading(line, stripped)
    if marked is not None:
        return marked
    stripped = stripped.lstrip("> ").replace("**", "")
    bars = stripped.count("|")
    if bars >= (2 if stripped.startswith("|") else 1) or "\t" in stripped:
        return _row(stripped, directly)
    return _item(line, stripped, following) or _plain(line, stripped, following, previous)


def _underline(line: str, previous: Line | None) -> Line:
    """Make the line before a rule a heading, as Markdown does, where it is short."""
    if previous is not None and previous.kind == "text" and len(previous.text) <= HEADING_LIMIT:
        previous.kind, previous.level = "heading", 1 if "=" in line else 2
    return Line("", "blank")


def _marked_heading(line: str, stripped: str) -> Line | None:
    marked = _HEADING.match(line) if len(line) < LINE_LIMIT else None
    if marked:
        return Line(marked[2].strip("*"), "heading", len(marked[1]))
    bold = stripped.startswith("**") and stripped.endswith("**") and stripped.count("**") == 2
    bare = stripped.replace("**", "")
    if bold and 0 < len(bare) <= HEADING_LIMIT and not bare.endswith((".", ",", ";")):
        return Line(bare.rstrip(":"), "heading", 5)
    return None


def _item(line: str, stripped: str, following: str) -> Line | None:
    bullet = _BULLET.match(line)
    numbered = _NUMBERED.match(line)
    if bullet is None and (
        numbered is None or _looks_like_heading(stripped[: HEADING_LIMIT + 1], following, numbered=True)
    ):
        return None
    start = bullet or numbered
    return Line(line[start.end() :].replace("**", "").strip(), "item") if start else None


def _plain(line: str, stripped: str, following: str, previous: Line | None) -> Line:
    numbered = _NUMBERED.match(line) is not None
    parted = previous is None or previous.kind != "text" or numbered or len(previous.text) > HEADING_LIMIT // 2
    if parted and _looks_like_heading(stripped, following, numbered=numbered):
        return Line(stripped, "heading", 2 if stripped.isupper() else 3)
    return Line(stripped, "text")


def _row(stripped: str, directly: str) -> Line:
    if len(stripped) < LINE_LIMIT and _TABLE_LINE.match(stripped):
        return Line("", "blank")
    cells = " | ".join(cell.strip() for cell in re.split(r"[|\t]", stripped.strip("|")) if cell.strip())
    return Line(cells, "head" if "|" in directly[:LINE_LIMIT] and _TABLE_LINE.match(directly[:LINE_LIMIT]) else "row")


def _looks_like_heading(stripped: str, following: str, *, numbered: bool) -> bool:
    if (
        len(stripped) > HEADING_LIMIT
        or stripped.endswith((".", ",", ";", ":", "!"))
        or "@" in stripped
        or len(stripped.split()) > 12
    ):
        return False
    if not following or not (stripped[0].isupper() or stripped[0].isdigit() or stripped[0] in "'\""):
        return False
    if not numbered and stripped[0].isdigit():
        return False
    body = following.strip()
    if numbered and _NUMBERED.match(following):
        return bool(re.match(r"^\s*\d{1,2}\.\d", following))
    return (
        len(body) > 60
        or body.endswith((".", ":", "?", "!", ";"))
        or bool(_BULLET.match(following))
        or body.startswith("|")
    )


def _joined(lines: list[Line]) -> list[Line]:
    """Join a line that was wrapped with the line it continues; the parts are put together once, at the end."""
    whole: list[tuple[Line, list[str]]] = []
    length = 0
    for line in lines:
        last, parts = whole[-1] if whole else (None, [])
        if (
            last is not None
            and line.kind == "text"
            and last.kind in {"text", "item"}
            and _continues(parts[-1], length, line.text)
        ):
            parts.append(line.text)
            length += 1 + len(line.text)
        else:
            whole.append((line, [line.text]))
            length = len(line.text)
    for line, parts in whole:
        line.text = " ".join(parts)
    return [line for line, _ in whole]


def _continues(before: str, length: int, line: str) -> bool:
    """Say whether ``line`` continues what ends in ``before`` and has ``length`` characters so far."""
    if before.endswith((":", "!", "?")) and not line[0].islower():
        return False
    if line[0].islower():
        return not before.endswith((".", "!", "?"))
    return length >= 55 and not before.endswith((".", ";"))
