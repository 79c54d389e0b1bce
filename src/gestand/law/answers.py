"""What every answer of the law carries besides its verdict: the rules it rests on and what they are worth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gestand.law.profile import LAW_REVIEWED, Rule


def standing(rules: Iterable[Rule]) -> dict[str, Any]:
    """Return the ids of ``rules``, whether every source was read at the law itself, which were not, and the review day."""
    applied = tuple(rules)
    unread = [rule.id for rule in applied if not rule.verified]
    return {
        "rules": [rule.id for rule in applied],
        "verified": not unread,
        "not_verified": unread,
        "law_reviewed": LAW_REVIEWED.isoformat(),
    }
