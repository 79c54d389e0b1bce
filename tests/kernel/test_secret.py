"""A password is named in the settings and kept elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.errors import UsageError
from gestand.kernel.secret import read_secret, write_secret


def read(setting: str, folder: Path, **variables: str) -> str:
    return read_secret(setting, folder, variable=variables.get, where="here")


def test_from_the_environment_a_file_and_a_credential(tmp_path: Path) -> None:
    assert read("env:P", tmp_path, P=" geheim ") == "geheim"
    path = write_secret("file:keys/mail", tmp_path, "ander")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read("file:keys/mail", tmp_path) == "ander"
    assert read("credential:mail", tmp_path, CREDENTIALS_DIRECTORY=str(tmp_path / "keys")) == "ander"


@pytest.mark.parametrize(
    "setting", ["geheim", "env:", "file:", "env:NONE", "file:none", "credential:none", "credential:../x"]
)
def test_what_leads_nowhere_is_refused_and_never_shown(tmp_path: Path, setting: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(setting, tmp_path)
    assert refused.value.code in {"secret-setting", "secret-missing"}
    assert "geheim" not in str(refused.value)


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_text("geheim")
    path.chmod(0o644)
    with pytest.raises(UsageError) as refused:
        read("file:p", tmp_path)
    assert refused.value.code == "secret-open"
    with pytest.raises(UsageError):
        write_secret("env:X", tmp_path, "x")
