"""Gestand's side: the public verbs of the vault and the ledger, every duty on, over real files in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import cast

from gestand.bench.gdpr.ids import Ids
from gestand.bench.gdpr.model import NOTHING, Answer, seen_meta, seen_text
from gestand.bench.gdpr.promises import Promises
from gestand.bench.gdpr.records import OBJECTIONS, Record, Stance, first_stance, record, text_of
from gestand.bench.gdpr.workload import MOST_LOGGED, Kind, Op
from gestand.kernel.clock import Clock, system_clock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, ShelfId, SubjectId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger, open_ledger
from gestand.storage.engine import Engine
from gestand.storage.sqlite import open_sqlite
from gestand.vault.model import NewItem, NewSubject, Opening
from gestand.vault.service import Vault, data_key, open_vault

OWNER = ActorId("owner")
DUE = date(2090, 1, 1)
"""One record in ten has a date on which it must be gone; for the others the event that starts the period has not come."""
_TOGETHER = 1000
_WHY = "benchmark"
_PURPOSES = [PurposeId(f"p{number}") for number in range(100)]
_OFFERS = [PurposeId(f"o{number}") for number in range(OBJECTIONS)]
_GONE = frozenset({"item-unknown", "subject-unknown"})
_DECIDING = PurposeId("d1")
_OCCUPIED = """
    SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0) FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind = 'r' AND nspname LIKE 'gestand%'
"""


@dataclass(slots=True)
class Duties:
    """What the duties came to, to be held against what was asked."""

    openings: int = 0
    refused: int = 0
    erasures: int = 0


class Kept:
    """A vault, its ledger and its statement over a folder."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock = system_clock,
        failpoint: Callable[[str], None] = lambda _: None,
        name: str = "Gestand on SQLite",
        address: str = "",
    ) -> None:
        """``address``: of a PostgreSQL that keeps data and keys; empty: they are in SQLite."""
        self.name = name
        self._address = address
        self.duties = Duties()
        self._folder = folder
        self._clock = clock
        root = folder / "root.key"
        if not root.exists():
            root.write_bytes(system_entropy(32))
        key = root.read_bytes()
        data = folder / "data"
        data.mkdir(exist_ok=True)
        self.engine: Engine = (
            _postgres(address, "gestand") if address else open_sqlite(data / "data.db", data_key(key), create=True)
        )
        self.ledger: Ledger = open_ledger(
            data / "ledger",
            self.engine,
            clock=clock,
            entropy=system_entropy,
            remembered=folder / "keys" / "remembered",
            origin="example.nl/bench",
        )
        self.promises = Promises(self.engine, self.ledger, clock, OWNER)
        self.vault: Vault = open_vault(
            data,
            self.engine,
            self.ledger,
            self.promises,
            root_key=key,
            clock=clock,
            entropy=system_entropy,
            failpoint=failpoint,
            keys=(lambda _path, _key: _postgres(address, "gestand_keys")) if address else None,
        )
        self.vault.resume()
        self.ids = Ids(folder / "ids")
        self._users = self.ids.users
        self.subjects = self.ids.subjects
        self.items = self.ids

    def load(self, records: Iterable[Record], users: int) -> None:
        """Take all records in, subject by subject, a thousand subjects to a transaction."""
        self._users = users
        self.ids.begin(users)
        of_user: dict[int, list[Record]] = {}
        for one in records:
            of_user.setdefault(one.user, []).append(one)
        waiting = iter(of_user.items())
        while batch := list(islice(waiting, _TOGETHER)):
            with self.engine.transaction():
                ids = self.vault.add(
                    [NewSubject(tuple(map(_item, found))) for _, found in batch], actor=OWNER, reason=_WHY
                )
                for subject, (user, found) in zip(ids, batch, strict=True):
                    self._stand(subject, first_stance(user))
                    self.ids.number(user, subject, [one.key for one in found])
        self.ids.keep()
        if self._address:  # as the plain table has it after its load; otherwise the server does so within a minute
            for engine in self.vault.stores():
                engine.execute("ANALYZE")
        for _ in range(MOST_LOGGED - self.ledger.head().size):  # as many as a regulator may ask for
            facts: dict[str, Fact] = {"purpose": "p0", "reason": _WHY, "items": 0, "refused": 0, "subjects": 0}
            self.ledger.append(Event("data.opened", self._clock(), OWNER, facts))

    def run(self, op: Op) -> Answer:
        """Do one operation by a public verb. What another client has erased is not there."""
        try:
            return self._run(op)
        except UsageError as fault:
            if fault.code not in _GONE:
                raise
            return NOTHING

    def _run(self, op: Op) -> Answer:  # noqa: PLR0911 - one return a query
        number = op.number
        match op.kind:
            case Kind.READ:
                item = self.items.get(number)
                if item is None:
                    return NOTHING
                return self._seen(self._open(self.ids.user(number), [item]))
            case Kind.READ_USER:
                return self._seen(self._open(number)) if number in self.subjects else NOTHING
            case Kind.READ_PURPOSE:
                purpose = _PURPOSES[number]
                subjects = self.vault.collected_for(purpose)
                count = seen = 0
                for opening in self.vault.open_many(subjects, purpose, actor=OWNER, reason=_WHY):
                    answer = self._seen(opening)
                    count, seen = count + answer.met, seen + answer.seen
                return Answer(count, seen)
            case Kind.META_USER:
                return self._metadata(number)
            case Kind.LOGS:
                return Answer(len(self.ledger.last(number)))
            case Kind.GONE:
                item = self.items.get(number)
                return Answer(int(item is not None and self.vault.item(item) is not None))
            case _:
                return self._change(op)

    def occupied(self) -> int:
        """Return the size of every file: store, keys, indexes, ledger; the logs of the stores cut first."""
        self.vault.cut_residue()
        files = sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file() and path.name != "ids")
        return files + (cast("int", self.engine.execute(_OCCUPIED)[0][0]) if self._address else 0)

    def close(self) -> None:
        """Close vault, ledger and store."""
        self.vault.close()
        self.ledger.close()
        self.engine.close()

    def opened(self) -> Iterator[int]:
        """Yield for every entry ``data.opened`` how many subjects it speaks of."""
        for entry in self.ledger.entries():
            if entry.event.name == "data.opened":
                subjects = entry.event.facts["subjects"]
                assert isinstance(subjects, int)
                yield subjects

    def _change(self, op: Op) -> Answer:  # noqa: PLR0911 - one return a query
        number, vault = op.number, self.vault
        if op.kind is Kind.INSERT:
            self._insert(record(number, self._users))
            return Answer(1)
        if op.kind is Kind.UPDATE_PURPOSE:
            self.promises.promise(number, op.field, op.value)
            return Answer(1)
        if op.kind is Kind.UPDATE_USER:
            subject = self.subjects.get(number)
            if subject is None:
                return NOTHING
            before = self.vault.objections(subject)
            self._stand(subject, _stance_of(before)._replace(**{op.field: op.value}), before)
            return Answer(1)
        item = self.items.get(number)
        if item is None:
            return NOTHING
        if op.kind is Kind.UPDATE:
            vault.rectify(item, text_of(number, op.value), actor=OWNER, reason=_WHY)
            return Answer(1)
        erasure = vault.erase([item], ground="17(1)(a)", actor=OWNER)
        self.duties.erasures += 1
        del self.items[number]
        if not vault.exists(self.subjects[self.ids.user(number)]):
            del self.subjects[self.ids.user(number)]
        return Answer(1 + erasure.found_afterwards)

    def _insert(self, one: Record) -> None:
        subject = self.subjects.get(one.user)
        with self.engine.transaction():
            (made,) = self.vault.add([NewSubject((_item(one),), id=subject)], actor=OWNER, reason=_WHY)
            if subject is None:
                self._stand(made, first_stance(one.user))
        self.subjects[one.user] = made
        self.items[one.key] = self.vault.last_item(made)

    def _stand(self, subject: SubjectId, stance: Stance, objections: tuple[PurposeId, ...] = ()) -> None:
        """Make the objections of a subject what they shall be, in one transaction."""
        before, wanted = set(objections), {_OFFERS[stance.obj], *([_DECIDING] if stance.dec else [])}
        with self.engine.transaction():
            if gone := sorted(before - wanted):
                self.vault.withdraw_objection(subject, gone, actor=OWNER, reason=_WHY)
            if new := sorted(wanted - before):
                self.vault.object_to(subject, new, actor=OWNER, reason=_WHY)

    def _stance(self, subject: SubjectId) -> Stance:
        return _stance_of(self.vault.objections(subject))

    def _open(self, user: int, items: list[ItemId] | None = None) -> Opening:
        return self.vault.open(self.subjects[user], _PURPOSES[user % 25], actor=OWNER, reason=_WHY, items=items)

    def _seen(self, opening: Opening) -> Answer:
        self.duties.openings += 1
        self.duties.refused += len(opening.refused)
        return Answer(len(opening.items), sum([seen_text(item.value) for item in opening.items]))

    def _metadata(self, user: int) -> Answer:
        subject = self.subjects.get(user)
        if subject is None:
            return NOTHING
        stance = self._stance(subject)
        found = self.vault.holdings(subject)
        terms = {holding.shelf: self.promises.terms(int(holding.shelf[1:])) for holding in found[:1]}
        return Answer(
            len(found),
            sum(
                seen_meta(int(h.purposes[0][1:]), int(h.source[3:]), int(h.field[3:-6]), terms[h.shelf], stance)
                for h in found
            ),
        )


def _postgres(address: str, schema: str) -> Engine:
    from gestand.storage.postgres import open_postgres

    return open_postgres(address, schema=schema)


def _item(one: Record) -> NewItem:
    return NewItem(
        FieldPath(f"cat{one.category}.datum"),
        one.text,
        ShelfId(f"s{one.purpose}"),
        f"src{one.source}",
        due=DUE if one.category == 0 else None,
        purposes=(_PURPOSES[one.purpose],),
    )


def _stance_of(objections: tuple[PurposeId, ...]) -> Stance:
    offers = [int(purpose[1:]) for purpose in objections if purpose[0] == "o"]
    return Stance(offers[0], int(_DECIDING in objections))
