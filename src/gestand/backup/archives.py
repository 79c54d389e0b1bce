"""The two archives of a backup, opened: data written out file by file, keys written out from their tar."""

from __future__ import annotations

import os
import re
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gestand.backup import files
from gestand.backup.manifest import read_index
from gestand.backup.model import Manifest, Sealed, StoredFile
from gestand.backup.recipients import Identities
from gestand.kernel.errors import UsageError

_OF_KEYS = re.compile(r"data/keys\.db|data/epochs/epoch-\d{6}\.kek|keys/[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Archives:
    """A backup folder and the identities that open it."""

    folder: Path
    identities: Identities

    def verify(self, manifest: Manifest, lender: Manifest, *, keys: Path | None = None) -> None:
        """Check every file of a backup against its manifest, and the keys against their ``lender``'s, before anything is decrypted.

        :raises DamagedError: ``backup-missing`` or ``backup-damaged``.
        :raises UsageError: ``backup-keys-expired``.
        """
        for sealed in (manifest.index, *(part.sealed for part in manifest.parts)):
            files.verify_sealed(self.folder, sealed)
        files.verify_sealed(*self._keys(lender, keys))

    def index(self, manifest: Manifest) -> list[StoredFile]:
        """Return the files of a backup."""
        content = files.open_bytes(self.folder, manifest.index, self.identities)
        return read_index(content, manifest.id, self.folder / manifest.index.file)

    def write_data(self, manifest: Manifest, found: list[StoredFile], place: Path) -> None:
        """Write files of the data archive under ``place``, each checked against the index.

        :raises DamagedError: ``backup-damaged``.
        """
        for file in found:
            self.write_file(manifest, file, place / file.path)
        self.check_written(found, place)

    def write_file(self, manifest: Manifest, file: StoredFile, target: Path) -> None:
        """Write one file from its parts, mode 0600, and bring it to stable storage."""
        parts = {part.mac: part.sealed for part in manifest.parts}
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            for name in file.parts:
                if name not in parts:
                    raise files.damaged(self.folder / manifest.index.file, "the index names a part that is not there")
                out.write(files.open_bytes(self.folder, parts[name], self.identities))
            out.flush()
            os.fsync(out.fileno())

    def check_written(self, found: list[StoredFile], place: Path) -> None:
        """Hold what was written against the index.

        :raises DamagedError: ``backup-damaged``.
        """
        for file in found:
            path = place / file.path
            if path.stat().st_size != file.size or files.digest_of(path) != file.sha256:
                raise files.damaged(self.folder, f"{file.path} is not what was backed up")

    def write_keys(self, manifest: Manifest, place: Path, *, keys: Path | None = None) -> list[str]:
        """Write the archive of keys of a backup out under ``place``; return the names. Only those that such an archive has, each
        mode 0600.
        """  # noqa: D205 - what is returned and what is refused
        written: list[str] = []
        folder, sealed = self._keys(manifest, keys)
        with tempfile.TemporaryFile(dir=place) as content:
            files.open_stream(folder, sealed, self.identities, content)
            content.seek(0)
            try:
                with tarfile.open(fileobj=content, mode="r:") as tar:
                    for entry in tar:
                        self._write_key(tar, entry, place, folder / sealed.file)
                        written.append(entry.name)
            except tarfile.TarError:
                raise files.damaged(folder / sealed.file, "the archive of keys is not whole") from None
        return written

    def _write_key(self, tar: tarfile.TarFile, entry: tarfile.TarInfo, place: Path, where: Path) -> None:
        content = tar.extractfile(entry) if entry.isfile() and _OF_KEYS.fullmatch(entry.name) else None
        if content is None:
            raise files.damaged(where, "the archive of keys names what is no key")
        target = place / entry.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            while block := content.read(1 << 20):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())

    def _keys(self, manifest: Manifest, keys: Path | None) -> tuple[Path, Sealed]:
        if keys is not None:
            return keys.parent, Sealed(keys.name, manifest.keys.sha256, manifest.keys.size)
        if not (self.folder / manifest.keys.file).exists():
            raise UsageError(
                "backup-keys-expired",
                f"the keys of backup {manifest.id} are not here: they leave sooner than the data, and nothing else opens it",
                where=str(self.folder / manifest.keys.file),
                remedy="Restore a newer backup, or name the archive of keys with --keys if you keep it elsewhere. The keys of a "
                "later backup open it too (--keys), but for what was destroyed since.",
            )
        return self.folder, manifest.keys
