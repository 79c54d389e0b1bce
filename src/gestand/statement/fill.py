"""Values of the policy in the text: ``{{ shelf.mail.period }}``. So the words cannot drift from the behaviour."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal

from gestand.kernel.errors import Problem
from gestand.statement.lines import Lines
from gestand.statement.policy import LawfulBasis, Policy

Language = Literal["nl", "en"]

_NAME = re.compile(r"\{\{([^{}\n]*)\}\}")
_OPEN = re.compile(r"\{\{|\}\}")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()&~|!#])")
_LEADING = re.compile(r"^([0-9]*)([-+=:.])")
_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}  # fmt: skip
_BASIS = {
    LawfulBasis.CONSENT: ("uw toestemming", "your consent"),
    LawfulBasis.CONTRACT: ("de uitvoering van een overeenkomst", "the performance of a contract"),
    LawfulBasis.LEGAL_OBLIGATION: ("een wettelijke verplichting", "a legal obligation"),
    LawfulBasis.VITAL_INTERESTS: ("een vitaal belang", "a vital interest"),
    LawfulBasis.PUBLIC_TASK: ("een taak van algemeen belang", "a task in the public interest"),
    LawfulBasis.LEGITIMATE_INTERESTS: ("een gerechtvaardigd belang", "a legitimate interest"),
}


def names(policy: Policy, language: Language) -> Mapping[str, str]:
    """Return every name a text in ``language`` may use, with the words that stand for it."""
    known: dict[str, str] = {
        "version.id": policy.version,
        "version.date": spoken_date(policy.version, language),
        "controller.name": policy.controller.name,
        "controller.legal-form": policy.controller.legal_form.into(language),
        "controller.website": policy.controller.website,
        "controller.coc": policy.controller.coc,
        "recipients": spoken_list([r.title.into(language) for r in policy.recipients.values()], language),
        "purposes": spoken_list([p.title.into(language) for p in policy.purposes.values()], language),
        "categories": spoken_list([c.title.into(language) for c in policy.categories.values()], language),
        "breach.authority": policy.breach.authority,
        "breach.authority-hours": str(policy.breach.authority_within_hours),
        "breach.subjects-hours": str(policy.breach.subjects_within_hours),
        "rights.identity": policy.rights.identity.into(language),
    }
    for contact in reversed(policy.controller.contacts):  # the first of a kind is the one that is named
        known[f"contact.{contact.kind}"] = contact.value
    for name, shelf in policy.shelves.items():
        known |= {
            f"shelf.{name}.title": shelf.title.into(language),
            f"shelf.{name}.period": shelf.period.spoken(language),
            f"shelf.{name}.ground": shelf.ground,
            f"shelf.{name}.why": shelf.why.into(language),
        }
    for name, category in policy.categories.items():
        fields = [field.title.into(language) for field in category.fields.values()]
        known |= {
            f"category.{name}.title": category.title.into(language),
            f"category.{name}.fields": spoken_list(fields, language),
        }
    for name, recipient in policy.recipients.items():
        known |= {
            f"recipient.{name}.title": recipient.title.into(language),
            f"recipient.{name}.why": recipient.why.into(language),
            f"recipient.{name}.country": recipient.country,
        }
    for name, service in policy.services.items():
        known |= {f"service.{name}.title": service.title.into(language), f"service.{name}.address": service.address}
    for name in policy.purposes:
        known |= _of_purpose(policy, name, language)
    return {name: " ".join(words.split()) for name, words in known.items()}


def _of_purpose(policy: Policy, name: str, language: Language) -> dict[str, str]:
    purpose = policy.purposes[name]
    fields = [field.title.into(language) for path in purpose.needs if (field := policy.field(path)) is not None]
    if "*" in purpose.needs:
        fields.append("alle gegevens die wij van u hebben" if language == "nl" else "all data that we hold about you")
    shelf = policy.shelves.get(purpose.shelf)
    found = [policy.recipients[r].title.into(language) for r in purpose.recipients if r in policy.recipients]
    known = {
        "title": purpose.title.into(language),
        "ground": purpose.ground,
        "basis": _BASIS[purpose.basis][0 if language == "nl" else 1],
        "needs": spoken_list(fields, language),
        "recipients": spoken_list(found, language),
        "period": shelf.period.spoken(language) if shelf else "",
    }
    if purpose.balancing is not None:
        known["interest"] = purpose.balancing.interest.into(language)
    if purpose.consent_text is not None:
        known["consent-text"] = purpose.consent_text.into(language)
    return {f"purpose.{name}.{key}": words for key, words in known.items()}


def used(source: str) -> tuple[str, ...]:
    """Return the names that ``source`` speaks, each once, in order."""
    return tuple(dict.fromkeys(match[1].strip() for match in _NAME.finditer(source)))


def spoken_list(parts: Sequence[str], language: Language) -> str:
    """Return ``a, b en c``; for an empty list the word for none."""
    if not parts:
        return "geen" if language == "nl" else "none"
    word = " en " if language == "nl" else " and "
    return word.join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def spoken_date(iso: str, language: Language) -> str:
    """Return ``25 mei 2018`` for ``2018-05-25``; what is no date comes back as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def escaped(value: str) -> str:
    """Return ``value`` so that Markdown shows exactly these characters (CommonMark 0.31, section 2.4)."""
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(value.split())))


def fill(source: str, known: Mapping[str, str] | None, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Return ``source`` with its names replaced by escaped values, and the names that are not known.

    Values hold no line ends, so lines keep their numbers. ``known`` None: the policy could not be read, and names are
    not judged.
    """
    lines = Lines(source)
    alone = _OPEN.finditer(_NAME.sub(lambda match: " " * len(match[0]), source))
    problems = [
        Problem(file, lines.at(m.start()), "name-unclosed", f"'{m[0]}' has no partner on its line", "Write {{ name }}.")
        for m in alone
    ]

    def complain(at: int, code: str, message: str, remedy: str) -> None:
        problems.append(Problem(file, lines.at(at), code, message, remedy))

    return _NAME.sub(_value(known, complain), source), tuple(problems)


def _value(
    known: Mapping[str, str] | None, complain: Callable[[int, str, str, str], None]
) -> Callable[[re.Match[str]], str]:
    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        if known is None:
            return ""
        if name not in known:
            complain(
                match.start(),
                "name-unknown",
                f"'{name}' is no name of the policy",
                _advice(name, known),
            )
            return ""
        if not known[name]:
            complain(
                match.start(),
                "name-empty",
                f"'{name}' is empty in the policy",
                "Fill it in policy.toml, or leave it out of the text.",
            )
        return escaped(known[name])

    return value


def _advice(name: str, known: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    stem = name.rpartition(".")[0]
    while stem and not any(other.startswith(stem + ".") for other in known):
        stem = stem.rpartition(".")[0]
    there = [other for other in known if other.startswith(stem + ".")] if stem else []
    shown = sorted(there or {other.partition(".")[0] + (".…" if "." in other else "") for other in known})
    first = f"Did you mean '{near[0]}'? " if near else ""
    return f"{first}There are: {', '.join(shown)}."
