"""The archive of messages, asked by a breach: which messages were in reach, and who stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gestand.archive.model import Seen, Stretch
from gestand.archive.service import Archive
from gestand.breach.affected import Reach, TouchedMessage
from gestand.kernel.config_mail import MailSettings
from gestand.kernel.ids import ActorId, MessageId, PurposeId, SubjectId
from gestand.statement.policy import FieldKind
from gestand.vault.model import Statements
from gestand.vault.service import Vault

HELD_AT_ONCE = 500
LOOKED_UP = 200
"""Messages whose people are looked up together."""
Key = tuple[FieldKind, str]


class ArchiveMessages:
    """Fills ``ports.Messages`` with the e-mail archive."""

    def __init__(self, archive: Archive, settings: MailSettings, vault: Vault, statements: Statements) -> None:
        self._archive = archive
        self._settings = settings
        self._vault = vault
        self._statements = statements

    def touched(self, reach: Reach, *, purpose: PurposeId, actor: ActorId, reason: str) -> Iterator[TouchedMessage]:
        """Yield each message within reach with the people in it; the firm's own addresses are nobody."""
        stretch = Stretch(
            mailboxes=self._places(reach.mailbox),
            shelves=reach.shelves,
            everything=reach.whole,
            opened_by=reach.opened_by,
            first=reach.first,
            last=reach.last,
        )
        own = self._own()
        known: dict[Key, tuple[SubjectId, ...]] = {}
        waiting: list[Seen] = []
        for seen in self._archive.seen_in(stretch, purpose, actor=actor, reason=reason):
            waiting.append(seen)
            if len(waiting) == LOOKED_UP:
                yield from self._named(waiting, known, own)
                waiting = []
        yield from self._named(waiting, known, own)

    def _named(
        self, messages: Sequence[Seen], known: dict[Key, tuple[SubjectId, ...]], own: frozenset[str]
    ) -> Iterator[TouchedMessage]:
        asked = {key for seen in messages for key in _keys(seen, own)}
        known |= self._vault.find_many(asked - known.keys())
        for seen in messages:
            people = {subject for key in _keys(seen, own) for subject in known[key]}
            strangers = [one for one in seen.addresses if one not in own and not known[FieldKind.EMAIL, one]]
            message = seen.kept.message if seen.kept else ""
            yield TouchedMessage(message, tuple(sorted(people)), tuple(strangers), seen.certain)

    def knows(self, mailbox: str) -> bool:
        """Say whether the settings have this mailbox; ``*`` is any."""
        return mailbox == "*" or any(mailbox in {one.name, one.address} for one in self._settings.mailboxes)

    def _places(self, mailbox: str) -> tuple[str, ...]:
        """Return under which names messages of a mailbox are kept: its name in the settings, and its address."""
        for one in self._settings.mailboxes:
            if mailbox in {one.name, one.address}:
                return one.name, one.address
        return (mailbox,) if mailbox else ()

    def _own(self) -> frozenset[str]:
        contacts = self._statements.in_force().policy.controller.contacts
        found = {one.address for one in self._settings.mailboxes} | {one.value for one in contacts if "@" in one.value}
        if self._settings.smtp:
            found.add(self._settings.smtp.sender)
        return frozenset(one.casefold() for one in found)

    def hold(self, messages: Sequence[str], *, reason: str, actor: ActorId) -> int:
        """Let none of these leave; what was held for the same reason is held anew with them. Those that left are skipped."""
        there = [MessageId(one) for one in messages if self._archive.there(MessageId(one))]
        self.let_go(reason=reason, actor=actor)
        for at in range(0, len(there), HELD_AT_ONCE):
            self._archive.holds.place(there[at : at + HELD_AT_ONCE], reason=reason, until=None, actor=actor)
        return len(there)

    def let_go(self, *, reason: str, actor: ActorId) -> int:
        """Lift what was held for ``reason``."""
        holds = self._archive.holds.for_reason(reason)
        for hold in holds:
            self._archive.holds.lift(hold, reason=f"{reason} ended", actor=actor)
        return len(holds)


def _keys(seen: Seen, own: Iterable[str]) -> Iterator[Key]:
    yield from ((FieldKind.EMAIL, one) for one in seen.addresses if one not in own)
    yield from ((kind, text) for kind, text in seen.identifiers if text not in own)
