"""The outbox as it stands: one message, all of them, how many in each state, and whether an address took what was sent."""

from __future__ import annotations

from collections.abc import Iterator

from gestand.kernel.errors import UsageError
from gestand.post.model import Outgoing, State
from gestand.post.outbox import Outbox, token_of


class Looking:
    """The looks at an outbox; a part of ``Post``."""

    _outbox: Outbox

    def one(self, message_id: str) -> Outgoing:
        """Return a message of the outbox.

        :raises UsageError: ``post-unknown``.
        """
        found = self._outbox.store.one(message_id)
        if found is None:
            raise UsageError(
                "post-unknown", f"there is no message {message_id}", remedy="List them with 'gestand post list'."
            )
        return found

    def named(self, text: str) -> Outgoing:
        """Return a message by its Message-ID, or by the part of it before the @.

        :raises UsageError: ``post-unknown``.
        """
        token = token_of(text)
        found = next((one for one in self.all() if token_of(one.message_id) == token), None)
        return found or self.one(text)

    def all(self, *, state: str = "", reference: str = "") -> Iterator[Outgoing]:
        """Yield the messages, oldest first."""
        return self._outbox.store.all(state=state, reference=reference)

    def counts(self, reference: str = "") -> dict[State, int]:
        """Return how many messages stand in each state, of one reference or of all."""
        return self._outbox.store.counts(reference)

    def returned(self, address: str) -> bool:
        """Say whether a message to this address came back, as far as the outbox remembers."""
        return self._outbox.store.returned(self._outbox.keys.mark(address))

    def was_sent_to(self, message_id: str, address: str) -> bool:
        """Say whether a message went to this address: the proof of sending names it as a mark only."""
        return self._outbox.store.went_to(message_id, self._outbox.keys.mark(address))
