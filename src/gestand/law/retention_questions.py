"""Questions on retention as flat records: a kind, its facts, a trigger and a day; the answer is flat too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gestand.law.facts import MissingFactsError, moment_of, shown
from gestand.law.instants import local_day
from gestand.law.retention import RetentionDecision, Trigger, decide
from gestand.law.retention_kinds import KINDS, KNOWN_FACTS
from gestand.law.retention_words import verdict

TRIGGERS: Mapping[str, Trigger] = {
    "sweep": "sweep",
    "art17_request": "erasure_request",
    "erasure_request": "erasure_request",
    "art18_request": "restriction_request",
    "restriction_request": "restriction_request",
    "art21_objection": "objection",
    "objection": "objection",
}
"""What may ask the question, by every name it goes by."""

SUBJECTS = tuple(KINDS)


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one question: ``record_kind``, ``trigger``, ``on``, and the facts under ``facts`` or, without it, beside them.

    Never raises on what a question holds.
    """
    kind, facts = question.get("record_kind"), question.get("facts")
    asked = question.get("trigger", "sweep")
    trigger = TRIGGERS.get(asked) if isinstance(asked, str) else None
    if facts is None:
        facts = {name: question[name] for name in KNOWN_FACTS.intersection(question)}
    lacking: list[str] = []
    if not isinstance(kind, str):
        lacking.append("record_kind: what is kept")
    if not isinstance(facts, dict):
        lacking.append("facts: facts by name")
    if trigger is None:
        lacking.append(f"trigger: '{shown(asked)}' is not known; known are {', '.join(TRIGGERS)}")
    day = None
    try:
        if question.get("on") is None:
            lacking.append("on: the day of the sweep or request")
        else:
            day = local_day(moment_of("on", question["on"]))
    except MissingFactsError as error:
        lacking.extend(error.names)
    if lacking or not isinstance(kind, str) or not isinstance(facts, dict) or trigger is None or day is None:
        return _told(question, RetentionDecision(shown(kind), None, missing=tuple(lacking)))
    told = _told(question, decide(kind, facts, day, trigger))
    known = {name: value for name, value in facts.items() if name in KNOWN_FACTS}
    if len(known) < len(facts) and kind in KINDS:
        told["without_what_is_unknown"] = _told(question, decide(kind, known, day, trigger))
    return told


def _told(question: Mapping[str, Any], decided: RetentionDecision) -> dict[str, Any]:
    ground = decided.rule
    return {
        "id": question.get("id"),
        "record_kind": question.get("record_kind"),
        "decision": decided.decision,
        "until": None if decided.until is None else decided.until.isoformat(),
        "erase_from": None if decided.erase_from is None else decided.erase_from.isoformat(),
        "open_ended": decided.open_ended,
        "ground": decided.ground,
        "scope": decided.scope or None,
        "restricted": decided.restricted,
        "nl": verdict(decided.decision, decided.until, decided.erase_from),
        "respond": decided.respond_nl or None,
        "respond_en": decided.respond_en or None,
        "why": decided.why,
        "rule": None if ground is None else ground.id,
        "articles": list(decided.articles),
        "source": None if ground is None else ground.source,
        "status": None if ground is None else ground.status,
        "verified": ground is not None and ground.verified,
        "debatable": bool(decided.debate),
        "debate": decided.debate,
        "flags": list(decided.flags),
        "needs_judgement": decided.needs_judgement,
        "missing": list(decided.missing),
    }
