"""What the firm sends is in the archive too: the copy that the outbox hands over when a server has taken the message."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from gestand.archive.model import Way
from gestand.archive.ways.contract import Archive
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ShelfId

PLACE: Final = "outbox"


class SentMail:
    """Files sent mail, as the outbox asks for it (``post.model.Archive``). The same message twice is once in the archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def file_sent(self, content: bytes, *, sender: str, recipient: str, shelf: ShelfId, sent_at: datetime) -> None:
        """Seal a message as it left; where the statement in force has no archive, none is kept."""
        try:
            self._archive.admit(content, Way("sent", PLACE, sent_at, sender, (recipient,), folder=str(shelf)))
        except RefusedError as fault:
            if fault.code != "archive-not-in-statement":
                raise
