"""The nouns of proof: a control, its verdict, a clause's verdict, and the world that controls look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gestand.kernel.clock import Clock
from gestand.statement.model import Clause, Statement
from gestand.statement.policy import Policy, Text

if TYPE_CHECKING:  # the rooms themselves: a check of the statement needs the controls' ids, not every engine
    from gestand.archive.service import Archive
    from gestand.archive.ways.service import Ways
    from gestand.breach.service import Breaches
    from gestand.evidence.history import History
    from gestand.evidence.measures import Measures
    from gestand.evidence.showing import Showing
    from gestand.evidence.sites import Sites
    from gestand.evidence.surroundings.service import Surroundings
    from gestand.ledger.service import Ledger
    from gestand.outreach.service import Outreach
    from gestand.post.service import Post
    from gestand.publication.service import Publication
    from gestand.register.service import Register
    from gestand.retention.service import Retention
    from gestand.retention.tasks import Tasks
    from gestand.rights.service import Requests
    from gestand.sharing.service import Sharing
    from gestand.sources.service import Sources
    from gestand.storage.engine import Engine
    from gestand.vault.service import Vault

Proof = Literal["measured", "attested"]
Figure = str | int | bool | None


class Finding(StrEnum):
    """What a control found. ``unproven``: nothing says it is broken, and nothing proves that it is kept."""

    KEPT = "kept"
    BROKEN = "broken"
    UNPROVEN = "unproven"


class ClauseFinding(StrEnum):
    """The verdict on a clause: the worst of its controls; or it only informs."""

    KEPT = "kept"
    BROKEN = "broken"
    UNPROVEN = "unproven"
    INFORMATIVE = "informative"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it leaves the door: its path, status, headers in lower case, body in bytes."""

    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class World:
    """What really is: the organisation's folder, its statement in force, and the rooms that hold what happened.

    ``visit`` fetches a page as a visitor's browser would; ``law_reviewed`` is the date of the last review of the law
    profile.
    """

    folder: Path
    data: Path
    statement: Statement
    publication: Publication
    engine: Engine
    vault: Vault
    ledger: Ledger
    register: Register
    requests: Requests
    breaches: Breaches
    post: Post
    outreach: Outreach
    sharing: Sharing
    measures: Measures
    sites: Sites
    surroundings: Surroundings
    history: History
    showing: Showing
    retention: Retention
    tasks: Tasks
    ways: Ways
    archive: Archive
    sources: Sources
    visit: Callable[[str], Page]
    law_reviewed: date
    clock: Clock

    @property
    def policy(self) -> Policy:
        """The policy of the statement in force."""
        return self.statement.policy


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a control found, in figures; ``evidence`` names ledger entries, files, digests that anyone can look up."""

    finding: Finding
    why: Text
    figures: Mapping[str, Figure] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """A check over what really happened.

    ``depends_on``: controls without which this one cannot say anything (a ledger that does not verify proves nothing).
    """

    id: str
    title: Text
    looks_at: Text
    proof: Proof
    check: Callable[[World], Verdict]
    module: str
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlResult:
    """A control's verdict within a run. ``awaited``: its room is not built yet."""

    id: str
    proof: Proof
    verdict: Verdict
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """A clause with its sentence, the verdict and the controls that made it."""

    clause: Clause
    finding: ClauseFinding
    controls: tuple[ControlResult, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class ProofRun:
    """One run of all controls over the statement in force."""

    version: str
    at: datetime
    clauses: tuple[ClauseResult, ...]
    entry: int = -1

    def count(self, finding: ClauseFinding) -> int:
        """Return how many clauses have this verdict."""
        return sum(1 for result in self.clauses if result.finding is finding)
