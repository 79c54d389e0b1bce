"""The guide of the HTTP API is run: its commands, its curl and its httpx, against a served organisation."""

from __future__ import annotations

import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from gestand.doors.api.app import api
from gestand.doors.cli.main import run
from gestand.staff.programs import SCOPES
from gestand.system import open_system

GUIDE = Path(__file__).resolve().parents[2] / "docs/guide-api.md"
PART = re.compile(r"```(?P<kind>console|sh|python)\n(?P<text>.*?)```", re.DOTALL)
pytestmark = pytest.mark.slow


def parts(kind):
    return [part["text"] for part in PART.finditer(GUIDE.read_text("utf-8")) if part["kind"] == kind]


@pytest.fixture
def served(tmp_path, monkeypatch, capsys):
    firm = tmp_path / "winkel"
    monkeypatch.setenv("GESTAND_ORG", str(firm))
    named = ["--name", "Winkel", "--email", "privacy@example.nl", "--address", "Lindelaan 14, 1234 AB Zandstad"]
    assert run(["init", str(firm), *named, "--website", "https://www.example.nl"]) == 0
    assert run(["statement", "publish"]) == 0
    capsys.readouterr()
    [made] = parts("console")
    assert run(shlex.split(made.strip().removeprefix("$ gestand "))) == 0
    token = capsys.readouterr().out.split()[-1]
    house = open_system(firm)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(api(house), access_log=False, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1", token
    server.should_exit = True
    thread.join(10)
    listening.close()
    house.close()


def test_what_the_guide_says_is_what_happens(served):
    address, token = served
    told = []
    if shutil.which("curl") is None:
        pytest.skip("curl is not here")
    for command in parts("sh"):
        older = command.replace(
            "--json", "-H 'Content-Type: application/json' --data"
        )  # curl before 7.82 knows no --json
        done = subprocess.run(
            ["sh", "-c", older],
            capture_output=True,
            text=True,
            env={"AT": address, "TOKEN": token, "PATH": "/usr/bin:/bin"},
        )
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
    assert re.fullmatch(r'\{"subject": "sub_[a-z2-7]{16}"\}', told[0])
    assert told[0].split('"')[3] in told[1]
    assert '"request"' in told[2]
    names = {"AT": address, "TOKEN": token}
    for text in parts("python"):
        exec(compile(text, str(GUIDE), "exec"), names)  # noqa: S102 - the page itself
    names["shop"].close()


def test_every_scope_is_told():
    text = GUIDE.read_text("utf-8")
    assert [scope for scope in SCOPES if f"`{scope}`" not in text] == []
