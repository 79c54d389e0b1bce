"""Violations through files: a forgotten export, a changed copy, a rewritten log."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox


def ledger_rewritten(sandbox: Sandbox) -> World:
    """Someone changed one letter in the middle of the log, while the program was running."""
    world = sandbox.world()
    log = world.data / "ledger" / "log"
    middle = log.stat().st_size // 2
    with log.open("r+b") as stream:
        stream.seek(middle)
        [letter] = stream.read(1)
        stream.seek(middle)
        stream.write(bytes((letter ^ 0x01,)))
    return world


def export_forgotten(sandbox: Sandbox) -> World:
    """An export for the bookkeeper was left in the folder of the store."""
    world = sandbox.world()
    (world.data / "export-klanten.csv").write_text("naam;e-mail\nGreet Bos;greet@example.nl\n", "utf-8")
    return world


def old_version_gone(sandbox: Sandbox) -> World:
    """Someone cleared away the statement of 2018: nobody needs that any more."""
    sandbox.close()
    shutil.rmtree(sandbox.folder / "versions" / "2018-05-25")
    return sandbox.world()


def working_copy_changed(sandbox: Sandbox) -> World:
    """Someone widened the policy in place, under the version number that people have read."""
    sandbox.close()
    policy = sandbox.folder / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace('period = "2 years"', 'period = "20 years"', 1), "utf-8")
    return sandbox.world()


def published_copy_changed(sandbox: Sandbox) -> World:
    """Someone changed a word in the published copy, without publishing."""
    sandbox.close()
    [text] = [path for path in _published(sandbox.folder) if path.name == "statement.nl.md"]
    text.write_text(text.read_text("utf-8").replace("GEEN", "geen enkele", 1), "utf-8")
    return sandbox.world()


def _published(folder: Path) -> list[Path]:
    return sorted((folder / "published").rglob("*"))


def mailbox_moved(sandbox: Sandbox) -> World:
    """The mailbox was moved to another place, and that reading it failed since was seen by nobody."""
    for box in sandbox.world().ways.settings.mailboxes:
        assert box.maildir is not None
        box.maildir.rename(box.maildir.with_name(f"{box.maildir.name}-verhuisd"))
    sandbox.clock.advance(timedelta(hours=25))
    sandbox.clear()
    return sandbox.world()


def backup_rotten(sandbox: Sandbox) -> World:
    """The disk of the backups lost a bit, and the next drill tried to restore from it."""
    largest = max((sandbox.backups / "parts").iterdir(), key=lambda path: path.stat().st_size)
    with largest.open("r+b") as stream:
        stream.seek(largest.stat().st_size // 2)
        [letter] = stream.read(1)
        stream.seek(-1, 1)
        stream.write(bytes((letter ^ 0x10,)))
    sandbox.drill()
    return sandbox.world()


BREAKS = (
    Break("ledger-intact", ledger_rewritten.__doc__ or "", ledger_rewritten),
    Break("sealed-at-rest", export_forgotten.__doc__ or "", export_forgotten),
    Break("restore-drilled", backup_rotten.__doc__ or "", backup_rotten),
    Break("mailbox-read-daily", mailbox_moved.__doc__ or "", mailbox_moved),
    Break("statement-history-kept", old_version_gone.__doc__ or "", old_version_gone),
    Break("bases-declared", working_copy_changed.__doc__ or "", working_copy_changed),
    Break("statement-current", published_copy_changed.__doc__ or "", published_copy_changed),
)
