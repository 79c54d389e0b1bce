"""A Dovecot of the tests' own: in a temporary folder, on free ports of this machine, run by an ordinary user."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from certificates import Authority

BINARY = "/usr/sbin/dovecot"
PASSWORD = "geheim-van-de-test"  # noqa: S105 - of a server that lives as long as the tests
FOLDERS = """
namespace inbox {
  inbox = yes
  separator = /
  mailbox Verzonden {
    auto = create
    special_use = \\Sent
  }
  mailbox Spam {
    auto = create
    special_use = \\Junk
  }
  mailbox Prullenbak {
    auto = create
    special_use = \\Trash
  }
  mailbox Concepten {
    auto = create
    special_use = \\Drafts
  }
}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@dataclass
class Dovecot:
    """A server whose every user has the same password; ``client`` signs in as an ordinary mail program would."""

    folder: Path
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def user(self) -> str:
        return "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def make(self, authority: Authority) -> None:
        mine = pwd.getpwnam(self.user)
        group = mine.pw_gid
        certificate, key = authority.issue("localhost", self.folder)
        config = f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {self.user}
default_internal_group = {group_name(group)}
default_login_user = {self.user}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
mail_location = maildir:{self.folder}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={mine.pw_uid} gid={group} home={self.folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
{FOLDERS}
"""
        (self.folder / "dovecot.conf").write_text(config, "utf-8")
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, mine.pw_uid, group)
        self.start()

    def start(self) -> None:
        mine = pwd.getpwnam(self.user)
        other = {"user": mine.pw_uid, "group": mine.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        self.process = subprocess.Popen(
            [BINARY, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **other,
        )  # fmt: skip
        for _ in range(100):
            try:
                self.client("probe").logout()
            except (OSError, imaplib.IMAP4.error):
                time.sleep(0.1)
            else:
                return
        log = (self.folder / "log").read_text() if (self.folder / "log").exists() else ""
        pytest.fail(f"Dovecot does not start: {log}")

    def stop(self) -> None:
        """End the server with everything it started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def client(self, user: str) -> imaplib.IMAP4:
        found = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        found.login(user, PASSWORD)
        return found

    def put(self, user: str, messages: list[bytes], folder: str = "INBOX") -> None:
        client = self.client(user)
        client.create(f'"{folder}"')
        for raw in messages:
            status, said = client.append(f'"{folder}"', None, None, raw)
            assert status == "OK", said
        client.logout()

    def lying(self, user: str, folder: str = "INBOX") -> int:
        client = self.client(user)
        _, [number] = client.select(f'"{folder}"', readonly=True)
        client.logout()
        return int(number or 0)

    def unseen(self, user: str, folder: str = "INBOX") -> int:
        client = self.client(user)
        client.select(f'"{folder}"', readonly=True)
        _, [found] = client.search(None, "UNSEEN")
        client.logout()
        return len(found.split())

    def renumber(self, user: str) -> None:
        """Let every folder be numbered anew, as after a restore at the provider: another UIDVALIDITY."""
        for path in (self.folder / "mail" / user).rglob("dovecot*"):
            if path.is_file():
                path.unlink()
        (self.folder / "mail" / user / "dovecot-uidvalidity").write_text(f"{int(time.time()) + 1000:08x}")

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")


def group_name(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


_SERVERS: list[Dovecot] = []


def running_dovecot() -> Dovecot:
    """Return the server of this test run, started at the first call; ``stop_dovecots`` ends it."""
    if not Path(BINARY).exists():
        if os.environ.get("CI"):
            pytest.fail("In CI nothing may be skipped: Dovecot is not installed")
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    if not _SERVERS:
        folder = Path(tempfile.mkdtemp(prefix="gestand-dovecot-", dir="/tmp"))  # socket paths are short
        made = Dovecot(folder)
        made.make(Authority(folder))
        _SERVERS.append(made)
    return _SERVERS[0]


def stop_dovecots() -> None:
    for server in _SERVERS:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
    _SERVERS.clear()
