"""What people, the public and a controller are told: Articles 34(2), 34(3)(c) and 33(2), in plain Dutch and English. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gestand.breach.facts import data_word
from gestand.breach.model import Breach, Case, Part, ReadPage
from gestand.breach.notices import PublicNotice
from gestand.breach.words import KINDS, moment, series
from gestand.kernel.clock import Clock
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import FieldPath, SubjectId
from gestand.law.breach_notice import absent
from gestand.law.breach_words import Kind, kind_of
from gestand.statement.policy import Policy, Text

WRITTEN = (Part.SUMMARY, Part.CONSEQUENCES, Part.MEASURES)
"""What a person writes in both languages; the last page of each counts."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person, with the ways to reach them that are held. ``address``: lines for an envelope, or none."""

    subject: SubjectId
    email: str
    address: tuple[str, ...]
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Story:
    """What a person wrote about the breach in plain words; None: nobody wrote it yet."""

    summary: Text | None
    consequences: Text | None
    measures: Text | None


def story_of(pages: Iterable[ReadPage]) -> Story:
    """Return what was written last of each, from opened pages."""
    found: dict[Part, Text] = {}
    for page in pages:
        if page.page.part in WRITTEN:
            found[page.page.part] = Text.model_validate(json.loads(page.text))
    return Story(found.get(Part.SUMMARY), found.get(Part.CONSEQUENCES), found.get(Part.MEASURES))


def require_whole(breach: Breach, story: Story) -> None:
    """Let pass a story from which people can be told; a notice to people is never half (Article 34(2)).

    :raises RefusedError: ``breach-notice-incomplete`` with the questions that are not answered.
    """
    given = {"contact", "advice", "consequences"}  # of the policy and of the kinds of data
    given |= {"nature"} if story.summary else set()
    given |= {"measures"} if story.measures else set()
    lacking = absent("people", given)
    if lacking:
        raise RefusedError(
            "breach-notice-incomplete",
            "people cannot be told yet: " + " ".join(part.nl for part in lacking),
            where=breach.id,
            remedy="Write it with 'gestand breach facts ID --summary …' and '--measures …', in words anyone understands.",
        )


def kinds_of(policy: Policy, fields: Iterable[FieldPath], stated: Sequence[str] = ()) -> tuple[Kind, ...]:
    """Return the kinds of data, heaviest first; every breach has at least the basic one."""
    words = [*(data_word(policy, path) for path in fields), *stated]
    found = {Kind.BASIC, *(kind for word in words if (kind := kind_of(word)) is not None)}
    return tuple(sorted(found, reverse=True))


def letter_body(  # noqa: PLR0917 - what a letter is made of
    policy: Policy, breach: Breach, story: Story, name: str, fields: Sequence[FieldPath], language: str
) -> tuple[str, str]:
    """Return title and body of a letter to one person about the data of theirs in reach."""
    nl = language == "nl"
    kinds = kinds_of(policy, fields)
    titles = [field.title.into(language) for path in fields if (field := policy.field(path)) is not None]
    greeting = (f"Beste {name}," if nl else f"Dear {name},") if name else ("Beste lezer," if nl else "Dear reader,")
    which = series(titles, language)
    about = (
        (f"Het gaat om: {which}." if which else "Wij weten nog niet precies om welke gegevens van u het gaat.")
        if nl
        else (f"It concerns: {which}." if which else "We do not know yet exactly which of your data it concerns.")
    )
    title = f"Datalek bij {policy.controller.name}" if nl else f"Data breach at {policy.controller.name}"
    if breach.rehearsal:
        title = f"OEFENING, NIET VERSTUREN. {title}" if nl else f"REHEARSAL, DO NOT SEND. {title}"
    return title, f"{greeting}\n\n{_told(policy, breach, story, kinds, about, language)}"


def public_notice(
    policy: Policy, breach: Breach, story: Story, fields: Sequence[FieldPath], clock: Clock
) -> PublicNotice:
    """Return the public communication of Article 34(3)(c): for people who cannot each be reached."""

    def body(language: str) -> str:
        nl = language == "nl"
        categories = {path.partition(".")[0] for path in fields}
        titles = [c.title.into(language) for name, c in policy.categories.items() if name in categories]
        which = series(titles, language)
        about = (f"Het gaat om: {which}." if nl else f"It concerns: {which}.") if which else ""
        first = (
            "Wij kunnen niet iedereen bereiken om wie het gaat. Daarom staat dit bericht hier."
            if nl
            else "We cannot reach everyone concerned. That is why this notice is here."
        )
        return f"{first}\n\n{_told(policy, breach, story, kinds_of(policy, fields), about, language)}"

    name = policy.controller.name
    title = Text(nl=f"Datalek bij {name}", en=f"Data breach at {name}")
    return PublicNotice(breach.id, clock(), title, Text(nl=body("nl"), en=body("en")))


def controller_notice(policy: Policy, case: Case, story: Story, fields: Sequence[FieldPath], language: str) -> str:
    """Return the notice of a processor to a controller (Articles 33(2), 28(3)(f)), as far as known."""
    nl = language == "nl"
    breach = case.breach
    known = moment(breach.clock_from, language)
    which = series([f.title.into(language) for p in fields if (f := policy.field(p)) is not None], language)
    later = (
        "Dat weten wij nog niet; u hoort het zodra wij het weten."
        if nl
        else "Not known yet; you hear it as soon as we know."
    )
    parts = (
        ("Wat is er gebeurd?" if nl else "What happened?", story.summary.into(language) if story.summary else later),
        ("Sinds wanneer weten wij het?" if nl else "Since when do we know?", known),
        ("Om welke gegevens gaat het?" if nl else "Which data does it concern?", which or later),
        (
            "Wat kunnen de gevolgen zijn?" if nl else "What may the consequences be?",
            story.consequences.into(language) if story.consequences else _may(kinds_of(policy, fields), language),
        ),
        ("Wat doen wij eraan?" if nl else "What do we do about it?", story.measures.into(language) if story.measures else later),
        ("Vragen?" if nl else "Questions?", _contact(policy, language)),
    )  # fmt: skip
    first = (
        "Wij verwerken gegevens in uw opdracht. Daarbij is een datalek geweest. U beslist of u het meldt."
        if nl
        else "We process data on your behalf. There has been a data breach. You decide whether to notify it."
    )
    return "\n\n".join([first, *(f"{head}\n{text}" for head, text in parts)])


def _told(  # noqa: PLR0917 - as above
    policy: Policy, breach: Breach, story: Story, kinds: Sequence[Kind], about: str, language: str
) -> str:
    nl = language == "nl"
    assert story.summary is not None
    assert story.measures is not None
    may = " ".join(
        filter(None, (_may(kinds, language), story.consequences.into(language) if story.consequences else ""))
    )
    advice = [KINDS[kind].advice.into(language) for kind in kinds]
    parts = [
        ("Wat is er gebeurd?" if nl else "What happened?", story.summary.into(language)),
        ("Om welke gegevens gaat het?" if nl else "Which data does it concern?", about),
        ("Wat kan dit voor u betekenen?" if nl else "What may this mean for you?", may),
        ("Wat hebben wij gedaan?" if nl else "What have we done?", story.measures.into(language)),
        (
            "Wat kunt u zelf doen?" if nl else "What can you do yourself?",
            "\n".join(f"- {one}" for one in dict.fromkeys(advice)),
        ),
        ("Vragen?" if nl else "Questions?", _contact(policy, language)),
    ]
    kept = [f"{head}\n{text}" for head, text in parts if text]
    since = moment(breach.clock_from, language)
    known = f"Wij weten dit sinds {since}." if nl else f"We have known this since {since}."
    return "\n\n".join([*kept, known, policy.controller.name])


def _may(kinds: Sequence[Kind], language: str) -> str:
    return " ".join(dict.fromkeys(KINDS[kind].may.into(language) for kind in kinds))


def _contact(policy: Policy, language: str) -> str:
    ways = "; ".join(contact.value for contact in policy.controller.contacts)
    return f"Neem contact op: {ways}" if language == "nl" else f"Contact us: {ways}"
