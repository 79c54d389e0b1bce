"""Whether somebody who may act for some purposes may touch a datum: one of these has to open it, today, for this person.

That a role or a token has a purpose says nothing of what that purpose needs. Who corrects what no purpose of theirs opens would
write over what they may not see (Article 5(1)(b) and (f) GDPR).
"""

from __future__ import annotations

from collections.abc import Sequence

from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, ItemId, PurposeId
from gestand.system import System


def must_open(house: System, item: ItemId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str) -> None:
    """Open a datum for the first purpose that does, so that it stands in the ledger who saw what they changed.

    :raises RefusedError: ``purpose-field`` if none of them opens it, or it is not there.
    """
    holding, policy = house.vault.item(item), house.publication.in_force().policy
    for purpose in purposes:
        if holding is None or purpose not in policy.purposes or not policy.purposes[purpose].allows(holding.field):
            continue
        if house.vault.open(holding.subject, purpose, actor=actor, reason=reason, items=[item]).items:
            return
    raise RefusedError(
        "purpose-field",
        "this datum does not open for a purpose that was chosen here",
        where=str(holding.field) if holding is not None else item,
        remedy="Choose a purpose that needs it, or ask a colleague who may act for one.",
    )
