"""The batch door of the law on offers: one question as JSON in, one flat answer out. Pure, and never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gestand.law.answers import standing
from gestand.law.fact_reader import FactReader, facts_of
from gestand.law.marketing import judge
from gestand.law.marketing_facts import Channel, read_marketing
from gestand.law.marketing_rules import BY_ID

YES = "Dit mag, als u ook doet wat erbij staat."
NO = "Dit mag niet. Verstuur het niet en bel niet."
SUBJECTS = tuple(channel.value for channel in Channel)


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer whether a message or call is allowed: ``channel``, ``facts`` and ``date`` (ISO, local) are asked for."""
    head = FactReader({name: question[name] for name in ("channel", "date") if name in question})
    channel = head.choice("channel", {channel.value: channel for channel in Channel})
    moment = head.moment("date")
    facts = read_marketing(facts_of(question))
    unread = head.unknown()
    if channel is None or not isinstance(moment, date) or unread:
        named = {entry.partition("=")[0] for entry in unread}
        gaps = (("channel", channel), ("date", moment))
        return {
            "id": question.get("id"),
            "allowed": False,
            "needs_judgement": True,
            "missing": [name for name, value in gaps if value is None and name not in named],
            "unknown": sorted({*unread, *facts.unknown}),
            "nl": NO,
            "reasons": ["without a channel and a date nothing can be judged, so nothing is sent"],
            "articles": [],
            "debatable": False,
            **standing((BY_ID["marketing-unknown-is-no"],)),
        }
    found = judge(channel, facts, on=date(moment.year, moment.month, moment.day))
    return {
        "id": question.get("id"),
        "allowed": found.allowed,
        "nl": YES if found.allowed else NO,
        "why": "; ".join(found.reasons),
        "reasons": list(found.reasons),
        "must_do": list(found.must_do),
        "articles": list(found.articles),
        **standing(found.rules),
        "debatable": bool(found.debatable),
        "debate": list(found.debatable),
        "needs_judgement": found.needs_judgement,
        "missing": list(found.missing),
        "unknown": list(found.unknown),
    }
