"""What all tests share: no test reaches beyond this machine, properties are tried on a stated number of examples, and a
filled organisation: the worked example lived through once a session, copied for every test that wants it.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dovecot_server import stop_dovecots
from engines import BOTH, chosen
from gestand.doors.demonstration.place import Place, make_place
from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.doors.demonstration.story import live
from gestand.kernel.clock import SettableClock
from lived_house import Lived, Ran
from mariadb_server import stop_mariadb
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
        metafunc.parametrize("engine_kind", BOTH, indirect=True)


@pytest.fixture(autouse=True)
def engine_kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let ``open_store`` use the engine that the test is run on; SQLite if it says nothing of it."""
    kind = getattr(request, "param", "sqlite")
    for name, value in chosen(kind).items():
        monkeypatch.setenv(name, value)
    return kind


def pytest_sessionfinish() -> None:
    stop_servers()
    stop_dovecots()
    stop_mariadb()


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    place = make_place(tmp_path_factory.mktemp("lived") / "koper")
    try:
        happened = live(place)
    finally:
        place.close()
    return Lived(place.folder, place.clock(), happened)


@pytest.fixture
def place(lived: Lived, tmp_path: Path) -> Iterator[Place]:
    shutil.copytree(lived.folder.parent, tmp_path, dirs_exist_ok=True)  # its backups lie beside it
    found = Place(tmp_path / "koper", SettableClock(lived.until))
    yield found
    found.close()


@pytest.fixture
def sandbox(place: Place, lived: Lived) -> DemonstrationSandbox:
    return DemonstrationSandbox(place, lived.happened.known)


@pytest.fixture
def gestand(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command on the copy, at its own time: ``gestand("request", "list", "--json")``."""
    from gestand import system
    from gestand.doors.cli.main import run

    monkeypatch.setattr(system, "open_system", partial(system.open_system, clock=place.clock))
    monkeypatch.setenv("GESTAND_ORG", str(place.folder))

    def command(*words: str) -> Ran:
        place.close()
        status = run(list(words))
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ran(status, said.out, said.err)

    return command


SLOW_ROOMS = ("archive/ways", "doors/office", "staff", "doors/cli/test_source_command.py", "doors/cli/test_mail_command.py", "evidence/controls/test_ways.py", "outreach/test_campaign", "post/test_delivery.py", "post/test_both_engines.py",
              "doors/cli/test_outreach_command.py", "backup", "bench", "ledger", "proof", "rights", "sources", "storage", "vault", "docs/test_manual.py", "docs/test_readme.py",
              "doors/cli/test_backup.py", "doors/cli/test_proof_commands.py", "doors/cli/test_request_command.py",
              "evidence/test_breaks.py", "intake", "publication", "register/test_service.py", "retention/test_retention_service.py",
              "test_relocation.py", "law/test_transparency.py", "law/test_wording.py")  # fmt: skip
"""What starts servers, browsers and processes, kills them, or lives a whole story: part of 'make test', not of 'make check'."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the slow rooms."""
    here = Path(__file__).resolve().parent
    slow = tuple(str(here / room) for room in SLOW_ROOMS)
    for item in items:
        if str(item.path).startswith(slow):
            item.add_marker(pytest.mark.slow)
