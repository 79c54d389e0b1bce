"""The law profile: every rule this program applies, as data with a source and the dates between which it holds.

A rule says of itself what it is worth: statute, guideline of an authority, policy of the project or debatable, and whether
its source was read (``verified``). Each module of the law that applies rules exposes them as a tuple named ``RULES``.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from datetime import date
from typing import Literal

Topic = Literal["term", "retention", "breach", "marketing", "disclosure", "transparency"]
Status = Literal["statute", "guideline", "policy", "debatable"]

LAW_REVIEWED: date = date(2026, 11, 22)
"""The day on which the rules were last compared with the law."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of law as this program applies it.

    ``valid_from`` is its first day, ``valid_to`` its last; None where the source names no such day. ``verified`` means
    that the text of the law or the authority was read, not a second-hand account of it.
    """

    id: str
    topic: Literal["term", "retention", "breach", "marketing", "disclosure", "transparency"]
    title: str
    articles: tuple[str, ...]
    source: str
    status: Literal["statute", "guideline", "policy", "debatable"]
    verified: bool
    valid_from: date | None
    valid_to: date | None

    def in_force(self, on: date) -> bool:
        """Return whether the rule holds on the local date ``on``, its first and last day included."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


def rules(topic: Topic | None = None, on: date | None = None) -> tuple[Rule, ...]:
    """Return the rules of the modules of the law, by topic and id: all, those of ``topic``, those in force ``on``."""
    package = importlib.import_module("gestand.law")
    found: set[Rule] = set()
    for module in pkgutil.iter_modules(package.__path__, "gestand.law."):
        found.update(getattr(importlib.import_module(module.name), "RULES", ()))
    chosen = (rule for rule in found if topic in (None, rule.topic) and (on is None or rule.in_force(on)))
    return tuple(sorted(chosen, key=lambda rule: (rule.topic, rule.id, rule.valid_from or date.min)))
