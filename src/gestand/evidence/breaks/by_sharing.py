"""Violations in giving: past the desk, in too much of a hurry, and without a word afterwards."""

from __future__ import annotations

from datetime import timedelta

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId
from gestand.sharing.approvals import Act
from gestand.sharing.model import SECOND_PERSON, Approval, Demand

OWNER = ActorId("owner")


def taken_past_the_desk(sandbox: Sandbox) -> World:
    """A script took data out as if for a recipient, and wrote down nowhere to whom they went."""
    world = sandbox.world()
    world.vault.open(
        sandbox.known.customer,
        PurposeId("administration"),
        actor=ActorId("script"),
        reason="monthly list",
        under="shr_aaaaaaaaaaaaaaaa",
    )
    return world


class _OneAccountForTwo:
    """Says yes for whoever asks: the firm's only person has both accounts."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._clock = sandbox.clock

    def approve(self, act: Act, *, actor: ActorId, proof: str) -> Approval:  # noqa: ARG002 - of the protocol
        """Say yes at once."""
        return Approval(act.asked_by, self._clock(), SECOND_PERSON)

    def export(self, digest: str, *, actor: ActorId) -> None:
        """Say yes at once."""


def approved_by_oneself(sandbox: Sandbox) -> World:
    """Who took in an order approved it too, at once, with a second account."""
    world = sandbox.world()
    hasty = world.sharing.approved_by(_OneAccountForTwo(sandbox))
    demand = Demand(
        "tax inspector",
        "AWR 53",
        "name",
        "letter",
        sandbox.clock(),
        RecipientId("tax-authority"),
        PurposeId("orders"),
        (FieldPath("contact.name"),),
        (sandbox.known.customer,),
        {"written": True, "third_party_tax": True},
    )
    taken = hasty.receive_order(demand, actor=OWNER)
    hasty.carry_out(taken.id, actor=OWNER, proof=taken.id, facts={"identity_checked": True})
    return world


def nobody_told_the_bookkeeper(sandbox: Sandbox) -> World:
    """A datum was put right, and for weeks nobody told the one who had got the wrong one."""
    world = sandbox.world()
    given = next(one for one in world.sharing.disclosures() if not one.order and one.given)
    items = (holding for one in given.given for item in one.items if (holding := world.vault.item(item)) is not None)
    town = next(holding.item for holding in items if holding.field == "contact.town")
    world.vault.rectify(town, "Waterland", actor=OWNER, reason="the person's own word")
    sandbox.clock.advance(timedelta(weeks=2, days=1))
    sandbox.clear()
    return sandbox.world()


BREAKS = (
    Break("disclosures-within-statement", taken_past_the_desk.__doc__ or "", taken_past_the_desk),
    Break("orders-checked", approved_by_oneself.__doc__ or "", approved_by_oneself),
    Break("recipients-told", nobody_told_the_bookkeeper.__doc__ or "", nobody_told_the_bookkeeper),
)
