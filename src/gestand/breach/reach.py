"""Who is affected: computed from the ledger (what was opened), the vault (what lay there) and the archive (messages)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gestand.breach.affected import Affected, Reach, Touched
from gestand.breach.found import Found
from gestand.breach.openings import Openings
from gestand.breach.ports import Ports
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.ledger.service import Ledger
from gestand.statement.policy import Policy
from gestand.vault.model import Statements
from gestand.vault.service import Vault

MESSAGE = FieldPath("correspondence.message")
_NAMED = 20  # sources that a refusal names


@dataclass(frozen=True, slots=True)
class Reached:
    """Who was in reach, the counts, the messages in reach, and the systems that could not be searched, each with why."""

    touched: tuple[Touched, ...]
    affected: Affected
    messages: tuple[str, ...]
    not_searched: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks who was in reach, and for what: searching messages and other systems is recorded with it."""

    purpose: PurposeId
    actor: ActorId
    reason: str


class Search:
    """Answers a ``Reach`` over one organisation."""

    def __init__(self, vault: Vault, ledger: Ledger, statements: Statements, ports: Ports) -> None:
        self._vault = vault
        self._ledger = ledger
        self._statements = statements
        self._messages = ports.messages
        self._sources = ports.sources
        self._openings = Openings(vault, ledger, statements, ports.handed)

    def run(self, reach: Reach, asking: Asking, *, leave_out: frozenset[SubjectId]) -> Reached:
        """Return who was in reach; ``leave_out`` are the files of breaches themselves.

        :raises UsageError: ``breach-reach`` if it names nothing, a moment without a zone, or a backup, mailbox or subject
            that is not there.
        """
        _check(reach)
        found = Found()
        if reach.backup:
            made = self._backup_made(reach.backup)
            reach = replace(reach, last=made if reach.last is None else min(reach.last, made))
            if reach.whole:
                self._left_since(made, found)
        if reach.opened_by:
            self._openings.touch(reach, found)
        if reach.shelves or reach.sources or reach.dossiers or reach.whole:
            self._lay(reach, found, leave_out)
        for subject in reach.subjects:
            if not self._vault.exists(subject):
                raise _wrong(f"there is no subject {subject}", "Look it up with 'gestand subject find'.")
            for holding in self._vault.holdings(subject):
                found.touch(holding)
        for source in reach.sources:
            self._lay_elsewhere(source, found, asking, leave_out)
        self._archived(reach, found, asking)
        found.unlisted += reach.others
        for subject in leave_out:
            found.items.pop(subject, None)
            found.messages.pop(subject, None)
        touched, affected = self._listed(found)
        return Reached(touched, affected, tuple(found.seen), tuple(sorted(found.not_searched.items())))

    def _lay(self, reach: Reach, found: Found, leave_out: frozenset[SubjectId]) -> None:
        """What lay on shelves, came from sources, belonged to dossiers, or was in a backup, by a moment.

        A name that nothing has is refused: a slip of the pen would say that nobody is affected.
        """
        sources, dossiers = set[str](), set[str]()
        for subject in self._vault.subjects():
            if subject in leave_out:
                continue
            for holding in self._vault.holdings(subject):
                sources.add(holding.source)
                dossiers.add(holding.dossier or "")
                named = (
                    holding.shelf in reach.shelves
                    or holding.source in reach.sources
                    or holding.dossier in reach.dossiers
                )
                if (reach.whole or named) and (reach.last is None or holding.collected_at <= reach.last):
                    found.touch(holding)
        self._refuse_strange(reach, sources, dossiers)

    def _refuse_strange(self, reach: Reach, sources: Collection[str], dossiers: Collection[str]) -> None:
        shelves = self._statements.in_force().policy.shelves
        for shelf in reach.shelves:
            if shelf not in shelves:
                raise _wrong(f"the statement has no shelf '{shelf}'", f"Its shelves: {', '.join(shelves)}.")
        for source in reach.sources:
            if source not in sources and not (self._sources is not None and self._sources.declared(source)):
                known = ", ".join(sorted(sources)[:_NAMED]) or "none"
                raise _wrong(f"nothing that is held came from a source '{source}'", f"It came from: {known}.")
        for dossier in reach.dossiers:
            if dossier not in dossiers:
                raise _wrong(
                    f"nothing that is held belongs to a dossier '{dossier}'", "Look it up with 'gestand dossier list'."
                )

    def _backup_made(self, backup: str) -> datetime:
        for entry in self._ledger.entries():
            if entry.event.name == "backup.made" and entry.event.facts.get("backup") == backup:
                return entry.event.at
        raise _wrong(f"the ledger knows no backup '{backup}'", "See 'gestand backup list'.")

    def _left_since(self, made: datetime, found: Found) -> None:
        """Count who was in a backup and was erased after it: who they are is known no longer."""
        here = {self._vault.reference(subject) for subject in self._vault.subjects()}
        gone: set[str] = set()
        several = 0
        for entry in self._ledger.entries():
            event = entry.event
            if event.name == "erasure.done" and event.at > made:
                if event.subject and event.subject not in here:
                    gone.add(event.subject)
                elif not event.subject:
                    several += int(str(event.facts.get("items") or 0))
        found.unlisted += len(gone) + several
        found.estimated = found.estimated or several > 0

    def _lay_elsewhere(self, source: str, found: Found, asking: Asking, leave_out: frozenset[SubjectId]) -> None:
        """What lies in another system itself; one that cannot be searched is told, and what came from it counts."""
        if self._sources is None or not self._sources.declared(source):
            return
        subjects = [subject for subject in self._vault.subjects() if subject not in leave_out]
        lay = self._sources.lay(source, subjects, purpose=asking.purpose, actor=asking.actor, reason=asking.reason)
        for one in lay.touched:
            found.copies[one.subject].update(dict(one.counts))
        found.unlisted += lay.others
        found.estimated = found.estimated or lay.others > 0 or bool(lay.why_not)
        if lay.why_not:
            found.not_searched[source] = lay.why_not

    def _archived(self, reach: Reach, found: Found, asking: Asking) -> None:
        if self._messages is None:
            if reach.mailbox:
                raise _wrong(
                    "there is no archive to look in", "Count the people by hand and give the number with --others."
                )
            return
        if not (reach.mailbox or reach.opened_by or reach.shelves or reach.whole):
            return
        touched = self._messages.touched(reach, purpose=asking.purpose, actor=asking.actor, reason=asking.reason)
        for one in touched:
            found.messages.update(one.people)
            found.strangers.update(one.strangers)
            found.estimated = found.estimated or not one.certain
            if one.message:
                found.seen.append(one.message)
            if one.strangers or not one.people:
                found.unlisted_messages += max(len(one.strangers), 1)
                found.unlisted += not one.strangers  # nobody can say whose it is: at least one person
        if reach.mailbox and not found.seen and not self._messages.knows(reach.mailbox):
            raise _wrong(
                f"no message in the archive came from a mailbox '{reach.mailbox}'",
                "Name it as [mail.mailboxes] of gestand.toml does, or its address; * for any.",
            )
        found.unlisted += len(found.strangers)

    def _listed(self, found: Found) -> tuple[tuple[Touched, ...], Affected]:
        touched: list[Touched] = []
        for subject in sorted({*found.items, *found.messages, *found.copies}):
            fields = Counter(found.items[subject].values() if subject in found.items else ())
            for path, number in found.copies[subject].items() if subject in found.copies else ():
                fields[path] = max(number, fields[path])  # the same datum here and there is one
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
