"""The child that reads files and mail is one for all tests of the sources, and ended after them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sources.shop import READER


@pytest.fixture(scope="session", autouse=True)
def reader() -> Iterator[None]:
    yield
    READER.close()
