"""The verbs of sharing: disclose, receive and carry out orders, tell recipients; each with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.ledger.service import Ledger
from gestand.publication.service import Publication
from gestand.sharing import disclosing, orders, telling
from gestand.sharing.agreements import Agreements
from gestand.sharing.approvals import Approvals
from gestand.sharing.custody import SharingCustodian
from gestand.sharing.desk import Desk
from gestand.sharing.disclosing import Deliver, Wish
from gestand.sharing.letters import telling_letter
from gestand.sharing.model import (
    Demand,
    Disclosure,
    Form,
    Given,
    How,
    Judgement,
    Order,
    Package,
    Shared,
    Stage,
    Telling,
)
from gestand.sharing.records import Records
from gestand.statement.policy import Text
from gestand.storage.engine import Engine
from gestand.vault.service import Vault


class Sharing:
    """Who else gets personal data. ``key``: 32 bytes from the root key, for the records of this room alone."""

    def __init__(  # noqa: PLR0917 - the services, in the order system builds them
        self,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        statements: Publication,
        agreements: Agreements,
        approvals: Approvals,
        clock: Clock,
        entropy: Entropy,
        *,
        key: bytes,
    ) -> None:
        records = Records(engine, ledger, key, clock=clock, entropy=entropy)
        self._desk = Desk(records, vault, ledger, statements, agreements, approvals, clock, entropy)

    def approved_by(self, approvals: Approvals) -> Sharing:
        """Return the same room with another way of approving orders."""
        other = object.__new__(Sharing)
        other._desk = replace(self._desk, approvals=approvals)
        return other

    @property
    def agreements(self) -> Agreements:
        """The register of agreements."""
        return self._desk.agreements

    @property
    def custodian(self) -> SharingCustodian:
        """The records, for retention."""
        return SharingCustodian(self._desk.records)

    def judge(self, recipient: RecipientId, fields: Sequence[FieldPath], purpose: PurposeId, ground: str) -> Judgement:
        """Judge by the statement in force whether ``recipient`` may get ``fields`` for ``purpose`` on ``ground``; nothing opens."""
        return disclosing.judge(self._desk, Wish(recipient, (), tuple(fields), purpose, ground))

    def disclose(
        self,
        recipient: RecipientId,
        subjects: Sequence[SubjectId],
        fields: Sequence[FieldPath],
        purpose: PurposeId,
        ground: str,
        *,
        actor: ActorId,
        reason: str = "",
        form: Form = Form.JSON,
        sealed_to: str = "",
        deliver: Deliver | None = None,
    ) -> Package:
        """Give ``fields`` of ``subjects`` to ``recipient``: opened for ``purpose``, packed, sealed to the recipient's key.

        Noted before anything opens and after it was delivered. What the vault does not open for that purpose (restricted,
        objected to, past its time) is left out and counted. ``deliver`` is called with the package before it counts as given.

        :raises RefusedError: with the clause, if the statement does not name it (``recipient-unknown``,
            ``recipient-not-for-purpose``, ``ground-not-stated``, ``fields-outside-statement``, …) or the agreement does not
            hold (``agreement-missing``, ``agreement-incomplete``, ``agreement-expired``, ``transfer-without-ground``).
        :raises UsageError: if a subject is not there, or no key is known to seal to.
        """
        wish = Wish(recipient, tuple(subjects), tuple(fields), purpose, ground, reason, form, sealed_to)
        return disclosing.disclose(self._desk, wish, actor=actor, deliver=deliver)

    def receive_order(self, demand: Demand, *, actor: ActorId) -> Order:
        """Take in a demand by an authority and judge it by ``law/disclosure``; nothing is opened, nobody is told.

        :raises UsageError: for a purpose, recipient or field the statement does not name, a subject that is not there, a moment
            to come, a secrecy that was over before it came in.
        """
        return orders.receive(self._desk, demand, actor=actor)

    def carry_out(
        self,
        order_id: str,
        *,
        actor: ActorId,
        proof: str,
        facts: Mapping[str, bool | str],
        subjects: Sequence[SubjectId] = (),
        fields: Sequence[FieldPath] = (),
        form: Form = Form.JSON,
        sealed_to: str = "",
        deliver: Deliver | None = None,
    ) -> Package:
        """Carry out an order: judged again with the ``facts`` known by now, approved (``proof``), and the least is given.

        ``fields`` may name less than the demand reaches, never more.

        :raises RefusedError: with every reason, if the law does not oblige to it, who asks was not verified, the statement does
            not name it, or it is not approved (``order-waiting``, ``order-unconfirmed``).
        """
        return orders.carry_out(
            self._desk, order_id, actor=actor, proof=proof, facts=facts, subjects=subjects, fields=fields, form=form,
            sealed_to=sealed_to, deliver=deliver,
        )  # fmt: skip

    def refuse_order(
        self, order_id: str, *, actor: ActorId, reason: str = "", language: str = "nl"
    ) -> tuple[Order, str]:
        """Refuse an order, and return the letter with what is against it and what would be needed."""
        return orders.refuse(self._desk, order_id, actor=actor, reason=reason, language=language)

    def lift_secrecy(self, order_id: str, *, actor: ActorId, because: str) -> Order:
        """Record that an order's secrecy ended before its date, and on what document."""
        return orders.lift(self._desk, order_id, actor=actor, because=because)

    def orders_to_tell(self) -> list[Order]:
        """Return the orders whose secrecy is over and of which the people were not told yet."""
        return orders.to_tell(self._desk)

    def tell_subjects(self, order_id: str, *, actor: ActorId, language: str = "nl") -> tuple[Order, str]:
        """Record that the people are told of an order now, and return the notice.

        :raises RefusedError: ``order-secret`` while it must be kept secret.
        """
        return orders.tell_subjects(self._desk, order_id, actor=actor, language=language)

    def to_tell(self) -> list[Telling]:
        """Return what recipients are still to be told (Article 19), most pressing first; reads the ledger's new entries."""
        return telling.due(self._desk)

    def told(self, telling_id: str, how: How, *, proof: str, actor: ActorId) -> Telling:
        """Record that a recipient was told, and how that is known; or why it is impossible or disproportionate.

        :raises RefusedError: ``telling-done``. :raises UsageError: ``telling-proof`` without proof or reason.
        """
        return telling.done(self._desk, telling_id, how, proof=proof, actor=actor)

    def telling_letter(self, telling_id: str, *, language: str = "nl") -> str:
        """Return what a recipient is told, as a letter without a name in it."""
        policy = self._desk.statement().policy
        return telling_letter(self._desk.telling(telling_id), policy.controller, self._desk.today(), language)

    def shared_with(self, subject: SubjectId) -> tuple[Shared, ...]:
        """Return what was given about a subject and may be shown to them: nothing of an order that is secret today."""
        today = self._desk.today()
        return tuple(
            self._shown(one)
            for one in self._desk.records.about(subject)
            if one.stage is not Stage.WITHDRAWN and not self._desk.hidden(one, today)
        )

    def received(self, subject: SubjectId, fields: Collection[str]) -> tuple[Text, ...]:
        """Return who got any of these fields of a subject, each once; nobody of an order that is secret today.

        An authority that got data on an order is no recipient (Article 4(9)), and what was taken back before it left is none.
        """
        today = self._desk.today()
        found = {
            self._shown(one).recipient.nl: self._shown(one).recipient
            for one in self._desk.records.about(subject)
            if one.stage is not Stage.WITHDRAWN
            and not one.order
            and not self._desk.hidden(one, today)
            and set(map(str, one.fields)) & set(fields)
        }
        return tuple(found.values())

    def disclosures(self) -> Iterator[Disclosure]:
        """Yield every disclosure, oldest first; those on orders too."""
        return self._desk.records.disclosures()

    def orders(self) -> Iterator[Order]:
        """Yield every order, oldest first."""
        return self._desk.records.orders()

    def tellings(self) -> Iterator[Telling]:
        """Yield everything that was or is to be told, oldest first."""
        return self._desk.records.tellings()

    def hidden(self, disclosure: Disclosure) -> bool:
        """Say whether the people a disclosure was about may not know of it today."""
        return self._desk.hidden(disclosure, self._desk.today())

    def given_under(self, record_id: str) -> tuple[Given, ...] | None:
        """Return what was opened under a record (the fact ``under`` of ``data.opened``), or None once the record left.

        Nothing, as long as those it was about may not know of it.
        """
        found = self._desk.records.one(record_id)
        if not isinstance(found, Disclosure):
            return None
        return () if self.hidden(found) else found.given

    def digests(self) -> dict[str, str]:
        """Return the digest of every record, to hold against the ledger."""
        return self._desk.records.digests()

    def _shown(self, disclosure: Disclosure) -> Shared:
        statement = self._desk.statements.version(disclosure.version) or self._desk.statement()
        policy = statement.policy
        who, why = policy.recipients.get(disclosure.recipient), policy.purposes.get(disclosure.purpose)
        title = who.title if who else Text(nl=disclosure.recipient, en=disclosure.recipient)
        if disclosure.name:
            title = Text(nl=f"{title.nl} ({disclosure.name})", en=f"{title.en} ({disclosure.name})")
        fields = (policy.field(path) for path in disclosure.fields)
        told = self._desk.records.tellings_of(disclosure.id)
        return Shared(
            on=local_date(disclosure.at),
            recipient=title,
            purpose=why.title if why else Text(nl=disclosure.purpose, en=disclosure.purpose),
            ground=disclosure.ground,
            fields=tuple(field.title for field in fields if field is not None),
            certain=disclosure.stage is Stage.DELIVERED,
            told=tuple((one.what, local_date(one.done_at), one.how) for one in told if one.done_at and one.how),
        )
