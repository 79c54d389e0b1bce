"""How a passage is asked: a cue says what must be in it, around it and not in it, and what status that gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gestand.law.transparency.model import Status, Verdict
from gestand.law.transparency.passages import NEIGHBOURS, Passage, around, split
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.wording import Pattern

NOT_OWN = frozenset({Topic.BREACH, Topic.DEFINITION, Topic.ELSEWHERE})
"""Sections whose sentences say nothing about the organisation's own use of data or about the reader's rights."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement as the rules read it; each reading is one of its own, so that what was found in it can be kept."""

    passages: tuple[Passage, ...]
    whole: str

    @classmethod
    def read(cls, text: str) -> Statement:
        """Return the statement cut into passages."""
        passages = split(text)
        return cls(passages, " ".join(passage.text for passage in passages))

    def own(self, outside: frozenset[Topic] = NOT_OWN) -> Iterable[Passage]:
        """Return the passages, headings left out, that are about the organisation's own conduct."""
        return (p for p in self.passages if p.topic not in outside and p.kind != "heading")


@dataclass(frozen=True, slots=True)
class Cue:
    """What makes a passage decide an item.

    ``says`` and ``also`` stand in the passage itself; ``scope`` in the passage, its heading or the line that leads into
    it; ``near`` in the passage or its neighbours in the section; ``unless`` stands not in the passage, ``unless_near`` not near it.
    """

    status: Status
    says: Pattern
    also: Pattern | None = None
    scope: Pattern | None = None
    near: Pattern | None = None
    unless: Pattern | None = None
    unless_scope: Pattern | None = None
    unless_near: Pattern | None = None
    outside: frozenset[Topic] = NOT_OWN
    reach: int = NEIGHBOURS  # how far "near" reaches, in passages
    headings: bool = False  # a heading may decide too ("Right of access")

    def hits(self, statement: Statement, passage: Passage) -> bool:
        """Say whether the passage carries what this cue asks."""
        if passage.topic in self.outside or not self.says.search(passage.text):
            return False
        here, scope = passage.text, passage.scope
        return (
            _has(self.also, here)
            and _lacks(self.unless, here)
            and _has(self.scope, scope)
            and _lacks(self.unless_scope, scope)
            and (self._fits_nearby(statement, passage) if self.near or self.unless_near else True)
        )

    def _fits_nearby(self, statement: Statement, passage: Passage) -> bool:
        nearby = f"{passage.heading} | {passage.lead} | {around(statement.passages, passage, self.reach)}"
        return _has(self.near, nearby) and _lacks(self.unless_near, nearby)


def _has(pattern: Pattern | None, text: str) -> bool:
    return pattern is None or pattern.search(text) is not None


def _lacks(pattern: Pattern | None, text: str) -> bool:
    return pattern is None or pattern.search(text) is None


def seek(statement: Statement, cues: Iterable[Cue]) -> Verdict | None:
    """Return the verdict of the first cue that a passage answers; cues are ordered from the best status down."""
    for cue in cues:
        for passage in statement.passages:
            if (cue.headings or passage.kind != "heading") and cue.hits(statement, passage):
                return Verdict(cue.status, passage.raw)
    return None
