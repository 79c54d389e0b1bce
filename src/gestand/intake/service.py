"""The verbs of the intake: admit data of one person, or a file of many; nothing comes in another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

from gestand.intake import store
from gestand.intake.admission import day_collected, judge_values
from gestand.intake.asking import Asks
from gestand.intake.importer import Importer, OnProgress
from gestand.intake.model import DryRun, ImportOrder, ImportOutcome
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, DossierId, FieldPath, PurposeId, ShelfId, SubjectId
from gestand.ledger.service import Ledger
from gestand.register.service import Register
from gestand.storage.engine import Engine
from gestand.vault.model import NewItem, NewSubject, Statements
from gestand.vault.service import Vault


class Intake:
    """How data enter one organisation."""

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
        self._register = register
        self._statements = statements
        self._clock = clock
        engine.migrate("intake", store.MIGRATIONS)
        self._importer = Importer(engine, vault, ledger, register, statements, clock, entropy)

    def admit(
        self,
        subject: SubjectId | None,
        values: Mapping[FieldPath, str],
        purpose: PurposeId,
        *,
        source: str,
        actor: ActorId,
        dossier: DossierId | None = None,
        on: date | None = None,
        kind: Literal["person", "firm"] = "person",
    ) -> SubjectId:
        """Admit data of one person or firm for a purpose and return whose they are; None for ``subject`` makes a new one.

        ``on`` is the local date of collection, today if None. ``source`` is told to the person (Article 15(1)(g)) and
        stands in the ledger: a kind of source, such as "counter", never a name.

        :raises RefusedError: ``purpose-unknown``, ``field-without-purpose``, ``bsn``.
        :raises InputError: ``value-unsound``, every unsound value at once.
        :raises UsageError: ``nothing-to-admit``, ``subject-unknown``, ``unknown-dossier``, ``dossier-other-subject``,
            ``collected-later``.
        """
        collected = day_collected(on, local_date(self._clock()))
        statement = self._statements.in_force()
        data = judge_values(statement.policy, values, purpose, source)
        if not data:
            raise UsageError("nothing-to-admit", "no value was given", remedy="Give at least one field with its value.")
        if subject is not None and not self._vault.exists(subject):
            raise UsageError(
                "subject-unknown", f"there is no subject {subject}", remedy="Look it up with 'gestand subject find'."
            )
        self._check_dossier(subject, dossier)
        shelf = ShelfId(statement.policy.purposes[purpose].shelf)
        start = self._register.start_of(
            shelf,
            collected=collected,
            dossier=dossier or "",
            subject=subject,
            statement=statement,
        )
        items = tuple(
            NewItem(d.path, d.value, shelf, source, start.trigger_on, start.due, (purpose,), dossier or "")
            for d in data
        )
        with self._engine.transaction():
            event = "data.sealed" if subject else "subject.added"
            (admitted,) = self._vault.add(
                [NewSubject(items, kind, subject)], actor=actor, reason=f"admitted for {purpose}", source_event=event
            )
            if kind == "firm":
                self._register.enter_firm(admitted)
        return admitted

    def ask_about(self, asks: Asks) -> None:
        """Let imports ask about addresses and numbers of people who want no offers; see ``asking``."""
        self._importer.asks = asks

    def plan_import(self, order: ImportOrder, on_read: Callable[[int], None] = lambda _: None) -> DryRun:
        """Say what an import would do; see ``Importer.dry_run``."""
        return self._importer.dry_run(order, on_read)

    def import_file(
        self, order: ImportOrder, *, actor: ActorId, on_progress: OnProgress = lambda _: None
    ) -> ImportOutcome:
        """Import a file, or go on where an interrupted import of it was; see ``Importer.run``."""
        return self._importer.run(order, actor=actor, on_progress=on_progress)

    def _check_dossier(self, subject: SubjectId | None, dossier: DossierId | None) -> None:
        if dossier is None:
            return
        found = self._register.dossier(dossier)
        if found is None:
            raise UsageError("unknown-dossier", f"there is no dossier {dossier}", remedy="See 'gestand dossier list'.")
        if subject is None or subject not in {involved.subject for involved in found.people}:
            raise UsageError(
                "dossier-other-subject",
                f"the dossier {dossier} is not about this person",
                remedy="Name a subject of the dossier, or add them to it first.",
            )
