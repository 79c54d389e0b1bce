"""What all tests share: no test reaches beyond this machine, and properties are tried on a stated number of examples."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import HealthCheck, settings

from engines import BOTH, chosen
from postgres_server import stop_servers

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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that says ``on_both_engines``, itself or for its file, on SQLite and on PostgreSQL."""
    marked = metafunc.definition.get_closest_marker("on_both_engines")
    if marked and not metafunc.definition.get_closest_marker("sqlite_files"):
        metafunc.fixturenames.insert(0, "engine_kind")  # before any fixture that opens a store
        metafunc.parametrize("engine_kind", BOTH, indirect=True)


@pytest.fixture
def engine_kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let ``open_store`` use this engine."""
    for name, value in chosen(request.param).items():
        monkeypatch.setenv(name, value)
    return request.param


def pytest_sessionfinish() -> None:
    stop_servers()
