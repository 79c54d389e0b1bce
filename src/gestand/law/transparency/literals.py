"""What a text must contain for a pattern to match at all: the literal pieces of its branches, cut to short runs of letters.

A pattern as the rules write it (words, alternatives, bounded gaps) is read once into branches; each branch has needs,
sets of pieces of which one must stand in the text. What this reader does not know needs nothing, so that it can only
let a pattern be tried in vain and never keep one from matching.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

SIZES = (4, 2, 1)  # characters in a piece, the most telling first
_ZERO_WIDTH = "bBAZ"


@dataclass(slots=True)
class _Reader:
    """A pattern and how far it has been read."""

    pattern: str
    at: int = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self, count: int = 1) -> str:
        taken = self.pattern[self.at : self.at + count]
        self.at += count
        return taken


@dataclass(slots=True)
class _Branch:
    """One alternative while it is read: the run of literal letters so far, and the needs found."""

    run: str = ""
    needs: list[frozenset[str]] = field(default_factory=list)

    def cut(self) -> None:
        """End the run: what stands next need not adjoin."""
        if self.run:
            self.needs.append(frozenset({self.run}))
        self.run = ""


@lru_cache(maxsize=1024)
def pieces(text: str) -> frozenset[str]:
    """Return every run of 4, 2 and 1 characters of a text, in small letters."""
    low = text.lower()
    return frozenset(low[at : at + size] for size in SIZES for at in range(len(low) - size + 1))


def branches(pattern: str) -> list[tuple[str, tuple[frozenset[str], ...]]]:
    """Return the alternatives of a pattern, each with its needs in pieces, the most telling first."""
    reader = _Reader(pattern)
    found: list[tuple[str, tuple[frozenset[str], ...]]] = []
    while reader.at < len(pattern):
        start = reader.at
        needs = [frozenset(_piece(one) for one in need) for need in _sequence(reader)]
        found.append((pattern[start : reader.at], tuple(sorted(needs, key=_weight, reverse=True))))
        reader.take()  # the bar between alternatives, or a bracket too many
    return found


def telling(needs: tuple[frozenset[str], ...]) -> frozenset[str]:
    """Return the most telling of the needs of a branch, empty if it has none."""
    return needs[0] if needs else frozenset()


def _weight(need: frozenset[str]) -> tuple[int, int]:
    return min(len(one) for one in need), -len(need)


def _piece(literal: str) -> str:
    size = next(size for size in SIZES if size <= len(literal))
    return literal.lower()[:size]


def _sequence(reader: _Reader) -> list[frozenset[str]]:
    """Read one alternative, up to a bar or a closing bracket, and return what it needs."""
    branch = _Branch()
    while reader.peek() and reader.peek() not in "|)":
        for literal, need in _atom(reader):
            least, exact = _repeated(reader)
            if literal and least:
                branch.run += literal
                if not exact:
                    branch.cut()
                continue
            branch.cut()
            if need and least:
                branch.needs.append(need)
    branch.cut()
    return branch.needs


def _atom(reader: _Reader) -> Iterator[tuple[str, frozenset[str]]]:
    """Read one atom: a literal, or what a group needs, or neither; nothing for what takes no room."""
    char = reader.take()
    if char == "\\":
        escaped = reader.take()
        if escaped not in _ZERO_WIDTH:
            yield ("", frozenset()) if escaped.isalnum() else (escaped, frozenset())
    elif char == "[":
        _past_class(reader)
        yield "", frozenset()
    elif char == "(":
        yield from _group(reader)
    elif char == ".":
        yield "", frozenset()
    elif char not in "^$":
        yield char, frozenset()


def _past_class(reader: _Reader) -> None:
    if reader.peek() == "^":
        reader.take()
    first = True
    while reader.peek() and (first or reader.peek() != "]"):
        reader.take(2 if reader.peek() == "\\" else 1)
        first = False
    reader.take()


def _group(reader: _Reader) -> Iterator[tuple[str, frozenset[str]]]:
    look = False
    if reader.peek() == "?":
        reader.take()
        mark = reader.take()
        look = mark in "=!" or (mark == "<" and reader.peek() in "=!")
        while mark not in ":=!>" and reader.peek():
            mark = reader.take()
    options = [_sequence(reader)]
    while reader.peek() == "|":
        reader.take()
        options.append(_sequence(reader))
    reader.take()
    if not look:
        best = [max(needs, key=_weight) for needs in options if needs]
        yield "", frozenset().union(*best) if len(best) == len(options) else frozenset()


def _repeated(reader: _Reader) -> tuple[int, bool]:
    """Read a quantifier: the least number of times, and whether there was none."""
    sign = reader.peek()
    least = 1
    if sign == "{":
        inside = ""
        while reader.peek() and reader.peek() != "}":
            inside += reader.take()
        least = int(inside.lstrip("{").split(",")[0] or 0)
        reader.take()
    elif sign and sign in "?*+":
        least = 0 if sign in "?*" else 1
        reader.take()
    else:
        return 1, True
    if reader.peek() == "?":
        reader.take()
    return least, False
