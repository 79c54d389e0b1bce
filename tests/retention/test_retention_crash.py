"""Killed while somebody's last data leave, nothing that was kept beside them stays behind."""

from __future__ import annotations

import os
import signal

import pytest

from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId, FieldPath, PurposeId
from gestand.register.model import DossierKind, Involved

OWNER = ActorId("owner")


@pytest.mark.parametrize("step", ["erase.begun", "erase.unreadable", "erase.destroyed", "erase.done"])
def test_the_register_forgets_whom_a_killed_run_erased(place: Place, step: str):
    house = place.open()
    subject = house.intake.admit(
        None,
        {FieldPath("contact.name"): "Hugo de Wit", FieldPath("contact.email"): "hugo@example.org"},
        PurposeId("service"), source="counter", actor=OWNER, kind="firm",
    )  # fmt: skip
    job = house.register.open_dossier(
        DossierKind.QUESTION, PurposeId("service"), [Involved(subject, "customer")], number="2026-77", actor=OWNER
    )
    today = local_date(place.clock())
    house.register.close(job.id, on=today, actor=OWNER)
    changes = [(held.item, held.trigger_on, today) for held in house.vault.holdings(subject)]
    house.vault.set_due(changes, trigger="collected", actor=OWNER)
    place.close()
    child = os.fork()
    if child == 0:  # the copy of this process dies at the step
        try:
            dying = place.open()

            def die(reached: str) -> None:
                if reached == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            object.__setattr__(dying.vault._room, "failpoint", die)
            dying.retention.run(actor=OWNER)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    again = place.open()
    again.retention.run(actor=OWNER)
    assert not again.vault.exists(subject)
    assert again.register.dossier(job.id) is None
    assert subject not in again.register.firms()
    assert list(again.register.involvements(subject)) == []
