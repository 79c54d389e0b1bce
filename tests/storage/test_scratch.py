from __future__ import annotations

import errno
import fcntl
import os
import signal
import threading
from pathlib import Path

import pytest

from gestand.storage.scratch import scratch, sweep


def test_it_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    place = tmp_path / "here" / ".work"
    with scratch(place) as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o077 == place.stat().st_mode & 0o077 == 0
        (folder / "copy").write_text("x")
    assert not place.exists()
    sweep(place)


def test_what_a_killed_one_left_goes_and_what_is_at_work_stays(tmp_path: Path) -> None:
    place = tmp_path / ".work"
    child = os.fork()
    if child == 0:  # pragma: no cover - it dies
        with scratch(place) as folder:
            (folder / "copy").write_text("x")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    [left] = place.iterdir()
    with scratch(place) as folder:
        sweep(place)
        assert folder.is_dir()
        assert left.is_dir(), "not while another works there"
    assert not place.exists()


def test_many_at_once_take_nothing_from_each_other(tmp_path: Path) -> None:
    place = tmp_path / ".work"
    faults: list[OSError] = []

    def work() -> None:
        try:
            for _ in range(40):
                with scratch(place) as folder:
                    (folder / "copy").write_text("x")
                    sweep(place)
                    assert (folder / "copy").read_text() == "x"
        except OSError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert not place.exists()


def test_a_folder_that_goes_while_it_is_made_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, turns = os.mkdir, []

    def made_by_another(path: Path, mode: int = 0o777) -> None:
        if str(path).endswith(".work") and not turns:
            turns.append(path)
            raise FileExistsError(errno.EEXIST, "File exists")  # it was there, and was removed before anybody looked
        make(path, mode)

    monkeypatch.setattr(os, "mkdir", made_by_another)
    with scratch(tmp_path / ".work") as folder:
        assert folder.is_dir()
    assert turns


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".work").write_text("x")
    with pytest.raises(NotADirectoryError), scratch(tmp_path / ".work"):
        pass


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "kept").write_text("x")
    (tmp_path / ".work").symlink_to(mine)
    sweep(tmp_path / ".work")
    assert (mine / "kept").exists()


def test_a_folder_that_is_swept_while_one_enters_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, real, swept = tmp_path / ".work", fcntl.flock, list[Path]()

    def slow(lock: int, how: int) -> None:
        if how == fcntl.LOCK_SH and not swept:
            swept.append(place)
            sweep(place)  # by another, between opening it and holding it
            assert not place.exists()
        real(lock, how)

    monkeypatch.setattr(fcntl, "flock", slow)
    with scratch(place) as folder:
        sweep(place)
        assert folder.is_dir(), "the lock is on the folder that stands there"
    assert not place.exists()
