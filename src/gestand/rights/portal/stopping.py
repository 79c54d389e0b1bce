"""Offers stop in the same second, at the word of who proved that it is they: by a code to an address held, or as was judged.

Article 21(2) and (3): direct marketing stops without any weighing. Without proof nothing changes, and known and unknown people
see and hear the same: each gets a code at the address that is held of them, or nothing where there is none.
"""

from __future__ import annotations

from gestand.kernel.errors import GestandError, RefusedError
from gestand.kernel.ids import SYSTEM, PurposeId, RequestId
from gestand.publication.service import Publication
from gestand.rights.choices import Choices
from gestand.rights.model import Closing, Right, SubjectRequest
from gestand.rights.portal.model import Entered, Level
from gestand.rights.portal.service import Portal
from gestand.rights.service import Requests
from gestand.rights.store import RequestStore
from gestand.storage.engine import Engine


class Stopping:
    """Stops offers for who follows a request in the portal."""

    def __init__(
        self, engine: Engine, portal: Portal, requests: Requests, choices: Choices, statements: Publication
    ) -> None:
        self._rows = RequestStore(engine)
        self._portal = portal
        self._requests = requests
        self._choices = choices
        self._statements = statements

    def ask(self, entered: Entered) -> tuple[SubjectRequest, bool]:
        """Take in the objection to offers, and say whether it works already; else a code is on its way to who is held.

        It works at once for a code that a person gave after they had judged who asks.
        """
        first = self._requests.one(entered.request)
        made = self._waiting(entered) or self._portal.ask_beside(first.id, Right.OBJECTION)
        if first.identity is not None and entered.level is Level.FETCH:
            self._requests.confirm(made.id, first.identity, actor=SYSTEM, subject=first.subject)
            return self._stop(made.id), True
        try:
            self._requests.send_code(made.id, actor=SYSTEM)
        except GestandError as fault:
            if fault.code not in {"identity-no-address", "smtp-not-set", "mail-address"}:
                raise
        return made, False

    def prove(self, entered: Entered, request: str, code: str) -> bool:
        """Stop offers if this code is the one that was sent; False for every other, after the same work."""
        mine = request in {one.id for one in self._portal.standing(entered).beside}
        if not self._requests.prove(request if mine else "", code, actor=SYSTEM):
            return False
        self._stop(RequestId(request))
        return True

    def _waiting(self, entered: Entered) -> SubjectRequest | None:
        beside = self._portal.standing(entered).beside
        return next((one for one in beside if one.right is Right.OBJECTION and one.open and one.identity is None), None)

    def _stop(self, request: RequestId) -> SubjectRequest:
        found = self._requests.one(request)
        if found.identity is None:
            raise RefusedError("identity-not-judged", "nothing changes before it is known who asks", where=request)
        purposes = self._statements.in_force().policy.purposes
        offers = [PurposeId(name) for name, one in purposes.items() if one.marketing]
        if not offers:
            return found
        self._choices.object_to(found.subject, offers, actor=SYSTEM, reason="Article 21(2), in the portal")
        closed = self._requests.close(request, Closing.CARRIED_OUT, actor=SYSTEM)
        self._requests.letters.closed(request, actor=SYSTEM)
        return closed
