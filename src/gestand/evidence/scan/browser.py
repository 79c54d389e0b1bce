"""A real browser that visits: Chromium through playwright, a fresh profile, every hook in place before the page's own scripts."""

from __future__ import annotations

import hashlib
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

from gestand.evidence.scan.model import PageSeen, Scan, ScanOrder
from gestand.evidence.scan.notes import Notes, host_of
from gestand.evidence.scan.shape import shape_of
from gestand.kernel.clock import Clock
from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Page, Response

FOLDER = resources.files("gestand.evidence.scan")
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run",
    "--disable-gpu", "--no-pings=0", "--disable-features=IsolateOrigins,site-per-process", "--disable-site-isolation-trials",
)  # fmt: skip
"""One process for all frames, so that one watch sees every answer; nothing that the browser asks for itself."""
FORMS = """() => [...document.forms].map(f => [f.action, f.method])"""


def find_browser(named: str = "") -> str:
    """Return the path of the browser.

    :raises UsageError: if there is none, or playwright is not installed.
    """
    found = named or next((path for name in NAMES if (path := shutil.which(name))), "")
    try:
        import playwright  # noqa: F401 - asked whether it is there
    except ImportError:
        raise UsageError(
            "browser-missing",
            "the cookie proof needs the extra 'scan', and it is not installed",
            remedy="Install it: pip install 'gestand[scan]'.",
        ) from None
    if not found or not Path(found).exists():
        raise UsageError(
            "browser-missing",
            f"no browser was found: looked for {', '.join(NAMES)}",
            where=named,
            remedy="Install chromium (on Debian: apt-get install chromium), or name it with --browser.",
        )
    return found


@contextmanager
def launched(executable: str, *, sandboxed: bool = True) -> Iterator[Browser]:
    """Start the browser with no window, and end it afterwards. ``sandboxed`` False: for root in a container."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = [*FLAGS, *(() if sandboxed else ("--no-sandbox",))]
        browser = playwright.chromium.launch(executable_path=executable, args=flags, headless=True)
        try:
            yield browser
        finally:
            browser.close()


def visit(
    browser: Browser, order: ScanOrder, *, clock: Clock, progress: Callable[[int, str], None] | None = None
) -> Scan:
    """Visit the pages of ``order`` and return all they left and tried.

    A page that cannot be reached is named in ``failed`` and does not stop the rest.
    """
    notes = Notes(order)
    context = browser.new_context(ignore_https_errors=False, service_workers="allow")
    try:
        context.expose_binding(
            "__gestandSeen", lambda source, kind, what: notes.seen(kind, what, _host(source["frame"]))
        )
        context.add_init_script(FOLDER.joinpath("hooks.js").read_text("utf-8"))
        context.on("request", lambda request: notes.asked(request.url, request.resource_type))
        _crawl(context, notes, progress or (lambda _number, _url: None))
        notes.jar([dict(cookie) for cookie in context.cookies()], clock().timestamp())
    finally:
        context.close()
    _known_again(browser, notes)
    return notes.scan(clock(), f"Chromium {browser.version}")


def _crawl(context: BrowserContext, notes: Notes, progress: Callable[[int, str], None]) -> None:
    waiting = deque(dict.fromkeys(notes.order.urls))
    met = set(waiting)
    while waiting and len(notes.pages) + len(notes.failed) < notes.order.pages:
        url = waiting.popleft()
        progress(len(notes.pages), url)
        for link in _look(context, notes, url):
            bare = urldefrag(link).url
            if bare not in met and urlsplit(bare).scheme in {"http", "https"} and not notes.foreign(host_of(bare)):
                met.add(bare)
                waiting.append(bare)


def _look(context: BrowserContext, notes: Notes, url: str) -> Sequence[str]:
    """Visit one page, let it settle, note what lies there, and return where its links lead."""
    from playwright.sync_api import Error

    notes.page = url
    page = context.new_page()
    watch = context.new_cdp_session(page)
    addresses: dict[str, str] = {}

    def sent(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def answered(event: dict[str, Any]) -> None:
        for name, value in event["headers"].items():
            if name.lower() == "set-cookie":
                for line in value.split("\n"):
                    notes.header(addresses.get(event["requestId"], url), line)

    watch.on("Network.requestWillBeSent", sent)
    watch.on("Network.responseReceivedExtraInfo", answered)
    watch.send("Network.enable")
    try:
        answer = page.goto(url, wait_until="load", timeout=notes.order.seconds * 1000)
        _settle(page, notes.order.settle)
        body = answer.body() if answer is not None else b""
        status = answer.status if answer is not None else 0
        notes.pages.append(PageSeen(url, status, page.title(), hashlib.sha256(body).hexdigest(), shape_of(body)))
        links = _gather(page, notes)
        if notes.order.forms:
            _send_forms(page, notes, url)
    except Error as fault:
        links = ()
        if not any(seen.url == url for seen in notes.pages):
            notes.failed.append((url, str(fault).splitlines()[0]))
    finally:
        page.close()
    return links


def _settle(page: Page, seconds: float) -> None:
    """Scroll to the end, as a reader would, and wait."""
    page.evaluate("() => window.scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(seconds * 1000)


def _gather(page: Page, notes: Notes) -> Sequence[str]:
    from playwright.sync_api import Error

    script = FOLDER.joinpath("page_end.js").read_text("utf-8")
    links: list[str] = []
    notes.quiet = True
    for frame in page.frames:
        try:
            found = frame.evaluate(script)
        except Error:  # a frame that went away meanwhile
            continue
        notes.stored([(kind, key) for kind, key in found["stores"]], _host(frame))
        notes.embedded([(kind, target) for kind, target in found["embeds"]], found["pixels"])
        if frame == page.main_frame:
            links = list(found["links"])
    notes.quiet = False
    return links


def _send_forms(page: Page, notes: Notes, url: str) -> None:
    """Send each form of the page as it stands, with an invented address where one is asked; the site's own forms only."""
    from playwright.sync_api import Error

    for number, (action, _method) in enumerate(page.evaluate(FORMS)):
        if notes.foreign(host_of(action)):
            continue
        notes.page = f"{url} (form {number + 1})"
        try:
            form = page.locator("form").nth(number)
            for kind, value in (("email", "scan@example.org"), ("tel", "0000000000"), ("text", "scan")):
                for blank in form.locator(f"input[type={kind}]").all():
                    if blank.is_visible():
                        blank.fill(value, timeout=1000)
            form.evaluate("form => form.requestSubmit ? form.requestSubmit() : form.submit()")
            page.wait_for_load_state("load", timeout=notes.order.seconds * 1000)
            page.wait_for_timeout(notes.order.settle * 1000)
            _gather(page, notes)
            page.goto(url, wait_until="load", timeout=notes.order.seconds * 1000)
        except Error:  # a form that does not let itself be sent keeps nothing
            page.goto(url, wait_until="load", timeout=notes.order.seconds * 1000)


def _known_again(browser: Browser, notes: Notes) -> None:
    """Ask the first page with two fresh profiles: an ETag that differs between them knows the visitor again."""
    from playwright.sync_api import Error

    tags: list[dict[str, str]] = []
    for _ in range(2):
        context = browser.new_context()
        found: dict[str, str] = {}
        try:
            page = context.new_page()
            page.on("response", _tags_into(found))
            page.goto(notes.order.urls[0], wait_until="load", timeout=notes.order.seconds * 1000)
            tags.append(dict(found))
        except Error:
            return
        finally:
            context.close()
    notes.page = notes.order.urls[0]
    for url, tag in tags[0].items():
        if tag and tags[1].get(url, tag) != tag:
            notes.stored([("cache identifier", url)], host_of(url))


def _tags_into(found: dict[str, str]) -> Callable[[Response], None]:
    def note(answer: Response) -> None:
        found.setdefault(answer.url, answer.headers.get("etag", ""))

    return note


def _host(frame: Frame) -> str:
    return host_of(frame.url)
