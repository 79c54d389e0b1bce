"""A backup and a restore that are killed at any moment: the earlier backup stands, no half organisation, and the same
call made again succeeds."""

from __future__ import annotations

import os
import signal
import time

import pytest
from backup_world import OWNER, nothing, read

from engines import on_postgres
from gestand.backup.service import restore_backup
from gestand.kernel.entropy import system_entropy
from gestand.system import forget_requests
from kills import BACKUP_POSTGRES, BACKUP_SQLITE


def killed_after(share: float, took: float, verb) -> bool:
    """Run the verb in a process of its own and kill it; say whether it had not ended by then."""
    child = os.fork()
    if child == 0:  # pragma: no cover - killed
        status = 3
        try:
            verb()
            status = 0
        finally:
            os._exit(status)
    time.sleep(share * took)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.on_both_engines
@pytest.mark.parametrize("run", ["ordinary", pytest.param("long", marks=pytest.mark.long)])
def test_killed_at_any_moment_the_earlier_backup_stands_and_nothing_is_half(firm, run):
    kills = getattr(BACKUP_POSTGRES if on_postgres() else BACKUP_SQLITE, run)
    started = time.monotonic()
    first = firm.back_up(full=True).manifest
    backing = time.monotonic() - started
    started = time.monotonic()
    firm.restore("eerst")
    restoring = time.monotonic() - started
    firm.house.vault.erase([firm.item("anna", "contact.phone")], ground="Article 17", actor=OWNER)
    early = 0

    def restore_again() -> None:
        restore_backup(
            firm.backups, firm.folder / "nieuw", firm.identities, actor=OWNER, clock=firm.clock,
            entropy=system_entropy, variable=nothing, forget=forget_requests, ledger=firm.place.folder,
        )  # fmt: skip

    for number in range(kills):
        share = (number // 2 + 0.5) / (kills / 2)
        firm.place.close()
        if number % 2:
            early += killed_after(share, restoring, restore_again)
            if not (firm.folder / "nieuw").exists():
                continue
        else:
            early += killed_after(share, backing, lambda: firm.back_up(full=True))
            assert firm.house.backups.all(firm.settings())[0].id == first.id
            firm.house.ledger.verify()
            continue
        with firm.reopened() as house:
            assert "contact.phone" not in read(house, "anna")
            house.ledger.verify()
            house.vault.verify_seals()
        (firm.folder / "nieuw").rename(firm.folder / f"nieuw-{number}")
    assert early > kills // 4, "they were killed before the end"
    for backup in firm.house.backups.all(firm.settings()):
        outcome = firm.restore(f"uit-{backup.id}", backup=backup.id)
        assert outcome.items <= first.items
    firm.restore("laatst")
    with firm.reopened("laatst") as house:
        assert "contact.phone" not in read(house, "anna")
