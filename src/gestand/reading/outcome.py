"""What a validator answers: the value in its normal writing, or why it is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unsound:
    """A value that is not what it should be. ``reason`` is in words and never repeats the value."""

    code: str
    reason: str


Outcome = str | Unsound
"""The value as it is to be kept, or why it is refused."""
