"""Adding files to the archive: in batches, resumable, each failure told and none in the way.

A file that was being added when the program was killed goes on where it stopped, as long as it is the same file; a folder is
read anew, and the archive knows what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from gestand.archive.model import Way
from gestand.archive.ways.contract import Archive
from gestand.archive.ways.files import Found, found_in
from gestand.archive.ways.heads import received_at
from gestand.archive.ways.mboxfile import Quoting
from gestand.archive.ways.model import AddOutcome, Failure
from gestand.archive.ways.rules import BATCH_BYTES, BATCH_MESSAGES
from gestand.archive.ways.store import WaysStore
from gestand.kernel.clock import Clock
from gestand.reading.outlook import is_outlook

Shown = Callable[[AddOutcome], None]
"""Called after each batch with what was done so far."""
RESUMED_WITHIN: Final = timedelta(days=30)


def add_path(
    path: Path,
    archive: Archive,
    store: WaysStore,
    *,
    clock: Clock,
    outcome: AddOutcome,
    quoting: Quoting = "rd",
    shown: Shown = lambda _: None,
) -> str:
    """Add every message of a file or folder, fill in ``outcome``, and return the keyed digest that stands for the source.

    :raises UsageError: ``path-missing``.
    """
    store.forget_added(clock() - RESUMED_WITHIN)
    source = _source(path, store, quoting)
    done, ended = store.added(source) if path.is_file() else (0, True)
    skip = 0 if ended else done
    at = 0
    for batch in _batches(found_in(path, quoting=quoting)):
        at += len(batch)
        left = batch[max(0, len(batch) - (at - skip)) :] if at > skip else []
        outcome.skipped += len(batch) - len(left)
        sound = [(one.raw, _way(one, one.raw, archive, clock)) for one in left if one.raw]
        for admitted in archive.admit_many(sound):
            outcome.read += 1
            outcome.new += admitted.new
            outcome.known += not admitted.new
            outcome.unparsed += not admitted.parsed
        outcome.failures += [Failure(one.place, one.why or "it is empty") for one in left if not one.raw]
        if path.is_file() and left:
            store.set_added(source, at, clock(), ended=False)
        shown(outcome)
    if path.is_file():
        store.set_added(source, at, clock(), ended=True)
    return source


def _source(path: Path, store: WaysStore, quoting: str) -> str:
    """Return what stands for a source: a file's path, size and moment, or a folder's path."""
    if not path.is_file():
        return store.digest("folder", str(path.resolve()))
    status = path.stat()
    return store.digest("file", str(path.resolve()), str(status.st_size), str(status.st_mtime_ns), quoting)


def _batches(found: Iterator[Found]) -> Iterator[Sequence[Found]]:
    batch: list[Found] = []
    size = 0
    for one in found:
        length = len(one.raw or b"")
        if batch and (len(batch) >= BATCH_MESSAGES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += length
    if batch:
        yield batch


def _way(one: Found, raw: bytes, archive: Archive, clock: Clock) -> Way:
    marked = archive.sent_at(raw) if is_outlook(raw) else one.marked  # a .msg has its moment within
    received = received_at(raw, marked=marked, file=one.changed, now=clock())
    return Way("file", one.place, received, folder=one.folder)
