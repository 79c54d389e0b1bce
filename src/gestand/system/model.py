"""An opened organisation: its settings and its rooms, in the order in which they close."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from gestand.archive.service import Archive
from gestand.archive.ways.service import Ways
from gestand.backup.service import Backups
from gestand.breach.service import Breaches
from gestand.evidence.history import History
from gestand.evidence.measures import Measures
from gestand.evidence.showing import Showing
from gestand.evidence.sites import Sites
from gestand.evidence.surroundings.service import Surroundings
from gestand.intake.service import Intake
from gestand.kernel.clock import Clock
from gestand.kernel.config import Config
from gestand.kernel.entropy import Entropy
from gestand.kernel.tickets import Tickets
from gestand.ledger.service import Ledger
from gestand.outreach.service import Outreach
from gestand.post.service import Post
from gestand.publication.service import Publication
from gestand.register.devices import Devices
from gestand.register.service import Register
from gestand.retention.service import Retention
from gestand.retention.tasks import Tasks
from gestand.rights.announcing import Announcing
from gestand.rights.callbacks import Callbacks
from gestand.rights.choices import Choices
from gestand.rights.outside import Outside
from gestand.rights.parcels import Parcels
from gestand.rights.portal.service import Portal
from gestand.rights.portal.stopping import Stopping
from gestand.rights.postbook import PostBook
from gestand.rights.proposals import Proposals
from gestand.rights.service import Requests
from gestand.sharing.service import Sharing
from gestand.sources.service import Sources
from gestand.staff.programs import Programs
from gestand.staff.service import Staff
from gestand.staff.webhooks import Webhooks
from gestand.storage.engine import Engine
from gestand.storage.once import Once
from gestand.vault.service import Vault


@dataclass(frozen=True, slots=True)
class System:
    """An opened organisation: its settings and its rooms. Leaving the ``with`` block closes every file."""

    config: Config
    clock: Clock
    entropy: Entropy
    engine: Engine
    ledger: Ledger
    publication: Publication
    vault: Vault
    post: Post
    register: Register
    devices: Devices
    intake: Intake
    requests: Requests
    portal: Portal
    stopping: Stopping
    outside: Outside
    callbacks: Callbacks
    proposals: Proposals
    parcels: Parcels
    post_book: PostBook
    choices: Choices
    breaches: Breaches
    outreach: Outreach
    retention: Retention
    tasks: Tasks
    sharing: Sharing
    measures: Measures
    sites: Sites
    surroundings: Surroundings
    history: History
    announcing: Announcing
    showing: Showing
    once: Once
    archive: Archive
    ways: Ways
    backups: Backups
    sources: Sources
    staff: Staff
    programs: Programs
    webhooks: Webhooks
    tickets: Tickets

    @property
    def statements(self) -> Publication:
        """The versions of the statement, under the name that the vault knows them by."""
        return self.publication

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close sources and archive, then vault, ledger and store, in that order."""
        self.sources.close()
        self.archive.close()
        self.vault.close()
        self.ledger.close()
        self.engine.close()
