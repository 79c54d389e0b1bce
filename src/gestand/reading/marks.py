"""Taking the marks of HTML and XML out of a text, in time that grows with its length alone.

A text without any ``>`` behind its last ``<`` would let each ``<`` look through all that follows; only what stands before the
last ``>`` is looked at.
"""

from __future__ import annotations

import re
from typing import Final

DEEPEST: Final = 3_000
"""Marks within marks: what reads HTML takes time that grows with the square of it, and no mail needs a hundred."""
_OPENING: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_LEVEL: Final = frozenset(
    [
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "option",
        "dt",
        "dd",
        "col",
        "wbr",
        "area",
        "base",
    ]
)
"""What holds nothing, or ends where the next of its kind begins."""
_MARKS: Final = re.compile(r"<[^>]*>")
_BYTE_MARKS: Final = re.compile(rb"<[^>]*>")
_BREAKS: Final = re.compile(
    rb"<(?:/w:p|w:tab|w:br|/si|/row|/c|/v|/text:p|/text:h|text:tab|text:s|text:line-break|/a:p)\b[^>]*>"
)


def without_marks(text: str) -> str:
    """Return a text with nothing where its marks stand."""
    end = text.rfind(">") + 1
    return _MARKS.sub("", text[:end]) + text[end:]


def too_deep(text: str) -> bool:
    """Say whether more marks stand within each other than is read as HTML."""
    if text.count("<") <= DEEPEST:
        return False
    depth = deepest = 0
    for found in _OPENING.finditer(text):
        if found[2].lower() not in _LEVEL:
            depth = max(depth - 1, 0) if found[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest > DEEPEST


def spaced(text: str) -> str:
    """Return a text with a space before each mark, so that words on both sides of one stay apart."""
    return text.replace("<", " <")


def text_between(markup: bytes) -> bytes:
    """Return what stands between the marks of an office document; a paragraph, cell or tab ends a line."""
    end = markup.rfind(b">") + 1
    return _BYTE_MARKS.sub(b"", _BREAKS.sub(b"\n", markup[:end])) + markup[end:]
