"""What the law's judgements say in English, in plain Dutch (B1), for who reads the office in Dutch.

The judgements speak one language, so that two runs can be compared to the letter; the words for people stand beside them. A
sentence is found by its form, and what was filled in is looked up in its turn. What is not known stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from gestand.law.dutch_agreement import AGREEMENT
from gestand.law.dutch_breach import BREACH
from gestand.law.dutch_disclosure import DISCLOSURE

HOLE = "{}"
ASKERS = {
    "police officer": "opsporingsambtenaar (politie)", "public prosecutor": "officier van justitie", "tax inspector": "belastinginspecteur",
    "data protection authority": "Autoriteit Persoonsgegevens", "another supervisor": "een andere toezichthouder", "bailiff": "deurwaarder",
    "municipality": "gemeente", "foreign authority": "buitenlandse overheid", "someone without public power": "iemand zonder publieke bevoegdheid",
    "we ourselves report a crime": "wijzelf, als aangever", "an authority, not said which": "een overheid, niet gezegd welke",
    "An employer or other third debtor tells the bailiff about what it pays": "Een werkgever of andere derde vertelt de deurwaarder wat hij betaalt",
}  # fmt: skip
"""Who asks, and the one title of a rule that a judgement speaks."""
SENTENCES = {**BREACH, **DISCLOSURE, **AGREEMENT}
DEEPEST = 4


def in_dutch(sentence: str, depth: int = 0) -> str:
    """Return a sentence of a judgement in Dutch; itself where there is none."""
    if sentence in SENTENCES:
        return SENTENCES[sentence]
    if sentence in ASKERS:
        return ASKERS[sentence]
    if depth < DEEPEST:
        for form, dutch in _forms():
            if found := form.fullmatch(sentence):
                return dutch.format(*(in_dutch(part, depth + 1) for part in found.groups()))
        for mark, between in (("; ", "; "), (" or ", " of "), (", ", ", ")):
            if mark in sentence:
                return between.join(in_dutch(part, depth + 1) for part in sentence.split(mark))
    return sentence


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the sentences in which something is filled in, the longest first."""
    open_ones = sorted((one for one in SENTENCES if HOLE in one), key=len, reverse=True)
    return tuple(
        (re.compile("(.+)".join(map(re.escape, one.split(HOLE))), re.DOTALL), SENTENCES[one]) for one in open_ones
    )
