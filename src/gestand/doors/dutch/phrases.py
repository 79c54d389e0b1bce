"""A book of phrases: English sentences with holes, each beside the Dutch one that has the same holes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

HOLE = "{}"
LONGEST = 2_000
"""Signs of a sentence for which a form is looked for."""
_HOLES = re.compile(r"\{(\d?)\}")


class Phrases:
    """Sentences and what they are in Dutch; a hole ``{}`` stands for whatever was filled in, and is filled in again."""

    def __init__(self, *tables: Mapping[str, str]) -> None:
        self.table = {english: dutch for table in tables for english, dutch in table.items()}

    def into(self, sentence: str) -> str | None:
        """Return a sentence in Dutch; None where the book does not have it."""
        if (found := self.table.get(sentence)) is not None:
            return found
        if (
            len(sentence) > LONGEST
        ):  # somebody's whole page was filled in: looking for a form would take as long as they like
            return None
        for form, dutch in self._forms:
            if match := form.fullmatch(sentence):
                return _filled(dutch, match.groups())
        return None

    @cached_property
    def _forms(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        open_ones = sorted((one for one in self.table if HOLE in one), key=lambda one: (-len(one), one))
        return tuple((re.compile(_pattern(one), re.DOTALL), self.table[one]) for one in open_ones)


def _pattern(english: str) -> str:
    return "(.+?)".join(map(re.escape, english.split(HOLE)))


def _filled(dutch: str, words: tuple[str, ...]) -> str:
    """Return a sentence with its holes filled, in order or by number: ``{1}`` is the second that English filled in."""
    waiting = iter(words)
    return _HOLES.sub(lambda hole: words[int(hole[1])] if hole[1] else next(waiting), dutch)
