"""A restriction beyond the own vault (Article 18): every other system is asked for the mark; where it has none, a person sees to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId, SubjectId
from gestand.retention.tasks import Tasks
from gestand.rights import searching
from gestand.rights.desk import Desk
from gestand.sources.marking import Restrained

SEEN_TO: Final = timedelta(days=7)
"""How long a person has to take out of use what no program can mark. Article 18 names no period; a month is the most it may take (Article 12(3))."""


def elsewhere(
    desk: Desk, tasks: Tasks, subject: SubjectId, *, restricted: bool, actor: ActorId, reason: str
) -> tuple[Restrained, ...]:
    """Mark or lift the mark in every other system; see ``Requests.restrict_elsewhere``."""
    known = searching.known_as(desk, (subject,), reason=reason, actor=actor)
    done = desk.sources.restrict(known, restricted=restricted, actor=actor) if known else ()
    today = local_date(desk.clock())
    act = "take out of use" if restricted else "put in use again"
    for one in done:
        places = [(unmarked.place, len(unmarked.keys)) for unmarked in one.unmarked]
        if one.why_not and not places:
            places = [("what was found of the person", 0)]
        for place, rows in places:
            what = f"{act}: {rows} of {place}" if rows else f"{act}: {place}"
            # with whose it is: of two people the same may be left, and asking again of one says which rows these are
            tasks.open(one.source, f"{what}, of {subject} (Article 18)", today + SEEN_TO, actor=actor)
    return done
