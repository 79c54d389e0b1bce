"""Violations in a breach: what people leave undone when it goes wrong, done through the verbs they would use."""

from __future__ import annotations

from datetime import timedelta

from gestand.breach.affected import Reach
from gestand.breach.containing import Pull
from gestand.breach.model import Breach, Lever, Reporter
from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox
from gestand.kernel.ids import ActorId

OWNER = ActorId("owner")
MISSENT = {
    "cause": "internal_non_malicious",
    "incident": "enveloping_machine",
    "recipient": "known",
    "recipients": 1,
    "subjects": 1,
    "data": ["name", "address", "date of birth"],
    "special_categories": False,
}
"""A risk, and no high one: the authority must be told, people need not be."""
STOLEN = MISSENT | {"incident": "theft_device", "recipient": "unknown", "encrypted_at_rest": "no", "national_id": True}
"""A high risk: people must be told too."""


def _report(world: World, hours_ago: float = 0) -> Breach:
    at = world.clock() - timedelta(hours=hours_ago)
    return world.breaches.report(
        "Een brief ging naar de verkeerde.", reporter=Reporter.STAFF, actor=OWNER, reported_at=at
    )


def _contain(world: World, breach: Breach) -> None:
    pull = Pull(Lever.REVOKE_ACCESS, "by-hand", note="de ontvanger belde en bracht de brief terug")
    world.breaches.contain(breach.id, pull, actor=OWNER)


def nobody_notified(sandbox: Sandbox) -> World:
    """A letter to the wrong address was known for four days, and nobody told the authority."""
    world = sandbox.world()
    breach = _report(world, 96)
    world.breaches.state_aware(breach.id, breach.reported_at, "de ontvanger belde", actor=OWNER)
    _contain(world, breach)
    world.breaches.state_facts(breach.id, MISSENT, actor=OWNER)
    return world


def told_before_closed(sandbox: Sandbox) -> World:
    """The form went to the authority at once, and nobody looked at the leak."""
    world = sandbox.world()
    breach = _report(world)
    world.breaches.state_facts(breach.id, MISSENT, actor=OWNER)
    world.breaches.submit(breach.id, reference="2026-1", actor=OWNER)
    return world


def people_not_told(sandbox: Sandbox) -> World:
    """A laptop with identity numbers was stolen; the authority knows, and for two days nobody wrote to the people."""
    world = sandbox.world()
    breach = _report(world)
    _contain(world, breach)
    reach = Reach(subjects=(sandbox.known.customer,))
    world.breaches.count_people(breach.id, reach, actor=OWNER)
    world.breaches.state_facts(breach.id, STOLEN, actor=OWNER)
    world.breaches.submit(breach.id, reference="2026-2", actor=OWNER)
    sandbox.clock.advance(timedelta(hours=47))
    sandbox.clear()
    return sandbox.world()


def left_out_of_the_register(sandbox: Sandbox) -> World:
    """A breach that was never notified was taken out of the list: nobody knew of it anyway."""
    world = sandbox.world()
    quiet = next(case.breach for case in world.breaches.all() if not case.submissions)
    with world.engine.transaction():
        world.engine.execute("DELETE FROM breach WHERE id = ?", (quiet.id,))
    sandbox.close()
    return sandbox.world()


BREAKS = (
    Break("breach-clock-kept", nobody_notified.__doc__ or "", nobody_notified),
    Break("breach-contained-first", told_before_closed.__doc__ or "", told_before_closed),
    Break("breach-people-told", people_not_told.__doc__ or "", people_not_told),
    Break("breach-register-complete", left_out_of_the_register.__doc__ or "", left_out_of_the_register),
)
