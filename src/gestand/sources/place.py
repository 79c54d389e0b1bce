"""What every source is built with: the organisation's folder, the gate for connections, the clock, and a key for digests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gestand.kernel.clock import Clock
from gestand.kernel.crypto import mac
from gestand.kernel.egress import Egress, Granted, Peer, Resolve, lookup
from gestand.reading.mailreader import MailReader
from gestand.sources.secrets import Variable, read_secret
from gestand.statement.policy import Policy

_ID_SIZE = 10


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """The world around a source. ``key`` (32 bytes) makes digests that tell nothing to who does not hold it.

    ``reader`` reads what others made, in a child that can be killed.
    """

    folder: Path
    policy: Policy
    clock: Clock
    key: bytes
    variable: Variable
    resolve: Resolve = lookup
    reader: MailReader = field(default_factory=MailReader)
    failpoint: Callable[[str], None] = field(default=lambda _step: None)

    def grant(self, host: str, port: int, *, near: bool) -> Granted:
        """Ask the gate for a connection that a source's file names; the file is the allow-list.

        :raises RefusedError: ``egress-private``. :raises UsageError: ``egress-unresolved``.
        """
        return Egress([Peer(host, port, near)], resolve=self.resolve).grant(host, port)

    def secret(self, setting: str, where: str) -> str:
        """Return a secret that a source's file names."""
        return read_secret(setting, self.folder, variable=self.variable, where=where)

    def trace_id(self, source: str, place: str, key: Iterable[object]) -> str:
        """Return the id of a trace: a keyed digest of where it is."""
        return mac(self.key, "\x1f".join(("trace", source, place, *map(str, key))).encode(), _ID_SIZE).hex()

    def digest(self, *words: object) -> str:
        """Return a keyed digest of texts."""
        return mac(self.key, "\x1f".join(map(str, words)).encode("utf-8", "surrogatepass"), 16).hex()
