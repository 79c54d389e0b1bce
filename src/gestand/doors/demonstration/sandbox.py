"""A throw-away organisation for seeded violations: filled by the story, removed when done."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place, example_folder, make_place
from gestand.doors.demonstration.story import OWNER, drill, live
from gestand.doors.demonstration.surroundings import certificate_of, look_around, zone_of
from gestand.doors.demonstration.website import folder_of, look_at_website
from gestand.doors.house import world_of
from gestand.evidence.breaks import BREAKS, Break
from gestand.evidence.model import ProofRun, World
from gestand.evidence.registry import controls
from gestand.evidence.rules import clauses_that_turn_red
from gestand.evidence.sandbox import Known
from gestand.evidence.scan.browser import find_browser
from gestand.evidence.service import prove
from gestand.kernel.clock import SettableClock
from gestand.kernel.errors import GestandError, UsageError
from gestand.publication.folder import read_statement
from gestand.rights.giving import Given
from gestand.rights.model import IdentityLevel, State


@dataclass(slots=True)
class DemonstrationSandbox:
    """Implements ``evidence.sandbox.Sandbox`` over a place where the story has happened."""

    place: Place
    known: Known

    @property
    def clock(self) -> SettableClock:
        """The clock of the place."""
        return self.place.clock

    @property
    def folder(self) -> Path:
        """The organisation's folder."""
        return self.place.folder

    @property
    def backups(self) -> Path:
        """The folder of the place's backups."""
        return self.place.backups

    @property
    def website(self) -> Path:
        """The folder of the place's website."""
        return folder_of(self.place)

    def look_at_website(self) -> World:
        """Look at the website by eye and by browser.

        :raises UsageError: if there is no browser on this machine.
        """
        if look_at_website(self.place) is None:
            find_browser()
        return self.world()

    @property
    def machine(self) -> Path:
        """The folder that describes the disk of the place."""
        return self.place.machine

    @property
    def zone(self) -> Path:
        """The zone file of its mail domain."""
        return zone_of(self.place)

    @property
    def certificate(self) -> Path:
        """The file with the certificate and key of its server."""
        return certificate_of(self.place)

    def look_around(self) -> World:
        """Look at the lines and the mail domain."""
        look_around(self.place)
        return self.world()

    def drill(self) -> None:
        """Drill a restore of the newest backup."""
        drill(self.place)

    def world(self) -> World:
        """Open it, if it is not, and return what controls look at."""
        return world_of(self.place.open())

    def deliver(self) -> None:
        """Let a mail server on this machine take what waits in the outbox."""
        with mail_server() as server:
            self.place.open().post.deliver(server.courier())

    def close(self) -> None:
        """Close every file, so that files can be changed from outside."""
        self.place.close()

    def clear(self) -> None:
        """Read the mail, let leave what is due today, and look at the other systems."""
        self.read_mail()
        house = self.place.open()
        house.retention.run(actor=OWNER)
        house.sources.upkeep.look(actor=OWNER)

    def read_mail(self) -> None:
        """Read every mailbox, and empty it at its origin where that is asked for; one that is gone is not read."""
        ways = self.place.open().ways
        for box in ways.settings.mailboxes:
            with suppress(GestandError):  # what cannot be read stays unread, as for a timer that nobody looks at
                ways.pull(box.name)
                if box.empty_after_days:
                    ways.empty(box.name)

    def tidy(self) -> None:
        """Let leave what is due today, and answer the requests that are open."""
        self.clear()
        house = self.place.open()
        for request in list(house.requests.all()):
            if request.open and request.state is State.RECEIVED:
                house.requests.confirm(request.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
                house.requests.answer(request.id, actor=OWNER)
                house.requests.given(request.id, Given.ANSWER, request.channel, actor=OWNER)


@contextmanager
def sandbox() -> Iterator[DemonstrationSandbox]:
    """Make a sandbox in a temporary folder; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gestand-sandbox-") as folder:
        place = make_place(Path(folder) / "koper")
        try:
            happened = live(place)
            yield DemonstrationSandbox(place, happened.known)
        finally:
            place.close()


def list_breaks() -> list[tuple[str, tuple[str, ...]]]:
    """Return every control with the clauses that must turn red when it is broken (of the example in force)."""
    statement = read_statement(example_folder())
    return [(name, clauses_that_turn_red(name, statement, controls())) for name in BREAKS]


def prove_broken(control: str) -> ProofRun:
    """Break exactly the promise of ``control`` in a throw-away organisation, and prove it.

    :raises UsageError: if there is no such control.
    """
    found: Break | None = BREAKS.get(control)
    if found is None:
        raise UsageError(
            "control-unknown", f"there is no control '{control}'", remedy="See 'gestand prove --list-breaks'."
        )
    with sandbox() as made:
        return prove(found.commit(made))
