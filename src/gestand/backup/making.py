"""Making a backup while the organisation goes on.

1. the ledger is signed; then, for a moment, writers wait: both stores are pinned as they are, and the epochs' keys read;
2. the pinned files are copied (to files without a name, which no crash leaves behind) and let go;
3. data: cut into parts of a MiB; a part that stands in the folder already, for the same recipients, is not written again.
   Pages are encrypted in the store, so a page that nobody changed is the same bytes as before;
4. keys: one archive of their own, always whole; 5. the manifest, last: before it there is no backup.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from gestand.backup import files
from gestand.backup.layout import KEYS, ROOT, root_carried, root_inside, settled
from gestand.backup.manifest import SUFFIX, index_bytes, manifest_bytes, part_mac
from gestand.backup.model import Made, Manifest, Part, StoredFile
from gestand.backup.own import Own, own
from gestand.backup.recipients import Recipients, read_recipients, recipients_digest
from gestand.kernel.clock import Clock
from gestand.kernel.config import FILE, BackupSettings, Config, load_config
from gestand.kernel.crypto import derive, mac
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, new_id
from gestand.ledger.keys import KEY, REMEMBERED, places, read_note
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.storage.engine import Engine
from gestand.storage.pinned import Pinned, pin
from gestand.storage.snapshot import BLOCK
from gestand.vault.service import EPOCH_FOLDER, KEY_FILE, Vault, data_key

MAIN_FILE = "data.db"
TOP_FILES = (FILE, "policy.toml", "measures.toml", "*.toml", "statement*.md")
FOLDERS = ("versions", "published", "sources")

Failpoint = Callable[[str], None]
"""Called after each durable step; tests stop the program there."""


@dataclass(frozen=True, slots=True)
class Home:
    """The organisation that is backed up, opened."""

    config: Config
    root_key: bytes
    engine: Engine
    vault: Vault
    ledger: Ledger
    clock: Clock
    entropy: Entropy
    failpoint: Failpoint


@dataclass(slots=True)
class _Copy:
    """What was copied at one moment."""

    main: IO[bytes]
    keys: IO[bytes]
    epochs: dict[str, bytes]
    epoch: int
    subjects: int
    items: int
    entries: int
    root: str
    remembered: bytes | None


@dataclass(slots=True)
class _Parts:
    """The parts of one backup as they are written, and those of earlier ones that may be used again."""

    folder: Path
    backup: str
    key: bytes
    recipients: Recipients
    standing: dict[str, Part]
    used: dict[str, Part] = field(default_factory=dict)
    written: int = 0
    renewed: int = 0
    size: int = 0

    def store(self, path: str, content: IO[bytes], length: int | None = None) -> StoredFile:
        """Write the parts of a file that do not stand there yet."""
        digest, names, size = hashlib.sha256(), [], 0
        for block in _blocks(content, length):
            digest.update(block)
            size += len(block)
            names.append(self._part(block))
        return StoredFile(path, size, digest.hexdigest(), tuple(names))

    def _part(self, block: bytes) -> str:
        name = mac(self.key, block, 32).hex()
        if name in self.used:
            return name
        part = self.standing.get(name)
        if part is not None and not files.whole(self.folder, part.sealed):  # bent since: written anew, never built upon
            self.renewed += 1
            del self.standing[name]
            part = None
        if part is None:
            file = f"{files.PARTS}/{name[:32]}-{self.backup[4:12]}.age"
            part = Part(name, files.seal_bytes(block, self.folder, file, self.recipients))
            self.written += 1
            self.size += part.sealed.size
        self.used[name] = part
        return name


def make(home: Home, settings: BackupSettings, *, full: bool, actor: ActorId) -> Made:
    """Make a backup; see ``Backups.make``. The caller is alone on the backup folder and clears it afterwards."""
    folder = _folder(home, settings)
    for_data = read_recipients(settings.recipients, "gestand.toml: backup.recipients")
    for_keys = read_recipients(settings.keys_recipients, "gestand.toml: backup.keys_recipients")
    digest = recipients_digest(settings.recipients)
    standing = {} if full else _standing(own(folder, home.root_key), digest)
    backup = new_id("bak", home.entropy)
    parts = _Parts(folder, backup, part_mac(home.root_key), for_data, standing)
    with ExitStack() as unnamed:  # files without a name: no crash leaves them behind
        copy = _copy(home, unnamed)
        stored = [
            parts.store(f"data/{MAIN_FILE}", copy.main),
            *_ledger(home, parts),
            *_texts(home.config, parts),
        ]
        home.failpoint("backup.parts")
        index = files.seal_bytes(index_bytes(backup, stored), folder, f"{backup}.index.age", for_data)
        archive = _keys_archive(home, copy, unnamed)
        keys = files.seal_stream(archive, folder, f"{backup}.keys.age", for_keys)
        home.failpoint("backup.keys")
    manifest = Manifest(
        id=backup,
        made=home.clock(),
        origin=home.ledger.key.name,
        full=not any(part in parts.standing for part in parts.used),
        epoch=copy.epoch,
        subjects=copy.subjects,
        items=copy.items,
        entries=copy.entries,
        root=copy.root,
        recipients=digest,
        index=index,
        keys=keys,
        parts=tuple(parts.used[name] for name in sorted(parts.used)),
    )
    content = manifest_bytes(manifest, home.root_key)
    files.write_plain(content, folder, backup + SUFFIX)
    home.failpoint("backup.written")
    facts: dict[str, Fact] = {
        "backup": backup,
        "items": manifest.items,
        "entries": manifest.entries,
        "epoch": manifest.epoch,
        "full": manifest.full,
        "digest": hashlib.sha256(content).hexdigest(),
    }
    home.ledger.append(Event("backup.made", manifest.made, actor, facts), durable=True)
    home.failpoint("backup.made")
    size = parts.size + index.size + keys.size + len(content)
    return Made(manifest, parts.written, len(parts.used) - parts.written, parts.renewed, size, (), (), ())


def _folder(home: Home, settings: BackupSettings) -> Path:
    """Return the backup folder.

    :raises UsageError: ``backup-not-set`` if none is named. :raises RefusedError: where a backup cannot stand.
    """
    folder = settings.folder
    if folder is None:
        raise UsageError(
            "backup-not-set",
            "no folder for backups is named",
            where="gestand.toml: backup.folder",
            remedy='Write [backup] folder = "/media/backup" and recipients = ["age1..."], on another disk than the data.',
        )
    if folder.is_relative_to(home.config.data):
        raise RefusedError(
            "backup-in-data",
            "a backup inside the folder of the data goes when the data go",
            where=str(folder),
            remedy="Name a folder on another disk.",
        )
    if not home.config.data.is_relative_to(home.config.folder):
        raise RefusedError(
            "backup-data-outside",
            "the data lie outside the organisation's folder, and a restore could not put them back there",
            where="gestand.toml: storage.folder",
            remedy="Move the data into the organisation's folder; that folder itself may be on any disk.",
        )
    return folder


def _standing(earlier: Own, digest: str) -> dict[str, Part]:
    """Return the parts of earlier backups for the same recipients; whether each is whole is seen when it is used."""
    return {part.mac: part for manifest in earlier.proven if manifest.recipients == digest for part in manifest.parts}


def _copy(home: Home, unnamed: ExitStack) -> _Copy:
    """Copy both stores as they are at one moment; writers wait while it is fixed, not while it is copied."""
    data = home.config.data
    home.ledger.tell()  # of erasures that wait to be told: the copy need not tell them again
    home.ledger.checkpoint()
    pins: list[Pinned] = []
    data_store, key_store = home.vault.stores()
    try:
        with home.engine.transaction():  # no key is made or wrapped while it is held
            head = home.ledger.head()
            note = read_note(
                places(home.config)[1]
            )  # now: a later one may name more entries than the copy of the log has
            counts = home.vault.counts()
            pins.append(pin(data_store, data / MAIN_FILE, data_key(home.root_key)))
            pins.append(pin(key_store, data / KEY_FILE, derive(home.root_key, KEY_FILE)))
            epochs = {path.name: path.read_bytes() for path in sorted((data / EPOCH_FOLDER).glob("epoch-*.kek"))}
        opened = [unnamed.enter_context(tempfile.TemporaryFile(dir=data)) for _ in pins]  # noqa: SIM115 - the stack closes it
        for pinned, target in zip(pins, opened, strict=True):
            pinned.copy(target)
            target.seek(0)
    except OSError as fault:
        raise files.not_written(data, fault) from None
    finally:
        for pinned in pins:
            pinned.release()
    home.failpoint("backup.copied")
    epoch = max((int(name[6:12]) for name in epochs), default=0)
    remembered = None if note is None else note.encode()
    return _Copy(
        opened[0], opened[1], epochs, epoch, counts.subjects, counts.items, head.size, head.root.hex(), remembered
    )


def _ledger(home: Home, parts: _Parts) -> Iterator[StoredFile]:
    folder, _ = places(home.config)
    signed = home.ledger.signed_text()
    end = home.ledger.extent()
    with (folder / "log").open("rb") as log:
        yield parts.store("data/ledger/log", log, end)
    yield parts.store("data/ledger/checkpoints", io.BytesIO(signed))


def _texts(config: Config, parts: _Parts) -> Iterator[StoredFile]:
    """Store settings, policy, texts and published versions. What else lies in the folder is not the program's to copy."""
    folder = config.folder
    found = {path for pattern in TOP_FILES for path in folder.glob(pattern)}
    found |= {path for name in FOLDERS for path in (folder / name).rglob("*")}
    for path in sorted(found):
        if path.is_file() and (path.parent == folder or not path.is_symlink()):
            with _content(path, config) as file:
                yield parts.store(path.relative_to(folder).as_posix(), file)


def _content(path: Path, config: Config) -> IO[bytes]:
    """Open a text to store; the settings as a restored organisation has them."""
    if path == config.folder / FILE:
        text = path.read_bytes().decode()
        return io.BytesIO(settled(text, load_config(config.folder, text.encode()), root_carried(config)).encode())
    return path.open("rb")


def _keys_archive(home: Home, copy: _Copy, unnamed: ExitStack) -> IO[bytes]:
    """Return a tar of everything that opens the data: key store, epochs, and the folder keys."""
    archive = unnamed.enter_context(tempfile.TemporaryFile(dir=home.config.data))  # noqa: SIM115 - the stack closes it
    with tarfile.open(fileobj=archive, mode="w") as tar:
        _add(tar, f"data/{KEY_FILE}", copy.keys)
        for name, content in copy.epochs.items():
            _add(tar, f"data/{EPOCH_FOLDER}/{name}", io.BytesIO(content))
        _, remembered = places(home.config)
        if copy.remembered is not None:
            _add(tar, f"{KEYS}/{REMEMBERED}", io.BytesIO(copy.remembered))
        _add(tar, f"{KEYS}/{KEY}", io.BytesIO(remembered.with_name(KEY).read_bytes()))
        root = root_inside(home.config)
        if root is not None:
            _add(tar, ROOT, io.BytesIO(root.read_bytes()))
    archive.seek(0)
    return archive


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = content.seek(0, io.SEEK_END)
    entry.mode = 0o600
    content.seek(0)
    tar.addfile(entry, content)


def _blocks(content: IO[bytes], length: int | None) -> Iterator[bytes]:
    left = length
    while block := content.read(BLOCK if left is None else min(BLOCK, left)):
        yield block
        left = None if left is None else left - len(block)
