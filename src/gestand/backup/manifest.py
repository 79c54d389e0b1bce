"""The manifest of a backup and the index inside it, as bytes.

``<id>.manifest.json`` is canonical JSON and lies there readable: ids, counts, digests of encrypted files; nothing of a
person. Its last key, ``mac``, is HMAC-SHA256 of all the rest under a key derived from the root key: who can write the
backup folder can remove a backup, not make one up. The index names the organisation's files and is encrypted.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from gestand.backup.files import PARTS, damaged
from gestand.backup.model import Manifest, Part, Sealed, StoredFile
from gestand.kernel.canonical import canonical
from gestand.kernel.crypto import derive, mac
from gestand.kernel.errors import DamagedError, UsageError

FORMAT = "gestand-backup@v1"
INDEX_FORMAT = "gestand-backup-index@v1"
SUFFIX = ".manifest.json"
_MAC_SIZE = 32
_PART = re.compile(rf"{PARTS}/([0-9a-f]{{32}})-[a-z0-9]{{8}}\.age")


def manifest_bytes(manifest: Manifest, root_key: bytes) -> bytes:
    """Return the file of a manifest, with its code."""
    document = _document(manifest)
    return canonical({**document, "mac": _mac(document, root_key)}) + b"\n"


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; whether it is genuine is only known with the root key (``check_manifest``).

    :raises DamagedError: ``backup-damaged`` if it is no manifest, byte for byte as one is written.
    """
    try:
        content = path.read_bytes()
        document = json.loads(content)
        if canonical(document) + b"\n" != content or document["format"] != FORMAT:
            raise damaged(path, "the manifest of the backup was changed or is of another format")
        manifest = _manifest(document)
        if not _named_as_written(manifest, path):
            raise damaged(path, "the manifest names files that no backup has")
    except OSError as fault:
        raise damaged(path, f"the manifest of the backup cannot be read: {fault.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged(path, "the manifest of the backup is not whole") from None
    return manifest


def check_manifest(path: Path, root_key: bytes) -> None:
    """Check that a manifest was made with this root key and not changed since.

    :raises DamagedError: ``backup-damaged``.
    """
    document = json.loads(path.read_bytes())
    found = str(document.pop("mac", ""))
    if not hmac.compare_digest(found.encode(), _mac(document, root_key).encode()):
        raise damaged(path, "the manifest was changed, or made by someone without the root key")


def in_order(found: Iterable[Manifest]) -> list[Manifest]:
    """Return backups, the oldest first: the ledger only grows, a clock may be set."""
    return sorted(found, key=lambda manifest: (manifest.entries, manifest.made, manifest.id))


def readable(folder: Path) -> list[Manifest]:
    """Return the backups in a folder whose manifest can be read, the oldest first; whether they are genuine is not known."""
    found = []
    for path in sorted(folder.glob("bak_*" + SUFFIX)):
        with suppress(DamagedError):
            found.append(read_manifest(path))
    return in_order(found)


def choose(
    folder: Path, wanted: str, *, proven: Collection[Manifest] | None = None, origins: Collection[str] = ()
) -> Manifest:
    """Return one backup of a folder; ``wanted`` empty: the newest. ``proven``: those to choose from, where the root key is at hand;
    ``origins``: of these organisations.

    :raises UsageError: ``no-backup``, ``backup-several``. :raises DamagedError: ``backup-damaged``.
    """  # noqa: D205 - what to choose from needs its sentence
    if wanted and (folder / (wanted + SUFFIX)).exists():
        return read_manifest(folder / (wanted + SUFFIX))
    found: Collection[Manifest] = []
    if not wanted:
        every = [read_manifest(path) for path in folder.glob("bak_*" + SUFFIX)] if proven is None else proven
        found = [one for one in every if not origins or one.origin in origins]
    if not found:
        raise UsageError(
            "no-backup",
            f"there is no backup {wanted}" if wanted else "there is no whole backup here",
            where=str(folder),
            remedy="Name the folder that 'gestand backup' writes to; 'gestand backup list' shows what is there.",
        )
    several = sorted({one.origin for one in found})
    if len(several) > 1:
        raise UsageError(
            "backup-several",
            f"backups of more than one organisation lie here: {', '.join(several)}",
            where=str(folder),
            remedy="Name the backup with --backup; the first lines of each *.manifest.json say whose it is.",
        )
    return in_order(found)[-1]


def part_mac(root_key: bytes) -> bytes:
    """Return the key under which the bytes of parts are told apart."""
    return derive(root_key, "backup parts")


def index_bytes(backup: str, files: list[StoredFile]) -> bytes:
    """Return the index: which files, of which parts."""
    listed = [{"path": f.path, "size": f.size, "sha256": f.sha256, "parts": list(f.parts)} for f in files]
    return canonical({"format": INDEX_FORMAT, "id": backup, "files": listed})


def read_index(content: bytes, backup: str, where: Path) -> list[StoredFile]:
    """Undo ``index_bytes``.

    :raises DamagedError: ``backup-damaged`` if it is none, of another backup, or names a place outside the organisation.
    """
    try:
        document = json.loads(content)
        if document["format"] != INDEX_FORMAT or document["id"] != backup:
            raise damaged(where, "the index belongs to another backup")
        files = [StoredFile(f["path"], f["size"], f["sha256"], tuple(f["parts"])) for f in document["files"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged(where, "the index of the backup is not whole") from None
    for file in files:
        if not inside(file.path):
            raise damaged(where, "the index names a place outside the organisation's folder")
    return files


def inside(path: str) -> bool:
    """Say whether a path of an archive stays within the folder it is written to."""
    return not path.startswith("/") and all(part not in {"", ".", ".."} for part in path.split("/"))


def _mac(document: dict[str, Any], root_key: bytes) -> str:
    return mac(derive(root_key, "backup manifest"), canonical(document), _MAC_SIZE).hex()


def _document(m: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": m.id,
        "made": m.made.isoformat(),
        "origin": m.origin,
        "full": m.full,
        "epoch": m.epoch,
        "subjects": m.subjects,
        "items": m.items,
        "entries": m.entries,
        "root": m.root,
        "recipients": m.recipients,
        "index": _sealed(m.index),
        "keys": _sealed(m.keys),
        "parts": [{"mac": part.mac, **_sealed(part.sealed)} for part in m.parts],
    }


def _sealed(sealed: Sealed) -> dict[str, Any]:
    return {"file": sealed.file, "sha256": sealed.sha256, "size": sealed.size}


def _manifest(d: dict[str, Any]) -> Manifest:
    made = datetime.fromisoformat(d["made"])
    if made.tzinfo is None:
        raise ValueError("an instant without a zone")
    return Manifest(
        id=_text(d["id"]),
        made=made,
        origin=_text(d["origin"]),
        full=d["full"] is True,
        epoch=int(d["epoch"]),
        subjects=int(d["subjects"]),
        items=int(d["items"]),
        entries=int(d["entries"]),
        root=_text(d["root"]),
        recipients=_text(d["recipients"]),
        index=_read_sealed(d["index"]),
        keys=_read_sealed(d["keys"]),
        parts=tuple(Part(_text(p["mac"]), _read_sealed(p)) for p in d["parts"]),
    )


def _read_sealed(d: dict[str, Any]) -> Sealed:
    if not inside(_text(d["file"])):
        raise ValueError("a place outside the backup folder")
    return Sealed(d["file"], _text(d["sha256"]), int(d["size"]))


def _named_as_written(m: Manifest, path: Path) -> bool:
    """Say whether every file has the name it was given, so that a changed name is damage and not a file that left."""
    own = (path.name, m.index.file, m.keys.file) == (m.id + SUFFIX, f"{m.id}.index.age", f"{m.id}.keys.age")
    return own and all((found := _PART.fullmatch(p.sealed.file)) and found[1] == p.mac[:32] for p in m.parts)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text was expected")
    return value
