"""A witness (c2sp.org/tlog-witness): remembers the last checkpoint of each log it knows, and cosigns the next if the log grew.

It refuses a shorter log, another history, a log it does not know, and a signature that is not the log's. What it remembers is
on stable storage before its cosignature leaves: killed at any moment it never signs two histories.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gestand.kernel.errors import DamagedError
from gestand.ledger import keys
from gestand.ledger.cosigning import WitnessKey, cosign, public_of
from gestand.ledger.merkle import HASH, consistent, root_of
from gestand.ledger.model import Head
from gestand.ledger.note import VerifyKey, read_checkpoint

MOST_PROOF = 63
LONGEST = 64 * 1024
EMPTY = Head(0, root_of(()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: an HTTP status, the kind of its body, and the body."""

    status: int
    kind: str
    body: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to cosign: the size that the log thinks is remembered, the proof from there, and the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: str


class Witness:
    """One witness over a folder of its own: a file for each log it knows. ``now`` returns seconds since 1970."""

    def __init__(
        self, folder: Path, name: str, seed: bytes, logs: Mapping[str, VerifyKey], now: Callable[[], int]
    ) -> None:
        self._folder = folder
        self._name = name
        self._seed = seed
        self._logs = dict(logs)
        self._now = now
        self._alone = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def key(self) -> WitnessKey:
        """The witness's public key."""
        return public_of(self._name, self._seed)

    def remembered(self, origin: str) -> Head:
        """Return the head that was cosigned last for a log; the empty tree if none was."""
        note = keys.read_note(self._place(origin))
        return EMPTY if note is None else read_checkpoint(note, self._logs[origin]).head

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer ``POST /add-checkpoint``: 200 with the cosignature, or 400, 403, 404, 409 (with the size), 422."""
        asked = parse(body)
        if asked is None:
            return _plain(400, "malformed")
        origin = asked.note.partition("\n")[0]
        log = self._logs.get(origin)
        if log is None:
            return _plain(404, "unknown log")
        try:
            new = read_checkpoint(asked.note, log).head
        except DamagedError:
            return _plain(403, "not signed by the log")
        with self._alone:
            refused = _refusal(asked, self.remembered(origin), new)
            if refused is not None:
                return refused
            keys.replace(self._place(origin), asked.note)
        return Answer(200, "text/plain; charset=utf-8", cosign(asked.note, self._name, self._seed, self._now()))

    def _place(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()}.checkpoint"


def _refusal(asked: Asked, known: Head, new: Head) -> Answer | None:
    """Return why the next checkpoint is not cosigned, or None."""
    if asked.old > new.size:
        return _plain(400, "the old size is beyond the checkpoint")
    if known.size != asked.old or (known.size == new.size and known.root != new.root):
        return Answer(409, "text/x.tlog.size", f"{known.size}\n")
    if not _grew(known, new, asked.proof):
        return _plain(422, "the proof does not hold")
    return None


def _grew(old: Head, new: Head, proof: tuple[bytes, ...]) -> bool:
    """Tell whether ``new`` contains all of ``old``; from the empty tree anything does, and needs no proof."""
    if old.size == 0 or old == new:
        return not proof
    return old.size < new.size and consistent(old.size, new.size, old.root, new.root, proof)


def request_body(old: int, proof: tuple[bytes, ...], note: str) -> bytes:
    """Return the body of a request to cosign."""
    lines = "".join(base64.b64encode(step).decode() + "\n" for step in proof)
    return f"old {old}\n{lines}\n{note}".encode()


def parse(body: bytes) -> Asked | None:
    """Read the body of a request; None if it is none."""
    if len(body) > LONGEST:
        return None
    try:
        head, _, note = body.decode("utf-8").partition("\n\n")
        first, *steps = head.split("\n")
        proof = tuple(base64.b64decode(step, validate=True) for step in steps)
    except (UnicodeDecodeError, binascii.Error, ValueError):
        return None
    word, _, digits = first.partition(" ")
    if word != "old" or not digits.isascii() or not digits.isdigit() or len(digits) > 18 or digits != str(int(digits)):
        return None
    if len(proof) > MOST_PROOF or any(len(step) != HASH for step in proof) or not note:
        return None
    return Asked(int(digits), proof, note)


def _plain(status: int, why: str) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", f"{why}\n")
