"""A proposal: a message that may ask something, with its reasons and the clock of its receipt; and how it is read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gestand.kernel.ids import MessageId
from gestand.rights import case_store as sql
from gestand.rights.cues import Asked
from gestand.storage.engine import Engine, Row


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A message that may ask something. ``due``: when it must be answered if it does, by the strictest reading."""

    id: str
    message: MessageId
    asked: Asked
    confidence: float
    cues: tuple[str, ...]
    also: tuple[Asked, ...]
    received_at: datetime
    due: datetime
    state: ProposalState
    settled_at: datetime | None
    request: str


def proposals_in(engine: Engine) -> Iterator[Proposal]:
    """Yield every proposal, oldest receipt first."""
    return (proposal_of(row) for row in engine.execute(sql.PROPOSALS))


def open_proposals(engine: Engine, most: int, first: int) -> Iterator[Proposal]:
    """Yield the proposals that wait for somebody, oldest receipt first: ``most`` of them after ``first``."""
    return (proposal_of(row) for row in engine.execute(sql.OPEN_PROPOSALS, (most, first)))


def proposal_of(row: Row) -> Proposal:
    """Return a row as a proposal."""
    text = [str(value) for value in row]
    return Proposal(
        id=text[0], message=MessageId(text[1]), asked=Asked(text[2]), confidence=float(text[3]),
        cues=tuple(filter(None, text[4].split("\n"))), also=tuple(Asked(one) for one in text[5].split()),
        received_at=datetime.fromisoformat(text[6]), due=datetime.fromisoformat(text[7]), state=ProposalState(text[8]),
        settled_at=datetime.fromisoformat(text[9]) if text[9] else None, request=text[10],
    )  # fmt: skip
