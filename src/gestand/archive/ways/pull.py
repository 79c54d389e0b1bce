"""Reading a mailbox: every folder from where it was left, in batches, each durable in the archive before it counts as read.

A break at any moment loses nothing and doubles nothing: what was sealed and not yet counted is read again, and the archive
knows it. A message that cannot be read is listed, and tried again at every later reading until it is read or gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gestand.archive.ways.contract import Archive, Way
from gestand.archive.ways.model import Failure, Fetched, Folder, FolderState, Mailbox, PullOutcome
from gestand.archive.ways.rules import LARGEST_FETCH, batches, missing, start_after, to_read
from gestand.archive.ways.store import WaysStore
from gestand.kernel.clock import Clock
from gestand.kernel.config_mail import MailboxSettings

Progress = Callable[[str, int, int], None]
"""Called with the folder, how many of its messages were read, and how many there are to read."""


def unseen(_folder: str, _done: int, _all: int) -> None:
    """Show nobody."""


def pull(
    mailbox: Mailbox,
    settings: MailboxSettings,
    archive: Archive,
    store: WaysStore,
    *,
    clock: Clock,
    outcome: PullOutcome,
    progress: Progress = unseen,
) -> PullOutcome:
    """Read a mailbox to its end, and fill in ``outcome`` on the way, so that it tells the truth after a break too."""
    folders = mailbox.folders()
    outcome.failures += [Failure(name, "there is no such folder") for name in missing(folders, settings)]
    for folder in to_read(folders, settings):
        outcome.folders += 1
        _read_folder(mailbox, folder, settings, archive, store, clock, outcome, progress)
    outcome.complete = not any(failure.why == "there is no such folder" for failure in outcome.failures)
    return outcome


def _read_folder(  # noqa: PLR0917 - the steps of one reading share these
    mailbox: Mailbox,
    folder: Folder,
    settings: MailboxSettings,
    archive: Archive,
    store: WaysStore,
    clock: Clock,
    outcome: PullOutcome,
    progress: Progress,
) -> None:
    head = mailbox.examine(folder)
    state = store.folder(settings.name, folder.name)
    if state is not None and state.uidvalidity != head.uidvalidity:
        outcome.renumbered.append(folder.name)
    after = start_after(state, head.uidvalidity)
    listed = mailbox.listed(after)
    failed = [uid for uid in store.failed(settings.name, folder.name, head.uidvalidity) if uid <= after]
    done, everything = 0, len(listed)

    def admit(messages: Iterator[Fetched], asked: Sequence[int]) -> None:
        """Seal what came; list what did not."""
        refused: list[tuple[int, str]] = []
        got: set[int] = set()

        def sound() -> Iterator[tuple[bytes, Way]]:
            for one in messages:
                got.add(one.uid)
                if one.raw:
                    yield one.raw, Way("imap", settings.name, one.received, folder=folder.name, at_origin=one.mark)
                else:
                    refused.append((one.uid, one.why or "it is empty"))

        for admitted in archive.admit_many(list(sound())):
            outcome.seen += 1
            outcome.new += admitted.new
            outcome.unparsed += not admitted.parsed
        bad = dict(refused)
        for uid in asked:
            if uid not in bad:
                store.mended(settings.name, folder.name, head.uidvalidity, uid)
        for uid, why in refused:
            outcome.failures.append(Failure(f"{folder.name}, UID {uid}", why))
            store.fail(settings.name, folder.name, head.uidvalidity, uid, why, clock())

    if failed:
        admit(mailbox.fetch(failed), failed)
    for batch in batches(listed):
        fit = [one.uid for one in batch if one.size <= LARGEST_FETCH]
        if fit:
            admit(mailbox.fetch(fit), fit)
        for one in batch:
            if one.size > LARGEST_FETCH:
                why = f"it has {one.size} bytes, more than {LARGEST_FETCH}: save it as .eml, and add it as a file"
                outcome.failures.append(Failure(f"{folder.name}, UID {one.uid}", why))
                store.fail(settings.name, folder.name, head.uidvalidity, one.uid, why, clock())
        done += len(batch)
        store.read_up_to(settings.name, folder.name, FolderState(head.uidvalidity, max(after, batch[-1].uid)))
        progress(folder.name, done, everything)
    if state is None or state.uidvalidity != head.uidvalidity:
        last = max((one.uid for one in listed), default=after)
        store.read_up_to(settings.name, folder.name, FolderState(head.uidvalidity, last))
