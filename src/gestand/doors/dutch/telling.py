"""A refusal or a problem in the language of a page: what is wrong and what to do, never a mixture of two languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gestand.doors.dutch.house import HOUSE, HOUSE_FORMS, KEEPER
from gestand.doors.dutch.mail import MAIL, MAIL_FORMS
from gestand.doors.dutch.owed import OWED, OWED_FORMS
from gestand.doors.dutch.people import PEOPLE, PEOPLE_FORMS
from gestand.doors.dutch.phrases import Phrases
from gestand.doors.dutch.sources import SOURCES
from gestand.doors.dutch.statement import LACKING, POLICY, STATEMENT
from gestand.kernel.errors import DamagedError, GestandError, Problem, RefusedError

REFUSALS: Final[Mapping[str, str]] = {**PEOPLE, **MAIL, **OWED, **HOUSE}
"""What a page in Dutch says of each code."""
REFUSED = "Dit mag hier niet."
DAMAGED = f"Er is iets beschadigd. {KEEPER}"
WRONG = "Dit kan zo niet. Kijk na wat er is ingevuld."
_NEAR = re.compile(r"Did you mean '([^']*)'\? ?(.*)", re.DOTALL)
_ARTICLE = re.compile(r"Article (\d+)(?:\((\d+)\))?(?:\(([a-z])\))?")
_forms = Phrases(PEOPLE_FORMS, MAIL_FORMS, OWED_FORMS, HOUSE_FORMS)
_problems = Phrases(LACKING, STATEMENT, POLICY, SOURCES)


@dataclass(frozen=True, slots=True)
class Said:
    """A problem as a page tells it; ``remedy`` may be empty where the sentence says what to do."""

    file: str
    line: int
    message: str
    remedy: str


def refused_in(fault: GestandError, language: str) -> str:
    """Return what a fault says to a person: its own words in English; in Dutch those of its sentence, else of its code."""
    if language != "nl":
        return f"{_sentence(fault.message)} {fault.remedy}".strip()
    known = words_in(fault.code, fault.message, language)
    if known != fault.message:
        return known
    if isinstance(fault, DamagedError):
        return DAMAGED
    return REFUSED if isinstance(fault, RefusedError) else WRONG


def words_in(code: str, sentence: str, language: str) -> str:
    """Return a sentence that stands under a code (or under none) in the language of a page; itself where there is no other."""
    if language != "nl":
        return sentence
    return _forms.into(sentence) or REFUSALS.get(code) or sentence


def cited_in(places: str, language: str) -> str:
    """Return articles as they are cited in the language of a page: Article 5(1)(c) is artikel 5, lid 1, onder c."""
    return places if language != "nl" else _ARTICLE.sub(_cited, places)


def _cited(found: re.Match[str]) -> str:
    number, paragraph, letter = found.groups()
    return f"artikel {number}" + (f", lid {paragraph}" if paragraph else "") + (f", onder {letter}" if letter else "")


def problem_in(problem: Problem, language: str) -> Said:
    """Return a problem in the language of a page."""
    if language != "nl":
        return Said(problem.file, problem.line, problem.message, problem.remedy)
    message = _problems.into(problem.message)
    if message is None:
        whole = _forms.into(problem.message) or REFUSALS.get(problem.code) or f"{WRONG} ({problem.code})"
        return Said(problem.file, problem.line, whole, "")
    return Said(problem.file, problem.line, message, _remedy(problem.remedy))


def _remedy(advice: str) -> str:
    if near := _NEAR.fullmatch(advice):
        return f"Bedoelde u '{near[1]}'? {_remedy(near[2])}".strip()
    return _problems.into(advice) or ""


def _sentence(words: str) -> str:
    """Return words as a sentence: a capital at its head, and one full stop."""
    told = words.strip()
    return f"{told[:1].upper()}{told[1:]}" + ("" if told.endswith((".", "!", "?")) else ".")
