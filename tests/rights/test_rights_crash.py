"""Killed in the middle of an erasure on request: it goes on when run again, and never says done before it is.

Each kill is a SIGKILL of a process of its own on a copy of the filled organisation.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.controls.keeping import erasure_real
from gestand.evidence.controls.logging import ledger_intact
from gestand.kernel.clock import SettableClock
from gestand.kernel.ids import ActorId, ItemId
from gestand.rights.model import Channel, Decision, IdentityLevel, Right, State
from gestand.vault.model import Erasure

OWNER = ActorId("owner")
STEPS = (
    "erase.begun", "erase.unreadable", "erase.destroyed", "erase.searched", "erase.done",
)  # fmt: skip
CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from gestand.kernel.clock import SettableClock
from gestand.kernel.ids import ActorId
from gestand.system import open_system
with open_system(Path(sys.argv[1]), clock=SettableClock(datetime.fromisoformat(sys.argv[2]))) as house:
    print("open", flush=True)
    sys.stdin.readline()
    house.requests.erase(sys.argv[3], actor=ActorId("owner"))
"""


def planned(place: Place) -> str:
    house = place.open()
    asked = house.requests.receive(Right.ERASURE, contact=CAST[3].email, channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(asked.id, IdentityLevel.SECOND_FACT, actor=OWNER)
    assert house.requests.plan(asked.id, actor=OWNER).having(Decision.ERASE)
    place.close()
    return asked.id


def check_and_finish(folder: Path, now: datetime, request: str) -> bool:
    """Return whether it was closed already; whatever happened, the request says done only if everything is gone."""
    place = Place(folder, SettableClock(now))
    house = place.open()
    try:
        to_go = [ItemId(row[0]) for row in house.requests.decisions(request) if row[2] == "erase"]
        found = house.requests.one(request)
        if not found.open:
            assert not any(house.vault.item(item) for item in to_go)
            closed = True
        else:
            assert found.state is State.PLANNED
            outcome = house.requests.erase(request, actor=OWNER)
            assert outcome.absence_proven
            assert outcome.erased == len(to_go)
            closed = False
        assert not any(house.vault.item(item) for item in to_go)
        ended = [e.event for e in house.ledger.entries() if e.event.facts.get("request") == request]
        assert [event.name for event in ended].count("request.closed") == 1
        assert next(e.facts["items"] for e in ended if e.name == "request.answered") == len(to_go)
        assert ledger_intact(world_of(house)).finding == "kept"
        assert erasure_real(world_of(house)).finding == "kept"
        return closed
    finally:
        place.close()


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_of_the_erasure_it_goes_on(place: Place, step: str):
    request = planned(place)
    child = os.fork()
    if child == 0:  # the copy of this process dies at the step
        try:
            house = place.open()

            def die(reached: str) -> None:
                if reached == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            object.__setattr__(house.vault._room, "failpoint", die)
            house.requests.erase(request, actor=OWNER)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert not check_and_finish(place.folder, place.clock(), request)


@pytest.mark.slow
def test_killed_at_any_moment_it_never_says_done_too_early(place: Place, tmp_path: Path):
    request = planned(place)
    for number in range(8):
        folder = tmp_path / f"kill-{number}" / "koper"
        shutil.copytree(place.folder, folder)
        for box in place.folder.parent.glob(f"{place.folder.name}-*"):  # its mailbox and backups lie beside it
            shutil.copytree(box, folder.parent / box.name) if box.is_dir() else shutil.copy(box, folder.parent)
        words = [sys.executable, "-c", CHILD, str(folder), place.clock().isoformat(), request]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            assert child.stdout.readline() == "open\n"
            child.stdin.write("go\n")
            child.stdin.flush()
            time.sleep(0.003 * number)
            child.kill()
        check_and_finish(folder, place.clock(), request)


def test_the_renewed_search_that_finds_something_leaves_the_request_open(place: Place, monkeypatch: pytest.MonkeyPatch):
    request = planned(place)
    house = place.open()
    monkeypatch.setattr(
        type(house.vault), "erase", lambda _vault, items, **_how: Erasure("era_x", len(items), 0, 1)
    )  # an erasure that does nothing
    with pytest.raises(Exception, match="still found") as damaged:
        house.requests.erase(request, actor=OWNER)
    assert damaged.value.code == "erasure-incomplete"
    assert house.requests.one(request).state is State.PLANNED
