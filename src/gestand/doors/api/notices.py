"""Telling of a breach: the authority's form, letters and mails to people, the public notice, a controller."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from gestand.breach.model import Part
from gestand.breach.notices import Phase, PublicNotice
from gestand.breach.telling import Told
from gestand.doors.api.access import House
from gestand.doors.api.bodies import Body, BreachPath, Language, Line, SubjectRef, Words
from gestand.doors.api.breaches import Writer, case_of
from gestand.kernel.ids import SubjectId
from gestand.statement.policy import Text

routes = APIRouter(prefix="/breaches", tags=["breaches"])
MOST_LETTERS = 200


class Story(Body):
    """What happened, its consequences, or what was done, in plain words."""

    part: Literal["summary", "consequences", "measures"]
    nl: Words
    en: Words


class Submitted(Body):
    """That a person submitted the form to the authority, under its reference; ``reasons``: of a delay."""

    reference: Line
    at: AwareDatetime | None = None
    reasons: Annotated[str, Field(max_length=2000)] = ""
    phase: Phase | None = None


class Informed(Body):
    """That people, or a controller, were told: how and when; ``subjects`` empty: everyone listed; ``others``: not listed."""

    channel: Literal["post", "email", "telephone", "counter"]
    at: AwareDatetime | None = None
    subjects: Annotated[tuple[SubjectRef, ...], Field(max_length=1000)] = ()
    others: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    to: Literal["people", "controller"] = "people"


class Sent(Body):
    """In which language people are mailed."""

    language: Language = "nl"


@routes.post("/{breach}/story", status_code=204)
def story(house: House, program: Writer, breach: BreachPath, body: Story) -> None:
    """Write what happened, the consequences or the measures, for the people who are told."""
    house.breaches.write(breach, Part(body.part), Text(nl=body.nl, en=body.en), actor=program.actor)


@routes.post("/{breach}/form")
def form(house: House, program: Writer, breach: BreachPath) -> dict[str, Any]:
    """Return the authority's form filled as far as known; a person submits it."""
    filled = house.breaches.form(breach, actor=program.actor)
    return {
        "phase": str(filled.phase), "provisional": filled.provisional, "missing": list(filled.missing),
        "sections": [asdict(section) for section in filled.sections], "text": filled.text(),
    }  # fmt: skip


@routes.post("/{breach}/submit")
def submit(house: House, program: Writer, breach: BreachPath, body: Submitted) -> dict[str, Any]:
    """Record that a person submitted the form; a second time is an addition (Article 33(4))."""
    house.breaches.submit(
        breach,
        reference=body.reference,
        actor=program.actor,
        submitted_at=body.at,
        reasons=body.reasons,
        phase=body.phase,
    )
    return case_of(house, breach)


@routes.post("/{breach}/letters")
def letters(house: House, program: Writer, breach: BreachPath, body: Sent) -> dict[str, Any]:
    """Open the letters to those on the list who were not told yet, at most 200 at a time."""
    made = []
    for letter in house.breaches.letters(breach, actor=program.actor, language=body.language):
        made.append(asdict(letter))
        if len(made) == MOST_LETTERS:
            break
    return {"letters": made}


@routes.post("/{breach}/send")
def send(house: House, program: Writer, breach: BreachPath, body: Sent) -> dict[str, Any]:
    """Queue a mail, or a letter to print, for everyone on the list who was not told; they count as told once it went."""
    return asdict(house.breaches.send(breach, actor=program.actor, language=body.language))


@routes.post("/{breach}/told")
def told(house: House, program: Writer, breach: BreachPath, body: Informed) -> dict[str, Any]:
    """Record that people or a controller were told, by hand."""
    subjects = tuple(map(SubjectId, body.subjects)) or None
    record = Told(body.channel, body.at, subjects, body.others)
    act = house.breaches.told if body.to == "people" else house.breaches.told_controller
    act(breach, record, actor=program.actor)
    return case_of(house, breach)


@routes.post("/{breach}/notice")
def notice(house: House, program: Writer, breach: BreachPath) -> dict[str, Any]:
    """Return the public communication of Article 34(3)(c) as it would be shown."""
    return _notice(house.breaches.notice_for_all(breach, actor=program.actor))


@routes.post("/{breach}/notice/publish")
def publish(house: House, program: Writer, breach: BreachPath) -> dict[str, Any]:
    """Put the public communication on the public pages."""
    return _notice(house.breaches.publish(breach, actor=program.actor))


@routes.post("/{breach}/notice/withdraw", status_code=204)
def withdraw(house: House, program: Writer, breach: BreachPath) -> None:
    """Take the public communication down."""
    house.breaches.withdraw(breach, actor=program.actor)


@routes.post("/{breach}/controller")
def controller(house: House, program: Writer, breach: BreachPath, body: Sent) -> dict[str, Any]:
    """Return the notice to a controller on whose behalf we process (Article 33(2))."""
    return {"text": house.breaches.for_controller(breach, actor=program.actor, language=body.language)}


def _notice(made: PublicNotice) -> dict[str, Any]:
    return {
        "title": {"nl": made.title.nl, "en": made.title.en}, "body": {"nl": made.body.nl, "en": made.body.en}
    }  # fmt: skip
