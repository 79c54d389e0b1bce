"""The noun of a seeded violation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Break:
    """A way to break the promise of one control. ``how`` tells the real fault that it stands for."""

    control: str
    how: str
    commit: Callable[[Sandbox], World]
