"""``gestand demo``: a real firm's statement, kept, with invented customers, in a throw-away organisation."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import Json
from gestand.doors.cli.output import emit, say, say_now
from gestand.evidence.model import ClauseFinding, ClauseResult, ProofRun
from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from gestand.doors.demonstration.place import Place

FIRST_STATEMENT = tuple(f"C{number}" for number in range(1, 63))
"""The clauses of the statement of 2018; the version in force says more."""


def command(
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End after the proof instead of serving the page.")
    ] = False,
    keep: Annotated[Path | None, typer.Option("--keep", help="Make it in this new folder, and leave it there.")] = None,
    port: Annotated[
        int, typer.Option("--port", help="Where to serve, on this machine only; 0 takes a free one.")
    ] = 8470,
    day: Annotated[
        bool, typer.Option("--day", help="Live one day instead, and name the clauses each step keeps.")
    ] = False,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="With --day: also the sentences of the clauses.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a throw-away organisation, let everything happen in it, prove its statement, and serve the page.

    It listens on this machine only and sends nothing anywhere.
    """
    if keep is not None and keep.exists():
        raise UsageError(
            "demo-folder", f"{keep} is there already", where="--keep", remedy="Name a folder that does not exist yet."
        )
    with tempfile.TemporaryDirectory(prefix="gestand-demo-") as scratch:
        if day:
            from gestand.doors.cli.demo_day import show_day

            show_day(keep or Path(scratch) / "koper", sentences=sentences, as_json=as_json)
            return
        _run(keep or Path(scratch) / "koper", no_serve=no_serve or as_json, port=port, as_json=as_json)


def _run(folder: Path, *, no_serve: bool, port: int, as_json: bool) -> None:
    from gestand.doors.demonstration.place import make_place
    from gestand.doors.demonstration.story import Happened, live, silent
    from gestand.doors.house import world_of
    from gestand.evidence.service import prove

    steps = Steps()
    if not as_json:
        say(
            "Gestand, the worked example: the statement of a real firm, kept. Customers are invented; nothing leaves this machine."
        )
        say("This is a demonstration and not affiliated with the firm.\n")
    place = make_place(folder)
    try:
        happened: Happened = live(place, silent if as_json else steps.tell)
        house = place.open()
        forgotten = house.config.data / "export-voor-boekhouder.csv"
        forgotten.write_text("naam;e-mail\nGreet Bos;greet@example.nl\n", "utf-8")
        broken = prove(world_of(house))
        if not as_json:
            red = [result.clause.id for result in broken.clauses if result.finding is ClauseFinding.BROKEN]
            steps.tell("A promise is broken", f"someone left an export in the store: {', '.join(red)} are BROKEN.")
        forgotten.unlink()
        run = prove(world_of(house))
        first = [result for result in run.clauses if result.clause.id in FIRST_STATEMENT]
        if as_json:
            emit(_document(run, first, happened))
        else:
            mended = run.count(ClauseFinding.BROKEN) == 0
            steps.tell(
                "It is mended",
                "the file is gone; checked again: " + ("no deviation found." if mended else "still broken."),
            )
            _show(run, first)
        if run.count(ClauseFinding.BROKEN):
            raise typer.Exit(1)
        if not no_serve:
            place.close()
            _serve(place, port)
    finally:
        place.close()


def _serve(place: Place, port: int) -> None:
    """Open the doors of the demonstration; its time runs on from where the story ended."""
    from gestand.doors.house import doors_of, first_link
    from gestand.doors.public.server import serve_made
    from gestand.kernel.clock import RunningClock
    from gestand.system import open_system

    with open_system(place.folder, clock=RunningClock(place.clock())) as house:

        def announce(address: str, own: int) -> None:
            say_now(f"The statement is at {address} (Ctrl-C ends)")
            say(f"The office; this link makes a passkey, once:\n  {first_link(house, own)}")

        serve_made(lambda own: doors_of(house, own, demonstration=True), "127.0.0.1", port, announce)


class Steps:
    """Numbers what happens, for a person to follow."""

    def __init__(self) -> None:
        self._told = 0

    def tell(self, heading: str, what: str) -> None:
        """Say the next step."""
        self._told += 1
        say(f"{self._told:2}. {heading}\n    {what}")


def _document(run: ProofRun, first: list[ClauseResult], happened: Any) -> dict[str, Any]:
    counts = {str(finding): sum(r.finding is finding for r in first) for finding in ClauseFinding}
    erasure = happened.erasure.erasure
    return {
        "clauses": len(first),
        **counts,
        "request_due": happened.asked.due.date().isoformat(),
        "erased": erasure.items if erasure else 0,
        "absence_proven": happened.erasure.absence_proven,
        "clauses_in_force": len(run.clauses),
        "statement": run.version,
    }


def _show(run: ProofRun, first: list[ClauseResult]) -> None:
    from gestand.doors.cli.prove import show, summary

    say("")
    show(ProofRun(run.version, run.at, tuple(first), run.entry), full=False)
    say(f"The whole version in force: {summary(run)}")
    say(
        "Unproven: nothing shows it broken, and nothing proves it kept; nothing is kept by assertion. 'gestand clause ID' tells more."
    )
