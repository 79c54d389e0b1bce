"""What the three notices of a breach must contain, and what the register holds (Articles 33(2)-(5), 34(2))."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Notice = Literal["authority", "people", "controller", "register"]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a notice must say: its stable name, the article, and the question to whoever writes it."""

    name: str
    article: str
    nl: str
    en: str


_NATURE = ("Wat is er gebeurd?", "What happened?")
_CONTACT = ("Bij wie kan men terecht met vragen?", "Who answers questions?")
_EFFECTS = ("Wat kunnen de gevolgen zijn?", "What may the consequences be?")
_MEASURES = ("Wat is of wordt eraan gedaan?", "What has been or will be done about it?")

PARTS: dict[Notice, tuple[Part, ...]] = {
    "authority": (
        Part("nature", "GDPR 33(3)(a)", *_NATURE),
        Part(
            "people",
            "GDPR 33(3)(a)",
            "Welke groepen mensen en ongeveer hoeveel?",
            "Which categories of people, and about how many?",
        ),
        Part(
            "records",
            "GDPR 33(3)(a)",
            "Welke soorten gegevens en ongeveer hoeveel records?",
            "Which categories of records, and about how many?",
        ),
        Part("contact", "GDPR 33(3)(b)", *_CONTACT),
        Part("consequences", "GDPR 33(3)(c)", *_EFFECTS),
        Part("measures", "GDPR 33(3)(d)", *_MEASURES),
    ),
    "people": (
        Part("nature", "GDPR 34(2)", "Wat is er gebeurd, in gewone taal?", "What happened, in plain language?"),
        Part("contact", "GDPR 34(2), 33(3)(b)", *_CONTACT),
        Part("consequences", "GDPR 34(2), 33(3)(c)", "Wat kan dit voor u betekenen?", "What may this mean for you?"),
        Part("measures", "GDPR 34(2), 33(3)(d)", *_MEASURES),
        Part("advice", "GDPR 34(2), 33(3)(d)", "Wat kunt u zelf doen?", "What can you do yourself?"),
    ),
    "controller": (
        Part("nature", "GDPR 33(2), 28(3)(f)", *_NATURE),
        Part(
            "clients_records",
            "GDPR 33(2), 28(3)(f)",
            "Welke gegevens van deze klant zijn geraakt?",
            "Which of this client's records are touched?",
        ),
        Part("consequences", "GDPR 28(3)(f)", *_EFFECTS),
        Part("measures", "GDPR 28(3)(f)", *_MEASURES),
        Part("contact", "GDPR 28(3)(f)", *_CONTACT),
    ),
    "register": (
        Part("facts", "GDPR 33(5)", "Wat zijn de feiten?", "What are the facts?"),
        Part("effects", "GDPR 33(5)", "Wat zijn de gevolgen?", "What are the effects?"),
        Part("remedial_action", "GDPR 33(5)", "Wat is eraan gedaan?", "What remedial action was taken?"),
        Part(
            "reasons",
            "GDPR 5(2), 33(5)",
            "Waarom is wel of niet gemeld, en wie besloot dat?",
            "Why was it notified or not, and who decided?",
        ),
    ),
}


def absent(notice: Notice, given: Collection[str]) -> tuple[Part, ...]:
    """Return the parts ``notice`` must have and ``given`` (names of parts) does not hold.

    To the authority a notice may go out incomplete and be completed in phases (Article 33(4)); the others may not.
    """
    return tuple(part for part in PARTS[notice] if part.name not in given)
