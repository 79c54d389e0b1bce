"""What somebody opened to give it to others, for who asks what they saw: the record of ``sharing`` says of whom it was."""

from __future__ import annotations

from gestand.kernel.ids import ItemId, SubjectId
from gestand.sharing.service import Sharing


class HandedOver:
    """Asks ``sharing`` what was opened under its records."""

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing

    def under(self, record: str) -> tuple[tuple[SubjectId, tuple[ItemId, ...]], ...] | None:
        """See ``ports.Handed``. What is given on an order that is secret is in no list of a breach."""
        given = self._sharing.given_under(record)
        return None if given is None else tuple((one.subject, one.items) for one in given)
