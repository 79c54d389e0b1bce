from __future__ import annotations

import pytest

from intake_house import open_house


@pytest.fixture
def house(tmp_path):
    with open_house(tmp_path / "org") as opened:
        yield opened
