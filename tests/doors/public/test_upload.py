"""The pages reach an ordinary host over SFTP: whole, at the address that was granted, to a host whose key is known."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from gestand.doors.public.upload import place_of, upload
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.errors import GestandError, RefusedError, UsageError

STAND_IN = Path(__file__).with_name("sftp_stand_in.py")
pytestmark = pytest.mark.skipif(shutil.which("sftp") is None, reason="NOT SHOWN HERE: OpenSSH's sftp is missing")


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    served = tmp_path / "host"
    served.mkdir()
    monkeypatch.setenv("STAND_IN", str(served))
    ssh = tmp_path / "ssh"
    ssh.write_text(f'#!/bin/sh\nexec {sys.executable} {STAND_IN} "$@"\n')
    ssh.chmod(0o755)
    return served


@pytest.fixture
def site(tmp_path: Path) -> tuple[Path, list[Path]]:
    folder = tmp_path / "een [vreemde] map"
    contents = {
        "index.html": "start",
        "nl/index.html": "verklaring",
        "nl/versies/index.html": "alle",
        "static/style.css": "body {}",
    }
    for name, said in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(said)
    return folder, sorted(file for file in folder.rglob("*") if file.is_file())


def gate(near: bool = True) -> Egress:
    return Egress((Peer("www.example.nl", 2222, near=near),), resolve=lambda _host, _port: ("127.0.0.1",))


def test_every_file_is_put_and_put_again_over_the_first(host: Path, site, tmp_path: Path):
    folder, files = site
    place = place_of("sftp://koper@www.example.nl:2222/web/privacy")
    (host / "web").mkdir()
    for said in ("eerste", "tweede"):
        (folder / "nl" / "index.html").write_text(said)
        assert upload(folder, files, place, gate(), ssh=str(tmp_path / "ssh")) == len(files)
        there = {
            file.relative_to(host / "web/privacy").as_posix(): file.read_text()
            for file in (host / "web").rglob("*")
            if file.is_file()
        }
        assert there == {file.relative_to(folder).as_posix(): file.read_text() for file in files}


def test_the_host_is_asked_at_the_granted_address_under_its_own_name_and_never_trusted_on_sight(
    host: Path, site, tmp_path: Path
):
    folder, files = site
    (host / "web").mkdir()
    upload(folder, files, place_of("sftp://koper@www.example.nl:2222/web/x"), gate(), ssh=str(tmp_path / "ssh"))
    called = (tmp_path / "called").read_text()
    assert "127.0.0.1" in called
    assert "HostKeyAlias=[www.example.nl]:2222" in called
    assert "StrictHostKeyChecking=yes" in called
    assert "-F\nnone" in called  # nobody's own settings lead the connection elsewhere
    (tmp_path / "called").unlink()
    with pytest.raises(RefusedError):
        upload(folder, files, place_of("sftp://koper@other.example.nl/web/x"), gate(), ssh=str(tmp_path / "ssh"))
    with pytest.raises(RefusedError):
        upload(
            folder,
            files,
            place_of("sftp://koper@www.example.nl:2222/web/x"),
            gate(near=False),
            ssh=str(tmp_path / "ssh"),
        )
    assert not (tmp_path / "called").exists()  # nothing was connected to


def test_what_the_client_says_is_told(host: Path, site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STAND_IN_FAILS", "1")
    with pytest.raises(GestandError) as failed:
        upload(*site, place_of("sftp://koper@www.example.nl:2222/web/x"), gate(), ssh=str(tmp_path / "ssh"))
    assert failed.value.code == "sftp-failed"
    assert "closed" in failed.value.message.lower() or "verification" in failed.value.message.lower()


@pytest.mark.parametrize(
    "text",
    ["", "www.example.nl:/web", "ftp://koper@www.example.nl/web", "sftp://www.example.nl/web", "sftp://koper@www.example.nl", "sftp://koper@www.example.nl/",
     "sftp://koper:secret@www.example.nl/web", "sftp://-oProxyCommand=x@www.example.nl/web", "sftp://koper@-oProxyCommand=x/web",
     "sftp://koper@www.example.nl:99999/web", "sftp://koper@www.example.nl/we%0Ab"],
)  # fmt: skip
def test_what_is_no_place_is_refused(text: str):
    with pytest.raises(UsageError) as refused:
        place_of(text)
    assert refused.value.code == "sftp-address"
