"""What a search for people affected has found so far, before it is put together as a list."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from gestand.kernel.ids import FieldPath, SubjectId
from gestand.vault.model import Holding


@dataclass(slots=True)
class Found:
    """What a search found so far: per subject the items in reach, and what cannot be named."""

    items: defaultdict[SubjectId, dict[str, FieldPath]] = field(default_factory=lambda: defaultdict(dict))
    copies: defaultdict[SubjectId, Counter[FieldPath]] = field(default_factory=lambda: defaultdict(Counter))
    messages: Counter[SubjectId] = field(default_factory=Counter)
    seen: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    unlisted: int = 0
    unlisted_messages: int = 0
    estimated: bool = False
    not_searched: dict[str, str] = field(default_factory=dict)

    def touch(self, holding: Holding) -> None:
        """Note that a datum was in reach."""
        self.items[holding.subject][holding.item] = holding.field
