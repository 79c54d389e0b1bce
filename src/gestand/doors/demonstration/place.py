"""Where the worked example lives: a copy of ``examples/koper`` in a new folder, with a clock that can be moved."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.rootkey import make_root_key
from gestand.system import System, open_system

START = datetime(2019, 3, 4, 9, 0, tzinfo=UTC)
LEFT_BEHIND = ("data", "published", "keys", "__pycache__")


def example_folder() -> Path:
    """Return the folder of the first organisation: in the package, or in the source tree it was installed from.

    :raises UsageError: if neither is there.
    """
    packed = Path(str(resources.files("gestand"))) / "examples" / "koper"
    source = Path(__file__).resolve().parents[4] / "examples" / "koper"
    for folder in (packed, source):
        if (folder / "policy.toml").is_file():
            return folder
    raise UsageError(
        "example-missing", "the worked example is not installed", remedy="Run it from a clone of the source."
    )


@dataclass(slots=True)
class Place:
    """A throw-away organisation on disk. ``house`` is open between ``open()`` and ``close()``."""

    folder: Path
    clock: SettableClock
    house: System | None = None

    @property
    def backups(self) -> Path:
        """The folder of its backups: beside the organisation's, as on another disk."""
        return self.folder.with_name(f"{self.folder.name}-reservekopie")

    @property
    def identity(self) -> Path:
        """The file that opens the backups: a real owner keeps it off this machine."""
        return self.folder.with_name(f"{self.folder.name}-sleutel.txt")

    @property
    def machine(self) -> Path:
        """The folder that stands for the invented firm's laptop: its disk, described as Linux describes one."""
        return self.folder.with_name(f"{self.folder.name}-laptop")

    def open(self) -> System:
        """Open it, or return it as it is open."""
        if self.house is None:
            self.house = open_system(self.folder, clock=self.clock, entropy=system_entropy, machine=self.machine)
        return self.house

    def close(self) -> None:
        """Close every file of it."""
        if self.house is not None:
            self.house.close()
            self.house = None


def make_place(folder: Path, *, source: Path | None = None) -> Place:
    """Copy the example into ``folder`` (which must not exist) and give it a root key of its own.

    The key is real: what the demonstration erases is as unreadable as anywhere.
    """
    shutil.copytree(source or example_folder(), folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    make_root_key("file:keys/root.key", folder, entropy=system_entropy)
    return Place(folder, SettableClock(START))
