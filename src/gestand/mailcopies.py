"""The e-mail archive as one of the systems that hold copies: found, planned, erased and proven absent with all the others.

A message has several people in it. To the person it is about go their own words whole, and of what others wrote the day, who
wrote and the subject; the rest is given after a person has blacked out what is others' (Article 15(4)). A message that explains
an invoice stays as long as the administration; one under a legal hold stays as long as that lasts. What leaves is taken out of
the mailbox at the provider first, for what lies there would come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from gestand.archive.model import Kept, Origin
from gestand.archive.people import FOUND_IN_TEXT
from gestand.archive.service import Archive
from gestand.archive.ways.service import Ways
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, Problem
from gestand.kernel.ids import SYSTEM, MessageId, PurposeId
from gestand.reading.normal import normal_form
from gestand.rights.rules import HELD_BY
from gestand.sources.model import (
    NOBODY_SAID,
    Act,
    Confidence,
    Corrected,
    Correction,
    Found,
    Judged,
    Known,
    Person,
    PlannedRows,
    Removal,
    Retained,
    Search,
    SourceName,
    SourcePlan,
    Trace,
    TraceValue,
)
from gestand.sources.place import SourcePlace
from gestand.statement.policy import FieldKind, LawfulBasis

NAME = SourceName("mail-archive")
PLACE = "messages"
WHY = "a request of the person"
WHY_RESTRICTED = "Article 18"
WHY_FOUND = "one of the person's own identifiers stands in it"


class MailCopies:
    """The archive, asked through the protocol of sources."""

    whole = False

    def __init__(self, archive: Archive, ways: Ways, place: Callable[[], SourcePlace], field: str) -> None:
        self._archive = archive
        self._ways = ways
        self._place = place
        self._field = field

    @property
    def name(self) -> SourceName:
        """Its name among the sources."""
        return NAME

    @property
    def _purpose(self) -> PurposeId:
        return PurposeId(self._place().policy.rights.purpose)

    def test(self) -> tuple[Problem, ...]:
        """Say whether the index covers the store."""
        coverage = self._archive.coverage()
        if coverage.stored == coverage.indexed:
            return ()
        return (
            Problem(
                "data/archive", 0, "archive-index-behind", f"{coverage.stored} messages, {coverage.indexed} in the index",
                "Run 'gestand archive reindex'.",
            ),
        )  # fmt: skip

    def find(self, people: Mapping[Person, Sequence[Known]], *, judged: Judged = NOBODY_SAID) -> Mapping[Person, Found]:
        """Search the index of people for every identifier; a name alone belongs to many and is not searched by."""
        found: dict[Person, Found] = {}
        for person, known in people.items():
            sought = [one for one in known if one.kind in FOUND_IN_TEXT and not one.shared]
            wanted = [(one.kind, one.normal) for one in sought]
            kept = self._archive.of_identifiers(wanted, actor=SYSTEM, reason=WHY) if wanted else ()
            own = tuple(sorted({one.normal for one in sought if one.kind is FieldKind.EMAIL}))
            traces = tuple(trace for one in kept if (trace := self._trace(one, own)).id not in judged.no)
            kinds = tuple(sorted({str(one.kind) for one in sought}))
            search = Search(NAME, PLACE, kinds, self._place().clock(), len(traces))
            found[person] = Found(traces, (), (search,))
        return found

    def _trace(self, kept: Kept, own: tuple[str, ...]) -> Trace:
        value = TraceValue("received", self._field, kept.received.isoformat())
        key = (kept.message, *own)  # by which addresses it is known what the person wrote
        return Trace(
            self._place().trace_id(NAME, PLACE, key[:1]), NAME, PLACE, key, (value,), Confidence.CERTAIN, WHY_FOUND,
            self._place().digest(kept.message, kept.size),
        )  # fmt: skip

    def export(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Yield each message as the person may see it; what they wrote themselves whole."""
        wanted = {MessageId(str(trace.key[0])): trace for trace in traces}
        own = {str(address) for trace in wanted.values() for address in trace.key[1:]}
        there = [message for message in wanted if self._kept(message) is not None]
        for opened in self._archive.open_many(there, self._purpose, actor=SYSTEM, reason=WHY):
            mail = self._archive.read(opened)
            addresses = [one.address for one in mail.sender]
            values = [
                TraceValue("received", self._field, opened.kept.received.isoformat()),
                TraceValue("from", self._field, ", ".join(addresses)),
                TraceValue("subject", self._field, mail.subject),
            ]
            if own & {normal_form(FieldKind.EMAIL, address) for address in addresses}:
                values.append(TraceValue("text", self._field, mail.body))
            yield replace(wanted[opened.kept.message], values=tuple(values))

    def plan(self, traces: Sequence[Trace], *, known: Sequence[Known] = (), rehearse: bool = True) -> SourcePlan:  # noqa: ARG002 - messages have no constraints to try
        """Say which messages leave, and which stay on what ground and until when."""
        today = local_date(self._place().clock())
        leaving: list[Trace] = []
        staying: dict[tuple[str, str], int] = {}
        for trace in traces:
            kept = self._kept(MessageId(str(trace.key[0])))
            if kept is None:
                continue
            hold = self._archive.holds.of(kept, today)
            purpose = self._place().policy.purposes.get(kept.purpose)
            if hold is not None:
                ground = (HELD_BY, hold[1].isoformat() if hold[1] else "")
                staying[ground] = staying.get(ground, 0) + 1
            elif purpose is not None and purpose.basis is LawfulBasis.LEGAL_OBLIGATION:
                last = (kept.due - timedelta(days=1)).isoformat() if kept.due else ""
                ground = (f"AVG 17(3)(b); {purpose.ground}", last)
                staying[ground] = staying.get(ground, 0) + 1
            else:
                leaving.append(trace)
        rows = [PlannedRows(PLACE, Act.DELETE, len(leaving))] if leaving else []
        rows += [PlannedRows(PLACE, Act.KEEP, n, (), why, until) for (why, until), n in sorted(staying.items())]
        digest = self._place().digest("plan", *sorted(f"{trace.id}:{trace.version}" for trace in leaving))
        return SourcePlan(NAME, tuple(rows), tuple(leaving), digest, (), 0, tuple(known))

    def erase(self, plan: SourcePlan) -> Removal:
        """Take the messages out of their mailboxes, then erase them here; what was killed half way goes on."""
        messages = [MessageId(str(trace.key[0])) for trace in plan.traces]
        there = [message for message in messages if self._kept(message) is not None]
        wanted = set(there)
        origins: list[Origin] = [origin for origin in self._archive.origins.lying() if origin.message in wanted]
        if origins:
            left = sum(emptied.left for emptied in self._ways.take_out(origins))
            self._place().failpoint(f"{NAME}.taken-out")
            if left:
                raise GestandError(
                    "origin-not-emptied",
                    f"{left} messages could not be taken out of their mailbox at the provider, and would come back",
                    where="[mail.mailboxes]",
                    remedy="Let the mailbox be reached, or remove them there by hand; then do it again.",
                )
        if there:
            self._archive.erase(there, ground="Article 17", actor=SYSTEM)
        retained = tuple(
            Retained(row.place, row.rows, row.ground, row.until) for row in plan.rows if row.act is Act.KEEP
        )
        return Removal(NAME, len(there), retained)

    def rectify(self, traces: Sequence[Trace], corrections: Sequence[Correction], *, note: str) -> Corrected:  # noqa: ARG002 - of the protocol
        """Rewrite no mail: what was sent was sent; the correction stays in the file of the request."""
        return Corrected(NAME, 0, 0, len(traces))

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:
        """Mark messages: they open for nothing but answering the person; or take the mark off."""
        messages = [MessageId(str(trace.key[0])) for trace in traces]
        there = [message for message in messages if self._kept(message) is not None]
        mark = self._archive.restrictions.place if restricted else self._archive.restrictions.lift
        return mark(there, reason=WHY_RESTRICTED, actor=SYSTEM)

    def count(self) -> int:
        """Return how many messages there are."""
        return self._archive.counts()[0]

    def _kept(self, message: MessageId) -> Kept | None:
        try:
            return self._archive.kept(message)
        except GestandError:
            return None
