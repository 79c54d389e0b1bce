"""The nouns of the statement's text: clauses, a version with all its languages, and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gestand.statement.locate import KeyPath
from gestand.statement.policy import Policy
from gestand.statement.spans import Layout


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence that promises, limits, describes or grants something: ``[sentence]{#C3 kept-by="..."}``.

    ``text`` is the sentence with the policy's values filled in, white space folded; ``kept_by`` the controls that keep
    it; ``awaits`` those whose room is not built yet; ``line`` counts from 1 in the Markdown file; ``names`` are the names
    of the policy whose values the sentence speaks (``shelf.mail.period``).
    """

    id: str
    text: str
    kept_by: tuple[str, ...]
    awaits: tuple[str, ...]
    line: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementText:
    """The statement in one language. ``source`` is the text with values filled in and span marks still in place.

    ``layout`` plain: the source without its marks is the text itself, byte for byte; nothing is filled in.
    """

    language: Literal["nl", "en"]
    file: str
    source: str
    clauses: tuple[Clause, ...]
    layout: Layout = "markdown"

    def clause(self, clause_id: str) -> Clause | None:
        """Return the clause with this id, or None."""
        return next((c for c in self.clauses if c.id == clause_id), None)


@dataclass(frozen=True, slots=True)
class Statement:
    """A version of the statement: the policy and the same clauses in every language.

    ``digest`` is the SHA-256 (hex) over policy and texts as they stand in their files, so that a version is what was
    published and nothing else. ``lines`` gives the line of each key of ``policy.toml``, for those who complain about one.
    """

    version: str
    policy: Policy
    texts: tuple[StatementText, ...]
    digest: str
    folder: str
    lines: Mapping[KeyPath, int] = field(default_factory=dict, compare=False, repr=False)

    def text(self, language: str) -> StatementText:
        """Return the text in ``language``, or the first language where it has none."""
        return next((t for t in self.texts if t.language == language), self.texts[0])


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version that was made current: its digest, and from when."""

    version: str
    digest: str
    in_force_from: date
    published_at: str  # instant, ISO 8601 with zone


Kind = Literal["enlarging", "narrowing", "neutral"]


@dataclass(frozen=True, slots=True)
class Change:
    """A difference in meaning between two versions. ``enlarging`` ones need a notice to those concerned."""

    kind: Kind
    what: str  # e.g. "shelf mail: period"
    before: str
    after: str
    clauses: tuple[str, ...] = ()
