"""A running server, and a store on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gestand.storage.postgres import PostgresEngine
from postgres_server import Server, running_server
from storage.served import served


@pytest.fixture
def server() -> Server:
    return running_server()


@pytest.fixture
def engine(server: Server) -> Iterator[PostgresEngine]:
    made = served(server)
    yield made
    made.close()
