"""Writes what is to be sent to somebody: all of it, on disk and for its owner's eyes only, or nothing.

The folder that is asked for may lie where others write too: what is made on the way has a name that nobody guesses, nothing
that is there already is written into or followed, and every file is its owner's alone from its first byte.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gestand.kernel.errors import UsageError


def write_out(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder that only its owner can read.

    :raises UsageError: ``answer-folder`` if that cannot be done; then nothing is there.
    """
    part = None
    try:
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".gestand-", dir=out.parent))
        write_beside(part, files)
        part.rename(out)
    except OSError as fault:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        raise UsageError(
            "answer-folder",
            f"the answer could not be written: {fault.strerror}",
            where=str(out),
            remedy="Name a folder on a disk with room that you may write to, and run it again.",
        ) from None


def write_beside(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write new files into a folder, each for its owner alone, on stable storage."""
    how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    for name, content in files.items():
        with os.fdopen(os.open(folder / name, how, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
