"""Keys kept elsewhere against the day that this machine is gone: an age file, or lines on paper.

An escrow holds the root key and the key of the present epoch. It expires with the epoch: after ``gestand keys rotate`` it
opens no key store any more, and a new one is due. Paper lines: see ``kernel.paper``; names ``ROOT`` and ``E<epoch>``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage

from gestand.backup.making import Home
from gestand.backup.recipients import Identities, read_recipients
from gestand.kernel.clock import local_date
from gestand.kernel.config import load_config
from gestand.kernel.crypto import KEY_SIZE
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.kernel.paper import from_paper, to_paper
from gestand.kernel.rootkey import Variable, put_root_key, sync_folder
from gestand.ledger.model import Event, Fact
from gestand.vault.service import EPOCH_FOLDER

ROOT = "ROOT"
_FIRST = "gestand-escrow@v1"


@dataclass(frozen=True, slots=True)
class Escrow:
    """Keys on their way out. ``lines``: on paper; ``sealed``: the age file, empty without recipients."""

    origin: str
    epoch: int
    made: datetime
    lines: tuple[str, ...]
    sealed: bytes

    def __repr__(self) -> str:
        return f"Escrow(origin={self.origin!r}, epoch={self.epoch})"


def escrow_of(home: Home, *, form: str, recipients: Sequence[str], actor: ActorId) -> Escrow:
    """Return the keys; see ``Backups.escrow``.

    :raises UsageError: ``backup-recipient``, ``escrow-rotating`` while an interrupted rotation stands.
    """
    files = sorted((home.config.data / EPOCH_FOLDER).glob("epoch-*.kek"))
    if len(files) != 1:
        raise UsageError(
            "escrow-rotating",
            "a rotation was interrupted: there is more than one epoch",
            where=str(home.config.data / EPOCH_FOLDER),
            remedy="Run 'gestand keys rotate' to its end first.",
        )
    epoch = int(files[0].name[6:12])
    lines = (*to_paper(ROOT, home.root_key), *to_paper(f"E{epoch}", files[0].read_bytes()))
    made = home.clock()
    sealed = b""
    if recipients:
        heading = f"{_FIRST}\n{home.ledger.key.name}\nepoch {epoch}, {local_date(made).isoformat()}; expires with the epoch\n\n"
        sealed = pyrage.encrypt(
            (heading + "\n".join(lines) + "\n").encode(), read_recipients(recipients, "--recipient")
        )
    facts: dict[str, Fact] = {
        "epoch": epoch,
        "form": form,
        "recipients": len(recipients),
        "digest": hashlib.sha256(sealed).hexdigest() if sealed else "",
    }
    home.ledger.append(Event("escrow.made", made, actor, facts), durable=True)
    return Escrow(home.ledger.key.name, epoch, made, lines, sealed)


def open_escrow(file: Path, identities: Identities) -> str:
    """Return the text of an escrow's age file.

    :raises UsageError: ``backup-identity``. :raises DamagedError: ``escrow-damaged``.
    """
    try:
        return bytes(pyrage.decrypt(file.read_bytes(), identities)).decode("utf-8", "replace")
    except OSError as fault:
        raise UsageError(
            "no-file", f"cannot be read: {fault.strerror}", where=str(file), remedy="Name an escrow."
        ) from None
    except pyrage.DecryptError as fault:
        if "No matching keys" in str(fault):
            raise UsageError(
                "backup-identity",
                "none of the given identities opens this escrow",
                where=str(file),
                remedy="Give the identity that it was made for.",
            ) from None
        raise DamagedError(
            "escrow-damaged", f"the escrow does not open: {fault}", where=str(file), remedy="Take another copy of it."
        ) from None


def recover_keys(text: str, folder: Path, *, where: str, entropy: Entropy, variable: Variable) -> tuple[str, ...]:
    """Put keys back that are gone, from the lines of an escrow; return the names of what was put. Nothing is overwritten.

    :raises InputError: with every line that is mistyped or missing.
    :raises UsageError: ``root-key-exists``, ``root-key-not-made``.
    """
    keys = from_paper(text, where)
    config = load_config(folder)
    done = []
    root = keys.get(ROOT)
    if root is not None:
        if len(root) != KEY_SIZE:
            raise UsageError(
                "root-key-format", "these lines are no root key", where=where, remedy="Type the lines ROOT."
            )
        put_root_key(root, config.root_key, config.folder, entropy=entropy, variable=variable)
        done.append(ROOT)
    for name, sealed in keys.items():
        path = config.data / EPOCH_FOLDER / f"epoch-{int(name[1:]):06}.kek" if name[1:].isdigit() else None
        if path is not None and name.startswith("E") and not path.exists():
            _put(path, sealed)
            done.append(name)
    return tuple(done)


def _put(path: Path, sealed: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
