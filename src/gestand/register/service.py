"""The verbs of the register: represent, open a dossier, involve, report an event, close, forget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, DossierId, ItemId, PurposeId, SubjectId, new_id
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.register import rules, store
from gestand.register.model import (
    OWN_TRIGGER,
    Dossier,
    DossierKind,
    Forgotten,
    Involved,
    Involvement,
    Party,
    RepresentationRole,
)
from gestand.statement.model import Statement
from gestand.statement.policy import Trigger
from gestand.storage.engine import Engine
from gestand.vault.model import Holding, Statements
from gestand.vault.service import Vault


class Register:
    """Parties and dossiers of one organisation."""

    def __init__(  # noqa: PLR0917 - the services, in the order system builds them
        self, engine: Engine, vault: Vault, ledger: Ledger, statements: Statements, clock: Clock, entropy: Entropy
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._ledger = ledger
        self._statements = statements
        self._clock = clock
        self._entropy = entropy
        engine.migrate("register", store.MIGRATIONS)
        vault.keep_beside(self.forget_all)

    # Parties

    def party(self, subject: SubjectId) -> Party:
        """Return what the register knows of a subject; one it knows nothing of is a person."""
        return Party(
            subject,
            "firm" if self._engine.execute(store.IS_FIRM, (subject,)) else "person",
            store.representations(self._engine, "person", subject),
            store.representations(self._engine, "firm", subject),
        )

    def enter_firm(self, subject: SubjectId) -> None:
        """Record that a subject is a firm; asked twice it is still one."""
        with self._engine.transaction():
            self._engine.execute(store.ADD_FIRM, (subject,))

    def represent(
        self, firm: SubjectId, person: SubjectId, role: RepresentationRole, *, since: date, actor: ActorId
    ) -> None:
        """Record that ``person`` acts for ``firm``.

        :raises UsageError: ``subject-unknown``; ``not-a-firm`` if ``firm`` is not entered as one or they are the same.
        """
        self._known(firm)
        self._known(person)
        if firm == person or not self._engine.execute(store.IS_FIRM, (firm,)):
            raise UsageError("not-a-firm", f"{firm} is no firm that {person} can act for", remedy="Enter it as a firm.")
        with self._engine.transaction():
            self._engine.execute(store.ADD_REPRESENTATION, (firm, person, role, since.isoformat(), None))
            self._ledger.stage(Event("representation.recorded", self._clock(), actor, {"role": role}))

    def end_representation(self, firm: SubjectId, person: SubjectId, *, until: date, actor: ActorId) -> None:
        """Record that ``person`` no longer acts for ``firm`` after ``until``."""
        with self._engine.transaction():
            self._engine.execute(store.END_REPRESENTATION, (until.isoformat(), firm, person))
            self._ledger.stage(
                Event("representation.ended", self._clock(), actor, {"until": until.isoformat()}),
            )

    # Dossiers

    def open_dossier(
        self,
        kind: DossierKind,
        purpose: PurposeId,
        people: Sequence[Involved],
        *,
        number: str = "",
        on: date | None = None,
        actor: ActorId,
    ) -> Dossier:
        """Open a dossier for one or more subjects and return it.

        Data of theirs that wait for an event of this kind become open-ended until it comes.

        :raises UsageError: ``dossier-number``, ``dossier-taken``, ``dossier-empty``, ``subject-unknown``, ``dossier-date``.
        :raises RefusedError: ``purpose-unknown`` if the statement in force has no such purpose.
        """
        rules.check_number(number)
        today = local_date(self._clock())
        if purpose not in self._statements.in_force().policy.purposes:
            raise RefusedError(
                "purpose-unknown",
                f"the statement in force has no purpose '{purpose}'",
                remedy="Known: " + ", ".join(self._statements.in_force().policy.purposes) + ".",
            )
        if not people:
            raise UsageError("dossier-empty", "a dossier is about somebody", remedy="Name at least one subject.")
        for involved in people:
            self._known(involved.subject)
        if number and self._engine.execute(store.NUMBERED, (kind, number)):
            raise UsageError("dossier-taken", f"there is a {kind} {number} already", remedy="Use another number.")
        fresh = Dossier(
            DossierId(new_id("dos", self._entropy)), number, kind, purpose, on or today, None, tuple(people), ()
        )
        if fresh.opened_on > today:
            rules.check_date(fresh, fresh.opened_on, today)
        with self._engine.transaction():
            self._engine.execute(store.ADD_DOSSIER, (fresh.id, number, kind, purpose, fresh.opened_on.isoformat()))
            self._engine.many(store.ADD_INVOLVED, [(who.subject, fresh.id, who.role) for who in people])
            self._ledger.stage(
                Event(
                    "dossier.opened", self._clock(), actor, {"dossier": fresh.id, "kind": str(kind), "purpose": purpose}
                )
            )
            self._redate(fresh, "dossier-opened", actor)
        return fresh

    def involve(self, dossier_id: DossierId, involved: Involved, *, actor: ActorId) -> None:
        """Add a subject to a dossier.

        :raises UsageError: ``unknown-dossier`` or ``subject-unknown``.
        """
        self._known(involved.subject)
        dossier = self._dossier(dossier_id)
        with self._engine.transaction():
            self._engine.execute(store.ADD_INVOLVED, (involved.subject, dossier.id, involved.role))
            self._ledger.stage(Event("dossier.joined", self._clock(), actor, {"dossier": dossier.id}))
            self._redate(self._dossier(dossier_id), "dossier-joined", actor)

    def record_event(self, dossier_id: DossierId, trigger: Trigger, *, on: date, actor: ActorId) -> Dossier:
        """Report that ``trigger`` happened to a dossier on a local date; the periods of its data begin.

        One transaction. Reported twice for the same date it changes nothing.

        :raises UsageError: ``unknown-dossier``, ``dossier-event``, ``dossier-date``.
        """
        dossier = self._dossier(dossier_id)
        rules.check_event(dossier, trigger, on, local_date(self._clock()))
        if any(event.trigger is trigger and event.on == on for event in dossier.events):
            return dossier
        with self._engine.transaction():
            self._add_event(dossier, trigger, on, actor)
            return self._redated(dossier_id, trigger, actor)

    def close(self, dossier_id: DossierId, *, on: date, actor: ActorId) -> Dossier:
        """Close a dossier. The event proper to its kind is reported for the same date if it was not before.

        :raises UsageError: ``unknown-dossier``, ``dossier-date``, ``dossier-closed`` if it is closed already.
        """
        dossier = self._dossier(dossier_id)
        rules.check_date(dossier, on, local_date(self._clock()))
        if dossier.closed_on is not None:
            raise UsageError(
                "dossier-closed",
                f"it was closed on {dossier.closed_on.isoformat()}",
                where=dossier.id,
                remedy="Nothing needs to be done.",
            )
        own = OWN_TRIGGER[dossier.kind]
        with self._engine.transaction():
            if dossier.happened(own) is None:
                self._add_event(dossier, own, on, actor)
            self._engine.execute(store.CLOSE, (on.isoformat(), dossier.id))
            self._ledger.stage(
                Event("dossier.closed", self._clock(), actor, {"dossier": dossier.id, "kind": str(dossier.kind)})
            )
            return self._redated(dossier_id, own, actor)

    def dossier(self, dossier_id: str) -> Dossier | None:
        """Return a dossier, or None."""
        return store.dossier(self._engine, dossier_id)

    def numbered(self, kind: DossierKind, number: str) -> Dossier | None:
        """Return the dossier of a kind with the firm's own number, or None."""
        rows = self._engine.execute(store.NUMBERED, (kind, number))
        return store.dossier(self._engine, str(rows[0][0])) if rows else None

    def dossiers_of(self, subject: SubjectId) -> tuple[Dossier, ...]:
        """Return the dossiers a subject is in, in order of id."""
        ids = [str(id_) for (id_,) in self._engine.execute(store.DOSSIERS_OF, (subject,))]
        return tuple(found for id_ in ids if (found := store.dossier(self._engine, id_)))

    def all_dossiers(self, after: str = "") -> Iterator[Dossier]:
        """Yield every dossier in order of id, those after the id ``after``."""
        return store.all_dossiers(self._engine, after)

    def involvements(self, subject: SubjectId | None = None) -> Iterator[Involvement]:
        """Yield who is in which kind of dossier since when: of one subject, or of all in one sweep."""
        return store.involvements(self._engine, subject)

    def firms(self) -> frozenset[SubjectId]:
        """Return the subjects that are entered as firms."""
        return store.firms(self._engine)

    def start_of(
        self, shelf_id: str, *, collected: date, dossier: str, subject: SubjectId | None, statement: Statement
    ) -> rules.Start:
        """Return when the period of a datum began that is collected for a shelf of ``statement``."""
        own = self.dossier(dossier) if dossier else None
        dossiers = self.dossiers_of(subject) if subject else ()
        return rules.start_of(statement.policy.shelves[shelf_id], collected=collected, own=own, dossiers=dossiers)

    def forget(self, subject: SubjectId) -> Forgotten:
        """Remove everything about a subject. A dossier with nobody left in it goes with them.

        The vault calls for this in the transaction that leaves nothing of a subject; a restore calls for it itself.
        """
        with self._engine.transaction():
            mine = self.dossiers_of(subject)
            ((representations,),) = self._engine.execute(store.COUNT_REPRESENTATIONS, (subject, subject))
            self._engine.execute(store.FORGET_INVOLVED, (subject,))
            self._engine.execute(store.FORGET_REPRESENTATIONS, (subject, subject))
            self._engine.execute(store.FORGET_FIRM, (subject,))
            self._engine.execute(store.FORGET_DEVICES, (subject,))
            empty = [dossier.id for dossier in mine if len(dossier.people) == 1]
            self._engine.many(store.DROP_EVENTS, [(id_,) for id_ in empty])
            self._engine.many(store.DROP_DOSSIER, [(id_,) for id_ in empty])
        return Forgotten(len(empty), int(representations or 0))

    def forget_all(self, subjects: Sequence[SubjectId]) -> None:
        """Remove everything about these subjects, in one transaction."""
        if subjects:
            with self._engine.transaction():
                for subject in subjects:
                    self.forget(subject)

    # Steps

    def _known(self, subject: SubjectId) -> None:
        if not self._vault.exists(subject):
            raise UsageError(
                "subject-unknown",
                f"there is no subject {subject}",
                remedy="Look it up with 'gestand subject find', or add it with 'gestand subject add'.",
            )

    def _dossier(self, dossier_id: str) -> Dossier:
        found = store.dossier(self._engine, dossier_id)
        if found is None:
            raise UsageError(
                "unknown-dossier", f"there is no dossier {dossier_id}", remedy="See 'gestand dossier list'."
            )
        return found

    def _add_event(self, dossier: Dossier, trigger: Trigger, on: date, actor: ActorId) -> None:
        self._engine.execute(store.ADD_EVENT, (dossier.id, trigger, on.isoformat()))
        facts = {"dossier": dossier.id, "kind": str(dossier.kind), "event": str(trigger), "on": on.isoformat()}
        self._ledger.stage(Event("dossier.event", self._clock(), actor, facts))

    def _redated(self, dossier_id: DossierId, trigger: str, actor: ActorId) -> Dossier:
        dossier = self._dossier(dossier_id)
        self._redate(dossier, trigger, actor)
        return dossier

    def _redate(self, dossier: Dossier, trigger: str, actor: ActorId) -> None:
        """Tell the vault the due dates that change for the data of everyone in ``dossier``."""
        changes: list[tuple[ItemId, date | None, date | None]] = []
        for involved in dossier.people:
            dossiers = self.dossiers_of(involved.subject)
            by_id = {one.id: one for one in dossiers}
            for holding in self._vault.holdings(involved.subject):
                own = by_id.get(DossierId(holding.dossier)) if holding.dossier else None
                start = self._start(holding, own, dossiers)
                if start is not None and (start.trigger_on, start.due) != (holding.trigger_on, holding.due):
                    changes.append((holding.item, start.trigger_on, start.due))
        if changes:
            self._vault.set_due(changes, trigger=str(trigger), actor=actor)

    def _start(self, holding: Holding, own: Dossier | None, dossiers: Sequence[Dossier]) -> rules.Start | None:
        """Return the start of a holding's period under the version it was collected under; None: not ours to date."""
        statement = self._statements.version(holding.version) or self._statements.in_force()
        shelf = statement.policy.shelves.get(holding.shelf) or self._statements.in_force().policy.shelves.get(
            holding.shelf
        )
        if shelf is None or not rules.dates(shelf.trigger):
            return None
        return rules.start_of(
            shelf, collected=holding.trigger_on or local_date(holding.collected_at), own=own, dossiers=dossiers
        )
