"""The verbs of the ledger: append, stage, read, prove, checkpoint, verify.

The path of an event: judged and made a leaf (rules) -> a frame in the append file, or a row in the outbox that becomes
one after the commit (log, store) -> on stable storage within 50 ms -> folded into the tree (tree) -> under a signed
checkpoint, which is remembered outside the data folder (note, keys). GDPR Articles 5(2), 24(1) and 30 ask for the proof.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Self

from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.ledger import keys
from gestand.ledger.keeper import Keeper
from gestand.ledger.log import Log, writing
from gestand.ledger.merkle import inclusion
from gestand.ledger.model import Checkpoint, Event, Head
from gestand.ledger.note import SigningKey, VerifyKey, check_origin, read_checkpoint, sign, sign_text
from gestand.ledger.outbox import Outbox
from gestand.ledger.reading import Reading
from gestand.ledger.receipt import Receipt
from gestand.ledger.recovery import recover
from gestand.ledger.rules import leaf_of
from gestand.ledger.signed import Signed
from gestand.ledger.state import State, boot_of_machine
from gestand.ledger.streams import Streams
from gestand.ledger.tail import Tail
from gestand.ledger.tree import Tree
from gestand.storage.engine import Engine

SYNC_WITHIN = 0.02
"""Seconds after which an append is brought to stable storage; with the sync itself it stays under 50 ms."""
SEAL_LOOK = 1.0
"""Seconds between two looks whether a checkpoint is due."""
SEAL_ENTRIES = 10_000
SEAL_AFTER = timedelta(minutes=1)
"""A checkpoint is due after so many entries or so long: the tail that could be cut unseen is no longer than this."""


class Ledger(Reading):
    """One open ledger. Threads may share it; other processes may have it open too. Close it when done."""

    def __init__(
        self,
        log: Log,
        tree: Tree,
        engine: Engine | None,
        *,
        key: SigningKey,
        signed: Signed,
        streams: Streams,
        spread: bool,
        clock: Clock,
    ) -> None:
        super().__init__(log, tree, streams, signed)
        self._spread = spread
        self._outbox = None if engine is None else Outbox(engine, log, before=self._join_first, after=self._written)
        self._key = key
        self._clock = clock
        self._tail = Tail(log, tree)
        self._sealed_at = clock()
        self._sealed = 0
        self._wrote = False
        self._syncing = Keeper("ledger-sync", self._sync, SYNC_WITHIN)
        self._sealing = Keeper("ledger-seal", self._seal_if_due, SEAL_LOOK)

    @property
    def key(self) -> VerifyKey:
        """Return the public key, with which anyone verifies this ledger."""
        return self._key.verify_key

    def sign_text(self, text: str) -> str:
        """Return ``text`` (ending in a line break) as a note signed by this ledger's key."""
        return sign_text(text, self._key)

    def append(self, event: Event, *, durable: bool = False) -> int:
        """Record ``event`` now and return its index. When this returns, ``kill -9`` cannot undo it.

        It is on stable storage within 50 ms, or with ``durable`` before this returns.

        :raises RefusedError: an unknown event or fact (rules.leaf_of), ``ledger-cannot-record``, ``ledger-not-durable``:
            what should be recorded must not be done.
        :raises DamagedError: if the log was tampered with.
        """
        leaf = leaf_of(event)
        self._syncing.check()
        self._join_first()
        mark = self._log.append(leaf)
        self._written()
        if durable:
            self._log.sync(mark)
        return mark.size - 1

    def record(self, event: Event, *, durable: bool = False) -> Callable[[], int]:
        """Record ``event`` now and return what gives its index; no writer waits for another if the ledger has streams.

        Then it stands in the stream of this process, and asking for the index joins the streams; otherwise as ``append``.

        :raises RefusedError: as ``append``. :raises DamagedError: if the log was tampered with.
        """
        if not self._spread:
            index = self.append(event, durable=durable)
            return lambda: index
        leaf = leaf_of(event)
        self._syncing.check()
        since = self._log.written()
        stream = self._streams.own()
        origin, mark = stream.append(leaf)
        self._written()
        if durable:
            stream.log.sync(mark)
        return lambda: self._index_of(origin, since)

    def stage(self, *events: Event) -> None:
        """Record events with the open transaction: exactly once if it commits, not at all if it does not.

        :raises RefusedError: an unknown event or fact (rules.leaf_of); ``ledger-no-transaction`` outside of one;
            ``ledger-cannot-record``, ``ledger-not-durable`` if what was staged before did not come into the log.
        """
        if self._outbox is None or not self._outbox.engine.in_transaction():
            raise RefusedError(
                "ledger-no-transaction",
                f"{events[0].name} was staged outside a transaction",
                remedy="Stage inside 'with engine.transaction():', or use append.",
            )
        self._syncing.check()
        self._outbox.stage(events)

    def last(self, count: int) -> list[bytes]:
        """Return the last ``count`` entries as they stand: the leaf of each, canonical JSON, the oldest first.

        :raises DamagedError: at the first entry that is not whole.
        """
        self.tell()
        self._join_first()
        return self._tail.last(count)

    def checkpoint(self) -> Checkpoint:
        """Sign the head, remember it outside the data folder, and return it. The last one, if nothing came since.

        :raises DamagedError: ``ledger-rollback`` if the tree does not extend what was signed before: then nothing is signed.
        """
        with self._streams.alone():
            self._streams.join()
            self._streams.confirm()
            with self._tree.alone():
                mark = self._tree.fold()
                self._tree.trust(mark)
                last = self._signed.last()
                if last is None or last.head.size < mark.size:
                    last = sign(Head(mark.size, self._tree.subtree(0, mark.size)), self._key)
                    self._signed.keep(last)
            self._streams.clear()
        self._sealed, self._sealed_at = last.head.size, self._clock()
        return last

    def receipt(self, index: int, checkpoint: Checkpoint | None = None) -> Receipt:
        """Return a proof that entry ``index`` is in the ledger, for anyone to verify offline.

        :raises UsageError: ``ledger-no-entry`` if the checkpoint (by default a new one) has no such entry.
        """
        under = self.checkpoint() if checkpoint is None else checkpoint
        if not 0 <= index < under.head.size:
            raise UsageError(
                "ledger-no-entry",
                f"there is no entry {index}; the ledger has {under.head.size}, counted from 0",
                remedy="Name one of its entries.",
            )
        leaf = next(self._entries(index, index)).leaf
        return Receipt(index, leaf, inclusion(index, under.head.size, self._tree.subtree), under)

    def extent(self) -> int:
        """Return how many bytes of the log file are acknowledged; what stands before never changes: for a copy."""
        self._streams.join()
        return self._log.written().end

    def signed_text(self) -> bytes:
        """Return the file of all signed checkpoints as it stands; empty if there is none: for a copy."""
        with self._tree.alone():
            return self._signed.text()

    def close(self) -> None:
        """Move what waits, sign a checkpoint if this object recorded anything, and close the files."""
        try:
            self.tell()
        finally:
            self._close()

    def _close(self) -> None:
        self._syncing.close()
        self._sealing.close()
        try:
            if self._outbox is not None:
                self._outbox.close()
            if self._wrote:
                self._streams.join()
                self._streams.leave()
                self.checkpoint()
        finally:
            self._subjects.close()
            self._streams.close()
            self._tree.close()
            self._log.close()
            self._log.state.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def _start(self, *, older_store: bool) -> None:
        """Check against what is remembered, compare the store, and move what a crash left in the outbox."""
        last = self._signed.last()
        self._sealed = 0 if last is None else last.head.size
        self._sync()
        if self._outbox is not None:
            self._outbox.start(older_store=older_store)

    def _written(self) -> None:
        self._wrote = True
        self._syncing.wake()
        self._sealing.wake()

    def _join_first(self) -> None:
        """Let what was recorded before stand before: an opening comes ahead of the objection that followed it."""
        if self._spread:
            self._streams.join()

    def _sync(self) -> None:
        mark = self._log.written()
        self._log.sync(mark)
        if self._outbox is not None:
            self._outbox.synced(mark.moved)
        self._streams.sync()

    def _seal_if_due(self) -> None:
        size = self._log.written().size + self._streams.waiting()
        if size - self._sealed >= SEAL_ENTRIES or self._clock() - self._sealed_at >= SEAL_AFTER:
            self.checkpoint()
        elif size > self._sealed:
            self._sealing.wake()


def open_ledger(
    folder: Path,
    engine: Engine | None,
    *,
    clock: Clock,
    entropy: Entropy,
    remembered: Path,
    origin: str,
    key: Path | None = None,
    older_store: bool = False,
    spread: bool = False,
) -> Ledger:
    """Open the ledger in ``folder`` (made if missing), recover from a crash, and refuse an older history.

    ``remembered`` is the file of the remembered checkpoint, outside the data folder; ``key`` the signing key, by default
    ``ledger.key`` beside it, made at first use. ``origin`` names the log in its checkpoints from the first
    use on; later the name in the key file stands, wherever the folder was moved. Without an engine nothing
    can be staged. Opening reads what came since the last checkpoint, not the whole log. ``older_store``: the store may
    lack what the ledger holds, because who calls replays it: only for a restore.
    ``spread``: ``record`` writes in a stream of this process's own (``streams``), for several processes at once.

    :raises DamagedError: ``store-behind-ledger`` if the store lacks commits that the ledger holds; ``ledger-rollback``, ``ledger-shortened``, ``ledger-damaged``, ``ledger-not-remembered``,
        ``ledger-key-missing``, ``ledger-checkpoint``.
    :raises UsageError: ``ledger-origin``, ``ledger-key-open``.
    :raises RefusedError: ``ledger-cannot-record`` if the disk takes nothing.
    """
    path = remembered.with_name(keys.KEY) if key is None else key
    checkpoints = folder / "checkpoints"
    with writing(folder, "the ledger cannot be opened"), ExitStack() as opened:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        remembered.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = opened.enter_context(closing(State(folder / "state", boot_of_machine())))
        log = opened.enter_context(closing(Log(folder / "log", state)))
        tree = opened.enter_context(closing(Tree(folder / "tree", log)))
        streams = opened.enter_context(closing(Streams(folder / "streams", log, state.boot, entropy)))
        with streams.alone(), log.alone(), tree.alone():
            signer = _signer(path, origin, entropy, used=os.fstat(log.descriptor).st_size > 0 or checkpoints.exists())
            note = keys.read_note(remembered)
            recover(log, 0 if note is None else read_checkpoint(note, signer.verify_key).head.size)
            streams.recover()
            signed = Signed(log, tree, signer.verify_key, remembered, checkpoints)
            signed.mend()
        ledger = Ledger(log, tree, engine, key=signer, signed=signed, streams=streams, spread=spread, clock=clock)
        ledger._start(older_store=older_store)  # noqa: SLF001 - the second half of opening, which only this function calls
        opened.pop_all()
    return ledger


def open_to_read(folder: Path, *, clock: Clock, entropy: Entropy, remembered: Path) -> Ledger:
    """Open a ledger that exists, under the name in its key file, without a store: to verify, export, prove, sign.

    :raises UsageError: ``no-ledger`` if there is none. :raises DamagedError: as ``open_ledger``.
    """
    key = keys.load_key(remembered.with_name(keys.KEY))
    if key is None and not (folder / "log").exists():
        raise UsageError(
            "no-ledger",
            "this organisation has no ledger yet",
            where=str(folder),
            remedy="It begins with the first command that records something, such as 'gestand subject add'.",
        )
    return open_ledger(folder, None, clock=clock, entropy=entropy, remembered=remembered, origin="")


def _signer(path: Path, origin: str, entropy: Entropy, *, used: bool) -> SigningKey:
    found = keys.load_key(path)
    if found is None and used:
        raise DamagedError(
            "ledger-key-missing",
            "the ledger has entries but its signing key is gone",
            where=str(path),
            remedy="Put the key file back from its backup. A new key would cut the ledger off from its past.",
        )
    if found is None:
        return keys.make_key(path, check_origin(origin), entropy)
    return found
