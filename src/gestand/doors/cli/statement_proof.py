"""``gestand statement proof-page``: whether the public sees the last proof, after the owner saw it first."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId


class Turn(StrEnum):
    """What to do with the page."""

    ON = "on"
    OFF = "off"
    PREVIEW = "preview"


def proof_page(
    turn: Annotated[Turn, typer.Argument(help="Look at it, show it, or do not.")],
    into: Annotated[Path | None, typer.Option("--into", help="Write the previewed page to this file, as HTML.")] = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Annotated[str, typer.Option("--actor", help="Who does this.")] = "owner",
) -> None:
    """Show every promise with its verdict to the public, or not; off until it was previewed."""
    from gestand.system import open_system

    with open_system(org) as house:
        if turn is Turn.PREVIEW:
            from gestand.doors.public.preview import preview_page

            shown = house.showing.preview(actor=ActorId(actor))
            if into is not None:
                _write(into, preview_page(house))
            counts: dict[str, int] = {}
            for clause in shown.clauses:
                counts[clause.finding] = counts.get(clause.finding, 0) + 1
            if as_json:
                emit(
                    {
                        "version": shown.version,
                        "at": shown.at,
                        "reference": shown.reference,
                        "shown": house.showing.is_on,
                        "counts": counts,
                    }
                )
                return
            say(f"Version {shown.version}, proven {shown.at}, reference {shown.reference}.")
            for finding, number in sorted(counts.items()):
                say(f"  {finding}: {number}")
            for clause in shown.clauses:
                say(f"  {clause.id:<6} {clause.finding:<12} {clause.proof}")
            say(
                "This is what the public would see, with each sentence. Show it with 'gestand statement proof-page on'."
            )
            return
        house.showing.turn(on=turn is Turn.ON, actor=ActorId(actor))
        public = house.showing.public() is not None
    if as_json:
        emit({"shown": public})
    else:
        say("The proof page is shown." if public else "The proof page is not shown.")


def _write(into: Path, page: bytes) -> None:
    try:
        into.write_bytes(page)
    except OSError as fault:
        raise UsageError(
            "export-unwritable",
            f"cannot write: {fault.strerror}",
            where=str(into),
            remedy="Name a file in a folder of your own.",
        ) from None


def announce(
    version: Annotated[str, typer.Argument(help="A published version that is not in force yet.")],
    language: Annotated[str, typer.Option("--lang", help="nl or en.")] = "nl",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell how many.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Annotated[str, typer.Option("--actor", help="Who does this.")] = "owner",
) -> None:
    """Queue a notice for everyone whom a wider version concerns and who was not told yet; run again for who came since."""
    from gestand.system import open_system

    with open_system(org) as house:
        done = house.announcing.announce(version, actor=ActorId(actor), language=language, dry_run=dry_run)
    if as_json:
        emit({
            "version": done.version, "in_force_from": done.in_force_from.isoformat(), "concerned": done.concerned,
            "before": done.before, "mailed": done.mailed, "printed": done.printed, "unreachable": done.unreachable,
        })  # fmt: skip
        return
    say(f"{done.concerned} people are concerned, {done.before} were told or wait in the outbox already.")
    if not dry_run:
        say(f"Queued: {done.mailed} by mail ('gestand post deliver'), {done.printed} letters ('gestand post print').")
        say(f"Before {done.in_force_from.isoformat()} they must have left. {done.unreachable} cannot be reached.")
