"""Notices of a version that lets more happen with data: who is concerned is told by mail or letter before it is in force.

Whom it concerns is worked out from what changed and what is held. Who was told stands in the ledger, with the mail server's
answer or the day of posting; run again, only who was not told yet is told, and who was mailed in vain by letter. Addresses are opened for the purpose of rights:
the notice is a duty of law (Articles 13(3) and 14(4) GDPR).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.post.letters import spoken
from gestand.post.model import Letter, Mail, MailKind, State
from gestand.post.service import Post
from gestand.publication.notices import Concerned, concerned, said_of
from gestand.publication.service import Publication
from gestand.statement.compare import compare
from gestand.statement.model import PublishedVersion
from gestand.statement.policy import FieldKind, Policy
from gestand.storage.engine import Engine
from gestand.vault.model import Holding, Opening
from gestand.vault.service import Vault

SHOWN = 12
TOLD = frozenset({"mail.sent", "letter.posted", "notice.unreachable"})
ADDRESS = (FieldKind.STREET, FieldKind.POSTCODE, FieldKind.TOWN)
FILES = frozenset({"request", "breach"})
"""Sources of data that are about a request or a breach, not about somebody's relation with the firm."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What came of telling people: how many are concerned, were told before, get a mail or a letter, cannot be reached."""

    version: str
    in_force_from: date
    concerned: int
    before: int
    mailed: int
    printed: int
    unreachable: int


class Announcing:
    """Tells people of versions that let more happen with their data."""

    def __init__(  # noqa: PLR0917 - the services, in the order system builds them
        self, engine: Engine, vault: Vault, ledger: Ledger, publication: Publication, post: Post, clock: Clock
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._ledger = ledger
        self._publication = publication
        self._post = post
        self._clock = clock

    def announce(self, version: str, *, actor: ActorId, language: str = "nl", dry_run: bool = False) -> Announcement:
        """Queue a notice for everyone concerned who was not told yet; it leaves with ``post deliver`` or the printer.

        :raises UsageError: ``version-unknown``. :raises RefusedError: ``notice-late`` once the version is in force.
        """
        new, about = self._about(version)
        if new.in_force_from <= local_date(self._clock()):
            raise RefusedError(
                "notice-late",
                f"version {version} is in force since {new.in_force_from.isoformat()}; who is concerned is told before",
                where="Articles 13(3) and 14(4) GDPR",
                remedy="Tell people all the same, by a service message, and say that it is late.",
            )
        people = sorted(people_concerned(self._vault, self._publication, about, before=new.in_force_from))
        reference = reference_of(version)
        queued = list(self._post.all(reference=reference))
        in_vain = {one.subject_id for one in queued if one.state is State.BOUNCED}
        waiting = {one.subject_id for one in queued if one.state is not State.BOUNCED}
        untold = [one for one in people if one not in waiting and not self._was_told(one, reference)]
        mailed = printed = unreachable = 0
        for subject in untold if not dry_run else ():
            how = self._tell(subject, new, language, actor, by_mail=subject not in in_vain)
            mailed, printed, unreachable = (
                mailed + (how == "mail"),
                printed + (how == "post"),
                unreachable + (how == ""),
            )
        return Announcement(
            version, new.in_force_from, len(people), len(people) - len(untold), mailed, printed, unreachable
        )

    def _about(self, version: str) -> tuple[PublishedVersion, Concerned]:
        history = self._publication.history()
        at = next((n for n, one in enumerate(history) if one.version == version), None)
        if at is None:
            raise UsageError(
                "version-unknown", f"version {version} is not published", remedy="See 'gestand statement history'."
            )
        return history[at], about_of(self._publication, at)

    def _was_told(self, subject: SubjectId, reference: str) -> bool:
        found = [
            entry.event
            for entry in self._ledger.of_subject(self._vault.reference(subject))
            if entry.event.facts.get("reference") == reference
        ]
        back = returned(found)
        return any(event.name in TOLD and event.facts.get("message") not in back for event in found)

    def _tell(self, subject: SubjectId, new: PublishedVersion, language: str, actor: ActorId, *, by_mail: bool) -> str:
        policy = self._publication.in_force().policy
        items = [one.item for one in self._vault.holdings(subject) if self._reaches(one)]
        reference = reference_of(new.version)
        name, email = "", ""
        lines: tuple[str, ...] = ()
        if items:
            opening = self._vault.open(
                subject,
                PurposeId(policy.rights.purpose),
                actor=actor,
                reason=f"notice of version {new.version}",
                items=items,
            )
            name, email, lines = self._reach(opening)
        values = {"from": spoken(new.in_force_from, language), "changes": self._changes(new, language),
                  "place": policy.controller.website}  # fmt: skip
        letter = self._post.letter_text("statement-change", language, values)
        if email and by_mail:
            self._post.send(
                Mail(email, letter.subject, letter.body, kind=MailKind.NOTICE, reference=reference, subject_id=subject)
            )
            return "mail"
        if lines:
            pdf = self._post.letter("statement-change", language, values, to=(name, *lines))
            self._post.print_letter(Letter(pdf, reference, subject))
            return "post"
        with self._engine.transaction():
            facts = {"reference": reference}
            self._ledger.stage(Event("notice.unreachable", self._clock(), actor, facts, self._vault.reference(subject)))
        return ""

    def _changes(self, new: PublishedVersion, language: str) -> str:
        history = self._publication.history()
        at = next(n for n, one in enumerate(history) if one.version == new.version)
        old, statement = self._publication.version(history[at - 1].version), self._publication.version(new.version)
        assert old is not None
        assert statement is not None
        enlarging = [change for change in compare(old, statement) if change.kind == "enlarging"]
        said = dict.fromkeys(said_of(change, statement, language) for change in enlarging)
        more = (
            []
            if len(said) <= SHOWN
            else [{"nl": "en meer; zie de verklaring", "en": "and more; see the statement"}[language]]
        )
        return "\n".join(f"- {line}" for line in [*list(said)[:SHOWN], *more])

    def _reaches(self, holding: Holding) -> bool:
        field = self._publication.in_force().policy.field(holding.field)
        return field is not None and field.kind in {FieldKind.NAME, FieldKind.EMAIL, *ADDRESS}

    def _reach(self, opening: Opening) -> tuple[str, str, tuple[str, ...]]:
        policy = self._publication.in_force().policy
        found: dict[FieldKind, str] = {}
        for one in opening.items:
            field = policy.field(one.holding.field)
            if field is not None:
                found.setdefault(field.kind, one.value)
        street, postcode, town = (found.get(kind, "") for kind in ADDRESS)
        lines = tuple(line for line in (street, f"{postcode}  {town}".strip()) if line) if street else ()
        return found.get(FieldKind.NAME, ""), found.get(FieldKind.EMAIL, ""), lines


def returned(events: Iterable[Event]) -> frozenset[Fact]:
    """Return which of the messages that these events tell of came back: they told nobody."""
    return frozenset(event.facts["message"] for event in events if event.name == "mail.bounced")


def by_post(policy: Policy, holdings: Iterable[Holding]) -> bool:
    """Say whether an address on paper is held."""
    fields = [policy.field(one.field) for one in holdings]
    return any(field is not None and field.kind is FieldKind.STREET for field in fields)


def reference_of(version: str) -> str:
    """Return under what the notices of a version stand in the outbox and the ledger."""
    return f"statement-{version}"


def about_of(publication: Publication, at: int) -> Concerned:
    """Return whom the version at ``at`` in the history concerns, against the one before it; the first concerns nobody."""
    history = publication.history()
    if at == 0:
        return Concerned(everyone=False, purposes=frozenset(), shelves=frozenset(), fields=frozenset())
    old, new = publication.version(history[at - 1].version), publication.version(history[at].version)
    assert old is not None
    assert new is not None
    return concerned(compare(old, new), new)


def people_concerned(vault: Vault, publication: Publication, about: Concerned, *, before: date) -> Iterator[SubjectId]:
    """Yield the subjects of whom something is held that was collected before a day and that ``about`` touches."""
    if about.nobody:
        return
    policies = {
        one.version: found.policy for one in publication.history() if (found := publication.version(one.version))
    }
    for subject in vault.subjects():
        for one in vault.holdings(subject):
            if one.source in FILES or local_date(one.collected_at) >= before:
                continue
            policy = policies.get(one.version)
            purposes = one.purposes or (policy.purposes_of(one.field) if policy is not None else ())
            if about.touches(one.field, one.shelf, purposes):
                yield subject
                break
