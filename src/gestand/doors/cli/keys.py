"""``gestand keys``: which keys there are, turning them, and keeping them elsewhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.backup.model import Inventory
from gestand.doors.cli.backup import tell_unproven
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import ActorId

app = typer.Typer()
OWNER = ActorId("owner")
Out = Annotated[Path, typer.Option("--out", help="The file to write, readable by you alone; it may not exist yet.")]


@app.command()
def show(org: Org = HERE, as_json: Json = False) -> None:
    """List epochs and keys, and say what the oldest backup can still open, and until when."""
    from gestand.system import open_system

    with open_system(org) as house:
        found = house.backups.inventory()
    if as_json:
        emit(_document(found))
    else:
        _tell(found)


@app.command()
def rotate(org: Org = HERE, as_json: Json = False) -> None:
    """Begin a new epoch: wrap every key anew, try each, destroy the old epoch's key."""
    from gestand.system import open_system

    with open_system(org) as house:
        turned = house.backups.rotate(actor=OWNER)
        found = house.backups.inventory()
    if as_json:
        emit({**_document(found), "rewrapped": turned.rewrapped})
        return
    say(
        f"Epoch {turned.epoch} has begun: {turned.rewrapped} keys wrapped anew, each tried; the old epoch's key is destroyed."
    )
    _tell(found)


@app.command()
def escrow(
    out: Out,
    recipient: Annotated[list[str] | None, typer.Option("--recipient", help="age1...: who can open it.")] = None,
    paper: Annotated[bool, typer.Option("--paper", help="Lines to print instead, in the clear.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Write the root key and the epoch's key to keep elsewhere: an age file, or lines to print. It expires with the epoch."""
    if bool(recipient) == paper:
        raise UsageError(
            "escrow-for-whom",
            "an escrow is either encrypted for someone or printed",
            where="--recipient",
            remedy="Give --recipient age1... (once or more), or --paper.",
        )
    from gestand.system import open_system

    _refuse_existing(out)
    with open_system(org) as house:
        made = house.backups.escrow(form="paper" if paper else "age", recipients=recipient or (), actor=OWNER)
    heading = f"{made.origin}, epoch {made.epoch}, {made.made:%Y-%m-%d}; expires with the epoch\n\n"
    _write(out, made.sealed or (heading + "\n".join(made.lines) + "\n").encode())
    _written(out, made.epoch, clear=paper, as_json=as_json)


@app.command()
def envelope(out: Out, org: Org = HERE, as_json: Json = False) -> None:
    """Write the emergency envelope to print: the keys, and what to do when the owner is ill. One HTML file, Dutch and English."""
    from gestand.backup.envelope import envelope_page
    from gestand.system import open_system

    _refuse_existing(out)
    with open_system(org) as house:
        made = house.backups.escrow(form="envelope", actor=OWNER)
        controller = house.publication.in_force().policy.controller
        page = envelope_page(made, name=controller.name, backups=house.config.backup)
    _write(out, page.encode())
    _written(out, made.epoch, clear=True, as_json=as_json)


@app.command()
def recover(
    file: Annotated[
        Path | None, typer.Argument(help="The lines typed from paper, or the age file; else standard input.")
    ] = None,
    identity: Annotated[list[Path] | None, typer.Option("--identity", help="For an age file: who opens it.")] = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Put back keys that are gone, from an escrow or the emergency envelope. Every line has check digits; nothing is overwritten."""
    from gestand.backup.escrow import open_escrow, recover_keys
    from gestand.backup.recipients import read_identities
    from gestand.kernel.config import environment
    from gestand.kernel.entropy import system_entropy

    text = open_escrow(file, read_identities(identity)) if identity and file is not None else _typed(file)
    where = str(file or "standard input")
    done = recover_keys(text, org, where=where, entropy=system_entropy, variable=environment)
    if as_json:
        emit({"put_back": list(done)})
    else:
        say(f"Put back: {', '.join(done) or 'nothing; what these lines hold is there already'}.")


def _document(found: Inventory) -> dict[str, Any]:
    oldest, until = found.oldest_backup_still_open, found.unreadable_by
    return {
        "epoch": found.epoch,
        "keys": found.keys,
        "oldest_backup_still_open": oldest.isoformat() if oldest else None,
        "epochs": list(found.epochs),
        "unreadable_by": until.isoformat() if until else None,
        "escrow_epoch": found.escrow_epoch,
        "unproven": list(found.unproven),
    }


def _tell(found: Inventory) -> None:
    say(f"Epoch {found.epoch}; {found.keys} data keys.")
    if found.oldest_backup_still_open is None:
        say("No backup in the backup folder can be opened.")
    else:
        say(
            f"The oldest backup that can still be opened is of {found.oldest_backup_still_open}: its keys open what was there then."
        )
        say("Of later copies of the data they open whatever lies under the same keys, or under keys made from them.")
        say(f"What is erased today is unreadable in every backup there from {found.unreadable_by}, if backups go on.")
        say(
            "Copies of a backup that you keep elsewhere are yours to destroy; 'gestand backup --expire-keys' clears the folder."
        )
    tell_unproven(found.unproven)
    if found.escrow_epoch is None:
        say("No keys are kept elsewhere: make an escrow or the emergency envelope.")
    elif found.escrow_epoch != found.epoch:
        say(f"The keys kept elsewhere are of epoch {found.escrow_epoch} and have expired: destroy them, make new ones.")


def _typed(file: Path | None) -> str:
    try:
        return sys.stdin.read() if file is None else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "no-file",
            "the lines cannot be read",
            where=str(file),
            remedy="Name a text file, or an age file with --identity.",
        ) from None


def _refuse_existing(out: Path) -> None:
    if out.exists():
        raise UsageError("file-exists", "there is a file already", where=str(out), remedy="Name a new one.")


def _write(out: Path, content: bytes) -> None:
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as fault:
        raise GestandError(
            "cannot-write",
            f"the keys could not be written: {fault.strerror}",
            where=str(out),
            remedy="Name another file.",
        ) from None


def _written(out: Path, epoch: int, *, clear: bool, as_json: bool) -> None:
    if as_json:
        emit({"file": str(out), "epoch": epoch, "clear": clear})
        return
    say(f"{out}: the keys of epoch {epoch}; it expires when the epoch ends.")
    if clear:
        say("It stands there in the clear: print it, put the paper away, and delete the file.")
