"""A real browser with a fresh profile: what a page leaves behind on the device, and whom it talks to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Browser, Page, Playwright
from starlette.types import ASGIApp

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
STORES = """async () => {
  const found = {};
  for (const name of ['localStorage', 'sessionStorage']) {
    try { found[name] = window[name].length; } catch { found[name] = 0; }
  }
  found.indexedDB = (await indexedDB.databases()).length;
  found.caches = window.caches ? (await caches.keys()).length : 0;
  found.workers = navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0;
  found.cookie = document.cookie.length;
  return found;
}"""


@dataclass(frozen=True, slots=True)
class Traces:
    """What was left behind, and the hosts beside the site's own that were asked for anything."""

    cookies: tuple[str, ...]
    stores: tuple[str, ...]
    elsewhere: tuple[str, ...]
    status: int

    @property
    def none(self) -> bool:
        return not (self.cookies or self.stores or self.elsewhere)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), headless=True)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve ``app`` on loopback in a thread and yield its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)  # from here on a connection waits, and is not refused
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def look(browser: Browser, address: str, *, scripts: bool) -> Traces:
    """Visit a page with a fresh profile, let it settle, and return every trace. Other hosts are asked for nothing real."""
    context = browser.new_context(java_script_enabled=scripts)
    own = urlsplit(address).netloc
    elsewhere: list[str] = []

    def ask(route) -> None:
        host = urlsplit(route.request.url).netloc
        if host == own:
            route.continue_()
        else:
            elsewhere.append(host)
            route.abort()

    try:
        context.route("**/*", ask)
        page: Page = context.new_page()
        answer = page.goto(address, wait_until="load")
        page.wait_for_timeout(150)
        stores = page.evaluate(STORES) if scripts else stores_of_state(context.storage_state(indexed_db=True))
        cookies = tuple(sorted(cookie["name"] for cookie in context.cookies()))
        return Traces(
            cookies,
            tuple(sorted(name for name, n in stores.items() if n)),
            tuple(sorted(set(elsewhere))),
            answer.status if answer else 0,
        )
    finally:
        context.close()


def stores_of_state(state) -> dict[str, int]:
    """Return what the browser itself says is stored, where no script may be asked."""
    origins = state["origins"]
    return {
        "localStorage": sum(len(origin.get("localStorage", ())) for origin in origins),
        "indexedDB": sum(len(origin.get("indexedDB", ())) for origin in origins),
    }
