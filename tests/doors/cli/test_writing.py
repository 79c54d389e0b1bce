"""What is written for somebody is read by nobody else on the machine, whatever was put there before it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gestand.archive import exporting
from gestand.doors.cli.writing import write_beside, write_out
from gestand.kernel.errors import UsageError


@pytest.fixture(autouse=True)
def _open_to_all():
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("there", ["folder", "link"])
def test_an_answer_goes_into_no_folder_that_somebody_else_put_there(tmp_path: Path, there: str):
    shared, theirs = tmp_path / "shared", tmp_path / "theirs"
    shared.mkdir(mode=0o777)
    theirs.mkdir(mode=0o777)
    part = shared / "answer.part"
    if there == "folder":
        part.mkdir(mode=0o777)
    else:
        part.symlink_to(theirs)
    write_out(shared / "answer", {"data.json": b"Anna"})
    assert (mode(shared / "answer"), mode(shared / "answer" / "data.json")) == (0o700, 0o600)
    assert not (shared / "answer").is_symlink()
    assert list(theirs.iterdir()) == []
    assert {one.name for one in shared.iterdir()} == {"answer", "answer.part"}


def test_a_receipt_follows_no_link_and_writes_over_nothing(tmp_path: Path):
    aim = tmp_path / "aim"
    (tmp_path / "receipt").symlink_to(aim)
    with pytest.raises(OSError, match="exists"):
        write_beside(tmp_path, {"receipt": b"Anna"})
    assert not aim.exists()
    write_beside(tmp_path, {"other": b"Anna"})
    assert mode(tmp_path / "other") == 0o600


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path):
    (tmp_path / "answer").write_text("a file")
    with pytest.raises(UsageError) as refused:
        write_out(tmp_path / "answer", {"data.json": b"Anna"})
    assert refused.value.code == "answer-folder"
    assert [one.name for one in tmp_path.iterdir()] == ["answer"]


def test_an_mbox_is_its_owners_alone_from_its_first_byte(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(Path, "chmod", lambda _path, _mode: None)  # what came after the file was there came too late
    exporting.export_messages([], tmp_path / "mail.mbox", "mbox", lambda _one: None)
    assert mode(tmp_path / "mail.mbox") == 0o600
