"""Writes what is to be sent to somebody: all of it, on disk and for its owner's eyes only, or nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from gestand.kernel.errors import UsageError


def write_out(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder that only its owner can read.

    :raises UsageError: ``answer-folder`` if that cannot be done; then nothing is there.
    """
    part = out.with_name(out.name + ".part")
    try:
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files.items():
            with (part / name).open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        part.rename(out)
    except OSError as fault:
        raise UsageError(
            "answer-folder",
            f"the answer could not be written: {fault.strerror}",
            where=str(out),
            remedy="Name a folder on a disk with room that you may write to, and run it again.",
        ) from None
