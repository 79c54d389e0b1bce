"""A file vouched for by the ledger's key: a signed note (c2sp.org/signed-note) over its digest, beside the file.

    gestand-file@v1
    <what it is, one line>
    sha256 <64 hex digits>
                                (an empty line)
    — origin base64

The first line is no log's origin, so a note about a file can never pass for a checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from gestand.kernel.errors import DamagedError
from gestand.ledger.note import VerifyKey, check_note

FIRST_LINE = "gestand-file@v1"
ASK = "Ask for the file and its note again, from where they came."


def note_text(content: bytes, what: str) -> str:
    """Return the text that is signed for ``content``."""
    return f"{FIRST_LINE}\n{' '.join(what.split())}\nsha256 {sha256(content).hexdigest()}\n"


def vouch(content: bytes, what: str, sign: Callable[[str], str]) -> str:
    """Return the signed note for ``content``; ``sign`` adds the signature line to a text."""
    return sign(note_text(content, what))


def check_file(content: bytes, note: str, key: VerifyKey) -> str:
    """Return what a note says the file is, once signature and digest hold.

    :raises DamagedError: ``file-note`` if either does not.
    """
    try:
        rows = check_note(note, key).split("\n")
    except DamagedError as fault:
        raise DamagedError("file-note", f"the note does not hold: {fault.message}", remedy=ASK) from None
    if len(rows) != 4 or rows[0] != FIRST_LINE or rows[2] != f"sha256 {sha256(content).hexdigest()}":
        raise DamagedError(
            "file-note",
            "the file is not the one that was signed",
            remedy=ASK,
        )
    return rows[1]
