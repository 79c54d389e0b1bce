"""The SQL of breaches. Rows hold moments, counts and verdicts; what is written about anything or anyone is sealed.

Whom a person was told about stands under the mark of the ledger (``vault.reference``), which dies with the person's data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from gestand.breach.affected import Affected
from gestand.breach.model import Assessed, Breach, Case, Page, Step
from gestand.breach.notices import Audience, PublicNotice, Submission
from gestand.breach.rows import (
    affected_of,
    assessed_of,
    breach_of,
    moment_of,
    notice_of,
    page_of,
    step_of,
    submission_of,
)
from gestand.kernel.ids import ActorId, BreachId
from gestand.statement.policy import Text
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE breach (
        id TEXT PRIMARY KEY, file TEXT NOT NULL, reporter TEXT NOT NULL, reported_at TEXT NOT NULL, rehearsal INTEGER NOT NULL,
        aware_at TEXT NOT NULL, staff_aware INTEGER NOT NULL, closed_at TEXT NOT NULL, closed_by TEXT NOT NULL);
    CREATE TABLE breach_page (
        breach TEXT NOT NULL, number INTEGER NOT NULL, item TEXT NOT NULL, part TEXT NOT NULL, at TEXT NOT NULL,
        actor TEXT NOT NULL, PRIMARY KEY (breach, number));
    CREATE TABLE breach_step (
        breach TEXT NOT NULL, number INTEGER NOT NULL, lever TEXT NOT NULL, outcome TEXT NOT NULL, at TEXT NOT NULL,
        actor TEXT NOT NULL, touched INTEGER NOT NULL, PRIMARY KEY (breach, number));
    CREATE TABLE breach_affected (
        breach TEXT PRIMARY KEY, people INTEGER NOT NULL, unlisted INTEGER NOT NULL, records INTEGER NOT NULL,
        fields TEXT NOT NULL, special INTEGER NOT NULL, estimated INTEGER NOT NULL);
    CREATE TABLE breach_person (
        breach TEXT NOT NULL, mark TEXT NOT NULL, told_at TEXT NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (breach, mark));
    CREATE TABLE breach_assessment (
        breach TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, is_breach INTEGER NOT NULL,
        ours INTEGER NOT NULL, risk TEXT NOT NULL, authority INTEGER NOT NULL, people TEXT NOT NULL,
        controller INTEGER NOT NULL, exception TEXT NOT NULL, to_confirm INTEGER NOT NULL, carried_on INTEGER NOT NULL,
        confirmed_at TEXT NOT NULL, confirmed_by TEXT NOT NULL, PRIMARY KEY (breach, number));
    CREATE TABLE breach_submission (
        breach TEXT NOT NULL, number INTEGER NOT NULL, phase TEXT NOT NULL, submitted_at TEXT NOT NULL,
        recorded_at TEXT NOT NULL, actor TEXT NOT NULL, reference TEXT NOT NULL, missing TEXT NOT NULL,
        reasons INTEGER NOT NULL, PRIMARY KEY (breach, number));
    CREATE TABLE breach_notice (
        breach TEXT NOT NULL, number INTEGER NOT NULL, audience TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
        channel TEXT NOT NULL, people INTEGER NOT NULL, PRIMARY KEY (breach, number));
    CREATE TABLE breach_public (
        breach TEXT PRIMARY KEY, published_at TEXT NOT NULL, withdrawn_at TEXT NOT NULL, title_nl TEXT NOT NULL,
        title_en TEXT NOT NULL, body_nl TEXT NOT NULL, body_en TEXT NOT NULL);
    CREATE TABLE breach_door (door TEXT PRIMARY KEY, breach TEXT NOT NULL, closed_at TEXT NOT NULL)""",
    "ALTER TABLE breach_person ADD COLUMN message TEXT NOT NULL DEFAULT ''",
    """ALTER TABLE breach ADD COLUMN first_aware TEXT NOT NULL DEFAULT '';
    UPDATE breach SET first_aware = aware_at""",
)
TABLES = (
    "breach_page", "breach_step", "breach_affected", "breach_person", "breach_assessment", "breach_submission",
    "breach_notice", "breach_public", "breach_door",
)  # fmt: skip
"""Every table but that of the breaches themselves; what a breach has in them leaves with it."""

INSERT = (
    "INSERT INTO breach (id, file, reporter, reported_at, rehearsal, aware_at, staff_aware, closed_at, closed_by, first_aware) "
    "VALUES (?,?,?,?,?,?,?,?,?,?)"
)
UPDATE = "UPDATE breach SET aware_at = ?, staff_aware = ?, closed_at = ?, closed_by = ?, first_aware = ? WHERE id = ?"
COLUMNS = "id, file, reporter, reported_at, rehearsal, aware_at, staff_aware, closed_at, closed_by, first_aware"
ONE = f"SELECT {COLUMNS} FROM breach WHERE id = ?"  # noqa: S608 - column names only
ALL = f"SELECT {COLUMNS} FROM breach ORDER BY reported_at, id"  # noqa: S608
ENDED = f"SELECT {COLUMNS} FROM breach WHERE closed_at <> '' AND closed_at < ? ORDER BY closed_at, id"  # noqa: S608
COUNT = "SELECT COUNT(*) FROM breach"
DELETE = "DELETE FROM breach WHERE id = ?"
FORGET = "DELETE FROM {table} WHERE breach = ?"
NEXT = "SELECT COUNT(*) FROM {table} WHERE breach = ?"
ADD_PAGE = "INSERT INTO breach_page (breach, number, item, part, at, actor) VALUES (?,?,?,?,?,?)"
PAGES = "SELECT item, part, at, actor FROM breach_page WHERE breach = ? ORDER BY number"
ADD_STEP = "INSERT INTO breach_step (breach, number, lever, outcome, at, actor, touched) VALUES (?,?,?,?,?,?,?)"
STEPS = "SELECT lever, outcome, at, actor, touched FROM breach_step WHERE breach = ? ORDER BY number"
SET_AFFECTED = (
    "INSERT INTO breach_affected (breach, people, unlisted, records, fields, special, estimated) VALUES (?,?,?,?,?,?,?)"
)
AFFECTED = "SELECT people, unlisted, records, fields, special, estimated FROM breach_affected WHERE breach = ?"
ADD_PERSON = (
    "INSERT INTO breach_person (breach, mark, told_at, channel, message) VALUES (?,?,'','','') "
    "ON CONFLICT (breach, mark) DO NOTHING"
)
DROP_UNTOLD = "DELETE FROM breach_person WHERE breach = ? AND told_at = '' AND message = ''"
TELL = "UPDATE breach_person SET told_at = ?, channel = ? WHERE breach = ? AND mark = ? AND told_at = ''"
UNTOLD = "SELECT mark FROM breach_person WHERE breach = ? AND told_at = ''"
QUEUE = "UPDATE breach_person SET message = ?, channel = ? WHERE breach = ? AND mark = ? AND told_at = ''"
UNDER_WAY = "SELECT mark, message, channel FROM breach_person WHERE breach = ? AND told_at = '' AND message <> '' ORDER BY message"
TOLD_BY = "SELECT mark, message, channel FROM breach_person WHERE breach = ? AND told_at <> '' AND message <> '' ORDER BY message"
UNTELL = "UPDATE breach_person SET told_at = '', message = '' WHERE breach = ? AND mark = ?"
UNCOUNT = (
    "UPDATE breach_notice SET people = people - 1 WHERE breach = ? AND number = (SELECT MAX(number) FROM breach_notice "
    "WHERE breach = ? AND audience = ? AND channel = ? AND people > 0)"
)
NOT_BY_MAIL = "SELECT mark FROM breach_person WHERE breach = ? AND told_at = '' AND message = '' AND channel <> ''"
COUNT_PEOPLE = (
    "SELECT COUNT(*), COALESCE(SUM(CASE WHEN told_at <> '' THEN 1 ELSE 0 END), 0), MAX(told_at) "
    "FROM breach_person WHERE breach = ?"
)
OF_MARK = (
    "SELECT breach_person.breach, told_at, CASE WHEN told_at = '' THEN '' ELSE channel END FROM breach_person "
    "JOIN breach ON breach.id = breach_person.breach WHERE mark = ? AND rehearsal = 0 ORDER BY reported_at, breach.id"
)
ADD_ASSESSMENT = (
    "INSERT INTO breach_assessment (breach, number, at, actor, is_breach, ours, risk, authority, people, controller, "
    "exception, to_confirm, carried_on, confirmed_at, confirmed_by) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,'','')"
)
CONFIRM = "UPDATE breach_assessment SET confirmed_at = ?, confirmed_by = ? WHERE breach = ? AND number = ?"
ASSESSMENTS = (
    "SELECT number, at, actor, is_breach, ours, risk, authority, people, controller, exception, to_confirm, carried_on, "
    "confirmed_at, confirmed_by FROM breach_assessment WHERE breach = ? ORDER BY number"
)
ADD_SUBMISSION = (
    "INSERT INTO breach_submission (breach, number, phase, submitted_at, recorded_at, actor, reference, missing, reasons) "
    "VALUES (?,?,?,?,?,?,?,?,?)"
)
SUBMISSIONS = (
    "SELECT number, phase, submitted_at, recorded_at, actor, reference, missing, reasons FROM breach_submission "
    "WHERE breach = ? ORDER BY number"
)
ADD_NOTICE = "INSERT INTO breach_notice (breach, number, audience, at, actor, channel, people) VALUES (?,?,?,?,?,?,?)"
NOTICES = "SELECT number, audience, at, actor, channel, people FROM breach_notice WHERE breach = ? ORDER BY number"
PUBLISH = (
    "INSERT INTO breach_public (breach, published_at, withdrawn_at, title_nl, title_en, body_nl, body_en) "
    "VALUES (?,?,'',?,?,?,?)"
)
PUBLISHED = (
    "SELECT breach, published_at, title_nl, title_en, body_nl, body_en FROM breach_public WHERE withdrawn_at = '' "
    "ORDER BY published_at, breach"
)
WITHDRAW = "UPDATE breach_public SET withdrawn_at = ? WHERE breach = ? AND withdrawn_at = ''"


class BreachStore:
    """Breaches and what belongs to each, as rows."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("breach", MIGRATIONS)
        self._engine = engine

    def insert(self, b: Breach) -> None:
        """Write a new breach."""
        first = (b.id, b.file, str(b.reporter), b.reported_at.isoformat(), int(b.rehearsal))
        self._engine.execute(INSERT, (*first, *_changing(b)))

    def update(self, b: Breach) -> None:
        """Write what changed of a breach."""
        self._engine.execute(UPDATE, (*_changing(b), b.id))

    def one(self, breach_id: str) -> Breach | None:
        """Return a breach, or None."""
        rows = self._engine.execute(ONE, (breach_id,))
        return breach_of(rows[0]) if rows else None

    def all(self) -> Iterator[Breach]:
        """Yield every breach and rehearsal, oldest first."""
        yield from map(breach_of, self._engine.execute(ALL))

    def ended(self, before: date) -> Iterator[Breach]:
        """Yield what was closed before a date, oldest first."""
        yield from map(breach_of, self._engine.execute(ENDED, (before.isoformat(),)))

    def count(self) -> int:
        """Return how many are listed."""
        [(number,)] = self._engine.execute(COUNT)
        return int(str(number))

    def delete(self, breach_id: BreachId) -> None:
        """Remove a breach with everything that belongs to it."""
        for table in TABLES:
            self._engine.execute(FORGET.format(table=table), (breach_id,))
        self._engine.execute(DELETE, (breach_id,))

    def case(self, b: Breach) -> Case:
        """Return everything about a breach that is no text."""
        affected = self._engine.execute(AFFECTED, (b.id,))
        [(listed, told, last)] = self._engine.execute(COUNT_PEOPLE, (b.id,))
        return Case(
            breach=b,
            pages=self.pages(b.id),
            steps=tuple(map(step_of, self._engine.execute(STEPS, (b.id,)))),
            affected=affected_of(affected[0]) if affected else None,
            assessments=tuple(map(assessed_of, self._engine.execute(ASSESSMENTS, (b.id,)))),
            submissions=tuple(map(submission_of, self._engine.execute(SUBMISSIONS, (b.id,)))),
            notices=tuple(map(notice_of, self._engine.execute(NOTICES, (b.id,)))),
            told=int(str(told)),
            listed=int(str(listed)),
            last_told=moment_of(last),
        )

    def pages(self, breach_id: str) -> tuple[Page, ...]:
        """Return where the pages of a breach lie, oldest first."""
        return tuple(map(page_of, self._engine.execute(PAGES, (breach_id,))))

    def _next(self, table: str, breach_id: str) -> int:
        [(number,)] = self._engine.execute(NEXT.format(table=table), (breach_id,))
        return int(str(number)) + 1

    def add_page(self, breach_id: str, page: Page) -> None:
        """Write where a page lies."""
        row = (page.item, str(page.part), page.at.isoformat(), page.actor)
        self._engine.execute(ADD_PAGE, (breach_id, self._next("breach_page", breach_id), *row))

    def add_step(self, breach_id: str, step: Step) -> None:
        """Write that a lever was pulled, or why not."""
        row = (str(step.lever), step.outcome, step.at.isoformat(), step.actor, step.count)
        self._engine.execute(ADD_STEP, (breach_id, self._next("breach_step", breach_id), *row))

    def set_affected(self, breach_id: str, a: Affected, marks: Iterable[str]) -> None:
        """Replace the counts and the list; who was told stays told."""
        self._engine.execute(DROP_UNTOLD, (breach_id,))
        self._engine.execute(FORGET.format(table="breach_affected"), (breach_id,))
        fields = json.dumps(dict(a.fields))
        row = (a.people, a.unlisted, a.records, fields, int(a.special), int(a.estimated))
        self._engine.execute(SET_AFFECTED, (breach_id, *row))
        self._engine.many(ADD_PERSON, [(breach_id, mark) for mark in marks])

    def tell(self, breach_id: str, marks: Iterable[str], at: datetime, channel: str) -> None:
        """Write that these people were told; who was told before keeps the first moment."""
        self._engine.many(TELL, [(at.isoformat(), channel, breach_id, mark) for mark in marks])

    def tell_otherwise(self, breach_id: str, marks: Iterable[str], at: datetime, channel: str) -> None:
        """Write that a person told these people: whatever comes of a message that is under way to them."""
        told = list(marks)
        self._engine.many(QUEUE, [("", channel, breach_id, mark) for mark in told])
        self.tell(breach_id, told, at, channel)

    def untold(self, breach_id: str) -> frozenset[str]:
        """Return the marks of those on the list who were not told yet."""
        return frozenset(str(mark) for (mark,) in self._engine.execute(UNTOLD, (breach_id,)))

    def queue(self, breach_id: str, mark: str, message: str, channel: str) -> None:
        """Write that a message to someone is under way; without ``message``: that it came back by this channel."""
        self._engine.execute(QUEUE, (message, channel, breach_id, mark))

    def under_way(self, breach_id: str) -> list[tuple[str, str, str]]:
        """Return mark, message and channel of those to whom a message is under way."""
        return [(str(m), str(i), str(c)) for m, i, c in self._engine.execute(UNDER_WAY, (breach_id,))]

    def told_by(self, breach_id: str) -> list[tuple[str, str, str]]:
        """Return mark, message and channel of those who count as told because a message went."""
        return [(str(m), str(i), str(c)) for m, i, c in self._engine.execute(TOLD_BY, (breach_id,))]

    def untell(self, breach_id: str, mark: str, channel: str) -> None:
        """Write that a message by which someone was told came back: untold again, and counted in its notice no more."""
        self._engine.execute(UNTELL, (breach_id, mark))
        self._engine.execute(UNCOUNT, (breach_id, breach_id, str(Audience.PEOPLE), channel))

    def not_by_mail(self, breach_id: str) -> frozenset[str]:
        """Return the marks of those to whom a message did not arrive."""
        return frozenset(str(mark) for (mark,) in self._engine.execute(NOT_BY_MAIL, (breach_id,)))

    def of_mark(self, mark: str) -> list[tuple[BreachId, datetime | None, str]]:
        """Return for one person the breaches they are listed in, and when and how they were told; no rehearsal."""
        rows = self._engine.execute(OF_MARK, (mark,))
        return [(BreachId(str(b)), moment_of(told), str(channel)) for b, told, channel in rows]

    def add_assessment(self, breach_id: str, a: Assessed) -> None:
        """Write a judgement."""
        row = (
            a.number, a.at.isoformat(), a.actor, int(a.is_breach), int(a.ours), a.risk, int(a.authority), str(a.people),
            int(a.controller), a.exception, a.to_confirm, a.carried_on,
        )  # fmt: skip
        self._engine.execute(ADD_ASSESSMENT, (breach_id, *row))

    def confirm(self, breach_id: str, number: int, at: datetime, actor: ActorId) -> None:
        """Write that a person confirmed a judgement."""
        self._engine.execute(CONFIRM, (at.isoformat(), actor, breach_id, number))

    def add_submission(self, breach_id: str, s: Submission) -> None:
        """Write that a form was submitted."""
        row = (
            s.number, str(s.phase), s.submitted_at.isoformat(), s.recorded_at.isoformat(), s.actor, s.reference,
            " ".join(s.missing), int(s.reasons_for_delay),
        )  # fmt: skip
        self._engine.execute(ADD_SUBMISSION, (breach_id, *row))

    def add_notice(  # noqa: PLR0917 - the columns of one row
        self, breach_id: str, audience: Audience, at: datetime, actor: ActorId, channel: str, n: int
    ) -> int:
        """Write that a notice went out and return its number."""
        number = self._next("breach_notice", breach_id)
        self._engine.execute(ADD_NOTICE, (breach_id, number, str(audience), at.isoformat(), actor, channel, n))
        return number

    def publish(self, notice: PublicNotice) -> None:
        """Put a public communication up, in place of an earlier one of the same breach."""
        self._engine.execute(FORGET.format(table="breach_public"), (notice.breach,))
        words = (notice.title.nl, notice.title.en, notice.body.nl, notice.body.en)
        self._engine.execute(PUBLISH, (notice.breach, notice.published_at.isoformat(), *words))

    def published(self) -> tuple[PublicNotice, ...]:
        """Return the public communications that are up."""
        return tuple(
            PublicNotice(
                BreachId(str(b)),
                datetime.fromisoformat(str(at)),
                Text(nl=str(title_nl), en=str(title_en)),
                Text(nl=str(nl), en=str(en)),
            )
            for b, at, title_nl, title_en, nl, en in self._engine.execute(PUBLISHED)
        )

    def withdraw(self, breach_id: str, at: datetime) -> None:
        """Take a public communication down."""
        self._engine.execute(WITHDRAW, (at.isoformat(), breach_id))


def _changing(b: Breach) -> tuple[str | int, ...]:
    aware, closed, first = (at.isoformat() if at else "" for at in (b.aware_at, b.closed_at, b.first_aware))
    return (aware, int(b.staff_aware), closed, b.closed_by, first)
