"""The requests as they stand: one, all, those of a person, what repeats, what the mail proposes, what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gestand.kernel.ids import SubjectId
from gestand.rights.desk import Desk
from gestand.rights.model import SubjectRequest
from gestand.rights.proposal import Proposal, proposals_in

EVERY = 2**31 - 1
"""No bound: for whoever goes through all of them."""


class Listing:
    """The looks at requests; a part of ``Requests``."""

    _desk: Desk

    def repeats(self, request_id: str) -> tuple[SubjectRequest, ...]:
        """Return the open requests by the same person for the same, this one left out: likely the same, asked again."""
        found = self._desk.one(request_id)
        same = self._desk.store.of_subject(found.subject)
        return tuple(one for one in same if one.right is found.right and one.open and one.id != found.id)

    def proposals(self) -> tuple[Proposal, ...]:
        """Return every proposal out of the mail, oldest receipt first."""
        return tuple(proposals_in(self._desk.engine))

    def one(self, request_id: str) -> SubjectRequest:
        """Return a request.

        :raises UsageError: if there is none with this id.
        """
        return self._desk.one(request_id)

    def all(self) -> Iterator[SubjectRequest]:
        """Yield every request, oldest first."""
        return self._desk.store.all()

    def running(self, most: int = EVERY, first: int = 0) -> Iterator[SubjectRequest]:
        """Yield the requests whose clock runs, the earliest last day first: at most so many, after the first so many."""
        return self._desk.store.running(most, first)

    def count_running(self) -> int:
        """Return how many requests run."""
        return self._desk.store.count_running()

    def objecting(self) -> dict[SubjectId, datetime]:
        """Return who objected and was not answered yet, each with when; also whoever has the address of who could not be told apart."""
        found: dict[SubjectId, datetime] = {}
        for one in self._desk.store.objecting():
            who = {one.subject, one.filed_under}
            if one.subject == one.filed_under and one.matches != 1:  # nobody has said yet whose it is
                who |= set(self._desk.vault.alike(one.filed_under))
            found |= dict.fromkeys(who, one.received_at)
        return found

    def newest_ended(self, most: int) -> Iterator[SubjectRequest]:
        """Yield the requests that were closed or rejected last, the newest first."""
        return self._desk.store.newest_ended(most)

    def after(self, request: str, most: int) -> Iterator[SubjectRequest]:
        """Yield requests in the order of their ids, from after one on: a page of them."""
        return self._desk.store.after(request, most)

    def of_subject(self, subject: SubjectId) -> tuple[SubjectRequest, ...]:
        """Return the requests about a subject or filed under one, oldest first."""
        return tuple(self._desk.store.of_subject(subject))

    def decisions(self, request_id: str) -> list[tuple[str, ...]]:
        """Return the recorded decisions: (item, field, decision, ground, why_nl, why_en, until)."""
        return self._desk.store.decisions(request_id)
