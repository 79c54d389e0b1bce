"""What other programs say happened to dossiers, by the firm's own numbers: an agreement that ended, a job that was closed.

From a file or from another system, told once or every day: what the register has already changes nothing, and one that
cannot be true keeps no other from being recorded. The dossier says whose it is, so a telling names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gestand.kernel.errors import Problem, RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.register.model import OWN_TRIGGER, DossierKind
from gestand.register.rules import check_event, check_number
from gestand.register.service import Register
from gestand.statement.policy import Trigger


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to the dossier of this kind and number on a local date.

    ``event`` None: it was closed. ``place`` and ``line``: where that is said, for a message.
    """

    kind: DossierKind
    number: str
    event: Trigger | None
    on: date
    place: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a telling: recorded now, known already, and what could not be recorded, each with its reason."""

    recorded: int
    known: int
    refused: tuple[Problem, ...]

    @property
    def read(self) -> int:
        """How many were told."""
        return self.recorded + self.known + len(self.refused)


def record_happenings(
    register: Register, told: Iterable[Happening], today: date, *, actor: ActorId, dry: bool = False
) -> Told:
    """Record each in a transaction of its own, so that periods begin; ``dry``: judge alone."""
    recorded = known = 0
    refused: list[Problem] = []
    for one in told:
        try:
            if _record(register, one, today, actor, dry=dry):
                recorded += 1
            else:
                known += 1
        except (UsageError, RefusedError) as fault:
            refused.append(Problem(one.place, one.line, fault.code, fault.message, fault.remedy))
    return Told(recorded, known, tuple(refused))


def _record(register: Register, one: Happening, today: date, actor: ActorId, *, dry: bool) -> bool:
    """Return whether this was new."""
    dossier = register.numbered(one.kind, check_number(one.number)) if one.number else None
    if dossier is None:
        raise UsageError(
            "dossier-unnumbered",
            f"there is no {one.kind} of this number",
            remedy="Open the dossier first, with 'gestand dossier add --number'; a period belongs to somebody.",
        )
    if one.event is None:
        if dossier.closed_on is not None:
            return False
        check_event(dossier, OWN_TRIGGER[one.kind], one.on, today)
        if not dry:
            register.close(dossier.id, on=one.on, actor=actor)
        return True
    if any(event.trigger is one.event and event.on == one.on for event in dossier.events):
        return False
    check_event(dossier, one.event, one.on, today)
    if not dry:
        register.record_event(dossier.id, one.event, on=one.on, actor=actor)
    return True
