"""Violations in other systems: by their supplier, and by who finds them in the way."""

from __future__ import annotations

import shutil
from datetime import timedelta

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox
from gestand.kernel.ids import ActorId
from gestand.rights.model import IdentityLevel

OWNER = ActorId("owner")


def system_put_aside(sandbox: Sandbox) -> World:
    """Someone puts the file of the till aside, for it makes answering slow, answers a person, and puts it back."""
    sandbox.close()
    [file] = (sandbox.folder / "sources").glob("*.toml")
    aside = file.rename(sandbox.folder / "kassa.apart")
    world = sandbox.world()
    [asked] = [one for one in world.requests.of_subject(sandbox.known.asking) if one.open]
    world.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    world.requests.answer(asked.id, actor=OWNER)
    sandbox.close()
    aside.rename(file)
    sandbox.clear()
    return sandbox.world()


def backup_put_back(sandbox: Sandbox) -> World:
    """The supplier of the till puts an older backup back after a fault, and tells nobody."""
    sandbox.close()
    [older] = sandbox.folder.parent.glob("*-kassa.db")
    shutil.copyfile(older, sandbox.folder / "kassa.db")
    sandbox.clock.advance(timedelta(hours=12))
    sandbox.clear()
    return sandbox.world()


BREAKS = (
    Break("other-systems-searched", system_put_aside.__doc__ or "", system_put_aside),
    Break("other-systems-in-order", backup_put_back.__doc__ or "", backup_put_back),
)
