"""The e-mail archive: what the mailbox brought is found again for a stated purpose, and is on its shelf."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import ActorId, PurposeId, SubjectId

OWNER = ActorId("owner")
ARCHIVE = PurposeId("mail-archive")


def mail_found(place: Place, _customers: Mapping[str, SubjectId], tell: Callable[[str, str], None]) -> None:
    """Search, open, follow the conversation."""
    archive = place.open().archive
    found = archive.search("laptop", ARCHIVE, actor=OWNER, reason="what was agreed")
    opened = archive.open(found[0].message, ARCHIVE, actor=OWNER, reason="what was agreed")
    messages, size = archive.counts()
    tell(
        "The e-mail archive",
        f"{messages} messages ({size} bytes) sealed under a key each; 'laptop' finds {len(found)}; one opened for "
        f"'{ARCHIVE}', ledger entry {opened.entry}, to leave on {opened.kept.due}.",
    )
