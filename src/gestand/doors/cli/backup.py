"""``gestand backup``: make a backup, list what there is, drill a restore."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.config import BackupSettings
from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.kernel.ids import ActorId
from gestand.ledger.note import VerifyKey
from gestand.system import System

app = typer.Typer(invoke_without_command=True)
OWNER = ActorId("owner")
Folder = Annotated[Path | None, typer.Option("--folder", help="Another backup folder than gestand.toml names.")]


@app.callback()
def make(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Write every part anew, also what stands there.")] = False,
    expire_keys: Annotated[
        bool,
        typer.Option(
            "--expire-keys", help="Then remove the keys of all earlier backups: what was erased is gone there."
        ),
    ] = False,
    folder: Folder = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Back up, encrypted to the recipients in gestand.toml; nobody needs to stop working."""
    if context.invoked_subcommand is not None:
        return
    from gestand.system import open_system

    with open_system(org) as house:
        made = house.backups.make(actor=OWNER, full=full, expire_keys=expire_keys, settings=_settings(house, folder))
    manifest = made.manifest
    if as_json:
        emit(
            {
                "id": manifest.id,
                "items": manifest.items,
                "replayed": 0,
                "verified": False,
                "full": manifest.full,
                "bytes": made.size,
                "parts_written": made.written,
                "parts_reused": made.reused,
                "parts_renewed": made.renewed,
                "keys_expired": list(made.keys_expired),
                "expired": list(made.expired),
                "unproven": list(made.unproven),
            }
        )
        return
    say(f"Backup {manifest.id}: {manifest.items} data of {manifest.subjects} subjects, {made.size} bytes written.")
    say(f"{made.written} parts are new, {made.reused} stood there already.")
    if made.renewed:
        say(
            f"{made.renewed} parts of earlier backups were damaged or gone and are written anew: those backups do not restore."
        )
        say("The disk may be failing. Drill this backup, and put backups on another disk.")
    for what, gone in (("keys of", made.keys_expired), ("whole", made.expired)):
        if gone:
            say(f"Left, {what}: {', '.join(gone)}")
    tell_unproven(made.unproven)
    say("It is proven once it was restored: gestand backup drill --identity FILE")


@app.command()
def setup(
    folder: Annotated[Path, typer.Option("--folder", help="Where backups go: another disk than the data.")],
    identity: Annotated[
        Path, typer.Option("--identity", help="The new file of the key that opens them; keep it elsewhere.")
    ],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Make an age identity and write the section [backup] of gestand.toml; nothing that stands there is changed."""
    from gestand.backup.recipients import make_identity
    from gestand.kernel.config import FILE, load_config

    if load_config(org).backup.folder is not None:
        raise UsageError(
            "backup-set-up",
            "backups are set up already",
            where=str(org / FILE),
            remedy="Change the section [backup] there yourself.",
        )
    recipient = make_identity(identity, _ledger_key(org))
    section = f"\n[backup]\nfolder = {json.dumps(str(folder))}\nrecipients = [{json.dumps(recipient)}]\n"
    with (org / FILE).open("a", encoding="utf-8") as file:
        file.write(section)
    if as_json:
        emit({"folder": str(folder), "identity": str(identity), "recipient": recipient})
        return
    say(f"{identity} opens the backups, and nothing else does: keep it off this machine, twice.")
    say(f"{FILE} names {recipient}; 'gestand backup' makes the first one.")


@app.command("list")
def list_backups(folder: Folder = None, org: Org = HERE, as_json: Json = False) -> None:
    """List the backups, and whether their keys are there still."""
    from gestand.system import open_system

    with open_system(org) as house:
        settings = _settings(house, folder)
        place = settings.folder
        found = [(one, place is not None and (place / one.keys.file).exists()) for one in house.backups.all(settings)]
        unproven = house.backups.unproven(settings)
    if as_json:
        emit(
            {
                "backups": [
                    {"id": one.id, "made": one.made.isoformat(), "items": one.items, "epoch": one.epoch, "keys": keys}
                    for one, keys in found
                ],
                "unproven": list(unproven),
            }
        )
        return
    rows = [
        (
            one.id,
            f"{one.made:%Y-%m-%d %H:%M}",
            str(one.items),
            str(one.epoch),
            "there" if keys else "gone; those of a later one open what was not erased since",
        )
        for one, keys in found
    ]
    table("Backups", ("id", "made (UTC)", "data", "epoch", "keys"), rows)
    tell_unproven(unproven)


@app.command()
def drill(
    identity: Annotated[list[Path], typer.Option("--identity", help="File of an age identity; for data and for keys.")],
    backup: Annotated[str, typer.Option("--backup", help="Another backup than the newest.")] = "",
    folder: Folder = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Restore to a scratch folder, check everything, remove it, and record what came of it."""
    from gestand.system import open_system

    with open_system(org) as house:
        outcome = house.backups.drill(identity, actor=OWNER, backup=backup, settings=_settings(house, folder))
    if as_json:
        emit(
            {
                "id": outcome.backup,
                "items": outcome.items,
                "replayed": outcome.replayed,
                "verified": outcome.verified,
                "fault": outcome.fault,
            }
        )
    if not outcome.verified:
        kind = DamagedError if outcome.damaged else GestandError
        raise kind(
            "drill-failed",
            f"the restore drill failed ({outcome.fault}): {outcome.message}",
            where=outcome.backup,
            remedy="Make a full backup with 'gestand backup --full' and drill again. The failure is on record.",
        )
    if not as_json:
        say(
            f"Backup {outcome.backup} came back whole: {outcome.items} data, every seal checked, {outcome.replayed} replayed."
        )


def tell_unproven(names: Sequence[str]) -> None:
    """Say which manifests in the backup folder are not proven, if there are any."""
    if names:
        say(f"NOT proven with this organisation's root key, so changed, damaged or of others: {', '.join(names)}")
        say(
            "They are left as they are, keys and all, and nothing is built upon them. Look at them, and remove them yourself."
        )


def _ledger_key(org: Path) -> VerifyKey:
    from gestand.system import open_system

    with open_system(org) as house:
        return house.ledger.key


def _settings(house: System, folder: Path | None) -> BackupSettings:
    settings = house.config.backup
    return settings if folder is None else dataclasses.replace(settings, folder=folder.resolve())
