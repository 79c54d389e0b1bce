"""Which backups in a folder are the organisation's own. Nothing is built upon, counted or removed on the word of another.

A manifest is proven by its code, made with the root key. One that is not was changed, is damaged, or is of another
organisation that backs up to the same folder; what it names stays, and its name is told so that a person looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gestand.backup.manifest import SUFFIX, check_manifest, in_order, read_manifest
from gestand.backup.model import Manifest
from gestand.kernel.errors import DamagedError


@dataclass(frozen=True, slots=True)
class Own:
    """The backups in a folder that are proven, the oldest first; and the manifests that are not, None where one cannot be read."""

    proven: tuple[Manifest, ...]
    unproven: dict[str, Manifest | None]

    @property
    def strangers(self) -> tuple[str, ...]:
        """The file names of the manifests that are not proven."""
        return tuple(sorted(self.unproven))


def own(folder: Path, root_key: bytes) -> Own:
    """Read every manifest in ``folder`` and hold it against the root key."""
    proven: list[Manifest] = []
    unproven: dict[str, Manifest | None] = {}
    for path in sorted(folder.glob("bak_*" + SUFFIX)):
        try:
            found = unproven[path.name] = read_manifest(path)
            check_manifest(path, root_key)
        except DamagedError:
            unproven.setdefault(path.name, None)
        else:
            proven.append(found)
            del unproven[path.name]
    return Own(tuple(in_order(proven)), unproven)
