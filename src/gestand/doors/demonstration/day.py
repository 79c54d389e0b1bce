"""A day at Koper: from the first call to a new version of the statement, each step through the services that an owner uses.

Each step says what happened, in words and in figures, and names the clauses of the statement that it keeps. What came before
that day is the story's: a statement in force, an address list, measures attested, a backup drilled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gestand.doors.demonstration import steps
from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.steps import Day, Outcome
from gestand.doors.demonstration.story import (
    BUSY_DAY,
    OWNER,
    attest,
    back_up,
    begin,
    bring_in,
    drill,
    leave,
    publish_new_version,
    silent,
)
from gestand.doors.demonstration.website import export
from gestand.doors.house import world_of
from gestand.evidence.model import ProofRun
from gestand.evidence.service import prove
from gestand.statement.model import Clause, Statement

BETWEEN = timedelta(minutes=20)
"""From one step to the next."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens on a day. ``keeps``: the clauses of the statement in force that it keeps."""

    name: str
    heading: str
    keeps: tuple[str, ...]
    act: Callable[[Day], Outcome]


STEPS: tuple[Step, ...] = (
    Step("call", "A call comes in", ("C33", "C34", "C6", "C116"), steps.call),
    Step("quote", "A quote", ("C21", "C29", "C101"), steps.quote),
    Step("repair", "A repair", ("C19", "C69", "C71", "C106"), steps.repair),
    Step("invoice", "An invoice", ("C20", "C35", "C96"), steps.invoice),
    Step("mail", "A mail", ("C31", "C32", "C99"), steps.mail),
    Step("newsletter", "A newsletter", ("C22", "C121", "C123"), steps.newsletter),
    Step("access", "An access request", ("C44", "C117", "C124", "C125"), steps.access),
    Step("erasure", "An erasure", ("C42", "C43", "C115"), steps.erasure),
    Step("stick", "A lost USB stick", ("C49", "C50", "C52", "C131"), steps.stick),
    Step("order", "An order of an authority", ("C7", "C36"), steps.order),
    Step("version", "A new version of the statement", ("C59", "C62", "C134"), steps.version),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A step that happened: what, in words and in figures, and the clauses it keeps as they stand in the statement."""

    name: str
    heading: str
    what: str
    clauses: tuple[Clause, ...]
    figures: Mapping[str, str | int] = field(default_factory=dict)


def live_day(place: Place, tell: Callable[[Moment], None] = lambda _moment: None) -> tuple[Moment, ...]:
    """Let the day happen at ``place``, which is new; the house stays open afterwards."""
    prepare(place)
    statement = place.open().statements.in_force()
    day = Day(place)
    moments = []
    for step in STEPS:
        outcome = step.act(day)
        moment = Moment(step.name, step.heading, outcome.what, named(statement, step.keeps), outcome.figures)
        moments.append(moment)
        tell(moment)
        place.clock.advance(BETWEEN)
    return tuple(moments)


def prepare(place: Place) -> None:
    """Let happen what came before: the years until that morning."""
    house = place.open()
    begin(house, silent)
    bring_in(place, silent)
    leave(place, silent)
    publish_new_version(place, silent)
    place.clock.move_to(BUSY_DAY)
    place.open().retention.run(actor=OWNER)
    attest(place.open(), silent)
    back_up(place)
    drill(place)
    export(place)


def named(statement: Statement, ids: tuple[str, ...]) -> tuple[Clause, ...]:
    """Return the clauses, in the statement's first language.

    :raises LookupError: if the statement has no such clause: a step would keep nothing.
    """
    found = {clause.id: clause for clause in statement.texts[0].clauses}
    missing = [name for name in ids if name not in found]
    if missing:
        raise LookupError(f"version {statement.version} has no clause {', '.join(missing)}")
    return tuple(found[name] for name in ids)


def proof(place: Place) -> ProofRun:
    """Prove the statement as it is in force now."""
    return prove(world_of(place.open()))
