"""An office that is served, a real browser before it, and somebody who comes in with a virtual passkey."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from gestand.doors.house import doors_of, first_link
from gestand.doors.office.visit import Visit
from gestand.kernel.clock import RunningClock
from gestand.staff.model import Act
from gestand.system import System, open_system

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@dataclass
class Office:
    """A served office. ``link``: the one-time link of its first person."""

    house: System
    origin: str
    port: int

    def url(self, path: str) -> str:
        return f"{self.origin}/office/{path}"

    def link(self) -> str:
        return first_link(self.house, self.port)


@contextmanager
def served_office(folder: Path, until) -> Iterator[Office]:
    house = open_system(folder, clock=RunningClock(until))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(doors_of(house, port), access_log=False, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield Office(house, f"http://localhost:{port}", port)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        house.close()


@dataclass
class Desk:
    """A browser's page with its own authenticator."""

    context: BrowserContext
    page: Page
    cdp: CDPSession
    authenticator: str
    said: list[str]

    def credentials(self) -> list[dict]:
        found = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return found["credentials"]

    def close(self) -> None:
        self.context.close()


def sit_down(browser: Browser, credentials: list[dict] | None = None, **options) -> Desk:
    """Open a fresh profile with a virtual authenticator; ``credentials``: those of an earlier one."""
    context = browser.new_context(**options)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    for credential in credentials or []:
        cdp.send("WebAuthn.addCredential", {"authenticatorId": made, "credential": credential})
    return Desk(context, page, cdp, made, said)


def come_in(desk: Desk, link: str, name: str = "Koos Koper") -> None:
    """Enrol by a one-time link, and open the office."""
    page = desk.page
    page.goto(link)
    page.get_by_label("Uw naam").fill(name)
    page.get_by_role("button", name="Sleutel maken").click()
    page.locator("[data-printed]").filter(has_text="-").wait_for()
    page.get_by_role("button", name="Ik heb de code").click()
    page.get_by_role("heading", level=1, name="Vandaag").wait_for()


def sign_in(desk: Desk, address: str) -> None:
    """Sign in at an address with the passkey there is."""
    page = desk.page
    page.goto(address)
    page.locator("form[data-door=sign-in] button").click()
    page.locator("#office main").wait_for()


def copy_of(folder: Path, scratch: Path) -> Path:
    target = scratch / "koper"
    shutil.copytree(folder, target)
    return target


def approve(visit: Visit, act: Act, digest: str) -> None:
    """Give the approval that waits, as the only keeper, and let the waiting time pass."""
    staff, clock = visit.house.staff, visit.house.clock
    asked = staff.ask_approval(act, digest, actor=visit.actor)
    staff.approvals.give(asked.id, giver=visit.person, keepers=(visit.person,), now=clock())
    clock.advance(timedelta(minutes=61))
