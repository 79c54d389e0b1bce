"""The two proxies run for real on loopback before the pages, and everything that they wrote is searched for the people who came."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gestand.doors.house import doors_of
from gestand.system import open_system

pytestmark = pytest.mark.slow
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SECRETS = (
    "anna.canary",
    "Zp7canarytoken",
    "canarybrowser",
    "canaryreferrer",
    "canarycookie",
    "canaryquery",
    "127.0.0.9",
    "127.0.0.1",
)
"""What a log must not hold: in a path, a query, a body, the headers, and the addresses of both ends."""
SEEN = ("X-Forwarded-For", "X-Forwarded-Proto", "Host", "Referer")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def upstream(lived, tmp_path):
    """The pages behind the proxy; ``met`` holds the headers that came through."""
    shutil.copytree(lived.folder.parent, tmp_path / "lived", dirs_exist_ok=True)
    house = open_system(tmp_path / "lived" / "koper")
    port, met = free_port(), []
    door = doors_of(house, port)

    async def watched(scope, receive, send):
        if scope["type"] == "http":
            met.append({name.decode().title(): value.decode() for name, value in scope["headers"]})
        await door(scope, receive, send)

    server = uvicorn.Server(
        uvicorn.Config(watched, host="127.0.0.1", port=port, access_log=False, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(port)
    yield port, met
    server.should_exit = True
    thread.join(10)
    house.close()


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nobody listens")


def ask(port: int, host: str, path: str, *, tls: ssl.SSLContext | None = None, method: str = "GET", body: str = ""):
    """Ask through a proxy from 127.0.0.9, with everything about it that could betray somebody."""
    source = ("127.0.0.9", 0)
    line = (
        http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=source)
        if tls is None
        else http.client.HTTPSConnection("127.0.0.1", port, timeout=20, source_address=source, context=tls)
    )
    headers = {"Host": host, "User-Agent": "canarybrowser/1", "Referer": "https://canaryreferrer.example.org/", "Cookie": "a=canarycookie",
               "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
    line.request(method, path, body or None, headers)
    answer = line.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    line.close()
    return found


def go_through(port: int, tls: ssl.SSLContext | None, met: list, tail: str = "") -> None:
    """Visit what people visit, and what nobody may, on both hosts; ``tail``: what stands behind their names."""
    status, headers, _ = ask(port, f"www.example.nl{tail}", "/nl/", tls=tls)
    assert status == 200
    assert "max-age" in headers["strict-transport-security"]
    assert "nginx/" not in headers.get("server", "")
    assert "set-cookie" not in headers
    assert "Referer" not in met[-1] or met[-1]["Referer"] == ""
    assert met[-1]["X-Forwarded-Proto"] == ("http" if tls is None else "https")
    for path in (
        "/afmelden/Zp7canarytoken",
        "/nl/portaal/?canaryquery=anna.canary",
        "/nl/versies/anna.canary@example.nl/",
        "/%zz",
    ):
        ask(port, f"www.example.nl{tail}", path, tls=tls)
    ask(port, f"www.example.nl{tail}", "/nl/verzoek/", tls=tls, method="POST", body="contact=anna.canary%40example.nl")
    before = len(met)
    assert ask(port, f"www.example.nl{tail}", "/office/nl/", tls=tls)[0] == 404
    assert ask(port, f"www.example.nl{tail}", "/metrics", tls=tls)[0] == 404
    assert ask(port, f"kantoor.example.nl{tail}", "/metrics", tls=tls)[0] == 404
    assert len(met) == before
    assert ask(port, f"kantoor.example.nl{tail}", "/office/nl/", tls=tls)[0] in {200, 307}


def searched(folder: Path, told: str) -> list[str]:
    """Return where something of somebody was written: every file of a proxy, and what it said."""
    found = [
        ("said", told),
        *((str(file), file.read_text("utf-8", "replace")) for file in folder.rglob("*") if file.is_file()),
    ]
    return [f"{name}: {secret}" for name, text in found for secret in SECRETS if secret in text]


def certificate(folder: Path) -> ssl.SSLContext:
    """Write a certificate of its own making for both hosts, and return what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "www.example.nl")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "example.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    trusting = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    trusting.check_hostname = False
    return trusting


def nginx_file(folder: Path, listens: int, upstream: int) -> Path:
    """Return a whole configuration around the example, with its ports and folders put where a test may write."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{listens} ssl"),
        ("http://127.0.0.1:8470", f"http://127.0.0.1:{upstream}"),
        ("/etc/ssl/example/", f"{folder}/"),
        ("/etc/ssl/private/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/logs/"),
    ):
        assert old in text
        text = text.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "logs").mkdir()
    file = folder / "whole.conf"
    file.write_text(f"{user}pid {folder}/pid;\ndaemon off;\nevents {{}}\nhttp {{\n{places}{text}}}\n", "utf-8")
    return file


def program(name: str) -> str:
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if found is None:
        if os.environ.get("CI"):
            raise RuntimeError(f"{name} is missing: its example is not proven")
        pytest.skip(f"NOT PROVEN HERE: {name} is missing")
    return found


@pytest.fixture
def running(tmp_path):
    """Start a proxy, and end it; what it said is in ``said.txt`` beside the folder of its logs."""
    started = []

    def start(words: list[str], environment: dict[str, str] | None = None) -> None:
        with (tmp_path / "said.txt").open("wb") as said:
            started.append(subprocess.Popen(words, stdout=said, stderr=said, env={**os.environ, **(environment or {})}))

    yield start
    for one in started:
        one.terminate()
        one.wait(20)


def test_nginx_passes_on_and_writes_nobody_down(tmp_path, upstream, running):
    nginx, (behind, met), listens = program("nginx"), upstream, free_port()
    folder = tmp_path / "nginx"
    folder.mkdir()
    tls = certificate(folder)
    file = nginx_file(folder, listens, behind)
    judged = subprocess.run([nginx, "-t", "-e", "stderr", "-c", str(file)], capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stderr
    running([nginx, "-e", "stderr", "-c", str(file)])
    wait_for(listens)
    go_through(listens, tls, met)
    assert met[0]["X-Forwarded-For"] == "127.0.0.9"  # the limits of the forms count by it; it is written nowhere
    log = (folder / "logs" / "gestand.log").read_text("utf-8")
    assert re.search(r"^\S+ GET 200 \d+ [\d.]+$", log, re.MULTILINE)
    assert len(log.splitlines()) >= 9
    shutil.rmtree(folder / "client_body", ignore_errors=True)
    assert searched(folder / "logs", (tmp_path / "said.txt").read_text("utf-8")) == []


def test_nginx_with_its_own_format_of_a_log_is_noticed(tmp_path, upstream, running):
    """The search that finds nothing above finds somebody in the log that nginx writes by itself."""
    nginx, (behind, met), listens = program("nginx"), upstream, free_port()
    folder = tmp_path / "nginx"
    folder.mkdir()
    tls = certificate(folder)
    file = nginx_file(folder, listens, behind)
    file.write_text(file.read_text("utf-8").replace("gestand.log gestand;", "gestand.log;"), "utf-8")
    running([nginx, "-e", "stderr", "-c", str(file)])
    wait_for(listens)
    go_through(listens, tls, met)
    found = searched(folder / "logs", "")
    assert {secret for secret in SECRETS if any(one.endswith(secret) for one in found)} >= {
        "Zp7canarytoken",
        "canarybrowser",
        "127.0.0.9",
    }


def caddy_file(folder: Path, listens: int, upstream: int) -> Path:
    """Return the example with its ports and folders put where a test may write, and without TLS, which needs a name that is there.

    Caddy finds the log of a host by its name and port together.
    """
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    for old, new in (
        ("{\n\t# Errors", "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n\t# Errors"),
        ("127.0.0.1:8470", f"127.0.0.1:{upstream}"),
        ("/var/log/caddy/", f"{folder}/logs/"),
        ("\nwww.example.nl {", f"\nhttp://www.example.nl:{listens} {{"),
        ("\nkantoor.example.nl {", f"\nhttp://kantoor.example.nl:{listens} {{"),
    ):
        assert old in text
        text = text.replace(old, new)
    file = folder / "Caddyfile"
    file.write_text(text, "utf-8")
    return file


def test_caddy_passes_on_and_writes_nobody_down(tmp_path, upstream, running):
    caddy, (behind, met), listens = program("caddy"), upstream, free_port()
    folder = tmp_path / "caddy"
    folder.mkdir()
    file = caddy_file(folder, listens, behind)
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    words = ["--config", str(file), "--adapter", "caddyfile"]
    judged = subprocess.run(
        [caddy, "validate", *words], capture_output=True, text=True, check=False, env={**os.environ, **home}
    )
    assert judged.returncode == 0, judged.stderr
    running([caddy, "run", *words], home)
    wait_for(listens)
    go_through(listens, None, met, f":{listens}")
    for _ in range(100):
        log = "".join(one.read_text("utf-8") for one in (folder / "logs").glob("*.log"))
        if log.count("\n") >= 9:
            break
        time.sleep(0.05)
    assert '"status":200' in log
    assert searched(folder / "logs", (tmp_path / "said.txt").read_text("utf-8")) == []
