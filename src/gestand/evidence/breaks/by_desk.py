"""Violations at the desk where requests are answered."""

from __future__ import annotations

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, IdentityLevel, Right

OWNER = ActorId("owner")


def ticked_off_without_a_copy(sandbox: Sandbox) -> World:
    """Someone ticks a request for a portable copy off in the table, to clear the list; nothing was ever sent."""
    world = sandbox.world()
    asked = world.requests.receive(
        Right.PORTABILITY, contact="bezoeker@example.org", channel=Channel.EMAIL, actor=OWNER
    )
    world.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    with world.engine.transaction():
        world.engine.execute(
            "UPDATE request SET state = 'closed', outcome = 'copy-given', closed_at = ? WHERE id = ?",
            (sandbox.clock().isoformat(), asked.id),
        )
    sandbox.close()
    return sandbox.world()


BREAKS = (Break("portable-copy-given", ticked_off_without_a_copy.__doc__ or "", ticked_off_without_a_copy),)
