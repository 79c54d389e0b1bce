"""``gestand demo --day``: a day at Koper, step by step, with the clauses that each step keeps."""

from __future__ import annotations

from pathlib import Path

import typer

from gestand.doors.cli.demo import Steps
from gestand.doors.cli.output import emit, say
from gestand.doors.cli.prove import summary
from gestand.doors.demonstration.day import Moment, live_day, proof
from gestand.doors.demonstration.place import make_place
from gestand.evidence.model import ClauseFinding


def show_day(folder: Path, *, sentences: bool, as_json: bool) -> None:
    """Live the day in ``folder``, telling it; end with 1 if something is broken that evening."""
    steps = Steps()

    def tell(moment: Moment) -> None:
        steps.tell(moment.heading, moment.what)
        say(f"    Keeps {', '.join(clause.id for clause in moment.clauses)}.")
        for clause in moment.clauses if sentences else ():
            say(f"      {clause.id}  {clause.text}")

    if not as_json:
        say("A day at Koper Computer Support, with invented people; nothing leaves this machine.\n")
    place = make_place(folder)
    try:
        moments = live_day(place) if as_json else live_day(place, tell)
        run = proof(place)
    finally:
        place.close()
    if as_json:
        emit(
            {
                "steps": [
                    {
                        "name": moment.name,
                        "what": moment.what,
                        "figures": dict(moment.figures),
                        "clauses": [{"id": clause.id, "sentence": clause.text} for clause in moment.clauses],
                    }
                    for moment in moments
                ],
                **{str(finding): run.count(finding) for finding in ClauseFinding},
                "statement": run.version,
            }
        )
    else:
        say(f"\nThat evening: {summary(run)}")
    if run.count(ClauseFinding.BROKEN):
        raise typer.Exit(1)
