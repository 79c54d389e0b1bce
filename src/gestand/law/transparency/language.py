"""Which language a statement is in: Dutch or English, by its commonest small words."""

from __future__ import annotations

_DUTCH_TEXT = "de het een en van wij uw voor die dat niet ook worden bij onze u je naar aan zijn gegevens"
_DUTCH = frozenset(_DUTCH_TEXT.split())
_ENGLISH_TEXT = "the a and of we your for that this not also are by our you to data with have is"
_ENGLISH = frozenset(_ENGLISH_TEXT.split())


def language_of(text: str) -> str:
    """Return ``nl`` or ``en``; Dutch where neither stands out."""
    tokens = text.lower().split()
    return "en" if sum(token in _ENGLISH for token in tokens) > sum(token in _DUTCH for token in tokens) else "nl"
