"""The verbs of the backup room: make, list, drill, restore; and what old backups can still open."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from gestand.backup.drilling import drill
from gestand.backup.escrow import Escrow, escrow_of
from gestand.backup.expiring import clear, still_open
from gestand.backup.files import alone
from gestand.backup.ledgers import ledger_copy
from gestand.backup.making import Failpoint, Home, make
from gestand.backup.model import Drill, Inventory, Made, Manifest, Restored
from gestand.backup.own import Own, own
from gestand.backup.recipients import known_ledgers, read_identities
from gestand.backup.restoring import Forget, Means, Wish, restore
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.config import BackupSettings, Config
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.kernel.rootkey import Variable
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.storage.engine import Engine
from gestand.vault.model import Rotation
from gestand.vault.service import EPOCH_FOLDER, Vault


def no_failpoint(_step: str) -> None:
    """Stop nowhere."""


class Backups:
    """Backups and keys of one opened organisation."""

    def __init__(
        self,
        config: Config,
        root_key: bytes,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        *,
        clock: Clock,
        entropy: Entropy,
        variable: Variable,
        forget: Forget,
        failpoint: Failpoint = no_failpoint,
    ) -> None:
        self._home = Home(config, root_key, engine, vault, ledger, clock, entropy, failpoint)
        self._variable = variable
        self._forget = forget

    def make(
        self,
        *,
        actor: ActorId,
        full: bool = False,
        expire_keys: bool = False,
        settings: BackupSettings | None = None,
    ) -> Made:
        """Make a backup, then remove what is due to leave. ``full``: write every part anew; ``expire_keys``: let the keys of
        all earlier backups leave at once, so that nothing erased until now can be opened from here any more.

        :raises UsageError: ``backup-not-set``, ``backup-no-recipient``, ``backup-recipient``.
        :raises GestandError: ``backup-not-written``, ``backup-busy``, ``backup-store-busy``; earlier backups are as they were.
        """  # noqa: D205 - two switches need two sentences
        home = self._home
        wanted = settings or home.config.backup
        with alone(self._folder(wanted)):
            made = make(home, wanted, full=full, actor=actor)
            folder, newest = self._folder(wanted), made.manifest.id
            there = own(folder, home.root_key)
            keys, whole = clear(folder, there, newest, home.clock(), wanted, older_keys=expire_keys)
        for what, gone in (("keys", keys), ("data", whole)):
            if gone:
                facts: dict[str, Fact] = {"backups": gone[:100], "what": what}
                home.ledger.append(Event("backup.expired", home.clock(), actor, facts))
        return dataclasses.replace(made, keys_expired=keys, expired=whole, unproven=there.strangers)

    def all(self, settings: BackupSettings | None = None) -> list[Manifest]:
        """Return the organisation's own backups in the folder, the oldest first."""
        return list(own(self._folder(settings or self._home.config.backup), self._home.root_key).proven)

    def unproven(self, settings: BackupSettings | None = None) -> tuple[str, ...]:
        """Return the manifests in the folder that are not the organisation's own, or were changed."""
        return own(self._folder(settings or self._home.config.backup), self._home.root_key).strangers

    def drill(
        self,
        identity_files: Sequence[Path],
        *,
        actor: ActorId,
        backup: str = "",
        settings: BackupSettings | None = None,
    ) -> Drill:
        """Restore a backup (by default the newest) to a scratch folder, check everything, and record the outcome.

        :raises UsageError: if no identity can be read: then nothing was tried.
        """
        folder = self._folder(settings or self._home.config.backup)
        identities = read_identities(identity_files)
        with alone(folder):
            return drill(
                self._home,
                folder,
                identities,
                known=known_ledgers(identity_files),
                backup=backup,
                variable=self._variable,
                forget=self._forget,
                actor=actor,
            )

    def inventory(self, settings: BackupSettings | None = None) -> Inventory:
        """Return which keys there are, and what old backups can still open."""
        home = self._home
        wanted = settings or home.config.backup
        there = own(wanted.folder, home.root_key) if wanted.folder is not None else Own((), {})
        found = still_open(wanted.folder, there) if wanted.folder is not None else []
        epochs = tuple(sorted(int(p.name[6:12]) for p in (home.config.data / EPOCH_FOLDER).glob("epoch-*.kek")))
        escrowed = [e.event.facts.get("epoch") for e in home.ledger.entries() if e.event.name == "escrow.made"]
        last = escrowed[-1] if escrowed else None
        today = local_date(home.clock())
        return Inventory(
            epoch=max(epochs, default=0),
            epochs=epochs,
            keys=home.vault.counts().keys,
            oldest_backup_still_open=local_date(min(one.made for one in found)) if found else None,
            unreadable_by=today + timedelta(days=wanted.keys_keep_days) if found else None,
            escrow_epoch=last if isinstance(last, int) else None,
            unproven=there.strangers,
        )

    def rotate(self, *, actor: ActorId) -> Rotation:
        """Turn the key-encryption key: a new epoch, every key wrapped anew and tried, the old epoch's key destroyed."""
        return self._home.vault.rotate(actor=actor)

    def escrow(self, *, form: str, recipients: Sequence[str] = (), actor: ActorId) -> Escrow:
        """Return the root key and the epoch's key, to be kept elsewhere, and record that they left; never what they are."""
        return escrow_of(self._home, form=form, recipients=recipients, actor=actor)

    def _folder(self, settings: BackupSettings) -> Path:
        if settings.folder is None:
            raise UsageError(
                "backup-not-set",
                "no folder for backups is named",
                where="gestand.toml: backup.folder",
                remedy='Write [backup] folder = "/media/backup" and recipients = ["age1..."], on another disk than the data.',
            )
        return settings.folder


def restore_backup(
    folder: Path,
    into: Path,
    identity_files: Sequence[Path],
    *,
    actor: ActorId,
    clock: Clock,
    entropy: Entropy,
    variable: Variable,
    forget: Forget,
    backup: str = "",
    keys: Path | None = None,
    ledger: Path | None = None,
    remembered: Sequence[str] = (),
    nothing_newer: bool = False,
    failpoint: Failpoint = no_failpoint,
) -> Restored:
    """Restore a backup (``backup`` empty: the newest in ``folder``) into a new or empty folder, and prove it.

    ``ledger``: a folder that holds the newest ledger; ``remembered``: checkpoints kept elsewhere; ``nothing_newer``: there is
    no newer ledger than those in the backup folder; ``forget``: see ``restoring.Forget``. Nothing stands in ``into`` until all of it is verified and replayed.

    :raises UsageError: ``restore-not-empty``, ``restore-no-place``, ``no-backup``, ``backup-keys-expired``, ``backup-identity``,
        ``no-ledger``.
    :raises RefusedError: ``restore-ledger-unknown``.
    :raises DamagedError: ``backup-missing``, ``backup-damaged``, ``restore-not-yours``, ``restore-ledger-older``, ``restore-ledger-other``,
        ``restore-counts``, ``restore-erased-back``, and those of ledger and vault.
    """
    wish = Wish(
        folder=folder,
        into=into.absolute(),
        identities=read_identities(identity_files),
        backup=backup,
        keys=keys,
        ledger=ledger_copy(ledger) if ledger is not None else None,
        remembered=tuple(remembered),
        nothing_newer=nothing_newer,
        known=known_ledgers(identity_files),
    )
    return restore(wish, Means(clock, entropy, variable, forget, failpoint), actor=actor)
