"""Where a key stands: the line of every key path in a TOML document. ``tomllib`` reads values and gives no places.

It reads documents that ``tomllib`` accepted (TOML 1.0.0); what it returns for others is not defined.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

KeyPath = tuple[str | int, ...]
"""Keys from the top, with the index where an array is entered: ``("controller", "contacts", 0, "value")``."""

_SPACE = " \t"
_BLANK = " \t\r\n"
_ENDS = ",]}#\r\n"


@lru_cache(maxsize=8)
def locate(source: str) -> Mapping[KeyPath, int]:
    """Return for every key path of the document the line, from 1, on which it is first written.

    What was located last is remembered by its text: a draft is judged after every word that is typed, and most of it stays.
    """
    return MappingProxyType(_Reader(source).lines())


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of ``path``, or of the nearest key above it that is written; 1 if none is."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Reader:
    """Walks the document once; ``at`` is the place of the next character."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.line = 1
        self.counted = 0  # newlines before this place are in ``line``
        self.found: dict[KeyPath, int] = {}
        self.arrays: dict[KeyPath, int] = {}  # arrays of tables, and the index of their last table

    def lines(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self.skip_blank()
        while self.at < len(self.source):
            if self.source[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip_blank()
        return self.found

    def here(self) -> int:
        self.line += self.source.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def note(self, path: KeyPath) -> None:
        self.found.setdefault(path, self.here())

    def header(self) -> KeyPath:
        double = self.source.startswith("[[", self.at)
        self.at += 2 if double else 1
        keys = self.keys()
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self.entered((*path, key))
        path = (*path, keys[-1])
        self.note(path)
        if double:
            self.arrays[path] = self.arrays.get(path, -1) + 1
            path = (*path, self.arrays[path])
            self.note(path)
        else:
            path = self.entered(path)
        self.at = self.source.index("]]" if double else "]", self.at) + (2 if double else 1)
        return path

    def entered(self, path: KeyPath) -> KeyPath:
        """Note ``path`` and step into the last table where it is an array of tables."""
        self.note(path)
        if path not in self.arrays:
            return path
        return (*path, self.arrays[path])

    def pair(self, table: KeyPath) -> None:
        path = table
        for key in self.keys():
            path = (*path, key)
            self.note(path)
        self.at += 1  # the equals sign: keys() stops before it
        self.value(path)

    def keys(self) -> list[str]:
        keys = []
        while True:
            self.skip(_SPACE)
            keys.append(self.key())
            self.skip(_SPACE)
            if not self.source.startswith(".", self.at):
                return keys
            self.at += 1

    def key(self) -> str:
        start = self.at
        if self.source[start] in "\"'":
            self.string()
            quoted = self.source[start : self.at]
            return str(tomllib.loads(f"key = {quoted}")["key"])
        while self.at < len(self.source) and (self.source[self.at].isalnum() or self.source[self.at] in "-_"):
            self.at += 1
        return self.source[start : self.at]

    def value(self, path: KeyPath) -> None:
        self.skip(_SPACE)
        first = self.source[self.at]
        if first in "\"'":
            self.string()
        elif first == "[":
            self.array(path)
        elif first == "{":
            self.inline_table(path)
        else:
            while self.at < len(self.source) and self.source[self.at] not in _ENDS:
                self.at += 1

    def string(self) -> None:
        quote = self.source[self.at]
        long = self.source.startswith(quote * 3, self.at)
        mark = quote * 3 if long else quote
        self.at += len(mark)
        while not self.source.startswith(mark, self.at):
            self.at += 2 if quote == '"' and self.source[self.at] == "\\" else 1
        self.at += len(mark)
        if long:  # up to two quotes may stand right before the closing three
            self.skip(quote)

    def array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip_blank()
            if self.source[self.at] == "]":
                self.at += 1
                return
            self.note((*path, index))
            self.value((*path, index))
            index += 1
            self.skip_blank()
            if self.source[self.at] == ",":
                self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self.skip_blank()
            if self.source[self.at] == "}":
                self.at += 1
                return
            if self.source[self.at] == ",":
                self.at += 1
            else:
                self.pair(path)

    def skip(self, characters: str) -> None:
        while self.at < len(self.source) and self.source[self.at] in characters:
            self.at += 1

    def skip_blank(self) -> None:
        """Skip white space, line ends and comments."""
        while True:
            self.skip(_BLANK)
            if not self.source.startswith("#", self.at):
                return
            end = self.source.find("\n", self.at)
            self.at = len(self.source) if end < 0 else end
