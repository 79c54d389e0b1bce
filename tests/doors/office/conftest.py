"""One browser, and one office in which somebody has a passkey, for all tests of the office."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from doors.office.desk import Office, come_in, copy_of, served_office, sit_down

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            raise RuntimeError(f"{CHROMIUM} is missing: without a browser the office is not proven")
        pytest.skip(f"NOT PROVEN HERE: {CHROMIUM} is missing (install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS), headless=True)
        yield found
        found.close()


@dataclass
class Worked:
    """An office with its first keeper, and the keeper's passkey."""

    office: Office
    credentials: list[dict]


@pytest.fixture(scope="module")
def worked(lived, browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worked]:
    with served_office(copy_of(lived.folder, tmp_path_factory.mktemp("office")), lived.until) as office:
        desk = sit_down(browser)
        come_in(desk, office.link())
        credentials = desk.credentials()
        desk.close()
        yield Worked(office, credentials)
