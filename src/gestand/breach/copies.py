"""Other systems, used by a breach: frozen until they are safe, and searched for everyone whose data lay in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gestand.archive.ways.service import Ways
from gestand.breach.affected import Copies, Touched
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.sources.model import Found, Known
from gestand.sources.service import Sources
from gestand.vault.model import Statements
from gestand.vault.service import Vault

TOGETHER = 500
"""People looked for in one pass over a system."""


class OtherSystems:
    """Fills ``ports.Sources`` with the sources that are declared and the mailboxes that are read."""

    def __init__(self, sources: Sources, ways: Ways, vault: Vault, statements: Statements) -> None:
        self._sources = sources
        self._ways = ways
        self._vault = vault
        self._statements = statements

    def freeze(self, source: str, *, reason: str, actor: ActorId) -> int:  # noqa: ARG002 - the entry of the breach has it
        """Use a source or mailbox no more until it is released.

        :raises UsageError: ``source-unknown`` if it is neither.
        """
        if self._is_mailbox(source):
            self._ways.freeze(source, reason=reason)
        else:
            self._sources.freeze(source, reason=reason)
        return 1

    def release(self, source: str, *, actor: ActorId) -> bool:  # noqa: ARG002 - as above
        """Use a source or mailbox again; False if it was not frozen."""
        return self._ways.release(source) if self._is_mailbox(source) else self._sources.release(source)

    def called(self, name: str) -> tuple[str, str]:
        """Return whether this is a ``mailbox`` or a ``source``, and its name in the settings: an address is in no ledger."""
        for one in self._ways.settings.mailboxes:
            if name in {one.name, one.address}:
                return "mailbox", one.name
        return "source", name

    def _is_mailbox(self, name: str) -> bool:
        return self.called(name)[0] == "mailbox"

    def declared(self, source: str) -> bool:
        """Say whether this is a system that is declared."""
        return source in self._sources.names()

    def lay(
        self, source: str, subjects: Sequence[SubjectId], *, purpose: PurposeId, actor: ActorId, reason: str
    ) -> Copies:
        """Return of whom data lie in ``source``; every opening of an identifier for it is in the ledger.

        What a system says of nobody whom the register knows is counted too: each row may be another person.
        """
        touched: list[Touched] = []
        traces: set[str] = set()
        total, why_not = 0, ""
        for at in range(0, len(subjects), TOGETHER):
            some = subjects[at : at + TOGETHER]
            known: dict[str, list[Known]] = dict(self._known(some, purpose, actor, reason))
            try:
                found, total = self._sources.whose(source, known)
            except GestandError as fault:
                return Copies(why_not=fault.message)
            for subject, one in found.items():
                why_not = why_not or next((search.why_not for search in one.searched if search.why_not), "")
                fields = _fields(one)
                traces |= {trace.id for trace in one.traces}
                if fields:
                    touched.append(Touched(SubjectId(subject), tuple(sorted(fields.items()))))
        return Copies(tuple(touched), max(total - len(traces), 0), why_not)

    def _known(
        self, subjects: Sequence[SubjectId], purpose: PurposeId, actor: ActorId, reason: str
    ) -> Iterator[tuple[str, list[Known]]]:
        policy = self._statements.in_force().policy
        for opening in self._vault.open_many(subjects, purpose, actor=actor, reason=reason):
            found = []
            for one in opening.items:
                field = policy.field(one.holding.field)
                if field is not None:
                    found.append(Known(field.kind, one.value))
            yield opening.subject, found


def _fields(found: Found) -> Counter[FieldPath]:
    """Count what is said of a person by field; what is doubtful counts too, for a notice too many harms least."""
    return Counter(FieldPath(value.field) for trace in found.traces for value in trace.values if value.field)
