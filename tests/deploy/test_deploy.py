"""The files to run it: hardened units, logs of proxies that hold nobody, a container that is no root."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = ("gestand.service", "gestand-tick.service", "gestand-week.service", "gestand-tick.timer", "gestand-week.timer")
HARD = {
    "NoNewPrivileges": "true", "ProtectSystem": "strict", "ProtectHome": "true", "PrivateTmp": "true", "PrivateDevices": "true",
    "CapabilityBoundingSet": "", "ProtectKernelTunables": "true", "ProtectKernelModules": "true", "ProtectControlGroups": "true",
    "RestrictNamespaces": "true", "RestrictSUIDSGID": "true", "LockPersonality": "true", "LimitCORE": "0", "UMask": "0077",
    "User": "gestand", "ReadWritePaths": "/srv/gestand",
}  # fmt: skip
PERSONAL = re.compile(
    r"remote|addr|forwarded|uri|args|request\b(?!_)|referer|user|cookie|http_|host|realip|query", re.IGNORECASE
)
"""Names of variables of nginx that hold an address, a path, a browser or a page."""


def unit(name):
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str
    found.read_string((DEPLOY / name).read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", UNITS[:3])
def test_units_may_touch_their_own_folder_alone(name):
    service = unit(name)["Service"]
    assert {key: service.get(key) for key in HARD} == HARD
    words = service["ExecStart"].split()
    from gestand.doors.cli.commands import COMMANDS

    assert words[0].endswith("/gestand")
    assert words[1] in {command.name for command in COMMANDS}


def test_the_timer_catches_up_after_sleep():
    timer = unit("gestand-tick.timer")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here; the units are read above"
)
def test_systemd_finds_no_fault(tmp_path):
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8").replace("/opt/gestand/bin/gestand", "/bin/true")
        (tmp_path / name).write_text(text.replace("User=gestand\nGroup=gestand\n", ""), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)], capture_output=True, text=True
    )
    faults = [line for line in done.stderr.splitlines() if "gestand" in line]
    assert faults == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
@pytest.mark.parametrize("name", UNITS[:3])
def test_systemd_finds_little_exposed(name):
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", str(DEPLOY / name)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]


def nginx_faults(text):
    """Return what is wrong with the logs of a configuration of nginx."""
    formats = dict(re.findall(r"log_format\s+(\w+)\s+'([^']*)'", text))
    faults = [
        f"{name}: ${variable}"
        for name, line in formats.items()
        for variable in re.findall(r"\$(\w+)", line)
        if variable not in {"request_method", "request_time"} and PERSONAL.search(variable)
    ]
    for block in text.split("\nserver {")[1:]:
        logs = re.findall(r"access_log\s+(\S+?)(?:\s+(\w+))?;", block)
        if not logs:
            faults.append("a server without access_log writes the combined format")
        faults += [
            f"access_log {file} in {name or 'combined'}" for file, name in logs if file != "off" and name not in formats
        ]
        if not re.search(r"error_log\s+\S+\s+(crit|alert|emerg);", block):
            faults.append("an error_log that writes addresses")
    return faults


def test_nginx_logs_nobody():
    assert nginx_faults((DEPLOY / "nginx.conf").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("$time_iso8601 ", "$time_iso8601 $remote_addr "),
        ("$request_method ", "$request "),
        ("$request_time'", "$request_time $http_user_agent'"),
        ("gestand.log gestand;", "gestand.log;"),
        ("    access_log /var/log/nginx/gestand.log gestand;\n", ""),
        ("error.log crit;", "error.log warn;"),
    ],
)
def test_a_log_of_nginx_that_holds_somebody_is_noticed(old, new):
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert old in text
    assert nginx_faults(text.replace(old, new))


def caddy_faults(text):
    """Return the logs of a Caddyfile that keep the request: its address, headers and path are all below that one key."""
    logs = re.findall(r"\n(\t*)log\b[^\n]*\{\n(.*?)\n\1\}", text, re.DOTALL)
    return [body for _, body in logs if "request delete" not in body or "wrap json" not in body] or (
        [] if logs else ["no log"]
    )


def test_caddy_logs_nobody():
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert caddy_faults(text) == []
    assert len(re.findall(r"\n\t*log\b[^\n]*\{", text)) == 2
    assert caddy_faults(text.replace("request delete", "request>remote_ip delete", 1))


def test_the_container_is_no_root_and_installs_what_is_pinned():
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert text.index("USER gestand") < text.index("ENTRYPOINT")
    installs = re.findall(r"pip install (.*)", text)
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    for name in re.findall(r"requirements/\w+\.txt", text):
        assert (DEPLOY.parent / name).exists()
    assert "STOPSIGNAL SIGTERM" in text


def test_the_guide_names_files_and_commands_that_are_there():
    guide = (DEPLOY.parent / "docs/install.md").read_text("utf-8")
    for name in re.findall(r"deploy/([\w.-]+)", guide):
        assert (DEPLOY / name).exists(), name
    assert "Debian 12" in guide
