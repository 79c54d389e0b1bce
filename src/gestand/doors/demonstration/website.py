"""The firm's website in the demonstration: the exported pages, served on loopback, visited by a real browser if there is one."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gestand.doors.demonstration.place import Place
from gestand.doors.house import pages_of
from gestand.doors.public.export import export_site
from gestand.evidence.scan.rules import judge
from gestand.evidence.scan.running import scan_sites
from gestand.evidence.sites import ScanOnRecord
from gestand.kernel.config import FILE
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId

OWNER = ActorId("owner")


class _Quiet(SimpleHTTPRequestHandler):
    """A plain file server that keeps no log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: a log would hold addresses."""


def folder_of(place: Place) -> Path:
    """Return where the website lies: beside the organisation, as at a host."""
    return place.folder.with_name(f"{place.folder.name}-website")


class _Patient(ThreadingHTTPServer):
    """A server that minds nobody who leaves in the middle of an answer, as browsers do."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell of any other fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def hosted(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve the files on loopback and yield the address; ``port`` 0: any that is free."""
    server = _Patient(("127.0.0.1", port), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def export(place: Place) -> int:
    """Put the public pages on the website; return how many files there are."""
    return len(export_site(pages_of(place.open()), folder_of(place)))


def look_at_website(place: Place) -> ScanOnRecord | None:
    """Look at the live statement, and let a browser visit the site; None if there is no browser on this machine."""
    with hosted(folder_of(place)) as address:
        place.close()
        _say_where(place.folder / FILE, address)
        house = place.open()
        house.sites.watch(actor=OWNER)
        try:
            [scan] = scan_sites([house.sites.order(f"{address}/nl/")])
        except UsageError:
            return None
        return house.sites.record(judge(scan, house.statements.in_force().policy.cookies.allow), actor=OWNER)


def _say_where(file: Path, address: str) -> None:
    text = file.read_text("utf-8")
    file.write_text(
        f'{without_section(text, "sites")}\n\n[sites]\nown = ["{address}/nl/"]\nstatement = "{address}/nl/"\nnear = true\npages = 4\n',
        "utf-8",
    )


def without_section(text: str, name: str) -> str:
    """Return the settings without the section ``name``."""
    before, mark, rest = text.partition(f"\n[{name}]\n")
    following = rest.partition("\n[")
    return (before.rstrip() + ("\n\n[" + following[2] if mark and following[1] else "")).rstrip()
