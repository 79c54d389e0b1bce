"""What of a proof the public may see, and whether it does: off until the owner looked at it.

Nothing that counts people or entries is shown: no figure, no evidence, no words of a verdict (they count too). The run is
named by a random reference that the ledger ties to its entry: the index of that entry would tell how much is in the ledger,
where secret orders lie too, and a digest of verdicts can be guessed.
A clause that is kept by what happens at a data breach, or with orders by authorities, shows no verdict at all, whatever it is:
its absence would tell.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from gestand.evidence.model import ClauseResult, ProofRun
from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import SYSTEM, ActorId, new_id
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.storage.engine import Engine

MIGRATIONS = ("CREATE TABLE proof_shown (name TEXT PRIMARY KEY, said TEXT NOT NULL)",)
ONE = "SELECT said FROM proof_shown WHERE name = ?"
PUT = "INSERT INTO proof_shown (name, said) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET said = excluded.said"
RUN, SEEN, STATE = "run", "seen", "state"
PRIVATE = frozenset({"gestand.evidence.controls.breach"})
"""Modules whose verdicts would tell of an incident."""
SECRET = frozenset({"orders-checked"})
"""Controls whose verdict would tell that there was an order: a secret one that was handled wrongly turns it, and nothing else may."""


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause as the public sees it. ``finding``: kept, broken, unproven, informative, or private; ``proof``: how it is known."""

    id: str
    finding: str
    proof: str
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as the public sees it. ``reference``: a name that the ledger ties to the entry of the run, ``entry``."""

    version: str
    at: str
    entry: int
    reference: str
    clauses: tuple[ShownClause, ...]

    @property
    def moment(self) -> datetime:
        """When it was last checked."""
        return datetime.fromisoformat(self.at)


def shown_of(run: ProofRun, private: frozenset[str]) -> Shown:
    """Return what the public may see of a run; ``private``: the controls that are not shown."""
    clauses = tuple(_shown(result, private) for result in run.clauses)
    return Shown(run.version, run.at.isoformat(timespec="seconds"), run.entry, "", clauses)


def _shown(result: ClauseResult, private: frozenset[str]) -> ShownClause:
    names = tuple(control.id for control in result.controls)
    if private & set(names):
        return ShownClause(result.clause.id, "private", "", ())
    kinds = {control.proof for control in result.controls}
    proof = "both" if len(kinds) > 1 else next(iter(kinds), "")
    return ShownClause(result.clause.id, str(result.finding), proof, names)


class Showing:
    """The last proof, whether the owner looked at it as the public would see it, and whether it is public."""

    def __init__(self, engine: Engine, ledger: Ledger, clock: Clock, entropy: Entropy) -> None:
        engine.migrate("proof-page", MIGRATIONS)
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._entropy = entropy

    def keep(self, run: ProofRun) -> None:
        """Keep a run as the last one; the page is made of this, and proves nothing itself."""
        from gestand.evidence.registry import controls

        private = SECRET | {name for name, control in controls().items() if control.module in PRIVATE}
        shown = shown_of(run, private)
        with self._engine.transaction():
            self._put(RUN, json.dumps(asdict(self._named(shown, SYSTEM) if self.is_on else shown)))

    def preview(self, *, actor: ActorId) -> Shown:
        """Return what the public would see; from now on it may be shown.

        :raises RefusedError: ``proof-page-empty`` if nothing was proven yet.
        """
        shown = self.last()
        if shown is None:
            raise RefusedError("proof-page-empty", "nothing was proven yet", remedy="Run 'gestand prove' first.")
        with self._engine.transaction():
            if not shown.reference:
                shown = self._named(shown, actor)
                self._put(RUN, json.dumps(asdict(shown)))
            self._put(SEEN, json.dumps({"version": shown.version, "by": actor}))
        return shown

    def turn(self, *, on: bool, actor: ActorId) -> None:
        """Show the page, or do not.

        :raises RefusedError: ``proof-page-unseen`` if this version's proof was not looked at before.
        """
        if on:
            shown = self.last()
            if shown is None or self._seen() != shown.version:
                raise RefusedError(
                    "proof-page-unseen",
                    "nobody looked yet at what the public would see",
                    remedy="Run 'gestand statement proof-page preview', read it, then turn it on.",
                )
        with self._engine.transaction():
            self._put(STATE, "on" if on else "off")
            self._ledger.stage(Event("statement.proof-page", self._clock(), actor, {"shown": on}))

    def last(self) -> Shown | None:
        """Return the last run as the public may see it, or None."""
        said = self._one(RUN)
        if not said:
            return None
        found = json.loads(said)
        clauses = tuple(ShownClause(**(one | {"controls": tuple(one["controls"])})) for one in found["clauses"])
        return Shown(found["version"], found["at"], found["entry"], found["reference"], clauses)

    def public(self) -> Shown | None:
        """Return what the public sees now: None while it is off, or a version was proven that nobody looked at."""
        if self._one(STATE) != "on":
            return None
        shown = self.last()
        return shown if shown is not None and self._seen() == shown.version else None

    @property
    def is_on(self) -> bool:
        """Say whether the owner turned it on."""
        return self._one(STATE) == "on"

    def _named(self, shown: Shown, actor: ActorId) -> Shown:
        """Give a run its reference, and let the ledger say which entry it means."""
        reference = new_id("prf", self._entropy)
        facts: dict[str, Fact] = {"reference": reference, "entry": shown.entry}
        self._ledger.stage(Event("proof.named", self._clock(), actor, facts))
        return replace(shown, reference=reference)

    def _seen(self) -> str:
        said = self._one(SEEN)
        return str(json.loads(said)["version"]) if said else ""

    def _one(self, name: str) -> str:
        rows = self._engine.execute(ONE, (name,))
        return str(rows[0][0]) if rows else ""

    def _put(self, name: str, said: str) -> None:
        self._engine.execute(PUT, (name, said))
