"""Emptying a mailbox at its origin: what was received long enough ago, once it is known to be sealed, byte for byte.

Each message is fetched once more and handed to the archive, which knows it already or seals it now; only then is it deleted
and expunged. So neither a wrong count nor a store brought back from a backup can cost a message. The trash of the mailbox
is a folder like others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gestand.archive.model import Way
from gestand.archive.ways.contract import Archive
from gestand.archive.ways.model import Emptied, Folder, Mailbox
from gestand.archive.ways.rules import LARGEST_FETCH, batches, to_read
from gestand.archive.ways.store import WaysStore
from gestand.kernel.config_mail import MailboxSettings
from gestand.kernel.ids import SYSTEM


@dataclass(frozen=True, slots=True)
class Emptying:
    """One emptying of a mailbox: what was received before a moment goes."""

    mailbox: Mailbox
    settings: MailboxSettings
    archive: Archive
    store: WaysStore
    before: datetime

    def run(self) -> Emptied:
        """Empty every folder that is read, the trash last: what some servers put there goes too."""
        outcome = Emptied(self.settings.name)
        for folder in to_read(self.mailbox.folders(), self.settings):
            self._folder(folder, outcome)
        return outcome

    def _folder(self, folder: Folder, outcome: Emptied) -> None:
        self.mailbox.examine(folder)
        old = [one for one in self.mailbox.listed(0) if one.received is not None and one.received < self.before]
        for batch in batches(old):
            self.mailbox.examine(folder)
            fit = [one.uid for one in batch if one.size <= LARGEST_FETCH]
            fetched = [one for one in self.mailbox.fetch(fit) if one.raw] if fit else []
            since = {one.uid: one.received for one in batch}
            ways = [
                Way(
                    "imap",
                    self.settings.name,
                    one.received or since[one.uid] or self.before,
                    folder=folder.name,
                    at_origin=one.mark,
                )
                for one in fetched
            ]
            sealed = list(
                self.archive.admit_many((one.raw or b"", way) for one, way in zip(fetched, ways, strict=True))
            )
            assert len(sealed) == len(fetched)
            left = self.mailbox.remove(folder, [one.mark for one in fetched]) if fetched else ()
            gone = [(way.place, way.folder, way.at_origin) for way in ways if way.at_origin not in left]
            self.archive.origins.emptied(gone, actor=SYSTEM)
            outcome.removed += len(gone)
            outcome.left += len(batch) - len(gone)
