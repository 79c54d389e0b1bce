"""A throw-away organisation, in which a promise may be broken to see that it is noticed.

Evidence asks for one; whoever stands above the rooms makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gestand.evidence.model import World
from gestand.kernel.clock import SettableClock
from gestand.kernel.ids import SubjectId


@dataclass(frozen=True, slots=True)
class Known:
    """Who is who in a sandbox: a customer with data, one who was erased on request, one with an open request."""

    customer: SubjectId
    erased: SubjectId
    asking: SubjectId


class Sandbox(Protocol):
    """A throw-away organisation, filled; ``clock`` moves it through time."""

    @property
    def clock(self) -> SettableClock:
        """The clock that the organisation goes by."""
        ...

    @property
    def folder(self) -> Path:
        """The organisation's folder."""
        ...

    @property
    def known(self) -> Known:
        """Who is who."""
        ...

    @property
    def backups(self) -> Path:
        """The folder of its backups, which is not in the organisation's."""
        ...

    @property
    def website(self) -> Path:
        """The folder of its website, which stands at a host."""
        ...

    def look_at_website(self) -> World:
        """Compare the live statement and let a browser visit the site, as a diligent owner would; return the world then."""
        ...

    @property
    def machine(self) -> Path:
        """The folder that describes its disk as Linux does: ``sys/dev/block`` and ``proc``."""
        ...

    @property
    def zone(self) -> Path:
        """The zone file of its mail domain, which a nameserver serves."""
        ...

    @property
    def certificate(self) -> Path:
        """The file with the certificate and key of its server."""
        ...

    def look_around(self) -> World:
        """Look at the lines and the mail domain, as a timer does; return the world then."""
        ...

    def drill(self) -> None:
        """Drill a restore of the newest backup, as a diligent owner would; it may fail, and that is recorded."""
        ...

    def world(self) -> World:
        """Open it, if it is not, and return what controls look at."""
        ...

    def deliver(self) -> None:
        """Let a mail server of the sandbox take what waits in the outbox."""
        ...

    def close(self) -> None:
        """Close every file, so that files can be changed from outside; ``world()`` opens again."""
        ...

    def read_mail(self) -> None:
        """Read every mailbox, as a timer does."""
        ...

    def clear(self) -> None:
        """Read the mail and let leave what is due today, and answer nobody."""
        ...

    def tidy(self) -> None:
        """Do all the due work of the day, as a diligent owner would: what leaves, and the answers."""
        ...
