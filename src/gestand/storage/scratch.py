"""A folder for work with copies of the store, that a kill may interrupt: who comes next removes what was left.

A copy that lies about keeps keys that are destroyed meanwhile. What is still at work holds a lock that the system drops
with its process, so that nothing in use is ever removed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def scratch(place: Path) -> Iterator[Path]:
    """Give an empty folder within ``place``, readable by its owner alone; both are gone afterwards."""
    lock = _enter(place)
    try:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            yield Path(folder)
    finally:
        try:
            _clear(place, lock)
        finally:
            os.close(lock)


def sweep(place: Path) -> None:
    """Remove what killed work left in ``place``; while other work goes on there, nothing is touched."""
    try:
        lock = _opened(place)
    except OSError as fault:
        if fault.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:  # nothing of ours
            return
        raise
    try:
        _clear(place, lock)
    finally:
        os.close(lock)


def _enter(place: Path) -> int:
    """Return a lock on the folder that stands at ``place`` now; made if it is not there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with suppress(FileExistsError):  # also if it is gone again when looked at: then it is made in the next turn
            place.mkdir(mode=0o700)
        try:
            lock = _opened(place)
        except FileNotFoundError:  # removed by who swept, just now
            continue
        fcntl.flock(lock, fcntl.LOCK_SH)
        if _same(place, lock):
            return lock
        os.close(lock)


def _clear(place: Path, lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if _same(place, lock):
        shutil.rmtree(place, ignore_errors=True)


def _opened(place: Path) -> int:
    return os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _same(place: Path, lock: int) -> bool:
    try:
        found, held = place.stat(), os.fstat(lock)
    except FileNotFoundError:
        return False
    return (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)
