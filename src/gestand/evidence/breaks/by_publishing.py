"""Violations through publishing: a wider version that nobody was told of."""

from __future__ import annotations

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.registry import control_ids
from gestand.evidence.sandbox import Sandbox
from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId
from gestand.publication.folder import read_statement

WIDER = ('period = "2 years"', 'period = "25 months"')


def wider_in_a_hurry(sandbox: Sandbox) -> World:
    """Someone kept things a month longer, published that with --notice-days 0 for the same day, and told nobody."""
    world = sandbox.world()
    today = local_date(sandbox.clock())
    policy = sandbox.folder / "policy.toml"
    text = policy.read_text("utf-8")
    version = f'version = "{world.statement.version}"'
    policy.write_text(text.replace(version, f'version = "{today.isoformat()}"', 1).replace(*WIDER, 1), "utf-8")
    draft = read_statement(sandbox.folder)
    world.publication.publish(draft, in_force_from=today, actor=ActorId("owner"), controls=control_ids(), notice_days=0)
    sandbox.close()
    return sandbox.world()


BREAKS = (Break("enlarging-change-announced", wider_in_a_hurry.__doc__ or "", wider_in_a_hurry),)
