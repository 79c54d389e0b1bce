"""A key for each message that waits, in the store of keys: destroyed when the message has been sent.

What was sent is then unreadable in every copy of the store of data, also in backups made while it waited, as soon as the
keys' own, shorter-lived backups are gone (docs/adr/0020).
"""

from __future__ import annotations

from gestand.kernel.crypto import KEY_SIZE, NONCE_SIZE, Sealer, derive, mac
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError
from gestand.storage.engine import Engine

MIGRATIONS = ("CREATE TABLE post_key (message TEXT PRIMARY KEY, sealed BLOB NOT NULL)",)
_PUT = "INSERT INTO post_key (message, sealed) VALUES (?, ?)"
_GET = "SELECT sealed FROM post_key WHERE message = ?"
_DELETE = "DELETE FROM post_key WHERE message = ?"
_ALL = "SELECT message FROM post_key"


class ContentKeys:
    """Seals and opens what waits in the outbox; ``mark`` stands for an address where the address may not."""

    def __init__(self, engine: Engine, root_key: bytes, entropy: Entropy) -> None:
        engine.migrate("post", MIGRATIONS)
        self._engine = engine
        self._wrapper = Sealer(derive(root_key, "post keys"))
        self._mark_key = derive(root_key, "post marks")
        self._entropy = entropy

    def seal(self, message_id: str, content: bytes) -> bytes:
        """Return content sealed under a new key of its own, which is on stable storage when this returns."""
        key = self._entropy(KEY_SIZE)
        wrapped = self._wrapper.seal(key, _bound("key", message_id), self._entropy(NONCE_SIZE))
        with self._engine.transaction():
            self._engine.execute(_PUT, (message_id, wrapped))
        return Sealer(key).seal(content, _bound("message", message_id), self._entropy(NONCE_SIZE))

    def open(self, message_id: str, sealed: bytes) -> bytes:
        """Return the content.

        :raises DamagedError: ``post-key-missing``, or if the bytes were changed.
        """
        rows = self._engine.execute(_GET, (message_id,))
        if not rows:
            raise DamagedError(
                "post-key-missing",
                "the key of this message is gone: nobody can read it any more",
                where=message_id,
                remedy="Write the message again; this one leaves with retention.",
            )
        wrapped = rows[0][0]
        assert isinstance(wrapped, bytes)
        key = self._wrapper.open(wrapped, _bound("key", message_id), message_id)
        return Sealer(key).open(sealed, _bound("message", message_id), message_id)

    def destroy(self, message_ids: list[str]) -> None:
        """Destroy the keys of messages."""
        with self._engine.transaction():
            self._engine.many(_DELETE, [(message_id,) for message_id in message_ids])

    def there(self, message_id: str) -> bool:
        """Say whether a message has its key."""
        return bool(self._engine.execute(_GET, (message_id,)))

    def all(self) -> list[str]:
        """Return the messages that have a key."""
        return [str(row[0]) for row in self._engine.execute(_ALL)]

    def mark(self, address: str) -> bytes:
        """Return what stands for an address in the outbox: a keyed hash of it in lower case."""
        return mac(self._mark_key, address.strip().lower().encode())


def _bound(what: str, message_id: str) -> bytes:
    return f"gestand/post/{what}/1\0{message_id}".encode()
