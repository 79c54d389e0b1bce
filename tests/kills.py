"""How many times a process is killed: in every run of all tests, and in the long run. Each share is one test's."""

from __future__ import annotations

from typing import Final, NamedTuple


class Share(NamedTuple):
    ordinary: int
    long: int


VAULT_SQLITE: Final = Share(40, 860)
VAULT_POSTGRES: Final = Share(6, 60)
BACKUP_SQLITE: Final = Share(4, 80)
BACKUP_POSTGRES: Final = Share(4, 40)
SHARES: Final = (VAULT_SQLITE, VAULT_POSTGRES, BACKUP_SQLITE, BACKUP_POSTGRES)
