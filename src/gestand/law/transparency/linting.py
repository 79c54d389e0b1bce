"""One statement against the whole checklist: every item judged, every antipattern looked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gestand.kernel.errors import UsageError
from gestand.law.transparency import (
    judge_flow,
    judge_purposes,
    judge_who,
    rules_changes,
    rules_practice,
    rules_requests,
    rules_rights,
    rules_sharing,
)
from gestand.law.transparency.antipatterns import sightings
from gestand.law.transparency.catalogue import TOLD
from gestand.law.transparency.catalogue_practice import PRACTICE
from gestand.law.transparency.cues import Cue, Statement, seek
from gestand.law.transparency.language import language_of
from gestand.law.transparency.model import Finding, Item, Report, Sighting, Status, Verdict
from gestand.law.transparency.names import controller_name
from gestand.law.transparency.triggers import (
    NO_BUSINESS,
    NO_SUCH_MARKETING,
    OWN_CHANGES,
    TARGETED_WITHOUT_CONSENT,
    TRIGGERS,
    WANTS_NONE,
)

CHARACTERS_LIMIT = 250_000
CHECKLIST: tuple[Item, ...] = TOLD + PRACTICE

_CUES: dict[str, tuple[Cue, ...]] = {
    **rules_rights.CUES,
    **rules_requests.CUES,
    **rules_sharing.CUES,
    **rules_practice.CUES,
    **rules_changes.CUES,
}
_JUDGES: dict[str, Callable[[Statement], Verdict]] = {
    "L01": judge_who.controller,
    "L02": judge_who.contact,
    "L05": judge_purposes.purposes,
    "L06": judge_purposes.basis,
    "L07": judge_purposes.mapping,
    "L08": judge_purposes.interest,
    "L09": judge_flow.recipients,
    "L12": judge_flow.retention,
    "L13": judge_flow.retention_each,
    "L26": judge_purposes.categories,
    "L36": judge_flow.sales_calls,
}
_MARKETING_ITEMS = frozenset({"L19", "L35"})
_WRONG_BASES = frozenset({"AP04", "AP05", "AP12"})


def lint(text: str, today: date | None = None) -> Report:
    """Judge a statement, Dutch or English, against Articles 12 to 14 GDPR and Dutch practice.

    ``today`` is only used to call a date of last change old. The report tells what was seen in the text; it never says
    that a statement complies.

    :raises UsageError: the text is empty (``statement-empty``) or longer than 250,000 characters (``statement-too-large``).
    """
    if not text.strip():
        raise UsageError(
            "statement-empty",
            "there is no text to read",
            remedy="Give a file that holds the text of a privacy statement.",
        )
    if len(text) > CHARACTERS_LIMIT:
        raise UsageError(
            "statement-too-large",
            f"the text has {len(text)} characters; at most {CHARACTERS_LIMIT} are read",
            remedy="Give only the statement, not a whole website.",
        )
    statement = Statement.read(text)
    seen = sightings(statement, today)
    name = controller_name(statement)
    verdicts = ((item, _judge(item.id, statement, seen)) for item in CHECKLIST)
    return Report(
        name, language_of(statement.whole), tuple(_finding(item, verdict, name) for item, verdict in verdicts), seen
    )


def _judge(item: str, statement: Statement, seen: tuple[Sighting, ...]) -> Verdict:
    judge = _JUDGES.get(item)
    if judge is not None:
        verdict = judge(statement)
    else:
        verdict = seek(statement, _CUES[item]) or Verdict(
            Status.MISSING if _asked(item, statement) else Status.NOT_REQUIRED
        )
    if item == "L07" and verdict.status is Status.PRESENT:
        wrong = [sighting for sighting in seen if sighting.antipattern.id in _WRONG_BASES]
        return Verdict(Status.PRESENT_WRONG, wrong[0].passage) if wrong else verdict
    return verdict


def _asked(item: str, statement: Statement) -> bool:
    """Say whether the text shows what calls for the item; items without a condition are always asked."""
    trigger = TRIGGERS.get(item)
    if item == "L37" and any(TARGETED_WITHOUT_CONSENT.search(p.text) for p in statement.passages):
        return True
    if item == "L03":
        return not NO_BUSINESS.search(statement.whole)
    if trigger is None:
        return True
    return any(
        trigger.search(passage.text) and not (item in _MARKETING_ITEMS and _no_marketing(passage.text))
        for passage in statement.passages
    )


def _no_marketing(text: str) -> bool:
    return bool(OWN_CHANGES.search(text) or (NO_SUCH_MARKETING.search(text) and not WANTS_NONE.search(text)))


def _finding(item: Item, verdict: Verdict, name: str) -> Finding:
    lacks = verdict.status not in {Status.PRESENT, Status.NOT_REQUIRED}
    dutch = item.proposal_nl.replace("{name}", name or "[naam van uw organisatie]") if lacks else ""
    english = item.proposal_en.replace("{name}", name or "[name of your organisation]") if lacks else ""
    return Finding(item, verdict.status, verdict.passage, dutch, english)
