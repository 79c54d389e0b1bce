"""Which version of the statement is in force since when; publishing a new one; reading every old one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Protocol

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.errors import InputError, RefusedError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event
from gestand.publication.copies import PUBLISHED, read_copy, write_copy
from gestand.publication.folder import EARLIER, earlier, read_files
from gestand.publication.rules import NOTICE_DAYS, refusal
from gestand.publication.store import Kept, PublicationStore
from gestand.statement.compare import compare
from gestand.statement.load import digest_of, load_statement
from gestand.statement.model import Change, PublishedVersion, Statement
from gestand.statement.rules import check
from gestand.storage.engine import Engine


class Recorder(Protocol):
    """What publishing needs of the ledger."""

    def stage(self, event: Event) -> None:
        """Record ``event`` with the open transaction, exactly once."""
        ...


class Publication:
    """The published versions of one organisation. Statements are read once and checked against their digest."""

    def __init__(self, folder: Path, engine: Engine, ledger: Recorder, *, clock: Clock) -> None:
        self._folder = folder
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._store = PublicationStore(engine)
        self._read: dict[tuple[str, str], Statement] = {}

    def in_force(self, on: date | None = None) -> Statement:
        """Return the statement in force on a day; None: today.

        :raises RefusedError: if none is.
        :raises DamagedError: if its files were changed since.
        """
        day = on or local_date(self._clock())
        kept = self._store.in_force(day)
        if kept is None:
            raise RefusedError(
                "nothing-in-force",
                f"no version of the statement is in force on {day.isoformat()}",
                where=str(self._folder),
                remedy="Publish one: gestand statement publish --first",
            )
        return self._statement(kept)

    def version(self, version: str) -> Statement | None:
        """Return a published version, or None.

        :raises DamagedError: if its files were changed since.
        """
        kept = self._store.one(version)
        return None if kept is None else self._statement(kept)

    def history(self) -> tuple[PublishedVersion, ...]:
        """Return every version, in the order in which they came into force."""
        return tuple(kept.published for kept in self._store.all())

    def verify(self) -> int:
        """Read every version afresh and return how many there are.

        :raises DamagedError: for the first whose files were changed.
        """
        self._read.clear()
        return len([self._statement(kept) for kept in self._store.all()])

    def adopt(self, *, actor: ActorId) -> tuple[PublishedVersion, ...]:
        """Take in the earlier versions that stand in ``versions/``, in force from their own dates; durable on return.

        They are history, not a promise made today: what they say is kept as it is and is not compiled.
        """
        at = self._clock().isoformat(timespec="seconds")
        with self._engine.transaction():
            adopted = tuple(self._to_adopt("9999-12-31", at))
            for kept in adopted:
                self._add(kept, (), actor)
        return tuple(kept.published for kept in adopted)

    def publish(
        self,
        statement: Statement,
        *,
        in_force_from: date,
        actor: ActorId,
        controls: Collection[str] | None = None,
        notice_days: int = NOTICE_DAYS,
        first: bool = False,
        dry_run: bool = False,
    ) -> PublishedVersion:
        """Make ``statement`` current from ``in_force_from`` on; durable on return. Doing it twice changes nothing.

        ``dry_run``: everything is judged, nothing is written.

        The first publication also takes in the earlier versions that stand in ``versions/``, in force from their dates.

        :raises InputError: if ``check`` finds errors, or the files were changed since they were read.
        :raises RefusedError: if the version is published with other words, backdated, or enlarging on short notice.
        """
        files = read_files(Path(statement.folder))
        if digest_of(files) != statement.digest:
            raise _changed_meanwhile(statement, "the files were changed")
        again = self._published_before(statement, in_force_from)
        if again is not None:
            return again
        today = local_date(self._clock())
        problems = check(statement, controls, today=today)
        errors = tuple(problem for problem in problems if problem.severity == "error")
        if errors:
            raise InputError(errors)
        at = self._clock().isoformat(timespec="seconds")
        known = {kept.published.version for kept in self._store.all()}
        adopted = tuple(self._to_adopt(statement.version, at))
        previous = max((kept for kept in (*self._store.all(), *adopted)), key=_order, default=None)
        changes = compare(self._statement(previous), statement) if previous is not None else ()
        if first and any(kept.place.startswith(PUBLISHED) for kept in self._store.all()):
            raise RefusedError("not-first", "a version was published here before", remedy="Leave --first out.")
        refused = refusal(
            statement.version,
            in_force_from=in_force_from,
            today=today,
            previous=previous.published if previous is not None else None,
            changes=changes,
            notice_days=notice_days,
            first=first,
        )
        if refused is not None:
            raise refused
        new = PublishedVersion(statement.version, statement.digest, in_force_from, at)
        if dry_run:
            return new
        with (
            self._engine.transaction()
        ):  # the copy too: another may be publishing, and a published copy is never replaced
            again = self._published_before(statement, in_force_from)
            if again is not None:
                return again
            if {kept.published.version for kept in self._store.all()} != known:
                raise _changed_meanwhile(statement, "another version was published")
            write_copy(self._folder, new, files)
            for kept in adopted:
                self._add(kept, (), actor)
            self._add(Kept(new, f"{PUBLISHED}/{new.version}"), changes, actor)
        return new

    def _published_before(self, statement: Statement, in_force_from: date) -> PublishedVersion | None:
        kept = self._store.one(statement.version)
        if kept is None:
            return None
        if kept.published.digest == statement.digest and kept.published.in_force_from == in_force_from:
            self._statement(kept)  # still whole
            return kept.published
        what = "its words" if kept.published.digest != statement.digest else "the day it is in force from"
        raise RefusedError(
            "version-published",
            f"version {statement.version} was published on {kept.published.published_at}; {what} cannot be changed",
            where=statement.folder,
            remedy="Give the new version its own date in policy.toml: version = …",
        )

    def _to_adopt(self, before: str, at: str) -> Iterable[Kept]:
        """Yield the versions that the firm brings along and that are not known yet."""
        for folder in earlier(self._folder):
            files = read_files(folder)
            statement = load_statement(files, str(folder))
            if statement.version < before and self._store.one(statement.version) is None:
                start = date.fromisoformat(statement.version)
                yield Kept(PublishedVersion(statement.version, statement.digest, start, at), f"{EARLIER}/{folder.name}")

    def _add(self, kept: Kept, changes: tuple[Change, ...], actor: ActorId) -> None:
        self._store.add(kept)
        new = kept.published
        self._ledger.stage(
            Event(
                "statement.published",
                self._clock(),
                actor,
                {
                    "version": new.version,
                    "digest": new.digest,
                    "in_force_from": new.in_force_from.isoformat(),
                    "enlarging": sum(change.kind == "enlarging" for change in changes),
                    "narrowing": sum(change.kind == "narrowing" for change in changes),
                },
            )
        )

    def _statement(self, kept: Kept) -> Statement:
        key = (kept.published.version, kept.published.digest)
        if key not in self._read:
            folder = self._folder / kept.place
            self._read[key] = load_statement(read_copy(folder, digest=kept.published.digest), str(folder))
        return self._read[key]


def _changed_meanwhile(statement: Statement, what: str) -> RefusedError:
    return RefusedError(
        "changed-meanwhile",
        f"{what} while this one was published",
        where=statement.folder,
        remedy="Run it again.",
    )


def _order(kept: Kept) -> tuple[date, str]:
    return kept.published.in_force_from, kept.published.version


def open_publication(folder: Path, engine: Engine, ledger: Recorder, *, clock: Clock) -> Publication:
    """Return the publication of the organisation in ``folder``; makes its table where there is none."""
    return Publication(folder, engine, ledger, clock=clock)
