"""Makes a dossier: a folder of ordinary files, a signed list of them, and a verifier that needs this program no more."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path

from gestand.evidence.history import Breach
from gestand.evidence.model import ProofRun
from gestand.evidence.report.render import render_page, render_pdf
from gestand.kernel.errors import UsageError
from gestand.ledger.exported import write_export
from gestand.ledger.model import Checkpoint
from gestand.ledger.service import Ledger
from gestand.ledger.vouching import vouch

FOLDER = resources.files("gestand.evidence.dossier")
MOST_CHECKPOINTS = 12
"""So many signed states of the ledger, spread over its life: enough to see that it only grew."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the dossier: its name, what it is in Dutch and in English, and its bytes."""

    name: str
    nl: str
    en: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier that was written: where, how many files, and the digest of its signed list."""

    folder: Path
    files: int
    digest: str


def as_part(name: str, nl: str, en: str, document: object) -> Part:
    """Return a document as a file of JSON, readable by people and programs."""
    return Part(name, nl, en, json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")


def proof_parts(
    run: ProofRun, document: Mapping[str, object], firm: str, breaches: Sequence[Breach]
) -> tuple[Part, ...]:
    """Return the proof as JSON, page and PDF."""
    what = ("de verklaring, zin voor zin nagegaan", "the statement, checked sentence by sentence")
    return (
        as_part("proof.json", *what, document),
        Part("proof.html", *what, render_page(run, firm, breaches).encode()),
        Part("proof.pdf", *what, render_pdf(run, firm, breaches)),
    )


def ledger_part(ledger: Ledger) -> Part:
    """Return the whole ledger with some of its signed checkpoints, the last one over all of it."""
    last = ledger.checkpoint()
    earlier = [one for one in ledger.checkpoints() if one.head.size < last.head.size]
    with tempfile.TemporaryFile() as file:
        write_export(file, ledger.leaves(last.head.size), ledger.key, [*_spread(earlier), last])
        file.seek(0)
        return Part(
            "ledger.txt", "het logboek, zonder persoonsgegevens", "the ledger, without personal data", file.read()
        )


def _spread(checkpoints: Sequence[Checkpoint]) -> Sequence[Checkpoint]:
    step = max(1, len(checkpoints) // (MOST_CHECKPOINTS - 1))
    return checkpoints[::step]


def write_dossier(
    folder: Path,
    parts: Sequence[Part],
    *,
    firm: str,
    at: datetime,
    ledger: Ledger,
    sync: Callable[[int], None] = os.fsync,
) -> Dossier:
    """Write the dossier into ``folder``, which must be new or empty.

    :raises UsageError: if the folder holds something, or cannot be written.
    """
    listing = "".join(f"{part.name:<28} {part.nl} / {part.en}\n" for part in parts)
    readme = FOLDER.joinpath("README.txt").read_text("utf-8")
    readme = readme.format(firm=firm, at=f"{at:%Y-%m-%d %H:%M}", listing=listing)
    files = {part.name: part.content for part in parts} | {"README.txt": readme.encode()}
    manifest = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    note = vouch(manifest.encode(), f"manifest of the dossier of {at.isoformat()}", ledger.sign_text)
    files |= {
        "MANIFEST": manifest.encode(), "MANIFEST.note": note.encode(), "KEY": f"{ledger.key}\n".encode(),
        "verify.py": FOLDER.joinpath("verify.py.txt").read_bytes(),
    }  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(
                "dossier-folder",
                "the folder is not empty",
                where=str(folder),
                remedy="Name a new folder for the dossier.",
            )
        for name, content in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(content)
                file.flush()
                sync(file.fileno())
    except OSError as fault:
        raise UsageError(
            "cannot-write", f"the dossier could not be written: {fault.strerror}", where=str(folder), remedy="Name another folder."
        ) from None  # fmt: skip
    return Dossier(folder, len(files), sha256(manifest.encode()).hexdigest())
