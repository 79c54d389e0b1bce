"""Devices in a house of its own, for whatever brings them in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gestand.kernel.entropy import system_entropy
from gestand.register.devices import Devices
from intake_house import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "org") as opened:
        yield opened


@pytest.fixture
def devices(house: House, tmp_path: Path) -> Devices:
    return Devices(
        tmp_path / "org" / "data", house.engine, house.vault, house.ledger, house.register, house.statements,
        house.clock, system_entropy,
    )  # fmt: skip
