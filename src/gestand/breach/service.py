"""Verbs of a breach: report, contain, state, count, assess, fill, submit, tell, close; each with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gestand.breach import announcing, assessing, closing, containing, registering, submitting, telling
from gestand.breach.affected import Affected, Reach, Touched
from gestand.breach.containing import Pull
from gestand.breach.desk import Desk
from gestand.breach.facts import Judgement
from gestand.breach.filing import BreachFiles
from gestand.breach.form import AuthorityForm, fill
from gestand.breach.letters import Letter, story_of
from gestand.breach.model import Assessed, Breach, Case, Page, Part, ReadPage, Reporter, Step
from gestand.breach.notices import DueNotice, Notice, Phase, PublicNotice, Queued, Submission
from gestand.breach.ports import Ports
from gestand.breach.rules import due_notices, left_to_do
from gestand.breach.store import BreachStore
from gestand.breach.telling import Told
from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, BreachId, SubjectId, new_id
from gestand.ledger.service import Ledger
from gestand.statement.policy import BreachDuty, Text
from gestand.storage.engine import Engine
from gestand.vault.model import Statements
from gestand.vault.service import Vault

LONGEST_REPORT = 20_000  # characters; a form on the public pages leads here


class Breaches:
    """The breaches of one organisation, and the rehearsals of them."""

    def __init__(  # noqa: PLR0917 - the services, in the order system builds them
        self,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        statements: Statements,
        clock: Clock,
        entropy: Entropy,
        *,
        ports: Ports | None = None,
    ) -> None:
        store, files = BreachStore(engine), BreachFiles(vault, statements, clock)
        self._desk = Desk(engine, store, files, vault, ledger, statements, clock, entropy, ports or Ports())

    # It is reported

    def report(
        self,
        what: str,
        *,
        reporter: Reporter,
        actor: ActorId,
        contact: str = "",
        reported_at: datetime | None = None,
        rehearsal: bool = False,
        aware_at: datetime | None = None,
        why: str = "",
    ) -> Breach:
        """List a report at once, confirmed or not; the clock runs from it until awareness is stated (``aware_at``, ``why``).

        ``what`` and ``contact`` are sealed. The public form calls this with ``Reporter.OUTSIDER``.

        :raises UsageError: ``breach-report-empty``, ``breach-too-long``, ``breach-moment``.
        """
        desk, now = self._desk, self._desk.clock()
        text = "\n".join(part for part in (what.strip(), contact.strip()) if part)
        if not what.strip():
            raise UsageError("breach-report-empty", "a report says what happened", remedy="Write what was seen.")
        if len(text) > LONGEST_REPORT:
            raise UsageError(
                "breach-too-long",
                f"the report is longer than {LONGEST_REPORT} characters",
                remedy="Write what happened; send the rest as a letter.",
            )
        at = reported_at or now
        if at.tzinfo is None or at > now:
            raise UsageError(
                "breach-moment",
                f"{at.isoformat()} has no zone or lies in the future",
                remedy="Write when the report came in, such as 2026-12-07T09:30:00+01:00.",
            )
        if aware_at is not None:
            assessing.check_aware(aware_at, now, "")
        with desk.engine.transaction():
            file, page = desk.files.write(Part.REPORT, text, actor=actor)
            breach = Breach(BreachId(new_id("bre", desk.entropy)), file, reporter, at, rehearsal)
            desk.store.insert(breach)
            desk.store.add_page(breach.id, Page(page.item, page.part, page.at, page.actor))
            desk.stage("breach.reported", breach, actor, reporter=str(reporter), rehearsal=rehearsal)
            if aware_at is not None:
                breach = assessing.state_aware(desk, breach.id, aware_at, why, staff=False, actor=actor)
        return breach

    def state_aware(self, breach: str, at: datetime, why: str, *, actor: ActorId, staff: bool = False) -> Breach:
        """State since when there was reasonable certainty, and why then; ``staff``: those in charge knew later.

        :raises UsageError: ``breach-unknown``, ``breach-moment``. :raises RefusedError: ``breach-closed``.
        """
        return assessing.state_aware(self._desk, breach, at, why, staff=staff, actor=actor)

    # It is contained

    def contain(self, breach: str, pull: Pull, *, actor: ActorId) -> Step:
        """Pull a lever, record what a person did, or say why it is not needed.

        :raises UsageError: ``breach-unknown``, ``breach-no-reason``, ``breach-door``.
        :raises RefusedError: ``breach-lever-not-there``, ``breach-nobody-listed``, ``breach-closed``.
        """
        return containing.contain(self._desk, breach, pull, actor)

    def shut_doors(self) -> frozenset[str]:
        """Return the doors that are shut; whoever serves one asks this before it answers."""
        return self._desk.doors.all()

    def open_door(self, breach: str, door: str, *, actor: ActorId) -> None:
        """Open a door again that was shut, or use a source or mailbox again that was frozen."""
        containing.open_door(self._desk, breach, door, actor)

    # It is known, judged and counted

    def state_facts(self, breach: str, facts: Mapping[str, Any], *, actor: ActorId) -> Assessed:
        """State facts in the vocabulary of ``law.breach`` and judge anew; a fact that cannot be read counts as a risk.

        ``None`` withdraws a fact. A closed breach is opened again.

        :raises UsageError: ``breach-unknown``, ``breach-no-fact``, ``breach-too-long``.
        """
        return assessing.state_facts(self._desk, breach, facts, actor)

    def count_people(self, breach: str, reach: Reach, *, actor: ActorId, replace: bool = False) -> Affected:
        """Compute who was in reach, seal the list, and judge anew; adds to the list before unless ``replace``.

        :raises UsageError: ``breach-unknown``, ``breach-reach``. :raises RefusedError: ``breach-closed``.
        """
        return assessing.count_people(self._desk, breach, reach, actor, replace=replace)

    def listed(self, breach: str, *, actor: ActorId) -> tuple[Touched, ...]:
        """Open the sealed list of who is affected."""
        return self._desk.listed(self._desk.one(breach), actor)

    def listed_for(self, subject: SubjectId) -> list[tuple[BreachId, datetime | None, str]]:
        """Return the breaches in which a person is listed, and when and how they were told; for an access answer.

        A rehearsal is none.
        """
        found = self._desk.store.of_mark(self._desk.vault.reference(subject))
        return [one for one in found if not self._desk.one(one[0]).rehearsal]

    def assess(self, breach: str, *, actor: ActorId) -> Assessed:
        """Judge what is known by now, however little, and write the judgement down with its reasons."""
        return assessing.assess(self._desk, breach, actor)

    def judgement(self, breach: str, *, actor: ActorId) -> Judgement:
        """Return the judgement over what is known by now with its reasons; nothing changes but that the file was opened."""
        return assessing.judgement(self._desk, self._desk.one(breach), actor)

    def confirm(self, breach: str, why: str, *, actor: ActorId) -> Assessed:
        """Confirm, as a named person, what lets a duty fall. New facts ask for a new confirmation.

        :raises RefusedError: ``breach-nothing-to-confirm``. :raises UsageError: ``breach-no-reason``.
        """
        return assessing.confirm(self._desk, breach, why, actor)

    def write(self, breach: str, part: Part, text: Text, *, actor: ActorId) -> None:
        """Write what happened (summary), the consequences or the measures in plain words, in both languages."""
        telling.write(self._desk, breach, part, text, actor)

    # It is told

    def form(self, breach: str, *, actor: ActorId) -> AuthorityForm:
        """Return the authority's form filled as far as known, for a person to submit."""
        desk = self._desk
        one = desk.one(breach)
        pages = desk.read(one, actor=actor)
        law = assessing.judgement(desk, one, actor)
        return fill(desk.store.case(one), desk.policy, law, story_of(pages), pages, desk.clock())

    def submit(
        self,
        breach: str,
        *,
        reference: str,
        actor: ActorId,
        submitted_at: datetime | None = None,
        reasons: str = "",
        phase: Phase | None = None,
    ) -> Submission:
        """Record that a person submitted the form, under the authority's reference; ``reasons``: of a delay (33(1)).

        :raises UsageError: ``breach-no-reference``, ``breach-moment``.
        :raises RefusedError: ``breach-late-without-reasons``, ``breach-closed``.
        """
        return submitting.submit(self._desk, breach, reference, submitted_at, reasons, phase, actor)

    def letters(self, breach: str, *, actor: ActorId, language: str = "nl") -> Iterator[Letter]:
        """Yield the letter to everyone listed who was not told yet.

        :raises RefusedError: ``breach-notice-incomplete`` while what happened or what was done is not written.
        """
        return telling.letters(self._desk, breach, language, actor)

    def told(self, breach: str, record: Told, *, actor: ActorId) -> Notice:
        """Record that people were told. :raises UsageError: ``breach-nobody-told`` if nobody is left."""
        return telling.told(self._desk, breach, record, actor)

    def send(self, breach: str, *, actor: ActorId, language: str = "nl") -> Queued:
        """Put a mail, or a letter to print, in the outbox for everyone listed who was not told.

        They count as told once it went (``settle``). In a rehearsal nothing goes anywhere.

        :raises RefusedError: ``breach-no-post`` if nothing here can send; ``breach-notice-incomplete``.
        """
        return telling.send(self._desk, breach, language, actor)

    def settle(self, breach: str, *, actor: ActorId) -> int:
        """Note who was told by messages that went since, and who was not reached; return how many were told."""
        return telling.settle(self._desk, self._desk.one(breach), actor)

    def settle_all(self, *, actor: ActorId) -> int:
        """Do so for every breach: what came back after it was closed opens it again."""
        return sum(telling.settle(self._desk, one, actor) for one in list(self._desk.store.all()) if not one.rehearsal)

    def notice_for_all(self, breach: str, *, actor: ActorId) -> PublicNotice:
        """Return the public communication of Article 34(3)(c) as it would be shown."""
        return announcing.notice_for_all(self._desk, breach, actor)

    def publish(self, breach: str, *, actor: ActorId) -> PublicNotice:
        """Put the public communication on the public pages."""
        return announcing.publish(self._desk, breach, actor)

    def withdraw(self, breach: str, *, actor: ActorId) -> None:
        """Take the public communication down."""
        announcing.withdraw(self._desk, breach, actor)

    def published(self) -> tuple[PublicNotice, ...]:
        """Return the public communications that are up, for the public pages."""
        return self._desk.store.published()

    def for_controller(self, breach: str, *, actor: ActorId, language: str = "nl") -> str:
        """Return the notice to a controller on whose behalf we process (Article 33(2))."""
        return announcing.for_controller(self._desk, breach, language, actor)

    def told_controller(self, breach: str, record: Told, *, actor: ActorId) -> Notice:
        """Record that the controllers were told (``record.others`` of them)."""
        return announcing.told_controller(self._desk, breach, record, actor)

    # It is over, and stays in the register

    def close(self, breach: str, *, lessons: str, actor: ActorId) -> Breach:
        """Close it, with what was learnt; the holds end and the period of the file begins.

        :raises RefusedError: ``breach-not-done`` with what is left to do; a rehearsal may always end.
        """
        return closing.close(self._desk, breach, lessons, actor)

    def rehearsed(self, breach: str) -> closing.Rehearsed:
        """Return how long each step of a rehearsal took, in minutes after the report."""
        return closing.rehearsed(self._desk.case(breach))

    def register(self, *, actor: ActorId) -> tuple[registering.RegisterLine, ...]:
        """Return the register of Article 33(5): every breach, notified or not; no rehearsal."""
        return registering.register(self._desk, actor)

    def all(self) -> Iterator[Case]:
        """Yield everything that is listed, rehearsals marked, oldest first; no text is opened."""
        return (self._desk.store.case(breach) for breach in list(self._desk.store.all()))

    def recent(self, most: int) -> tuple[Case, ...]:
        """Return the ``most`` newest and whatever else is open, newest first; no text is opened."""
        listed = tuple(self._desk.store.all())[::-1]
        newest = {one.id for one in listed[:most]}
        return tuple(self._desk.store.case(one) for one in listed if one.open or one.id in newest)

    def running(self) -> Iterator[Case]:
        """Yield what is open, rehearsals marked, oldest first; no text is opened."""
        return (self._desk.store.case(breach) for breach in list(self._desk.store.all()) if breach.open)

    def case(self, breach: str) -> Case:
        """Return one of them. :raises UsageError: ``breach-unknown``."""
        return self._desk.case(breach)

    def due(self, case: Case, promise: BreachDuty | None = None) -> tuple[DueNotice, ...]:
        """Return what is owed to whom by when, and what is late; ``promise`` None: that of the statement in force."""
        return due_notices(case, promise or self._desk.policy.breach, self._desk.clock())

    def left(self, case: Case) -> tuple[Text, ...]:
        """Return what must be done before it can be closed."""
        return left_to_do(case, self._desk.policy.breach, self._desk.clock())

    def lost(self, case: Case) -> tuple[Page, ...]:
        """Return the pages of a file that are no longer in the vault; nothing is opened."""
        return tuple(self._desk.files.lost(case.pages))

    def read(self, breach: str, *, actor: ActorId) -> tuple[ReadPage, ...]:
        """Open the whole file of a breach."""
        return self._desk.read(self._desk.one(breach), actor=actor)
