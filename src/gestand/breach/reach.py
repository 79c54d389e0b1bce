"""Who is affected: computed from the ledger (what was opened), the vault (what lay there) and the archive (messages)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gestand.breach.model import Affected, Reach, Touched
from gestand.breach.ports import Messages
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import FieldPath, PurposeId, SubjectId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.statement.policy import Policy
from gestand.vault.model import Holding, Statements
from gestand.vault.service import Vault

MESSAGE = FieldPath("correspondence.message")


@dataclass(slots=True)
class _Found:
    """What a search found so far: per subject the items in reach, and what cannot be named."""

    items: defaultdict[SubjectId, dict[str, FieldPath]] = field(default_factory=lambda: defaultdict(dict))
    messages: Counter[SubjectId] = field(default_factory=Counter)
    unlisted: int = 0
    unlisted_messages: int = 0
    estimated: bool = False

    def touch(self, holding: Holding) -> None:
        self.items[holding.subject][holding.item] = holding.field


class Search:
    """Answers a ``Reach`` over one organisation."""

    def __init__(self, vault: Vault, ledger: Ledger, statements: Statements, messages: Messages | None) -> None:
        self._vault = vault
        self._ledger = ledger
        self._statements = statements
        self._messages = messages

    def run(self, reach: Reach, *, leave_out: frozenset[SubjectId]) -> tuple[tuple[Touched, ...], Affected]:
        """Return who was in reach and the counts; ``leave_out`` are the files of breaches themselves.

        :raises UsageError: ``breach-reach`` if it names nothing, a moment without a zone, or a backup, mailbox or subject
            that is not there.
        """
        _check(reach)
        found = _Found()
        if reach.opened_by:
            self._opened(reach, found)
        if reach.shelves or reach.sources or reach.dossiers or reach.everything or reach.backup:
            self._lay(reach, found, leave_out)
        for subject in reach.subjects:
            if not self._vault.exists(subject):
                raise _wrong(f"there is no subject {subject}", "Look it up with 'gestand subject find'.")
            for holding in self._vault.holdings(subject):
                found.touch(holding)
        if reach.mailbox:
            self._archived(reach, found)
        found.unlisted += reach.others
        for subject in leave_out & found.items.keys():
            del found.items[subject]
        return self._listed(found)

    def _opened(self, reach: Reach, found: _Found) -> None:
        """What an actor opened between two moments, as the ledger has it."""
        policy = self._statements.in_force().policy
        by_reference: defaultdict[str, list[Event]] = defaultdict(list)
        batches: list[Event] = []
        for entry in self._ledger.entries():
            event = entry.event
            if event.name != "data.opened" or event.actor != reach.opened_by or not _within(event.at, reach):
                continue
            if event.subject:
                by_reference[event.subject].append(event)
            else:
                batches.append(event)
        if by_reference:
            for subject in self._vault.subjects():
                for event in by_reference.pop(self._vault.reference(subject), ()):
                    self._seen(subject, event, policy, found)
            found.unlisted += len(by_reference)  # erased since: that they were seen is known, who they are no longer
        for event in batches:
            found.estimated = True
            for subject in self._vault.collected_for(PurposeId(str(event.facts.get("purpose")))):
                self._seen(subject, event, policy, found)

    def _seen(self, subject: SubjectId, event: Event, policy: Policy, found: _Found) -> None:
        purpose = policy.purposes.get(str(event.facts.get("purpose")))
        for holding in self._vault.holdings(subject):
            if holding.collected_at <= event.at and (purpose is None or purpose.allows(holding.field)):
                found.touch(holding)

    def _lay(self, reach: Reach, found: _Found, leave_out: frozenset[SubjectId]) -> None:
        """What lay on shelves, came from sources, belonged to dossiers, or was in a backup, by a moment."""
        by = reach.last
        if reach.backup:
            made = self._backup_made(reach.backup)
            by = made if by is None else min(by, made)
        whole = reach.everything or (reach.backup and not (reach.shelves or reach.sources or reach.dossiers))
        for subject in self._vault.subjects():
            if subject in leave_out:
                continue
            for holding in self._vault.holdings(subject):
                named = (
                    holding.shelf in reach.shelves
                    or holding.source in reach.sources
                    or holding.dossier in reach.dossiers
                )
                if (whole or named) and (by is None or holding.collected_at <= by):
                    found.touch(holding)

    def _backup_made(self, backup: str) -> datetime:
        for entry in self._ledger.entries():
            if entry.event.name == "backup.made" and entry.event.facts.get("backup") == backup:
                return entry.event.at
        raise _wrong(f"the ledger knows no backup '{backup}'", "See 'gestand backup list'.")

    def _archived(self, reach: Reach, found: _Found) -> None:
        if self._messages is None:
            raise _wrong(
                "there is no archive to look in", "Count the people by hand and give the number with --others."
            )
        for subject, number in self._messages.touched(reach.mailbox, reach.first, reach.last):
            if subject is None:
                found.unlisted += 1
                found.unlisted_messages += number
            else:
                found.messages[subject] += number

    def _listed(self, found: _Found) -> tuple[tuple[Touched, ...], Affected]:
        touched: list[Touched] = []
        for subject in sorted({*found.items, *found.messages}):
            fields = Counter(found.items[subject].values() if subject in found.items else ())
            fields[MESSAGE] += found.messages[subject]
            if +fields:
                touched.append(Touched(subject, tuple(sorted((+fields).items()))))
        more = {MESSAGE: found.unlisted_messages} if found.unlisted_messages else {}
        policy = self._statements.in_force().policy
        return tuple(touched), counted(policy, touched, more, unlisted=found.unlisted, estimated=found.estimated)


def counted(
    policy: Policy, touched: Iterable[Touched], more: Mapping[FieldPath, int], *, unlisted: int, estimated: bool
) -> Affected:
    """Return the counts of a list; ``more`` are records of people who are not on it."""
    counts = Counter(more)
    people = 0
    for one in touched:
        people += 1
        counts.update(dict(one.counts))
    special = any(_is_special(policy, path) for path in counts)
    return Affected(people, unlisted, counts.total(), tuple(sorted(counts.items())), special, estimated)


def joined(before: Iterable[Touched], now: Iterable[Touched]) -> tuple[Touched, ...]:
    """Return both lists as one: each person once, of each field the greater number."""
    counts: defaultdict[SubjectId, dict[FieldPath, int]] = defaultdict(dict)
    for one in (*before, *now):
        mine = counts[one.subject]
        for path, number in one.counts:
            mine[path] = max(number, mine.get(path, 0))
    return tuple(Touched(subject, tuple(sorted(counts[subject].items()))) for subject in sorted(counts))


def _is_special(policy: Policy, path: FieldPath) -> bool:
    category = policy.categories.get(path.partition(".")[0])
    return category is not None and (category.special or category.criminal)


def _within(at: datetime, reach: Reach) -> bool:
    return (reach.first is None or reach.first <= at) and (reach.last is None or at <= reach.last)


def _check(reach: Reach) -> None:
    if reach.empty:
        raise _wrong(
            "nothing is named to look at",
            "Name what was within reach, such as --shelf customer, --opened-by NAME --from … --to …, or --others 12.",
        )
    for moment in _moments(reach):
        if moment.tzinfo is None:
            raise _wrong(f"{moment.isoformat()} has no zone", "Write 2026-12-07T09:30:00+01:00.")
    if reach.first and reach.last and reach.last < reach.first:
        raise _wrong("the last moment lies before the first", "Turn them round.")
    if reach.others < 0:
        raise _wrong("a number of people is not negative", "Give --others a whole number.")


def _moments(reach: Reach) -> Iterator[datetime]:
    return (moment for moment in (reach.first, reach.last) if moment is not None)


def _wrong(why: str, remedy: str) -> UsageError:
    return UsageError("breach-reach", why, where="breach people", remedy=remedy)
