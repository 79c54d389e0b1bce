"""A Dovecot of the tests' own: on this machine, without TLS, one mailbox in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from postgres_server import free_port

USER, PASSWORD = "info@example.nl", "geheim"
SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class Mailbox:
    port: int


@contextmanager
def running_dovecot() -> Iterator[Mailbox]:
    """Run a server in a folder of its own: every run of pytest closes pytest's folder to the user that Dovecot runs as."""
    with TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as folder, _running(Path(folder)) as mailbox:
        yield mailbox


@contextmanager
def _running(folder: Path) -> Iterator[Mailbox]:
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("In CI nothing may be skipped: Dovecot is not installed")
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    root = os.geteuid() == 0
    user = "mail" if root else pwd.getpwuid(os.geteuid()).pw_name
    group = "mail" if root else str(os.getegid())
    for name in ("base", "state", "mail", "home"):
        (folder / name).mkdir()
        if root and name in {"mail", "home"}:
            shutil.chown(folder / name, user, group)
    folder.chmod(0o755)
    port = free_port()
    settings = folder / "dovecot.conf"
    settings.write_text(SETTINGS.format(folder=folder, user=user, group=group, password=PASSWORD, port=port))
    running = subprocess.Popen([program, "-F", "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(100):
            if running.poll() is not None:
                raise AssertionError((running.stderr.read() if running.stderr else b"").decode())
            if "starting up" in ((folder / "log").read_text() if (folder / "log").exists() else ""):
                break
            time.sleep(0.05)
        yield Mailbox(port)
    finally:
        running.terminate()
        running.wait()
        if running.stderr:
            running.stderr.close()
