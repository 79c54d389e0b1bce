from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.config import load_config
from gestand.kernel.config_edit import with_settings, write_settings
from gestand.kernel.errors import UsageError

TEXT = """# How it runs.
format = 1

[storage]   # here
engine = "sqlite"
# the folder
folder = "data"

[serve]
engine = "x"
"""


def test_only_the_lines_of_the_section_change() -> None:
    changed = with_settings(TEXT, {"engine": "postgres", "dsn": 'env:A"B'})
    assert changed == TEXT.replace(
        '[storage]   # here\nengine = "sqlite"', '[storage]   # here\ndsn = "env:A\\"B"\nengine = "postgres"'
    )
    assert with_settings(TEXT, {"engine": "sqlite"}) == TEXT
    assert with_settings("format = 1", {"engine": "sqlite"}) == 'format = 1\n\n[storage]\nengine = "sqlite"\n'


def test_what_could_not_be_read_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "gestand.toml"
    path.write_text("format = 1\n")
    with pytest.raises(UsageError):
        write_settings(tmp_path, {"engine": "oracle"})
    assert path.read_text() == "format = 1\n"
    tried = write_settings(tmp_path, {"engine": "postgres", "dsn": "env:X"}, dry_run=True)
    assert (tried.engine, load_config(tmp_path).engine) == ("postgres", "sqlite")
    assert write_settings(tmp_path, {"engine": "postgres", "dsn": "env:X"}) == tried == load_config(tmp_path)
    assert [found.name for found in tmp_path.iterdir()] == ["gestand.toml"]
