"""A file of people into the vault: first seen dry, then in batches, each whole or not at all.

Rows, how far it came and the ledger's entry stand in one transaction, so a run that is killed goes on where it was and
brings nothing in twice. The same file under the same columns is known by its digest.
"""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from gestand.intake import store
from gestand.intake.admission import day_collected
from gestand.intake.asking import Asks, asked_about
from gestand.intake.batch import Batch, Sorter
from gestand.intake.duplicates import Known, identifying, keys_of
from gestand.intake.errorsfile import ErrorsFile
from gestand.intake.files import open_table, survey
from gestand.intake.mapping import check_wishes, plan_columns, read_mapping
from gestand.intake.model import (
    ColumnPlan,
    Datum,
    DryRun,
    ImportOrder,
    ImportOutcome,
    Progress,
    Record,
    Remark,
    Survey,
    Table,
)
from gestand.intake.rows import RowReader
from gestand.kernel.canonical import canonical
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, PurposeId, ShelfId, SubjectId, new_id
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.register.rules import Start, start_of
from gestand.register.service import Register
from gestand.statement.model import Statement
from gestand.storage.engine import Engine
from gestand.vault.model import NewItem, NewSubject, Statements
from gestand.vault.service import Vault

BATCH = 4_000  # rows in one transaction: more would cost memory, fewer would write the same pages more often
_REMEMBERED = 1_000_000  # keys a dry run remembers to see duplicates
_REASON = "import"
_COMPARE = "import: is this person known already"

_Keeping = tuple[ShelfId, date | None, date | None, tuple[PurposeId]]  # shelf, begin, due, for what
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class _Work:
    """One import under way."""

    seen: Survey
    table: Table
    columns: ColumnPlan
    digest: str
    statement: Statement
    on: date
    source: str
    errors: ErrorsFile
    actor: ActorId


class Importer:
    """Brings files in. The services are those of the intake."""

    def __init__(  # noqa: PLR0917 - the services, in the order system builds them
        self,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        register: Register,
        statements: Statements,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._ledger = ledger
        self._register = register
        self._statements = statements
        self._clock = clock
        self._entropy = entropy
        self.asks: Asks = lambda _contacts: ()

    def dry_run(self, order: ImportOrder, on_read: Callable[[int], None] = lambda _: None) -> DryRun:
        """Say what an import would do; nothing is written. ``on_read`` hears of every batch how many rows were read.

        :raises UsageError: as :meth:`run`.
        """
        seen, table, columns, statement = self._look_at(order)
        day_collected(order.on, local_date(self._clock()))
        reader, fields = RowReader(columns), identifying(statement.policy)
        faults: Counter[str] = Counter()
        met: set[int] = set()
        sound = unsound = duplicates = 0
        for batch in _batches(table.records()):
            rows = asked_about([reader.read(record) for record in batch], statement.policy, self.asks)
            keyed = [keys_of(row.data, fields) for row in rows if row.data]
            held = self._vault.find_many({key for keys in keyed for key in keys})
            unsound += len(rows) - len(keyed)
            faults.update(_reason(remark) for row in rows for remark in row.remarks)
            for keys in keyed:
                hashes = [hash(key) for key in keys]
                sound += 1
                duplicates += any(held[key] for key in keys) or not met.isdisjoint(hashes)
                if len(met) < _REMEMBERED:
                    met.update(hashes)
            on_read(sound + unsound)
        return DryRun(seen, columns, sound + unsound, sound, unsound, duplicates, tuple(faults.most_common()))

    def run(self, order: ImportOrder, *, actor: ActorId, on_progress: OnProgress = lambda _: None) -> ImportOutcome:
        """Import the file, or go on with the import of it that was interrupted.

        A row with an unsound value is refused whole and stands in the errors file. Complete already: nothing is done.

        :raises UsageError: ``collected-later``; for a file that cannot be read or is no table, a mapping that does not fit, an errors file
            that cannot be written, another run of the same import at work.
        :raises RefusedError: ``purpose-unknown``; ``nothing-admitted`` if no column is needed for any purpose.
        """
        seen, table, columns, statement = self._look_at(order)
        on = day_collected(order.on, local_date(self._clock()))
        if not columns.mapped:
            raise RefusedError(
                "nothing-admitted",
                f"no column of the file is needed for the purpose '{columns.purpose}'",
                where=str(order.path),
                remedy="Name the columns in a mapping file (--mapping), or another purpose (--purpose).",
            )
        digest = _digest(columns)
        started = store.progress(self._engine, seen.digest, digest)
        errors = ErrorsFile(order.path, repeat_values=order.repeat_values)
        if started is None or started.records == 0:
            errors.begin()
        elif not started.done and errors.path.exists() and started.errors_bytes:
            errors.put(started.errors_bytes, ())
        elif not started.done and errors.path.exists():
            errors.begin()
        before = started or self._begin(seen, digest)
        source = order.source or f"import {before.id}"
        work = _Work(seen, table, columns, digest, statement, on, source, errors, actor)
        last = before if before.done else self._bring_in(work, before, on_progress)
        return ImportOutcome(
            last.read,
            last.added,
            last.merged,
            last.refused,
            errors.path if last.errors_bytes else None,
            resumed=before.records > 0 and not before.done,
            again=before.done,
        )

    # Steps

    def _look_at(self, order: ImportOrder) -> tuple[Survey, Table, ColumnPlan, Statement]:
        statement = self._statements.in_force()
        wishes = read_mapping(order.mapping) if order.mapping else None
        seen = survey(order.path)
        table = open_table(seen)
        if wishes is not None and order.mapping:
            check_wishes(order.mapping, wishes, table.header, statement.policy)
        return seen, table, plan_columns(table.header, statement.policy, order.purpose, wishes), statement

    def _begin(self, seen: Survey, digest: str) -> Progress:
        import_id = new_id("imp", self._entropy)
        with self._engine.transaction():
            self._engine.execute(store.BEGIN, (import_id, seen.digest, digest, self._clock().isoformat()))
        begun = store.progress(self._engine, seen.digest, digest)
        if begun is None:
            raise DamagedError("import-lost", "the import that was begun is not in the store", where=str(seen.path))
        return begun

    def _bring_in(self, work: _Work, progress: Progress, on_progress: OnProgress) -> Progress:
        reader = RowReader(work.columns)
        sorter = Sorter(work.statement.policy, self._vault.find_many, lambda ids: self._look(ids, work))
        records = islice(work.table.records(), progress.records, None)
        on_progress(progress)
        with _without_collector():
            for batch in _batches(records):
                rows = asked_about([reader.read(record) for record in batch], work.statement.policy, self.asks)
                sorted_batch = sorter.sort(rows)
                progress = self._seal(work, progress, batch, sorted_batch)
                on_progress(progress)
                del batch, sorted_batch
                gc.collect(1)
        after = replace(progress, done=True)
        with self._engine.transaction():
            self._advance(work, progress, after)
        on_progress(after)
        return after

    def _look(self, subjects: Sequence[SubjectId], work: _Work) -> Iterator[Known]:
        for opening in self._vault.open_many(subjects, work.columns.purpose, actor=work.actor, reason=_COMPARE):
            known = Known(opening.subject)
            for item in opening.items:
                known.hold(item.holding.field, item.value)
            known.closed.update(item.holding.field for item in opening.refused)
            yield known

    def _seal(self, work: _Work, before: Progress, records: Sequence[Record], batch: Batch) -> Progress:
        """Write a batch: the errors file first, then data, progress and ledger entry in one transaction."""
        length = before.errors_bytes
        if batch.remarks:
            length = work.errors.put(length, batch.remarks)
        after = Progress(
            before.id,
            before.records + len(records),
            before.read + len(records),
            before.added + len(batch.fresh),
            before.merged + batch.merged,
            before.refused + batch.refused,
            length,
            done=False,
        )
        policy = work.statement.policy
        shelves = {column.purpose: ShelfId(policy.purposes[column.purpose].shelf) for column in work.columns.mapped}
        first = {
            purpose: _keeping(shelf, start_of(policy.shelves[shelf], collected=work.on, own=None, dossiers=()), purpose)
            for purpose, shelf in shelves.items()
        }
        subjects = [NewSubject(_items(known.added, first, work.source)) for known in batch.fresh]
        for known in batch.grown:
            own = {p: _keeping(shelf, self._start(work, shelf, known), p) for p, shelf in shelves.items()}
            subjects.append(NewSubject(_items(known.added, own, work.source), id=known.subject))
        facts: dict[str, Fact] = {
            "file_digest": work.seen.digest,
            "read": after.read,
            "added": after.added,
            "merged": after.merged,
        }
        facts |= {"refused": after.refused, "from_row": records[0].row, "to_row": records[-1].row}
        with self._engine.transaction():
            if subjects:
                self._vault.add(subjects, actor=work.actor, reason=_REASON)
            self._advance(work, before, after)
            self._ledger.stage(Event("intake.imported", self._clock(), work.actor, facts))
        return after

    def _start(self, work: _Work, shelf: ShelfId, known: Known) -> Start:
        return self._register.start_of(
            shelf, collected=work.on, dossier="", subject=known.subject, statement=work.statement
        )

    def _advance(self, work: _Work, before: Progress, after: Progress) -> None:
        if not store.advance(self._engine, work.seen.digest, work.digest, before, after):
            raise UsageError(
                "import-running",
                "another run of this import is at work, or has gone further",
                where=str(work.seen.path),
                remedy="Wait for it to end, then run this one again.",
            )


def _keeping(shelf: ShelfId, start: Start, purpose: PurposeId) -> _Keeping:
    return shelf, start.trigger_on, start.due, (purpose,)


def _items(data: Sequence[Datum], keeping: dict[PurposeId, _Keeping], source: str) -> tuple[NewItem, ...]:
    items = []
    for path, value, purpose, _ in data:
        shelf, trigger_on, due, purposes = keeping[purpose]
        items.append(NewItem(path, value, shelf, source, trigger_on, due, purposes))
    return tuple(items)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the collector of cycles back: a batch is 100,000 small objects without one, and looking costs a third more."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    rows = iter(records)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _reason(remark: Remark) -> str:
    return f"{remark.column}: {remark.reason}" if remark.column else remark.reason


def _digest(columns: ColumnPlan) -> str:
    plan = [columns.purpose, [[column.index, column.path, column.purpose] for column in columns.mapped]]
    return hashlib.sha256(canonical(plan)).hexdigest()
