"""The switchboard: reads the configuration, opens storage, builds the services; nothing else.

Everything that a room needs from outside (time, randomness, the environment) enters here and is handed down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from gestand.backup.service import Backups
from gestand.breach.custody import BreachCustodian
from gestand.breach.service import Breaches
from gestand.evidence.history import History
from gestand.evidence.measures import Measures, load_measures
from gestand.evidence.sites import Sites
from gestand.intake.service import Intake
from gestand.kernel.clock import Clock, system_clock
from gestand.kernel.config import FILE, Config, environment, load_config
from gestand.kernel.crypto import derive
from gestand.kernel.entropy import Entropy, system_entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import RequestId
from gestand.kernel.rootkey import load_root_key
from gestand.kernel.tickets import Tickets
from gestand.ledger.keys import places
from gestand.ledger.note import origin_of
from gestand.ledger.service import Ledger, open_ledger
from gestand.publication.service import Publication
from gestand.register.devices import Devices
from gestand.register.service import Register
from gestand.retention.custody import VaultCustodian
from gestand.retention.images import ImageCustodian
from gestand.retention.service import Retention
from gestand.retention.staff import StaffCustodian
from gestand.retention.tasks import Tasks
from gestand.rights.choices import Choices
from gestand.rights.custody import RequestCustodian
from gestand.rights.service import Requests
from gestand.rights.store import RequestStore
from gestand.sharing.agreements import load_agreements
from gestand.sharing.approvals import AloneAfterWaiting
from gestand.sharing.service import Sharing
from gestand.sharing.store import SharingStore
from gestand.staff.service import Staff
from gestand.storage.engine import Engine
from gestand.stores import keys_opener, open_data
from gestand.vault.service import Vault, open_vault

Variable = Callable[[str], str | None]
"""Reads one variable of the environment."""


@dataclass(frozen=True, slots=True)
class System:
    """An opened organisation: its settings and its rooms. Leaving the ``with`` block closes every file."""

    config: Config
    clock: Clock
    entropy: Entropy
    engine: Engine
    ledger: Ledger
    publication: Publication
    vault: Vault
    register: Register
    devices: Devices
    intake: Intake
    requests: Requests
    choices: Choices
    breaches: Breaches
    retention: Retention
    tasks: Tasks
    sharing: Sharing
    measures: Measures
    sites: Sites
    history: History
    backups: Backups
    staff: Staff
    tickets: Tickets

    @property
    def statements(self) -> Publication:
        """The versions of the statement, under the name that the vault knows them by."""
        return self.publication

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close vault, ledger and store, in that order."""
        self.vault.close()
        self.ledger.close()
        self.engine.close()


def forget_requests(engine: Engine, left: Sequence[str]) -> int:
    """Remove requests and records of sharing that left the organisation after a backup was made; return how many were in it.

    For a restore.
    """
    requests, records = RequestStore(engine), SharingStore(engine)
    asked = [RequestId(one) for one in left if requests.one(one) is not None]
    shared = [one for one in left if records.one(one) is not None]
    with engine.transaction():
        for request in asked:
            requests.delete(request)
        for record in shared:
            records.delete(record)
    return len(asked) + len(shared)


def open_system(
    folder: Path,
    *,
    clock: Clock = system_clock,
    entropy: Entropy = system_entropy,
    variable: Variable = environment,
) -> System:
    """Open the organisation in ``folder``; interrupted erasures are finished before anything else can be asked.

    :raises UsageError: if there is no organisation, or its root key cannot be found.
    :raises DamagedError: if the store, the keys or the ledger do not verify.
    """
    config = load_config(folder)
    root_key = load_root_key(config.root_key, config.folder, variable=variable)
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as opened:
        house = _open_rooms(config, root_key, opened, clock=clock, entropy=entropy, variable=variable)
        opened.pop_all()
    return house


def _open_rooms(
    config: Config, root_key: bytes, opened: ExitStack, *, clock: Clock, entropy: Entropy, variable: Variable
) -> System:
    """Open every room, from the bottom up; what ``opened`` has is closed again if one of them cannot be."""
    engine = open_data(config, root_key, variable=variable)
    opened.callback(engine.close)
    if load_config(config.folder) != config:  # moved to another engine while this one waited for it
        raise UsageError(
            "config-changed",
            "the settings changed while the organisation was being opened",
            where=str(config.folder / FILE),
            remedy="Do it again.",
        )
    place, remembered = places(config)
    ledger = open_ledger(
        place,
        engine,
        clock=clock,
        entropy=entropy,
        remembered=remembered,
        origin=origin_of(f"gestand/{config.folder.name}"),
    )
    opened.callback(ledger.close)
    publication = Publication(config.folder, engine, ledger, clock=clock)
    keys = keys_opener(config, root_key, variable=variable)
    vault = open_vault(
        config.data, engine, ledger, publication, root_key=root_key, clock=clock, entropy=entropy, keys=keys
    )
    opened.callback(vault.close)
    vault.resume()
    register = Register(engine, vault, ledger, publication, clock, entropy)
    intake = Intake(engine, vault, ledger, register, publication, clock, entropy)
    waiting = timedelta(minutes=config.waiting_minutes)
    staff = Staff(engine, root_key, ledger, clock, entropy, waiting=waiting)
    sharing = Sharing(
        engine,
        vault,
        ledger,
        publication,
        load_agreements(config.folder),
        AloneAfterWaiting(clock, timedelta(minutes=config.sharing.waiting_minutes)),
        clock,
        entropy,
        key=derive(root_key, "sharing"),
    )
    requests = Requests(engine, vault, ledger, register, publication, clock, entropy, disclosed=sharing)
    devices = Devices(config.data, engine, vault, ledger, register, publication, clock, entropy)
    custodians = (
        VaultCustodian(vault, publication, register),
        RequestCustodian(engine, ledger, publication, clock),
        sharing.custodian,
        BreachCustodian(engine, vault, ledger, publication, clock),
        ImageCustodian(devices),
        StaffCustodian(staff),
    )
    retention = Retention(custodians, engine, ledger, clock, entropy)
    measures = Measures(load_measures(config.folder), engine, ledger, clock)
    backups = Backups(
        config, root_key, engine, vault, ledger, clock=clock, entropy=entropy, variable=variable, forget=forget_requests
    )
    return System(
        config=config,
        clock=clock,
        entropy=entropy,
        engine=engine,
        ledger=ledger,
        publication=publication,
        vault=vault,
        register=register,
        devices=devices,
        intake=intake,
        requests=requests,
        choices=Choices(engine, vault, publication, clock),
        breaches=Breaches(engine, vault, ledger, publication, clock, entropy),
        retention=retention,
        tasks=Tasks(engine, ledger, clock, entropy),
        sharing=sharing,
        measures=measures,
        history=History(engine, ledger, clock),
        sites=Sites(config.sites, engine, ledger, publication, clock),
        backups=backups,
        staff=staff,
        tickets=Tickets(root_key, clock, entropy),
    )
