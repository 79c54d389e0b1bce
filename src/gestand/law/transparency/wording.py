"""Words to look for: a pattern whose branches are compiled when first needed and tried only where they can match.

Patterns stay simple: words, alternatives and bounded gaps, no quantifier inside a quantifier, so that any text is read
in time proportional to its length. A statement holds few of the words the rules know; looking up the literal pieces of
a branch in those of the sentence is far quicker than trying the branch at every letter.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

from gestand.law.transparency.literals import branches, pieces, telling

LOOKED_UP = 2400  # characters; the pieces of a longer text would take more room than they save time


class Words:
    """Any of the alternatives, in capitals or not."""

    __slots__ = ("_branches", "_one_of", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._branches: list[tuple[str, tuple[frozenset[str], ...]]] = []
        self._one_of: frozenset[str] = frozenset()  # empty: every text is tried

    def _read(self) -> None:
        self._branches = branches(self.pattern)
        most = [telling(needs) for _, needs in self._branches]
        self._one_of = frozenset().union(*most) if all(most) else frozenset()

    def search(self, text: str) -> re.Match[str] | None:
        """Return where a branch matches, not always the leftmost; ``None`` if none does."""
        if not self._branches:
            self._read()
        if len(text) > LOOKED_UP:
            return self._tried(text)
        held = pieces(text)
        if self._one_of and self._one_of.isdisjoint(held):
            return None
        for source, needs in self._branches:
            if any(need.isdisjoint(held) for need in needs):
                continue
            hit = _compiled(source).search(text)
            if hit:
                return hit
        return None

    def _tried(self, text: str) -> re.Match[str] | None:
        hits = (_compiled(source).search(text) for source, _ in self._branches)
        return next((hit for hit in hits if hit), None)


Pattern: TypeAlias = Words | re.Pattern[str]
"""What a rule may look for: words, or a pattern of another kind (a date, an address)."""


def words(*alternatives: str) -> Words:
    """Return the words to look for: any of the alternatives, in capitals or not."""
    return Words("|".join(alternatives))


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)
