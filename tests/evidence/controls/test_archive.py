"""What lies in a mailbox that nobody reads any more is not proven to be anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gestand.archive.ways.model import Ended
from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.evidence.model import Finding, Verdict
from gestand.evidence.registry import controls
from gestand.evidence.service import run_control
from gestand.kernel.config_edit import write_settings
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId

OWNER = ActorId("owner")
EMPTIED, RECEIVED = "origin-mailbox-emptied", "archive-receives-all"


def verdict(sandbox: DemonstrationSandbox, name: str) -> Verdict:
    return run_control(controls()[name], sandbox.world()).verdict


def box(sandbox: DemonstrationSandbox):
    [found] = sandbox.world().ways.settings.mailboxes
    return found


def change(sandbox: DemonstrationSandbox, **settings: object) -> None:
    name = box(sandbox).name
    sandbox.close()
    write_settings(sandbox.folder, settings, section=f"mail.mailboxes.{name}")


def later(sandbox: DemonstrationSandbox, days: float) -> None:
    sandbox.clock.advance(timedelta(days=days))
    sandbox.close()


def without_mailboxes(sandbox: DemonstrationSandbox, rename: str = "") -> None:
    sandbox.close()
    path = sandbox.folder / "gestand.toml"
    head, _, tail = path.read_text("utf-8").partition("[mail.mailboxes.info]")
    _, opened, rest = tail.partition("\n[")
    own = f"[mail.mailboxes.{rename}]{tail[: len(tail) - len(opened + rest)]}" if rename else ""
    path.write_text(head + own + opened + rest, "utf-8")


def test_mail_that_was_seen_there_and_not_taken_out_since_grows_old_there(sandbox: DemonstrationSandbox):
    assert (verdict(sandbox, EMPTIED).finding, verdict(sandbox, RECEIVED).finding) == (Finding.KEPT, Finding.KEPT)
    later(sandbox, 400)
    assert verdict(sandbox, EMPTIED).finding is Finding.BROKEN
    assert verdict(sandbox, RECEIVED).finding is Finding.UNPROVEN


def test_a_mailbox_that_was_not_read_for_more_than_two_days_proves_nothing(sandbox: DemonstrationSandbox):
    later(sandbox, 2)
    assert (verdict(sandbox, EMPTIED).finding, verdict(sandbox, RECEIVED).finding) == (Finding.KEPT, Finding.KEPT)
    later(sandbox, 0.01)
    for name in (EMPTIED, RECEIVED):
        found = verdict(sandbox, name)
        assert found.finding is Finding.UNPROVEN
        assert "last read on" in found.evidence[0]
    world = sandbox.world()
    world.ways.pull(box(sandbox).name)
    assert verdict(sandbox, RECEIVED).finding is Finding.KEPT


def test_who_empties_by_hand_may_have_done_so_since_the_last_reading(sandbox: DemonstrationSandbox):
    change(sandbox, empty_after_days=0)
    later(sandbox, 400)
    assert verdict(sandbox, EMPTIED).finding is Finding.UNPROVEN


def test_a_mailbox_that_is_frozen_to_contain_a_breach_is_not_emptied_and_so_unproven(sandbox: DemonstrationSandbox):
    sandbox.world().ways.freeze(box(sandbox).name, reason="breach")
    later(sandbox, 60)
    assert verdict(sandbox, EMPTIED).finding is Finding.UNPROVEN


def test_a_mailbox_taken_out_of_the_settings_with_mail_in_it_needs_a_recorded_end(sandbox: DemonstrationSandbox):
    name = box(sandbox).name
    with pytest.raises(RefusedError, match="still set up"):
        sandbox.world().ways.end(name, Ended.CLOSED, actor=OWNER)
    without_mailboxes(sandbox)
    assert sandbox.world().ways.settings.mailboxes == ()
    found = verdict(sandbox, EMPTIED)
    assert found.finding is Finding.UNPROVEN
    assert "gestand mail end" in found.evidence[0]
    with pytest.raises(UsageError, match="ever read"):
        sandbox.world().ways.end("ander", Ended.CLOSED, actor=OWNER)
    sandbox.world().ways.end(name, Ended.CLOSED, actor=OWNER)
    assert verdict(sandbox, EMPTIED).finding is Finding.KEPT


def test_a_mailbox_that_was_set_up_and_never_read_is_unproven(sandbox: DemonstrationSandbox):
    without_mailboxes(sandbox, rename="post")
    sandbox.world().ways.end("info", Ended.RENAMED, actor=OWNER)
    for name in (EMPTIED, RECEIVED):
        found = verdict(sandbox, name)
        assert (found.finding, found.evidence) == (Finding.UNPROVEN, ("mailbox post: set up, and was never read",))
