"""Changing ``gestand.toml`` from a program: the lines of one section alone, comments and the rest stay as they are."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gestand.kernel.config import FILE, Config, load_config
from gestand.kernel.rootkey import sync_folder

_SECTION = re.compile(r"\s*\[+\s*([^\]\s]+)\s*\]+")
STORAGE = "storage"
Setting = str | int | bool | list[str]


def write_settings(
    folder: Path, settings: Mapping[str, Setting], *, section: str = STORAGE, dry_run: bool = False
) -> Config:
    """Write settings of a section and return what they make of the organisation; ``dry_run``: only return it.

    The file is replaced in one step, on stable storage.

    :raises UsageError: if the settings are none; the file is then as it was.
    """
    path = folder / FILE
    content = with_settings(path.read_text("utf-8"), settings, section=section).encode()
    config = load_config(folder, content)  # refuses what could not be read afterwards
    if not dry_run:
        new = path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, path.stat().st_mode & 0o777)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        sync_folder(folder)
    return config


def with_settings(text: str, settings: Mapping[str, Setting], *, section: str = STORAGE) -> str:
    """Return the text with the settings in a section, each in place of the line it had, or at the section's head.

    Settings that are what they shall be already leave the text as it is, byte for byte. A section that is not there is
    added at the end.
    """
    there = _values(tomllib.loads(text), section)
    if all(there.get(key) == value for key, value in settings.items()):
        return text
    left = dict(settings)
    lines: list[str] = []
    here, head = "", None
    for line in text.splitlines():
        found = _SECTION.match(line)
        if found:
            here = found[1]
        key = line.partition("=")[0].strip()
        changed = line
        if here == section and not found and key in left:
            changed = _line(key, left.pop(key))
        lines.append(changed)
        if found and here == section:
            head = len(lines)
    if head is None:
        lines += ["", f"[{section}]"]
        head = len(lines)
    lines[head:head] = [_line(key, value) for key, value in left.items()]
    return "\n".join(lines) + "\n"


def _values(document: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    for name in section.split("."):
        document = document.get(name, {})
    return document


def _line(key: str, value: Setting) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"  # texts, numbers, booleans and lists are the same in TOML
