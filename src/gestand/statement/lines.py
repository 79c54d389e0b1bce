"""From a place in a text to its line."""

from __future__ import annotations

import re
from bisect import bisect_right


class Lines:
    """The line ends of one text, found once."""

    def __init__(self, source: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", source))]

    def at(self, place: int) -> int:
        """Return the line, from 1, of the character at ``place``."""
        return bisect_right(self._starts, place)
