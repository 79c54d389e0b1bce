"""Several processes on one organisation, with the real ledger, one of them killed: every invariant stands afterwards."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from vault_house import forked
from vault_world import EMAIL, JOB, NAME, NOTE, OWNER, ROOT, START, SUPPORT, Versions

from engines import open_store
from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import system_entropy
from gestand.ledger.service import Ledger, open_ledger
from gestand.storage.engine import Engine
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.service import Vault, data_key, open_vault

pytestmark = pytest.mark.on_both_engines
TURNS = 12


def open_house(folder: Path) -> tuple[Engine, Ledger, Vault]:
    engine = open_store(folder / "data.db", data_key(ROOT))
    ledger = open_ledger(
        folder / "ledger",
        engine,
        clock=SettableClock(START),
        entropy=system_entropy,
        remembered=folder / "remembered" / "checkpoint",
        origin="example.nl/gestand",
    )
    vault = open_vault(
        folder, engine, ledger, Versions(), root_key=ROOT, clock=SettableClock(START), entropy=system_entropy,
        keys=open_store,
    )  # fmt: skip
    return engine, ledger, vault


def work(folder: Path, name: str, turns: int) -> None:
    """Add people, read, rectify, and erase a datum of each; the last turn of one turns the key."""
    engine, ledger, vault = open_house(folder)
    for turn in range(turns):
        data = (
            NewItem(NAME, f"{name} {turn}", JOB, "customer"),
            NewItem(EMAIL, f"{name}{turn}@example.nl", JOB, "customer"),
            NewItem(NOTE, f"Notitie van {name} {turn}", JOB, "own"),
        )
        (subject,) = vault.add([NewSubject(data)], actor=OWNER, reason="order")
        note = next(h.item for h in vault.holdings(subject) if h.field == NOTE)
        email = next(h.item for h in vault.holdings(subject) if h.field == EMAIL)
        assert len(vault.open(subject, SUPPORT, actor=OWNER, reason="call").items) == 3
        vault.rectify(email, f"{name}.{turn}@example.nl", actor=OWNER, reason="asked")
        assert vault.erase([note], ground="17(1)(a)", actor=OWNER).found_afterwards == 0
        if name == "anna" and turn == turns // 2:
            vault.rotate(actor=OWNER)
    vault.close()
    ledger.close()
    engine.close()


def start(folder: Path, name: str, turns: int) -> int:
    return forked(lambda: work(folder, name, turns))


def test_processes_at_work_together_and_one_that_dies_leave_everything_whole(tmp_path: Path) -> None:
    engine, ledger, vault = open_house(tmp_path)
    vault.close()
    ledger.close()
    engine.close()
    doomed = start(tmp_path, "carla", 1000)
    others = [start(tmp_path, name, TURNS) for name in ("anna", "bram")]
    time.sleep(0.7)
    os.kill(doomed, signal.SIGKILL)
    os.waitpid(doomed, 0)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in others] == [0, 0]
    engine, ledger, vault = open_house(tmp_path)
    vault.resume()
    vault.verify()
    ledger.verify()
    room = vault._room
    read = {}
    for subject in vault.subjects():
        items = vault.open(subject, SUPPORT, actor=OWNER, reason="check").items
        read |= {item.value: item.holding.field for item in items}
    for name in ("anna", "bram"):
        for turn in range(TURNS):
            assert {f"{name} {turn}", f"{name}.{turn}@example.nl"} <= set(read)
            assert {f"Notitie van {name} {turn}", f"{name}{turn}@example.nl"}.isdisjoint(read)
    for subject in room.store.subjects():
        assert set(room.keys.numbers(subject)) == room.store.buckets(subject) | {0}
    assert len(list((tmp_path / "epochs").iterdir())) == 1
    names = [entry.event.name for entry in ledger.entries()]
    done = [names.count(name) for name in ("erasure.begun", "key.destroyed", "erasure.done")]
    assert done == [done[0]] * 3
    assert done[0] >= 2 * TURNS
    assert names.count("data.sealed") == vault.counts().subjects
    vault.close()
    ledger.close()
    engine.close()
