"""What all tests share: no test reaches beyond this machine, and properties are tried on a stated number of examples."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("ordinary", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("GESTAND_HYPOTHESIS", "ordinary"))

LOOPBACK = ("127.", "::1", "localhost")


class ReachedOutError(AssertionError):
    """A test tried to connect to another machine."""


@pytest.fixture(autouse=True)
def network_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that does not stay on this machine."""
    connect = socket.socket.connect
    lookup = socket.getaddrinfo

    def guarded(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and not str(address[0]).startswith(LOOPBACK):
            raise ReachedOutError(f"a test reached out to {address!r}")
        return connect(self, address)

    def guarded_lookup(host, *rest, **named):
        if host is not None and not str(host).startswith((*LOOPBACK, "0.0.0.0")):  # noqa: S104 - a name asked, nothing bound
            raise ReachedOutError(f"a test looked up {host!r}")
        return lookup(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)
