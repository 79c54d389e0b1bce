"""What the shared fixtures hand out: a story that was lived, and what a command line left behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gestand.doors.demonstration.story import Happened


@dataclass(frozen=True, slots=True)
class Lived:
    """Where it was lived, up to when, and what happened."""

    folder: Path
    until: datetime
    happened: Happened


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command line left behind."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)["error"]
