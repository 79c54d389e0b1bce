"""What a section or sentence is about, where that changes how it is read: a breach, a definition, another's website."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from gestand.law.transparency.wording import Words, words


class Topic(StrEnum):
    """What a section is about, where that changes how its sentences are read."""

    GENERAL = "general"
    BREACH = "breach"
    DEFINITION = "definition"
    RIGHTS = "rights"
    COOKIES = "cookies"
    FOOTER = "footer"
    ELSEWHERE = "elsewhere"  # about other organisations' websites


_TOPICS: tuple[tuple[Topic, Words], ...] = (
    (Topic.FOOTER, words(r"^footer$")),
    (Topic.BREACH, words(r"datalek|data ?breach|inbreuk|beveiligingsincident|security incident")),
    (
        Topic.DEFINITION,
        words(r"definiti|begrip(?:pen)?\b|terms (?:used|we use)|wat zijn persoonsgegevens|what (?:is|are) personal"),
    ),
    (
        Topic.ELSEWHERE,
        words(r"^(?:links?\b|externe links|third.party (?:web)?sites)|(?:andere|other|third.party) (?:web)?sites"),
    ),
    (Topic.COOKIES, words(r"^(?!.*privacy).*cookie")),
    (
        Topic.RIGHTS,
        words(
            r"\b(?:uw|jouw|je|welke|mijn|your|the|what|which) .{0,20}(?:rechten|rights)\b|^(?:rechten|rights|privacyrechten)\b|"
            r"inzage|inzien|bekijken|aanpassen of verwijderen|\brights\b|\brechten\b|"
            r"access(?:ing)? (?:to |and )?(?:your|correct)"
        ),
    ),
)
_BREACH_SENTENCE = words(
    r"datalek|data (?:security )?breach|breach of (?:your |the )?(?:personal data|security)|security breach|"
    r"inbreuk in verband met persoonsgegevens"
)
_DEFINITION_SENTENCE = words(
    r"^(?:een |de |a |an |the )?['\"]?(?:persoonsgegevens?|personal (?:data|information)|verwerkingsverantwoordelijke|verwerker|"
    r"controller|data controller|processor|data processor|betrokkene)['\"]? (?:zijn alle|is alle|is elk|is degene|is de (?:persoon|organisatie|partij) die|"
    r"omvat|means|is (?:any|information|data|a natural|the (?:person|organisation|entity|party)|someone)|are all|refers to)|"
    r"\bis degene die\b|is the (?:person|entity|one|party) (?:that|who|which) (?:determines|decides)|"
    r"(?<!van )(?<!over )(?<!in )(?<!met )\b(?:is|zijn) (?:ook |also )?(?:een )?(?:persoonsgegevens?|personal data)\b"
)
_EXAMPLE_AFTER = words(r"^(?:hier(?:bij)?|denk|bijvoorbeeld|dit|this|for example|examples|think|it includes)\b")
_ELSEWHERE_SENTENCE = words(
    r"(?:niet (?:verantwoordelijk|aansprakelijk)|not responsible|no (?:control|responsibility)).{0,80}"
    r"(?:andere|derden|externe|other|third|external|those|deze).{0,20}(?:site|website|bronnen|partijen|sources|parties)"
)


_RIGHTS_TOO = words(r"\brights?\b|\brechten\b|cookie")
_OWN_USE = words(r"(?:lawful|legal) bas[ei]s|grondslag|rechtsgrond|doeleinden|purposes")


def topic_of(text: str, headings: Sequence[str], before: tuple[str, Topic] | None) -> Topic:
    """Return what a passage is about: its own words first, then the nearest heading. ``before`` is the passage before."""
    if _BREACH_SENTENCE.search(text):
        return Topic.BREACH
    if _ELSEWHERE_SENTENCE.search(text):
        return Topic.ELSEWHERE
    if _DEFINITION_SENTENCE.search(text):
        return Topic.DEFINITION
    if before is not None and before[1] is Topic.DEFINITION and _EXAMPLE_AFTER.search(text):
        return Topic.DEFINITION
    return _topic_under(headings)


def _topic_under(headings: Sequence[str]) -> Topic:
    """Return the topic the headings give; one on purposes or bases is general, whatever stands above it."""
    if headings and _OWN_USE.search(headings[-1]) and not _RIGHTS_TOO.search(headings[-1]):
        return Topic.GENERAL
    for title in reversed(headings):
        for topic, pattern in _TOPICS:
            if pattern.search(title):
                return topic
    return Topic.GENERAL
