"""What the verbs of a breach share: the rooms they work with, and how a page, a row and an entry are written together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gestand.breach.affected import Touched
from gestand.breach.doors import ShutDoors
from gestand.breach.facts import merged
from gestand.breach.filing import BreachFiles
from gestand.breach.model import Breach, Case, Part, ReadPage
from gestand.breach.ports import Ports
from gestand.breach.store import BreachStore
from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, SubjectId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.statement.policy import Policy
from gestand.storage.engine import Engine
from gestand.vault.model import Statements
from gestand.vault.service import Vault

LIST_PAGE = 400
"""People, or messages, on one page of the sealed list."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Rows, files, and the rooms below; handed to every verb as one value."""

    engine: Engine
    store: BreachStore
    files: BreachFiles
    vault: Vault
    ledger: Ledger
    statements: Statements
    clock: Clock
    entropy: Entropy
    ports: Ports

    @property
    def doors(self) -> ShutDoors:
        """The doors that are shut."""
        return ShutDoors(self.engine)

    @property
    def policy(self) -> Policy:
        """The policy of the statement in force."""
        return self.statements.in_force().policy

    def one(self, breach_id: str) -> Breach:
        """Return a breach.

        :raises UsageError: ``breach-unknown`` if there is none with this id.
        """
        found = self.store.one(breach_id)
        if found is None:
            raise UsageError(
                "breach-unknown", f"there is no breach '{breach_id}'", remedy="List them with 'gestand breach list'."
            )
        return found

    def running(self, breach_id: str) -> Breach:
        """Return a breach that is not closed.

        :raises UsageError: ``breach-unknown``. :raises RefusedError: ``breach-closed``.
        """
        found = self.one(breach_id)
        if not found.open:
            raise RefusedError(
                "breach-closed",
                "it is closed",
                where=found.id,
                remedy="State the new fact with 'gestand breach facts': that opens it again.",
            )
        return found

    def case(self, breach_id: str) -> Case:
        """Return everything about a breach that is no text."""
        return self.store.case(self.one(breach_id))

    def page(self, breach: Breach, part: Part, text: str, actor: ActorId) -> None:
        """Seal a page of the file and write where it lies, in one transaction."""
        with self.engine.transaction():
            _, page = self.files.write(part, text, actor=actor, file=breach.file)
            self.store.add_page(breach.id, page)

    def read(self, breach: Breach, *parts: Part, actor: ActorId) -> tuple[ReadPage, ...]:
        """Open the pages about ``parts`` (all if none are named), oldest first."""
        pages = [page for page in self.store.pages(breach.id) if not parts or page.part in parts]
        return self.files.read(breach, pages, actor=actor)

    def stated(self, breach: Breach, actor: ActorId) -> dict[str, Any]:
        """Return the facts as they were stated last."""
        return merged(page.text for page in self.read(breach, Part.FACTS, actor=actor))

    def listed(self, breach: Breach, actor: ActorId) -> tuple[Touched, ...]:
        """Open the sealed list of who is affected; the last one counts, page by page."""
        return tuple(_touched(row) for page in self._last_list(breach, actor) for row in page.get("people", ()))

    def listed_messages(self, breach: Breach, actor: ActorId) -> tuple[str, ...]:
        """Open the sealed list of the messages in reach."""
        return tuple(str(one) for page in self._last_list(breach, actor) for one in page.get("messages", ()))

    def _last_list(self, breach: Breach, actor: ActorId) -> list[dict[str, Any]]:
        pages = [json.loads(one.text) for one in self.read(breach, Part.LIST, actor=actor)]
        last = max((page["list"] for page in pages), default=0)
        return [page for page in pages if page["list"] == last]

    def write_list(self, breach: Breach, touched: tuple[Touched, ...], messages: Sequence[str], actor: ActorId) -> None:
        """Seal the list of who is affected and of the messages in reach, after the ones before it."""
        number = len(self.store.pages(breach.id)) + 1
        for at in range(0, len(messages), LIST_PAGE):
            page = {"list": number, "messages": list(messages[at : at + LIST_PAGE])}
            self.page(breach, Part.LIST, json.dumps(page), actor)
        for at in range(0, len(touched), LIST_PAGE):
            rows = [[one.subject, dict(one.counts)] for one in touched[at : at + LIST_PAGE]]
            self.page(breach, Part.LIST, json.dumps({"list": number, "people": rows}), actor)
        if not touched:
            self.page(breach, Part.LIST, json.dumps({"list": number, "people": []}), actor)

    def change(self, breach: Breach, **changes: Any) -> Breach:
        """Write what changed of a breach and return it."""
        changed = replace(breach, **changes)
        self.store.update(changed)
        return changed

    def stage(self, event: str, breach: Breach, actor: ActorId, **facts: str | int | bool) -> None:
        """Record an event of a breach in the open transaction."""
        self.ledger.stage(Event(event, self.clock(), actor, {"breach": breach.id, **facts}))

    def marks(self, touched: tuple[Touched, ...]) -> Iterator[tuple[Touched, str]]:
        """Yield those of a list of whom anything is still held, with their marks."""
        return ((one, self.vault.reference(one.subject)) for one in touched if self.vault.exists(one.subject))


def _touched(row: tuple[str, Mapping[str, int]]) -> Touched:
    subject, counts = row
    return Touched(SubjectId(subject), tuple((FieldPath(path), int(n)) for path, n in counts.items()))
