"""What a person chooses about the use of their data: correction, restriction, objection, consent; and what then begins.

A consent that ends and an objection that is made start the period of what was kept for them (Articles 7(3), 17(1)(b),
21(3) GDPR): the address leaves the list, the note that nothing may be sent stays its own time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Final

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, SubjectId
from gestand.law.periods import keeping
from gestand.publication.service import Publication
from gestand.reading.identifiers import check_field
from gestand.statement.consent import words_digest
from gestand.statement.policy import LawfulBasis, Policy, Purpose, Text, Trigger
from gestand.storage.engine import Engine
from gestand.vault.model import Holding
from gestand.vault.rules import ends_by_objection, followed, may_be_objected, reasoned
from gestand.vault.service import Vault

Suppress = Callable[[SubjectId, Sequence[PurposeId]], int]
"""Keeps the keyed hash of a person's addresses, so that they are passed over also when nothing else is known of them."""


CHANNELS: Final = ("web", "form", "email", "telephone", "counter", "post")
"""How a consent is given or ended; what proves it (Article 7(1)) says one of these."""


class Choices:
    """Carries out what a person chooses; each works from the next read on, and stands in the ledger."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        statements: Publication,
        clock: Clock,
        suppress: Suppress = lambda _subject, _purposes: 0,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._statements = statements
        self._clock = clock
        self._suppress = suppress

    def rectify(self, item: ItemId, value: str, *, actor: ActorId, reason: str) -> None:
        """Put the right value in place of a wrong one (Article 16), in the form in which its field is kept.

        :raises UsageError: ``item-unknown``, ``value-unsound``, ``reason``.
        """
        self._vault.rectify(item, self.sound(item, value, reason), actor=actor, reason=reason)

    def sound(self, item: ItemId, value: str, reason: str) -> str:
        """Return a value in the form in which its field is kept.

        :raises UsageError: ``value-unsound``, ``reason``.
        """
        reasoned(reason)
        holding = self._vault.item(item)
        field = self._statements.in_force().policy.field(holding.field) if holding else None
        sound = check_field(field, value) if field is not None else value
        if not isinstance(sound, str):
            raise UsageError(
                "value-unsound",
                f"the value {sound.reason}",
                where=holding.field if holding else item,
                remedy="Correct the value and give it again.",
            )
        return sound

    def restrict(self, items: Collection[ItemId], *, actor: ActorId, reason: str) -> None:
        """Restrict items (Article 18): they are kept, and open only to answer the person they are about."""
        reasoned(reason)
        self._vault.restrict(items, actor=actor, reason=reason)

    def release(self, items: Collection[ItemId], *, actor: ActorId, reason: str) -> None:
        """Lift a restriction; the person is told before (Article 18(3))."""
        reasoned(reason)
        self._vault.release(items, actor=actor, reason=reason)

    def object_to(self, subject: SubjectId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str) -> None:
        """Record an objection (Article 21), and end every consent to the same: who objects does not want it.

        :raises RefusedError: ``objection-without-effect`` for a purpose that goes on all the same.
        """
        reasoned(reason)
        _stoppable(self._statements.in_force().policy, purposes)
        if self._vault.exists(subject):
            self._suppress(subject, purposes)
        with self._engine.transaction():
            self._vault.object_to(subject, purposes, actor=actor, reason=reason)
            for purpose in set(self._vault.consents(subject)) & set(purposes):
                self._end_consent(subject, purpose, "objection", actor)
            self._date(subject, Trigger.OBJECTION, local_date(self._clock()), actor)

    def withdraw_objection(
        self, subject: SubjectId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str
    ) -> None:
        """Take an objection back, at the person's own word."""
        reasoned(reason)
        self._vault.withdraw_objection(subject, purposes, actor=actor, reason=reason)

    def consent(self, subject: SubjectId, purpose: PurposeId, *, channel: str, actor: ActorId) -> None:
        """Record a consent to the text of the statement in force (Article 7(1)).

        :raises RefusedError: ``consent-not-asked`` for a purpose that does not rest on consent.
        :raises UsageError: ``consent-channel``.
        """
        _by(channel)
        text = self._text_of(purpose)
        digest = words_digest(text)
        purposes = self._statements.in_force().policy.purposes
        with self._engine.transaction():
            # A consent to offers leaves an objection to them standing: that is taken back in so many words.
            if purpose in self._vault.objections(subject) and not may_be_objected(purposes[purpose]):
                self._vault.withdraw_objection(subject, [purpose], actor=actor, reason="consent given since")
            self._vault.consent(subject, purpose, text_digest=digest, channel=channel, actor=actor)
            self._date(subject, Trigger.CONSENT_WITHDRAWN, None, actor, purpose)

    def withdraw_consent(self, subject: SubjectId, purpose: PurposeId, *, channel: str, actor: ActorId) -> None:
        """Record that a consent ended (Article 7(3)); what was kept for it begins to leave.

        :raises UsageError: ``consent-channel``.
        """
        _by(channel)
        self._end_consent(subject, purpose, channel, actor)

    def _end_consent(self, subject: SubjectId, purpose: PurposeId, channel: str, actor: ActorId) -> None:
        with self._engine.transaction():
            self._vault.withdraw_consent(subject, purpose, channel=channel, actor=actor)
            self._date(subject, Trigger.CONSENT_WITHDRAWN, local_date(self._clock()), actor, purpose)

    def _text_of(self, purpose: PurposeId) -> Text:
        found: Purpose | None = self._statements.in_force().policy.purposes.get(purpose)
        if found is None or found.basis is not LawfulBasis.CONSENT or found.consent_text is None:
            asked = [
                name
                for name, one in self._statements.in_force().policy.purposes.items()
                if one.basis is LawfulBasis.CONSENT
            ]
            raise RefusedError(
                "consent-not-asked",
                f"the statement in force asks no consent for '{purpose}'",
                where="policy.toml: purposes",
                remedy="It asks consent for: " + (", ".join(asked) or "nothing") + ".",
            )
        return found.consent_text

    def _date(
        self, subject: SubjectId, trigger: Trigger, on: date | None, actor: ActorId, purpose: PurposeId | None = None
    ) -> None:
        """Begin (or, with None, take back) the period of the data whose shelf waits for ``trigger``."""
        standing = set(self._vault.consents(subject)) if on is not None else set()
        changes: list[tuple[ItemId, date | None, date | None]] = []
        for holding in self._vault.holdings(subject):
            version = self._statements.version(holding.version) or self._statements.in_force()
            shelf = version.policy.shelves.get(holding.shelf)
            if shelf is None or shelf.trigger is not trigger:
                continue
            if purpose is not None and not _ends_with(holding, version.policy, purpose, standing):
                continue
            due = keeping(on, shelf.period, shelf.counts_from).erase_from if on is not None else None
            if (holding.trigger_on, holding.due) != (on, due):
                changes.append((holding.item, on, due))
        if changes:
            self._vault.set_due(changes, trigger=str(trigger), actor=actor)


def _ends_with(holding: Holding, policy: Policy, purpose: PurposeId, standing: set[PurposeId]) -> bool:
    """Say whether the time of a datum begins with the end of the consent to ``purpose``.

    It does if it was kept for that purpose and for no other to which consent still stands. What proves consents is kept
    for none of them: its time begins when the last one ends.
    """
    named = holding.purposes or tuple(map(PurposeId, policy.purposes_of(holding.field)))
    asked = {name for name in named if name in policy.purposes and policy.purposes[name].basis is LawfulBasis.CONSENT}
    return not standing if not asked else purpose in asked and not standing & asked


def _by(channel: str) -> None:
    if channel not in CHANNELS:
        raise UsageError(
            "consent-channel",
            f"'{channel}' is no way in which a consent is given",
            where="--channel",
            remedy="It was given or ended by: " + ", ".join(CHANNELS) + ".",
        )


def _stoppable(policy: Policy, purposes: Sequence[PurposeId]) -> None:
    """Refuse an objection that would be confirmed to the person and not be followed: what the law keeps from Article 21."""
    stopped = followed(policy, purposes)
    going_on = [name for name in purposes if name not in stopped]
    if going_on:
        can = [name for name, one in policy.purposes.items() if ends_by_objection(one)]
        raise RefusedError(
            "objection-without-effect",
            f"an objection does not stop {', '.join(going_on)}: Article 21 GDPR covers what rests on Article 6(1)(e) or (f), "
            "and direct marketing",
            where="policy.toml: purposes",
            remedy="Reject it with that ground ('gestand request reject'). What the person can do instead: ask erasure, or "
            "end the agreement, after which its periods begin. An objection stops: "
            + (", ".join(can) or "nothing")
            + ".",
        )
