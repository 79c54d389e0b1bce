"""Keys of things that are no datum of one person: a message has several persons in it, and dies as a whole.

One key for each thing, in the key store, wrapped under the epoch's key like every other; turning the key wraps it anew,
so that a key that was destroyed is gone from every older copy too. Made while the write lock of the main store is held,
on stable storage before the rows sealed under it. ``unsettled`` names the things of a change whose second commit may not
have happened: after a crash the room that keeps them says which it has, and the other keys are destroyed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final, Protocol, cast

from gestand.kernel.crypto import KEY_SIZE, NONCE_SIZE, Sealer
from gestand.kernel.entropy import Entropy
from gestand.storage.engine import Engine

THING_SIZE: Final = 10
"""Bytes of a thing's id."""
SCHEMA = (
    """
    CREATE TABLE vault_locker (
        thing BLOB NOT NULL PRIMARY KEY,
        epoch INTEGER NOT NULL,
        wrapped BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE vault_locker_unsettled (
        change INTEGER PRIMARY KEY AUTOINCREMENT,
        things BLOB NOT NULL
    );
    """,
)
_ADD = "INSERT INTO vault_locker VALUES (?, ?, ?)"
_ONE = "SELECT epoch, wrapped FROM vault_locker WHERE thing = ?"
_TOGETHER: Final = 64
_SOME = f"SELECT thing, epoch, wrapped FROM vault_locker WHERE thing IN ({', '.join('?' * _TOGETHER)})"  # noqa: S608 - placeholders only
_DELETE = "DELETE FROM vault_locker WHERE thing = ?"
_COUNT = "SELECT count(*) FROM vault_locker"
_ALL = "SELECT thing FROM vault_locker ORDER BY thing"
_UNSETTLE = "INSERT INTO vault_locker_unsettled (things) VALUES (?) RETURNING change"
_SETTLE = "DELETE FROM vault_locker_unsettled WHERE change = ?"
_UNSETTLED = "SELECT change, things FROM vault_locker_unsettled"
_OLDER = "SELECT thing, epoch, wrapped FROM vault_locker WHERE epoch < ? AND thing > ? ORDER BY thing LIMIT 5000"
_REWRAP = "UPDATE vault_locker SET epoch = ?, wrapped = ? WHERE thing = ?"


class Wrapping(Protocol):
    """An epoch as a locker needs it: its number, and what wraps under its key."""

    @property
    def number(self) -> int:
        """The number of the epoch."""
        ...

    @property
    def wrapper(self) -> Sealer:
        """What wraps."""
        ...


class Lockers:
    """Keys by thing. ``current`` gives the newest epoch, ``epoch`` one by its number."""

    def __init__(
        self, engine: Engine, current: Callable[[], Wrapping], epoch: Callable[[int], Wrapping], entropy: Entropy
    ) -> None:
        engine.migrate("vault.lockers", SCHEMA)
        self._engine = engine
        self._current = current
        self._epoch = epoch
        self._entropy = entropy
        self._settled: list[int] = []

    def make(self, things: Sequence[bytes]) -> tuple[list[bytes], int]:
        """Make a key for each thing, on stable storage; return the keys and the change to ``settle``."""
        epoch = self._current()
        drawn = self._entropy((KEY_SIZE + NONCE_SIZE) * len(things))
        rows: list[tuple[bytes, int, bytes]] = []
        keys: list[bytes] = []
        for at, thing in zip(range(0, len(drawn), KEY_SIZE + NONCE_SIZE), things, strict=True):
            key, nonce = drawn[at : at + KEY_SIZE], drawn[at + KEY_SIZE : at + KEY_SIZE + NONCE_SIZE]
            keys.append(key)
            rows.append((thing, epoch.number, epoch.wrapper.seal(key, _bound(thing, epoch.number), nonce)))
        with self._engine.transaction():
            self._engine.many(_SETTLE, [(change,) for change in self._settled])
            self._engine.many(_ADD, rows)
            ((change,),) = self._engine.execute(_UNSETTLE, (b"".join(things),))
        self._settled.clear()
        return keys, cast("int", change)

    def settle(self, change: int) -> None:
        """Note that the rows of a change are on stable storage; written with the next change."""
        self._settled.append(change)

    def open(self, thing: bytes) -> bytes | None:
        """Return a thing's key, or None once it is destroyed."""
        rows = self._engine.execute(_ONE, (thing,))
        return self._unwrap(thing, *cast("tuple[int, bytes]", rows[0])) if rows else None

    def open_many(self, things: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the keys of those things that have one still."""
        found: dict[bytes, bytes] = {}
        for at in range(0, len(things), _TOGETHER):
            asked = list(things[at : at + _TOGETHER])
            asked += [asked[0]] * (_TOGETHER - len(asked))
            for thing, epoch, wrapped in cast("list[tuple[bytes, int, bytes]]", self._engine.execute(_SOME, asked)):
                found[thing] = self._unwrap(thing, epoch, wrapped)
        return found

    def destroy(self, things: Iterable[bytes]) -> None:
        """Destroy keys, on stable storage."""
        with self._engine.transaction():
            self._engine.many(_DELETE, [(thing,) for thing in things])
            self._engine.many(_SETTLE, [(change,) for change in self._settled])
        self._settled.clear()

    def reconcile(self, kept: Callable[[Collection[bytes]], Collection[bytes]]) -> int:
        """After a crash: destroy the keys of things that their room (``kept``) does not have; return how many.

        Only while the write lock of the main store is held: else another process may be between its two commits.
        """
        stray = 0
        with self._engine.transaction():
            for change, joined in cast("list[tuple[int, bytes]]", self._engine.execute(_UNSETTLED)):
                things = [joined[at : at + THING_SIZE] for at in range(0, len(joined), THING_SIZE)]
                there = set(kept(things))
                gone = [thing for thing in things if thing not in there]
                self._engine.many(_DELETE, [(thing,) for thing in gone])
                self._engine.execute(_SETTLE, (change,))
                stray += len(gone)
        return stray

    def rewrap(self) -> int:
        """Wrap every key of an older epoch under the current one, check that each opens; the caller's transaction."""
        epoch, done, after = self._current(), 0, b""
        while rows := cast("list[tuple[bytes, int, bytes]]", self._engine.execute(_OLDER, (epoch.number, after))):
            self._engine.many(_REWRAP, list(self._rewrapped(epoch, rows)))
            done, after = done + len(rows), rows[-1][0]
        return done

    def things(self) -> Iterator[bytes]:
        """Yield every thing that has a key."""
        for (thing,) in self._engine.stream(_ALL):
            yield cast("bytes", thing)

    def count(self) -> int:
        """Return how many keys there are."""
        return cast("int", self._engine.execute(_COUNT)[0][0])

    def expunge(self) -> None:
        """Take destroyed keys out of the file's log."""
        self._engine.expunge()

    def _rewrapped(self, epoch: Wrapping, rows: list[tuple[bytes, int, bytes]]) -> Iterator[tuple[int, bytes, bytes]]:
        drawn = self._entropy(NONCE_SIZE * len(rows))
        for at, (thing, number, wrapped) in enumerate(rows):
            key, bound = self._unwrap(thing, number, wrapped), _bound(thing, epoch.number)
            again = epoch.wrapper.seal(key, bound, drawn[at * NONCE_SIZE : (at + 1) * NONCE_SIZE])
            if epoch.wrapper.open(again, bound, "keys.db") != key:
                raise AssertionError("a key does not survive being wrapped")
            yield epoch.number, again, thing

    def _unwrap(self, thing: bytes, epoch: int, wrapped: bytes) -> bytes:
        return self._epoch(epoch).wrapper.open(wrapped, _bound(thing, epoch), "keys.db, lockers")


def _bound(thing: bytes, epoch: int) -> bytes:
    """Return the associated data of a wrapped key: ``gestand/locker/1``, thing, epoch."""
    return b"gestand/locker/1\x00" + thing + epoch.to_bytes(4, "big")
