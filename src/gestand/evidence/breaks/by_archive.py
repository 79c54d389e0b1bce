"""Violations of the e-mail archive: in its rows, and in the mailbox at the provider."""

from __future__ import annotations

import os
from datetime import timedelta

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox
from gestand.kernel.config_edit import write_settings

NEWEST = "(SELECT max(number) FROM archive_message)"


def message_removed_by_hand(sandbox: Sandbox) -> World:
    """Someone with access to the database removes a message that does not suit them."""
    world = sandbox.world()
    with world.engine.transaction():
        world.engine.execute(f"DELETE FROM archive_part WHERE number = {NEWEST}")  # noqa: S608 - a fixed text
        world.engine.execute(f"DELETE FROM archive_message WHERE number = {NEWEST}")  # noqa: S608 - a fixed text
    return world


def message_kept_longer(sandbox: Sandbox) -> World:
    """Someone moves the end of a message ten years on, in the database."""
    world = sandbox.world()
    world.engine.execute(f"UPDATE archive_message SET due = due + 3650 WHERE number = {NEWEST}")  # noqa: S608 - a fixed text
    return world


def mailbox_left_full(sandbox: Sandbox) -> World:
    """Emptying was switched off for a move, never switched on again, and an old folder was put back at the provider."""
    for box in sandbox.world().ways.settings.mailboxes:
        assert box.maildir is not None
        moment = int((sandbox.clock() - timedelta(days=60)).timestamp())
        path = box.maildir / "cur" / f"{moment}.99.koper:2,S"
        path.write_bytes(
            b"From: info@example.org\r\nTo: cor@example.nl\r\nSubject: Oude map\r\nMessage-ID: <99@example.org>\r\n\r\nOud.\r\n"
        )
        os.utime(path, (moment, moment))
        sandbox.close()
        write_settings(sandbox.folder, {"empty_after_days": 0}, section=f"mail.mailboxes.{box.name}")
    sandbox.clock.advance(timedelta(hours=24))
    sandbox.tidy()
    return sandbox.world()


BREAKS = (
    Break("archive-receives-all", message_removed_by_hand.__doc__ or "", message_removed_by_hand),
    Break("archive-within-period", message_kept_longer.__doc__ or "", message_kept_longer),
    Break("origin-mailbox-emptied", mailbox_left_full.__doc__ or "", mailbox_left_full),
)
