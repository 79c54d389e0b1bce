"""The server: probes, metrics that name nobody, settings judged first, a stop that lets requests finish."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from gestand.doors.public.visit import visitor
from gestand.doors.running.counting import Counted, Tally, door_of
from gestand.doors.running.probes import probes, resident
from gestand.doors.running.serving import work_until
from gestand.doors.running.settings import judge_settings
from gestand.doors.running.ticking import standing
from gestand.kernel.config import load_config

LINE = re.compile(r"(gestand|process)_[a-z_]+(\{([a-z]+=\"[a-zA-Z0-9+._-]+\",?)+\})? -?[0-9.e+]+")


@contextlib.contextmanager
def running(*words: str, cwd: Path | None = None):
    process = subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_served_organisation_answers_its_probes_and_ends_kindly(place, free_port):
    place.close()
    settings = place.folder / "gestand.toml"
    settings.write_text(settings.read_text("utf-8").replace("[serve]", f"[serve]\nmetrics_port = {free_port}", 1) if "[serve]" in settings.read_text("utf-8") else settings.read_text("utf-8") + f"\n[serve]\nmetrics_port = {free_port}\n", "utf-8")  # fmt: skip
    with running("-m", "gestand.doors.cli.main", "serve", "--port", "0", "--org", str(place.folder)) as process:
        address = next(word for line in process.stdout for word in line.split() if word.startswith("http://"))
        with httpx.Client(base_url=address, trust_env=False) as client:
            for _ in range(100):
                with contextlib.suppress(httpx.ConnectError):
                    if client.get("/health").text == "ok\n":
                        break
                time.sleep(0.05)
            assert client.get("/ready").text == "ready\n"
            assert client.get("/metrics").status_code == 404  # not where the world comes
            assert client.get("/nl/").status_code == 200
            told = httpx.get(f"http://127.0.0.1:{free_port}/metrics", trust_env=False)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=40)
        assert process.returncode == 0, (out, err)
        assert "Traceback" not in err
    assert 'gestand_http_requests_total{door="public",status="2xx"} 1' in told.text
    for line in told.text.splitlines():
        assert line.startswith("# ") or LINE.fullmatch(line), line


SLOW = """
import sys, asyncio
from pathlib import Path
from gestand.system import open_system
from gestand.doors.running.serving import serve_house

async def slow(scope, receive, send):
    print("begun", flush=True)
    await asyncio.sleep(1.0)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"whole"})

with open_system(Path(sys.argv[1])) as house:
    serve_house(house, lambda port: slow, "127.0.0.1", 0, lambda address, port: print(address, flush=True), due_work=False)
print("closed", flush=True)
"""


def test_a_stop_lets_a_request_finish(place):
    place.close()
    with running("-c", SLOW, str(place.folder)) as process:
        address = process.stdout.readline().strip()
        answers = []

        def ask() -> None:
            for _ in range(100):
                try:
                    answers.append(httpx.get(address, trust_env=False).text)
                except httpx.ConnectError:
                    time.sleep(0.05)
                else:
                    return

        asking = threading.Thread(target=ask)
        asking.start()
        assert process.stdout.readline().strip() == "begun"
        process.send_signal(signal.SIGTERM)
        asking.join(20)
        out, _ = process.communicate(timeout=20)
        assert (answers, out.strip(), process.returncode) == (["whole"], "closed", 0)


STOPPED = """
import os, signal, sys
from pathlib import Path
from gestand.system import open_system
from gestand.doors.running.serving import serve_house

async def nothing(scope, receive, send):
    pass

with open_system(Path(sys.argv[1])) as house:
    stop = lambda address, port: os.kill(os.getpid(), signal.SIGTERM)
    serve_house(house, lambda port: nothing, "127.0.0.1", 0, stop, due_work=False)
print("closed", flush=True)
"""


def test_a_stop_that_comes_while_the_server_starts_is_heard(place):
    place.close()
    with running("-c", STOPPED, str(place.folder)) as process:
        out, err = process.communicate(timeout=20)
        assert (out.strip(), process.returncode) == ("closed", 0), err


def test_wrong_settings_are_all_named_before_a_port_opens(gestand, place):
    settings = place.folder / "gestand.toml"
    text = re.sub(
        r"^\[(serve|sites|ledger|backup)\]\n([^\[\n].*\n)*", "", settings.read_text("utf-8"), flags=re.MULTILINE
    )
    settings.write_text(
        text + '\n[serve]\noffice_host = "https://kantoor/"\nport = 8470\nmetrics_port = 8470\n'
        '[sites]\nown = ["ftp://x.example.nl"]\n[ledger]\nwitnesses = ["nonsense"]\n[backup]\nfolder = "b"\n', "utf-8",
    )  # fmt: skip
    refused = gestand("serve")
    assert refused.status == 2
    for key in ("serve.office_host", "serve.metrics_port", "sites.own", "ledger.witnesses", "backup.recipients"):
        assert key in refused.err, key
    assert refused.out == ""


def test_sound_settings_have_no_problems(place):
    assert judge_settings(load_config(place.folder)) == ()


def test_what_is_not_ready_says_by_what(place):
    house = place.open()
    look = visitor(probes(house, Tally()))
    assert look("/ready").status == 200
    assert b"gestand_ready 1" in look("/metrics").body
    place.close()
    for page in (place.folder / "published").rglob("*.md"):
        page.write_text("changed", "utf-8")
    look = visitor(probes(place.open()))
    assert look("/ready").status == 503
    assert b"not ready: " in look("/ready").body
    assert look("/metrics").status == 404
    assert look("/health").status == 200


def test_requests_are_counted_by_door_and_never_by_path():
    tally = Tally()

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    visitor(Counted(app, tally, door_of))("/nl/anna-de-vries")
    assert tally.ended == {("public", "4xx"): 1}
    assert [door_of(path) for path in ("/office/nl/x", "/api", "/health", "/officer")] == [
        "office",
        "api",
        "probe",
        "public",
    ]
    assert tally.running == 0


def test_due_work_is_done_inside_the_server(place):
    house, stop = place.open(), threading.Event()
    thread = threading.Thread(target=work_until, args=(house, stop, 0.0, 0.05))
    thread.start()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if any(work.name == "checkpoint" and record.done for work, record, _, _ in standing(house)):
            break
        time.sleep(0.1)
    stop.set()
    thread.join(30)
    assert any(work.name == "checkpoint" and record.done for work, record, _, _ in standing(house))


def test_memory_is_read_from_the_system():
    assert resident() > 10_000_000
    assert resident(lambda: "Name: x\n") == 0


@pytest.fixture
def free_port():
    import socket

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]
