"""The door for other programs: an organisation, opened in their own process. docs/guide-python.md tells it by example.

    with open_organisation("winkel", actor="webshop") as firm:
        anna = firm.add({"contact.email": "anna@example.nl"}, purpose="service", source="web form")
        card = firm.open(anna, purpose="service", reason="order 17")

Everything the statement asks holds here as it does at every other door: a field without a purpose is refused, an opening
stands in the ledger before its value is given, what the law keeps is not erased. Subjects are ids (``sub_...``), fields are
``category.field``. Threads may share one organisation; several processes may open the same one, each for itself: one that
was opened before a ``fork`` is of the process that opened it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

from gestand.doors.python_values import Card, Erased, Kept, Refused, Value, named, said
from gestand.kernel.clock import Clock, system_clock
from gestand.kernel.entropy import Entropy, system_entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, SubjectId
from gestand.reading.identifiers import check_kind
from gestand.reading.kinds import guess_kind
from gestand.register.context import DatumContext, context_of
from gestand.rights.model import Decision
from gestand.rights.rectifying import sure_of
from gestand.statement.policy import FieldKind
from gestand.system import System, open_system
from gestand.vault.model import Candidate


class Organisation:
    """An opened organisation. Made by ``open_organisation``; leaving the ``with`` block closes every file.

    Every verb raises ``RefusedError`` where the statement forbids it, ``UsageError`` for what is not there or not so
    written (``organisation-closed`` after its close, ``organisation-forked`` in another process), ``DamagedError`` if a
    store does not verify; all are ``GestandError`` with ``code``, ``message``, ``remedy``.
    """

    def __init__(self, house: System, actor: str, language: str) -> None:
        self._opened: System | None = house
        self._process = os.getpid()
        self._actor = ActorId(said(actor, "actor"))
        self._language = language

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every file. Again, or in a process that was forked since, it does nothing."""
        house = self._opened
        if house is not None and self._process == os.getpid():
            self._opened = None
            house.close()

    def add(
        self,
        values: Mapping[str, str],
        *,
        purpose: str,
        source: str,
        subject: str | None = None,
        firm: bool = False,
        on: date | None = None,
    ) -> str:
        """Admit data of one person (or firm) for a purpose and return whose they are; durable on return.

        ``values``: by ``category.field``. ``source``: where they come from, in words that name nobody, such as "web form".
        ``subject``: add to somebody who is known. ``on``: the day of collection, today if None.

        :raises RefusedError: for a field that the purpose does not need. :raises InputError: every unsound value at once.
        """
        return self._house.intake.admit(
            SubjectId(subject) if subject is not None else None,
            {FieldPath(field): value for field, value in values.items()},
            PurposeId(purpose),
            source=said(source, "source"),
            actor=self._actor,
            on=on,
            kind="firm" if firm else "person",
        )

    def open(self, subject: str, *, purpose: str, reason: str, fields: Collection[str] | None = None) -> Card:
        """Open what the purpose may see, or some fields of it; in the ledger before it is returned.

        ``reason`` stands in the ledger: say why now, and name nobody. ``fields`` None: all that the purpose may see.
        """
        items = None if fields is None else self._items(subject, fields)
        why = said(reason, "reason")
        opening = self._house.vault.open(
            self._known(subject), PurposeId(purpose), actor=self._actor, reason=why, items=items
        )
        return Card(
            subject,
            purpose,
            tuple(Value(one.holding.item, one.holding.field, one.value) for one in opening.items),
            tuple(
                Refused(one.holding.item, one.holding.field, str(one.why), one.clause, one.sentence)
                for one in opening.refused
            ),
            opening.entry,
        )

    def held(self, subject: str) -> tuple[DatumContext, ...]:
        """Return for every datum why it is held, on what basis, from whom, who gets it and until when; no values."""
        statements = self._house.statements
        return tuple(
            context_of(one, statements.version(one.version) or statements.in_force())
            for one in self._house.vault.holdings(self._known(subject))
        )

    def find(self, value: str, *, kind: str | None = None) -> tuple[str, ...]:
        """Return the subjects of whom an identifying field has this value, in any notation; opens nothing.

        ``kind``: ``email``, ``phone``, ``name``, ``customer_number``, ``ip`` and so on; by its form if None.
        """
        if kind is not None and kind not in set(FieldKind):
            raise UsageError(
                "field-kind", f"'{kind}' is no kind of field", remedy="Kinds: " + ", ".join(FieldKind) + "."
            )
        meant = FieldKind(kind) if kind is not None else guess_kind(value)
        if meant is None:
            raise UsageError("kind-unknown", "the value has no form that is known", remedy="Say what it is with kind.")
        checked = check_kind(meant, value)
        return self._house.vault.find(meant, checked if isinstance(checked, str) else value)

    def find_like(self, name: str, *, most: int = 50) -> tuple[Candidate, ...]:
        """Return the subjects whose name is like this one, the likeliest first, each with its confidence and why.

        Opens nothing and chooses nobody: let a person choose.
        """
        return self._house.vault.find_like(name, most=most)

    def rectify(self, subject: str, field: str, value: str, *, reason: str, sure: str = "") -> None:
        """Put the right value in place of a wrong one, in every system (Article 16); the wrong value is not kept.

        A new e-mail or street address must be confirmed by the old one, or ``sure`` says how you are sure of it:
        ``second-fact`` or ``in-person``.

        :raises RefusedError: ``contact-unconfirmed``. :raises UsageError: ``sure-unknown``; ``item-unknown`` if it is not of this subject; ``field-several`` if the subject has the field more than once; give the item's id for it.
        """
        items = [self._item(subject, field)] if field.startswith("itm_") else self._items(subject, [field])
        if len(items) != 1:
            raise UsageError(
                "field-several",
                f"'{field}' is held {len(items)} times of this subject",
                where=field,
                remedy="Give the id of the item instead of the field: held() lists them.",
            )
        why = said(reason, "reason")
        self._house.requests.rectify(items[0], value, actor=self._actor, reason=why, sure=sure_of(sure))

    def restrict(self, subject: str, fields: Collection[str] | None = None, *, reason: str) -> None:
        """Restrict data (Article 18): they open only to answer the person. ``fields`` None: all, in every other system too."""
        self._restrict(subject, fields, restricted=True, reason=reason)

    def release(self, subject: str, fields: Collection[str] | None = None, *, reason: str) -> None:
        """Lift a restriction; tell the person before (Article 18(3)). ``fields`` None: of all, in every other system too."""
        self._restrict(subject, fields, restricted=False, reason=reason)

    def erase(self, subject: str, fields: Collection[str] | None = None) -> Erased:
        """Erase a subject, or some fields of it: keys, ciphertext, index; searched for again.

        What the law, a legal hold or a running agreement keeps stays, and is listed with its ground. ``fields`` None: all
        of the subject, in every other system too; while a legal hold stands over any of it, those are left as they are.
        """
        some = () if fields is None else named(fields)
        if some:
            self._items(subject, some)
        outcome = self._house.requests.erase_now(self._known(subject), some, actor=self._actor)
        return Erased(
            outcome.erased,
            tuple(
                Kept(one.holding.field, one.ground, one.why.into(self._language), one.until)
                for one in outcome.plan.decisions
                if one.decision is not Decision.ERASE
            ),
            tuple(text.into(self._language) for text in outcome.to_tell),
            outcome.copies,
        )

    def consent(self, subject: str, purpose: str, *, channel: str) -> None:
        """Record a consent to the text of the statement in force (Article 7(1)). ``channel``: web, email, counter and so on."""
        self._house.choices.consent(
            self._known(subject), PurposeId(purpose), channel=said(channel, "channel"), actor=self._actor
        )

    def withdraw_consent(self, subject: str, purpose: str, *, channel: str) -> None:
        """Record that a consent ended (Article 7(3)); it works from the next read on."""
        self._house.choices.withdraw_consent(
            self._known(subject), PurposeId(purpose), channel=said(channel, "channel"), actor=self._actor
        )

    def consents(self, subject: str) -> tuple[str, ...]:
        """Return the purposes to which consent stands now."""
        return self._house.vault.consents(self._known(subject))

    def object(self, subject: str, purposes: Sequence[str], *, reason: str) -> None:
        """Record an objection (Article 21); it works from the next read on."""
        all_of = [PurposeId(purpose) for purpose in purposes]
        self._house.choices.object_to(self._known(subject), all_of, actor=self._actor, reason=said(reason, "reason"))

    def withdraw_objection(self, subject: str, purposes: Sequence[str], *, reason: str) -> None:
        """Take an objection back, at the person's own word."""
        all_of = [PurposeId(purpose) for purpose in purposes]
        why = said(reason, "reason")
        self._house.choices.withdraw_objection(self._known(subject), all_of, actor=self._actor, reason=why)

    def objections(self, subject: str) -> tuple[str, ...]:
        """Return the purposes that are objected to now."""
        return self._house.vault.objections(self._known(subject))

    @property
    def _house(self) -> System:
        """The rooms, as long as they are open.

        :raises UsageError: ``organisation-closed``, ``organisation-forked``.
        """
        if self._opened is None:
            raise UsageError("organisation-closed", "this organisation was closed", remedy="Open it again.")
        if self._process != os.getpid():
            raise UsageError(
                "organisation-forked",
                "this organisation was opened by another process, from which this one was forked",
                remedy="Open it in each process, after the fork.",
            )
        return self._opened

    def _restrict(self, subject: str, fields: Collection[str] | None, *, restricted: bool, reason: str) -> None:
        items, why = self._items(subject, fields), said(reason, "reason")
        change = self._house.choices.restrict if restricted else self._house.choices.release
        change(items, actor=self._actor, reason=why)
        if fields is None:
            self._house.requests.restrict_elsewhere(
                SubjectId(subject), restricted=restricted, actor=self._actor, reason=why
            )

    def _known(self, subject: str) -> SubjectId:
        if not self._house.vault.exists(SubjectId(subject)):
            raise UsageError(
                "subject-unknown", f"there is no subject {subject}", remedy="Find the subject with find()."
            )
        return SubjectId(subject)

    def _item(self, subject: str, item: str) -> ItemId:
        if all(holding.item != item for holding in self._house.vault.holdings(self._known(subject))):
            raise UsageError(
                "item-unknown", f"{subject} has no item {item}", where=item, remedy="See held() for what there is."
            )
        return ItemId(item)

    def _items(self, subject: str, fields: Collection[str] | None) -> list[ItemId]:
        held = self._house.vault.holdings(self._known(subject))
        if fields is None:
            return [holding.item for holding in held]
        some = named(fields)
        missing = set(some) - {str(holding.field) for holding in held}
        if missing:
            raise UsageError(
                "field-not-held",
                f"nothing is held of {subject} in {', '.join(sorted(missing))}",
                where=", ".join(sorted(missing)),
                remedy="See held() for what there is.",
            )
        return [holding.item for holding in held if holding.field in some]


def open_organisation(
    folder: str | PathLike[str],
    *,
    actor: str,
    language: str = "nl",
    clock: Clock = system_clock,
    entropy: Entropy = system_entropy,
) -> Organisation:
    """Open the organisation in ``folder``, made by ``gestand init``. Interrupted erasures are finished first.

    ``actor``: who acts in the ledger, such as ``webshop``; no name of a person. ``language``: of reasons, ``nl`` or ``en``.

    :raises UsageError: if there is no organisation, or its root key cannot be found.
    :raises DamagedError: if the store, the keys or the ledger do not verify.
    """
    return Organisation(open_system(Path(folder), clock=clock, entropy=entropy), actor, language)
