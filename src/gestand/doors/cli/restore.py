"""``gestand restore``: bring a backup back into an empty folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli.options import Json
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.errors import UsageError

_LOST = {
    "data.sealed": "data that came in",
    "message.admitted": "batches of messages that came in: read them again where they lie still",
    "message.classed": "messages that a person put on another shelf",
    "subject.added": "subjects that were added",
    "request.received": "requests that were received: take them up again from the mailbox",
    "dossier.opened": "dossiers that were opened",
    "statement.published": "versions of the statement that were published",
    "data.moved": "moves to another shelf",
    "data.due": "changes of due dates",
}


def command(
    folder: Annotated[Path, typer.Argument(help="The backup folder.")],
    into: Annotated[Path, typer.Option("--into", help="A new or empty folder for the organisation.")],
    identity: Annotated[list[Path], typer.Option("--identity", help="File of an age identity; for data and for keys.")],
    backup: Annotated[str, typer.Option("--backup", help="Another backup than the newest.")] = "",
    keys: Annotated[
        Path | None, typer.Option("--keys", help="The archive of keys: of this backup, or of a later one.")
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", help="The newest ledger: the old organisation's folder, or what is left of it."),
    ] = None,
    remembered: Annotated[
        list[Path] | None, typer.Option("--remembered", help="A file with a checkpoint that was kept elsewhere.")
    ] = None,
    nothing_newer: Annotated[
        bool, typer.Option("--nothing-newer", help="There is truly no newer ledger; the restore is marked.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Verify a backup, bring it back, replay what the ledger says was erased, restricted, objected to, and prove it."""
    from gestand.backup.service import restore_backup
    from gestand.kernel.clock import system_clock
    from gestand.kernel.config import environment
    from gestand.kernel.entropy import system_entropy
    from gestand.kernel.ids import ActorId
    from gestand.system import forget_requests

    done = restore_backup(
        folder.absolute(), into, identity,
        actor=ActorId("owner"), clock=system_clock, entropy=system_entropy, variable=environment,
        forget=forget_requests,
        backup=backup, keys=keys, ledger=ledger, remembered=[_note(file) for file in remembered or ()],
        nothing_newer=nothing_newer,
    )  # fmt: skip
    indexed = _index_anew(done.folder)
    if as_json:
        emit(
            {
                "messages": indexed,
                "id": done.manifest.id,
                "items": done.items,
                "replayed": done.replayed,
                "verified": True,
                "erased_again": done.erased_again,
                "to_correct": done.to_correct,
                "unseen": done.unseen,
                "ledger": done.ledger,
                "recognised": done.recognised,
                "keys_of": done.keys_of,
                "closed": done.closed,
                "sealed_again": dict(done.sealed_again),
                "lost": dict(done.lost),
            }
        )
        return
    say(
        f"Backup {done.manifest.id} of {done.manifest.made:%Y-%m-%d %H:%M} UTC stands in {done.folder}: {done.items} data."
    )
    say(
        f"Replayed from the ledger: {done.replayed}, of which {done.erased_again} erasures; searched again: nothing found."
    )
    if done.to_correct:
        say(f"{done.to_correct} data were corrected after the backup; they are restricted until someone has looked.")
    if done.keys_of != done.manifest.id:
        say(f"Opened with the keys of {done.keys_of}: {done.closed} data that were erased in between stay closed.")
    if done.sealed_again:
        rows = [(name, str(count)) for name, count in sorted(done.sealed_again.items())]
        table("Sealed anew in between, so not in this copy", ("datum", "number"), rows)
        say("Its own keys or a newer backup have them; else ask for them again.")
    if done.lost:
        rows = [(_LOST.get(name, name), str(count)) for name, count in done.lost.items()]
        table("After the backup, and not in it", ("what the ledger knows of", "times"), rows)
    if indexed:
        say(f"{indexed} messages are in the archive and in its index, which was made anew: it is in no backup.")
    if done.unseen:
        say(
            "Nobody knows what was erased or objected to after the backup: look through what was asked, and do it again."
        )
    if not done.recognised:
        say(f"NOTHING proved that this organisation is yours: its ledger is {done.ledger}.")
        say(
            "Who writes to the backup folder could have put another there. Compare it with a signed state that you keep, and write the"
        )
        say(f"line '# ledger: {done.ledger}' into the identity file if it is yours: then others are refused.")
    say("The old organisation may not run beside this one: two ledgers under one key would contradict each other.")


def _index_anew(folder: Path) -> int:
    """Make the index of messages again, and return how many are in it."""
    from gestand.system import open_system

    with open_system(folder) as house:
        stored, indexed = house.archive.coverage()
        return house.archive.reindex() if indexed != stored else indexed


def _note(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "no-file", "the checkpoint cannot be read", where=str(file), remedy="Name a file with its text."
        ) from None
