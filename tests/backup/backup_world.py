"""A small firm with three invented customers, a folder for its backups, and two identities: one for data, one for keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engines import DATA, KEYS, on_postgres
from gestand.backup.model import Made, Restored
from gestand.backup.recipients import new_identity, recipient_of
from gestand.backup.service import Backups, restore_backup
from gestand.doors.demonstration.place import Place, make_place
from gestand.kernel.clock import SettableClock
from gestand.kernel.config import BackupSettings, load_config
from gestand.kernel.config_edit import write_settings
from gestand.kernel.entropy import system_entropy
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, SubjectId
from gestand.kernel.rootkey import load_root_key
from gestand.statement.policy import FieldKind
from gestand.system import System, forget_requests, open_system
from postgres_server import running_server

START = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
OWNER = ActorId("owner")
SERVICE, RIGHTS = PurposeId("service"), PurposeId("rights")
CANARY = "Anna de Vries-Kanarie"
MAILS = {"anna": "anna.kanarie@example.nl", "bram": "bram@example.nl", "chaima": "chaima@example.nl"}


def nothing(_name: str) -> None:
    """An empty environment."""


@dataclass
class Firm:
    place: Place
    folder: Path
    data_identity: Path
    keys_identity: Path

    @property
    def house(self) -> System:
        return self.place.open()

    @property
    def clock(self) -> SettableClock:
        return self.place.clock

    @property
    def backups(self) -> Path:
        return self.folder / "reservekopie"

    @property
    def identities(self) -> list[Path]:
        return [self.data_identity, self.keys_identity]

    def settings(self, **changes: object) -> BackupSettings:
        found = {
            "folder": self.backups,
            "recipients": (recipient_of(self.data_identity),),
            "keys_recipients": (recipient_of(self.keys_identity),),
            **changes,
        }
        return BackupSettings(**found)

    def back_up(self, **more: object) -> Made:
        return self.house.backups.make(actor=OWNER, settings=self.settings(), **more)

    def at(self, failpoint) -> Backups:
        house = self.house
        root = load_root_key(house.config.root_key, house.config.folder, variable=nothing)
        return Backups(
            house.config, root, house.engine, house.vault, house.ledger,
            clock=self.clock, entropy=system_entropy, variable=nothing, forget=forget_requests, failpoint=failpoint,
        )  # fmt: skip

    def who(self, name: str) -> SubjectId:
        return who(self.house, name)

    def item(self, name: str, field: str) -> ItemId:
        return next(h.item for h in self.house.vault.holdings(self.who(name)) if h.field == field)

    def restore(self, name: str = "nieuw", **wishes: object) -> Restored:
        """Restore the newest backup, with the old folder's ledger unless told otherwise."""
        wished = {"ledger": self.place.folder, "identity_files": self.identities, "folder": self.backups, **wishes}
        return restore_backup(
            into=self.folder / name,
            actor=OWNER,
            clock=self.clock,
            entropy=system_entropy,
            variable=nothing,
            forget=forget_requests,
            **wished,
        )

    def reopened(self, name: str = "nieuw") -> System:
        return open_system(self.folder / name, clock=self.clock)


def who(house: System, name: str) -> SubjectId:
    [found] = house.vault.find(FieldKind.EMAIL, MAILS[name])
    return found


def read(house: System, name: str) -> dict[str, str]:
    opened = house.vault.open(who(house, name), RIGHTS, actor=OWNER, reason="test")
    return {item.holding.field: item.value for item in opened.items}


def make_firm(folder: Path) -> Firm:
    folder.mkdir(exist_ok=True)
    place = make_place(folder / "koper")
    if on_postgres():
        where = {"dsn": f"env:{DATA}", "keys_dsn": f"env:{KEYS}", "schema": running_server().schema()}
        write_settings(place.folder, {"engine": "postgres", **where})
    place.clock.move_to(START)
    firm = Firm(place, folder, folder / "data.txt", folder / "sleutels.txt")
    for file in firm.identities:
        file.write_text(new_identity())
    house = firm.house
    house.publication.adopt(actor=OWNER)
    for name, mail in MAILS.items():
        values = {
            FieldPath("contact.name"): CANARY if name == "anna" else f"{name.title()} Jansen",
            FieldPath("contact.email"): mail,
            FieldPath("contact.phone"): "06-12345678",
        }
        house.intake.admit(None, values, purpose=SERVICE, source="office", actor=OWNER)
    return firm


def all_bytes(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def data_folder(folder: Path) -> Path:
    return load_config(folder).data
