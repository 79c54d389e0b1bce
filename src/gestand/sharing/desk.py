"""What the verbs of sharing have in common: records, the rooms below, the register of agreements, the approvals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SubjectId
from gestand.ledger.service import Ledger
from gestand.publication.service import Publication
from gestand.sharing.agreements import Agreement, Agreements
from gestand.sharing.approvals import Approvals
from gestand.sharing.model import Against, Disclosure, Order, Telling
from gestand.sharing.records import Records
from gestand.statement.model import Statement
from gestand.vault.service import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """Handed to every verb as one value."""

    records: Records
    vault: Vault
    ledger: Ledger
    statements: Publication
    agreements: Agreements
    approvals: Approvals
    clock: Clock
    entropy: Entropy

    def today(self) -> date:
        """Return the local date of the organisation."""
        return local_date(self.clock())

    def statement(self) -> Statement:
        """Return the statement in force."""
        return self.statements.in_force()

    def agreement(self, recipient: str) -> Agreement | None:
        """Return what was agreed with a recipient, or None."""
        return self.agreements.get(recipient)

    def order(self, order_id: str) -> Order:
        """Return an order.

        :raises UsageError: ``order-unknown``.
        """
        found = self.records.one(order_id)
        if not isinstance(found, Order):
            raise UsageError(
                "order-unknown",
                f"there is no order '{order_id}'",
                remedy="List them with 'gestand disclose orders'.",
            )
        return found

    def telling(self, telling_id: str) -> Telling:
        """Return something that was or is to be told.

        :raises UsageError: ``telling-unknown``.
        """
        found = self.records.one(telling_id)
        if not isinstance(found, Telling):
            raise UsageError(
                "telling-unknown",
                f"there is nothing to tell under '{telling_id}'",
                remedy="List what is due with 'gestand disclose due'.",
            )
        return found

    def known(self, subjects: tuple[SubjectId, ...]) -> None:
        """Refuse subjects that are not there, before anything is noted.

        :raises UsageError: ``subject-unknown``, ``subjects-none``.
        """
        if not subjects:
            raise UsageError("subjects-none", "it is not said whose data", remedy="Name each with --subject sub_….")
        for subject in subjects:
            if not self.vault.exists(subject):
                raise UsageError(
                    "subject-unknown",
                    f"there is no subject {subject}; all its data may have been erased",
                    remedy="Find the subject with 'gestand subject find'.",
                )

    def hidden(self, disclosure: Disclosure, today: date) -> bool:
        """Say whether the people it was about may not know of a disclosure: it was made on an order that is secret."""
        if not disclosure.order:
            return False
        order = self.records.one(disclosure.order)
        return not isinstance(order, Order) or order.hidden(today)


_STATED = "Give only what the statement in force names; a new recipient or field needs a new version, announced first."
_AGREED = "Sign the agreement and write it down in agreements.toml: gestand disclose recipients."
_DEMANDED = "Take in its demand: gestand disclose order."
_REFUSE_IT = "Ask for what is missing, or refuse it with a letter: gestand disclose refuse."
_WAY_OUT = {
    "agreement-missing": _AGREED,
    "agreement-incomplete": _AGREED,
    "agreement-expired": _AGREED,
    "transfer-without-ground": _AGREED,
    "authority-without-order": _DEMANDED,
    "order-unlawful": _REFUSE_IT,
    "order-unverified": "Call back, then say so with --called-back.",
    "order-beyond": "Leave those fields out.",
}
"""What can be done about each reason; about the others, only ``_STATED``."""


def refusal(against: tuple[Against, ...], what: str) -> RefusedError:
    """Return the refusal of something, with the code of the first reason, all of them in words, and the clause."""
    return RefusedError(
        against[0].code,
        f"{what} is refused: " + "; ".join(map(str, against)),
        where="statement",
        remedy=" ".join(dict.fromkeys(_WAY_OUT.get(one.code, _STATED) for one in against)),
        clause=against[0].clause,
    )
