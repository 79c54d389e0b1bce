"""Taking the marks of HTML and XML out of a text, in time that grows with its length alone.

A text without any ``>`` behind its last ``<`` would let each ``<`` look through all that follows; only what stands before the
last ``>`` is looked at.
"""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = re.compile(r"<[^>]*>")
_BYTE_MARKS: Final = re.compile(rb"<[^>]*>")
_BREAKS: Final = re.compile(
    rb"<(?:/w:p|w:tab|w:br|/si|/row|/c|/v|/text:p|/text:h|text:tab|text:s|text:line-break|/a:p)\b[^>]*>"
)


def without_marks(text: str) -> str:
    """Return a text with nothing where its marks stand."""
    end = text.rfind(">") + 1
    return _MARKS.sub("", text[:end]) + text[end:]


def text_between(markup: bytes) -> bytes:
    """Return what stands between the marks of an office document; a paragraph, cell or tab ends a line."""
    end = markup.rfind(b">") + 1
    return _BYTE_MARKS.sub(b"", _BREAKS.sub(b"\n", markup[:end])) + markup[end:]
