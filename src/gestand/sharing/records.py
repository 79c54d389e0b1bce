"""Records of sharing, sealed: put, found by whom they are about, held against the ledger.

A record is one JSON document under a key of this room, bound to its id, and padded so that its length tells little. The ledger
gets its id and a digest of the sealed bytes, in one shape for every kind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from pydantic import TypeAdapter

from gestand.kernel.clock import Clock
from gestand.kernel.crypto import NONCE_SIZE, Sealer, derive, mac
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ActorId, SubjectId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.sharing.model import Disclosure, Order, Telling
from gestand.sharing.store import SharingStore
from gestand.storage.engine import Engine

BLOCK: Final = 1024
AT_ONCE: Final = 100
"""Records that leave under one entry of the ledger."""
Record = Disclosure | Order | Telling
_FORMS: Final[dict[str, TypeAdapter[Any]]] = {
    "disclosure": TypeAdapter(Disclosure),
    "order": TypeAdapter(Order),
    "telling": TypeAdapter(Telling),
}
_KINDS: Final = {Disclosure: "disclosure", Order: "order", Telling: "telling"}


class Records:
    """Every record of this room. ``key``: 32 bytes, from the root key."""

    def __init__(self, engine: Engine, ledger: Ledger, key: bytes, *, clock: Clock, entropy: Entropy) -> None:
        self.store = SharingStore(engine)
        self.engine = engine
        self.ledger = ledger
        self.clock = clock
        self.entropy = entropy
        self._sealer = Sealer(derive(key, "sharing/seal"))
        self._index = derive(key, "sharing/index")

    def put(self, record: Record, *, actor: ActorId) -> None:
        """Write a record and note it in the ledger, in one transaction."""
        with self.engine.transaction():
            facts: dict[str, Fact] = {"record": record.id, "digest": self.lay(record)}
            self.ledger.stage(Event("sharing.noted", self.clock(), actor, facts))

    def lay(self, record: Record) -> str:
        """Write a record and return its digest, for who notes that with another one."""
        kind = _KINDS[type(record)]
        plain = _padded(b'{"kind":"%s","record":%s}' % (kind.encode(), _FORMS[kind].dump_json(record)))
        sealed = self._sealer.seal(plain, record.id.encode(), self.entropy(NONCE_SIZE))
        with self.engine.transaction():
            self.store.put(record.id, record.leaves, sealed, self._tokens(kind, record))
        return hashlib.sha256(sealed).hexdigest()

    def one(self, record_id: str) -> Record | None:
        """Return a record, or None.

        :raises DamagedError: if it was changed.
        """
        sealed = self.store.one(record_id)
        return self._open(record_id, sealed) if sealed is not None else None

    def digests(self) -> dict[str, str]:
        """Return the digest of every sealed record, as the ledger has it."""
        return {name: hashlib.sha256(sealed).hexdigest() for name, sealed in self.store.all()}

    def disclosures(self) -> Iterator[Disclosure]:
        """Yield every disclosure, oldest first."""
        yield from sorted((d for d in self._of("kind:disclosure") if isinstance(d, Disclosure)), key=lambda d: d.at)

    def orders(self) -> Iterator[Order]:
        """Yield every order, oldest first."""
        yield from sorted((o for o in self._of("kind:order") if isinstance(o, Order)), key=lambda o: o.taken_at)

    def secret(self, today: date) -> frozenset[str]:
        """Return the ids of the orders that are secret on a day, and of what was given on them."""
        orders = {one.id for one in self.orders() if one.hidden(today)}
        return (
            frozenset(orders | {one.id for one in self.disclosures() if one.order in orders}) if orders else frozenset()
        )

    def tellings(self) -> Iterator[Telling]:
        """Yield everything that was or is to be told, oldest first."""
        yield from sorted(
            (t for t in self._of("kind:telling") if isinstance(t, Telling)), key=lambda t: (t.at, t.entry)
        )

    def about(self, subject: SubjectId) -> list[Disclosure]:
        """Return the disclosures about a subject, oldest first; those on an order too."""
        found = [d for d in self._of(f"subject:{subject}") if isinstance(d, Disclosure)]
        return sorted(found, key=lambda d: d.at)

    def marked(self, mark: str) -> list[Disclosure]:
        """Return the disclosures that hold something which stands in the ledger under ``mark``."""
        return [d for d in self._of(f"mark:{mark}") if isinstance(d, Disclosure)]

    def tellings_of(self, disclosure: str) -> list[Telling]:
        """Return what was or is to be told about a disclosure."""
        found = [t for t in self._of(f"of:{disclosure}") if isinstance(t, Telling)]
        return sorted(found, key=lambda t: (t.at, t.entry))

    def due(self, on: date) -> Iterator[tuple[str, date]]:
        """Yield the ids of records that must be gone on a date, and since when."""
        return self.store.due(on)

    def leave(self, records: Iterable[str], *, actor: ActorId) -> None:
        """Remove records for good, and note in the ledger that they left."""
        names = list(records)
        with self.engine.transaction():
            for start in range(0, len(names), AT_ONCE):
                some = names[start : start + AT_ONCE]
                for name in some:
                    self.store.delete(name)
                self.ledger.stage(Event("sharing.left", self.clock(), actor, {"records": tuple(some)}))

    def _of(self, word: str) -> list[Record]:
        return [self._open(name, sealed) for name, sealed in self.store.of_token(self._token(word))]

    def _open(self, record_id: str, sealed: bytes) -> Record:
        plain = self._sealer.open(sealed, record_id.encode(), f"sharing record {record_id}")
        document = json.loads(plain)
        form = _FORMS.get(document.get("kind"))
        if form is None:
            raise DamagedError(
                "sharing-record-kind",
                "a record of what was given is of an unknown kind",
                where=record_id,
                remedy="It was written by a newer version of the program; use that one.",
            )
        record: Record = form.validate_python(document["record"])
        return record

    def _token(self, word: str) -> bytes:
        return mac(self._index, word.encode())

    def _tokens(self, kind: str, record: Record) -> list[bytes]:
        words = [f"kind:{kind}"]
        if isinstance(record, Disclosure):
            for given in record.given:
                words += [f"subject:{given.subject}", *(f"mark:{mark}" for mark in given.marks)]
        elif isinstance(record, Telling):
            words.append(f"of:{record.disclosure}")
        return [self._token(word) for word in words]


def _padded(plain: bytes) -> bytes:
    """Fill up with spaces, which JSON passes over, to a whole number of blocks."""
    return plain + b" " * (-len(plain) % BLOCK)
