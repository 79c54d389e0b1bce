"""The exported pages put at an ordinary host over SFTP, by the system's own OpenSSH client: its keys, its list of known hosts.

The host is asked at the address that the gate granted, under the name that its key is known by; a host whose key is not known
is not trusted on sight. Nothing is typed or stored: whoever may write there has a key, or an agent that holds it.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gestand.kernel.egress import Egress
from gestand.kernel.errors import GestandError, UsageError

SSH = 22
PATIENCE = 600  # seconds for all of it
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_LATER = ("index.html",)
"""What leads a visitor on is put last: until then the pages before stay whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages go: ``folder`` as the host knows it, relative to where one comes in unless it begins with a slash."""

    user: str
    host: str
    port: int
    folder: str


def place_of(text: str) -> Place:
    """Return the place that ``sftp://user@host[:port]/folder`` names; ``/~/folder`` is relative to where one comes in.

    :raises UsageError: ``sftp-address``.
    """
    try:
        parts = urlsplit(text)
        user, host, port = unquote(parts.username or ""), parts.hostname or "", parts.port or SSH
    except ValueError:
        user, host, port, parts = "", "", 0, urlsplit("")
    folder = unquote(parts.path)
    folder = folder.removeprefix("/~/") if folder.startswith("/~/") else folder
    sound = parts.scheme == "sftp" and not parts.password and not parts.query and not parts.fragment
    if not (sound and _USER.fullmatch(user) and _HOST.fullmatch(host) and folder.strip("/") and folder.isprintable()):
        raise UsageError(
            "sftp-address",
            "this names no place on a host",
            where="--sftp",
            remedy="Write sftp://user@host/folder, without a password: the host knows your key.",
        )
    return Place(user, host, port, folder.rstrip("/"))


def upload(
    folder: Path,
    files: Sequence[Path],
    place: Place,
    egress: Egress,
    *,
    identity: Path | None = None,
    known_hosts: Path | None = None,
    ssh: str = "",
) -> int:
    """Put ``files`` of ``folder`` at ``place`` and return how many; a second time puts them again over the first.

    ``ssh``: another program than the system's ssh.

    :raises UsageError: ``sftp-missing`` without OpenSSH. :raises GestandError: ``sftp-failed`` with what the client said;
        ``egress-refused`` and its like, if the address may not be reached.
    """
    granted = egress.grant(place.host, place.port)
    alias = place.host if place.port == SSH else f"[{place.host}]:{place.port}"
    command = ["sftp", "-F", "none", "-b", "-", "-P", str(place.port), "-oConnectTimeout=20", "-oStrictHostKeyChecking=yes",
               f"-oHostKeyAlias={alias}", *([f"-oIdentityFile={identity}"] if identity else ()),
               *([f"-oUserKnownHostsFile={known_hosts}"] if known_hosts else ()), *(["-S", ssh] if ssh else ()),
               f"{place.user}@{_bare(granted.address)}"]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; no word of it is a shell's
            command,
            input=_batch(folder, files, place.folder),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("sftp-missing", "there is no sftp here", remedy="Install OpenSSH's client.") from None
    except subprocess.TimeoutExpired:
        raise _failed(place, "it took longer than ten minutes") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise _failed(place, said[-1] if said else f"it ended with {done.returncode}")
    return len(files)


def _failed(place: Place, said: str) -> GestandError:
    return GestandError(
        "sftp-failed",
        f"the pages could not be put there: {said}",
        where=f"{place.host}:{place.folder}",
        remedy="See that the host knows your key and you know the host's (ssh-keyscan, --known-hosts), and do it again.",
    )


def _batch(folder: Path, files: Sequence[Path], target: str) -> str:
    names = [file.relative_to(folder).as_posix() for file in files]
    names.sort(key=lambda name: (name in _LATER, name.endswith(_LATER), name))
    parents = {parent.as_posix() for name in names for parent in Path(name).parents if parent.as_posix() != "."}
    lines = [f"-mkdir {_quoted(target)}", *(f"-mkdir {_quoted(f'{target}/{one}')}" for one in sorted(parents))]
    lines += [f"put {_quoted(name)} {_quoted(f'{target}/{name}')}" for name in names]
    return "\n".join(lines) + "\n"


def _quoted(path: str) -> str:
    """Return a path as a batch of sftp reads it."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bare(address: str) -> str:
    return f"[{address}]" if ":" in address else address
