"""Reading a mailbox: every folder from where it was left, in batches, each durable in the archive before it counts as read.

A break at any moment loses nothing and doubles nothing: what was sealed and not yet counted is read again, and the archive
knows it. A message that cannot be read is listed, and tried again at every later reading until it is read or gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gestand.archive.model import Way
from gestand.archive.ways.contract import Archive
from gestand.archive.ways.model import Failure, Fetched, Folder, FolderState, Listed, Mailbox, PullOutcome
from gestand.archive.ways.rules import LARGEST_FETCH, batches, missing, start_after, to_read
from gestand.archive.ways.store import WaysStore
from gestand.kernel.clock import Clock
from gestand.kernel.config_mail import MailboxSettings
from gestand.kernel.ids import SYSTEM

Progress = Callable[[str, int, int], None]
"""Called with the folder, how many of its messages were read, and how many there are to read."""


def unseen(_folder: str, _done: int, _all: int) -> None:
    """Show nobody."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a mailbox; ``outcome`` is filled in on the way, so that it tells the truth after a break too.

    ``look``: also look how old the oldest message is that lies there.
    """

    mailbox: Mailbox
    settings: MailboxSettings
    archive: Archive
    store: WaysStore
    clock: Clock
    outcome: PullOutcome
    progress: Progress = unseen
    look: bool = False

    def run(self) -> PullOutcome:
        """Read the mailbox to its end."""
        folders = self.mailbox.folders()
        lost = missing(folders, self.settings)
        self.outcome.failures += [Failure(name, "there is no such folder") for name in lost]
        for folder in to_read(folders, self.settings):
            self._folder(folder)
            self.outcome.folders += 1
        if self.look or self.outcome.renumbered:  # old numbers say nothing of what lies there
            self._look(folders)
        self.outcome.complete = not lost
        return self.outcome

    def _look(self, folders: Sequence[Folder]) -> None:
        """Look how old the oldest message is that lies in any folder, read or not, and what lies there no more."""
        sealed: dict[str, set[str]] = {}
        for origin in self.archive.origins.lying():
            if origin.place == self.settings.name:
                sealed.setdefault(origin.folder, set()).add(origin.at_origin)
        for folder in folders:
            there = self.mailbox.examine(folder).messages
            if folder.name in sealed:
                sealed[folder.name].difference_update(self.mailbox.marks())
            if there:
                found = self.mailbox.oldest()
                if found is not None and (self.outcome.oldest is None or found < self.outcome.oldest):
                    self.outcome.oldest = found
        gone = [(self.settings.name, folder, mark) for folder, marks in sealed.items() for mark in marks]
        if gone:  # thrown away by a person, or numbered anew
            self.archive.origins.emptied(gone, actor=SYSTEM)
        self.outcome.looked = True

    def _folder(self, folder: Folder) -> None:
        head = self.mailbox.examine(folder)
        validity = head.uidvalidity
        state = self.store.folder(self.settings.name, folder.name)
        if state is not None and state.uidvalidity != validity:
            self.outcome.renumbered.append(folder.name)
        after = start_after(state, validity)
        listed = self.mailbox.listed(after)
        again = [uid for uid in self.store.failed(self.settings.name, folder.name, validity) if uid <= after]
        if again:
            self._fetch(folder, validity, again)
        done, last = 0, after
        for batch in batches(listed):
            fit = [one.uid for one in batch if one.size <= LARGEST_FETCH]
            if fit:
                self._fetch(folder, validity, fit)
            for one in batch:
                if one.size > LARGEST_FETCH:
                    self._fail(folder, validity, one.uid, _too_large(one))
            done, last = done + len(batch), max(last, batch[-1].uid)
            self.store.read_up_to(self.settings.name, folder.name, FolderState(validity, last))
            self.progress(folder.name, done, len(listed))
        if not listed and (state is None or state.uidvalidity != validity):
            self.store.read_up_to(self.settings.name, folder.name, FolderState(validity, after))

    def _fetch(self, folder: Folder, validity: int, uids: Sequence[int]) -> None:
        """Fetch messages, seal what came, list what did not; what is gone meanwhile is neither."""
        fetched = list(self.mailbox.fetch(uids))
        sound = [(one.raw, self._way(folder, one)) for one in fetched if one.raw]
        for admitted in self.archive.admit_many(sound):
            self.outcome.seen += 1
            self.outcome.new += admitted.new
            self.outcome.unparsed += not admitted.parsed
        refused = {one.uid: one.why or "it is empty" for one in fetched if not one.raw}
        for uid in uids:
            if uid in refused:
                self._fail(folder, validity, uid, refused[uid])
            else:
                self.store.mended(self.settings.name, folder.name, validity, uid)

    def _fail(self, folder: Folder, validity: int, uid: int, why: str) -> None:
        self.outcome.failures.append(Failure(f"{folder.name}, UID {uid}", why))
        self.store.fail(self.settings.name, folder.name, validity, uid, why=why, at=self.clock())

    def _way(self, folder: Folder, one: Fetched) -> Way:
        received = one.received or self.clock()  # where nobody says, its term runs from now
        return Way("imap", self.settings.name, received, folder=folder.name, at_origin=one.mark)


def _too_large(one: Listed) -> str:
    return f"it has {one.size} bytes, more than {LARGEST_FETCH}: save it as .eml, and add it as a file"
