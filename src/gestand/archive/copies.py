"""Copies of messages for a data subject: proposed with others blacked out, given when a person has confirmed the words."""

from __future__ import annotations

from gestand.archive.model import OpenedMessage
from gestand.archive.people import known_of
from gestand.archive.redacting import Redaction, propose
from gestand.archive.workroom import Workroom
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, SubjectId
from gestand.ledger.model import Event, Fact


class Copies:
    """What of a message the person may see whom it is about (Article 15(4))."""

    def __init__(self, room: Workroom) -> None:
        self._room = room

    def propose(self, opened: OpenedMessage, subject: SubjectId, *, actor: ActorId) -> Redaction:
        """Propose a copy for a person of the register; what identifies them is opened for that. Nothing is given by this."""
        own, names = known_of(self._room, subject, actor=actor)
        return propose(self._room.reader.read([opened.raw])[0], own, names)

    def give(self, opened: OpenedMessage, proposed: Redaction, *, confirmed: str, actor: ActorId) -> str:
        """Return the text of a proposal that a person has looked at: ``confirmed`` is the digest they saw. Recorded.

        :raises RefusedError: ``redaction-not-confirmed`` if that is of other words.
        """
        if confirmed != proposed.digest:
            raise RefusedError(
                "redaction-not-confirmed",
                "nobody has confirmed these words; what was confirmed was another text",
                where=opened.kept.message,
                remedy="Look at the proposal as it is now, and confirm its digest.",
            )
        facts: dict[str, Fact] = {"messages": 1, "places": proposed.places, "digest": proposed.digest}
        self._room.ledger.append(Event("message.redacted", self._room.clock(), actor, facts))
        return proposed.text
