"""The judgement of leaving, pure: of what is due, what goes, what moves on, and what stays with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from gestand.retention.model import Due, Leaving, RetentionPlan, Staying

RESTRICTED: Final = "beperkt (AVG 18): blijft tot een mens beslist (restricted: stays until a person decides)"
"""Erasing is use, and what is restricted may only be stored; the person is told before that ends (Article 4(2), 18(2), (3))."""


def plan_retention(on: date, due: Mapping[str, Iterable[Due]]) -> RetentionPlan:
    """Judge what custodians (by name) report as due on ``on``.

    A legal hold outranks everything (the order is in ``rights/rules.py``); what is restricted stays too, with no end that a
    program could know: the person may need it for a claim (Article 18(1)(c)). The statutory minimum is in the due
    date already, which ``law`` made. What is not yet due is left out, whoever reports it.
    """
    leaving: list[Leaving] = []
    moving: list[Leaving] = []
    staying: list[Staying] = []
    for custodian, things in due.items():
        for thing in things:
            if thing.since > on:
                continue
            if thing.held(on):
                staying.append(Staying(custodian, thing, thing.hold, thing.hold_until))
            elif thing.restricted:
                staying.append(Staying(custodian, thing, RESTRICTED, None))
            elif thing.then is not None:
                moving.append(Leaving(custodian, thing))
            else:
                leaving.append(Leaving(custodian, thing))
    return RetentionPlan(on, tuple(leaving), tuple(moving), tuple(staying))


def kept_in_groups(staying: Iterable[Staying]) -> list[tuple[str, date | None, int]]:
    """Return what stays by reason and end, counted, most first; the order does not hang on that of ``staying``."""
    counted = Counter((s.why, s.until) for s in staying)
    found = [(why, until, n) for (why, until), n in counted.items()]
    return sorted(found, key=lambda one: (-one[2], one[0], one[1] or date.max))
