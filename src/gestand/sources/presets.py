"""Mappings for known systems, to start from: written as they come out of the box, for a person to compare with their own."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Literal

from gestand.kernel.errors import UsageError

_FOLDER = "sources"


def presets(language: Literal["nl", "en"] = "en") -> list[tuple[str, str]]:
    """Return the presets with what they are for."""
    found = []
    for file in sorted(_files(), key=lambda file: file.name):
        document = tomllib.loads(file.read_text("utf-8"))
        found.append((file.name.removesuffix(".toml"), str(document["title"][language])))
    return found


def preset_of(name: str) -> str:
    """Return the text of a preset.

    :raises UsageError: ``preset-unknown``.
    """
    for file in _files():
        if file.name == f"{name}.toml":
            return file.read_text("utf-8")
    known = ", ".join(known for known, _ in presets())
    raise UsageError("preset-unknown", f"there is no preset '{name}'", where=name, remedy=f"There are: {known}.")


def _files() -> list[resources.abc.Traversable]:
    folder = resources.files("gestand.templates").joinpath(_FOLDER)
    return [file for file in folder.iterdir() if file.name.endswith(".toml")]
