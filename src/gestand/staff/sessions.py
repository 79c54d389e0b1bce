"""Sessions: begun by a proof of who it is, bound to a key, over after 15 idle minutes or 8 hours, ended by one word.

The store knows a token by its SHA-256 only: whoever reads the table cannot sign in with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.staff import store as sql
from gestand.staff.dpop import Proof, verify_proof
from gestand.staff.model import How, Over, Person, Session, SignedIn
from gestand.staff.rules import over
from gestand.staff.store import StaffStore
from gestand.storage.once import Once

TOKEN_SIZE = 32


class Sessions:
    """The sessions of all staff."""

    def __init__(self, rows: StaffStore, once: Once, ledger: Ledger, entropy: Entropy) -> None:
        self._rows = rows
        self._once = once
        self._ledger = ledger
        self._entropy = entropy

    def begin(self, person: Person, proof: Proof, how: How, now: datetime) -> SignedIn:
        """Begin a session for a key that just proved itself; earlier sessions of the same key end."""
        self.spend(proof, now)
        token = base64.urlsafe_b64encode(self._entropy(TOKEN_SIZE)).decode("ascii").rstrip("=")
        hashed = _hashed(token)
        session = Session(hashed.hex()[:32], person.id, proof.thumbprint, how, now, now, now)
        at = now.isoformat()
        with self._rows.engine.transaction():
            self.end_where(lambda other: other.thumbprint == proof.thumbprint, Over.REPLACED, now)
            self._rows.engine.execute(sql.ADD_SESSION, (hashed, person.id, proof.thumbprint, str(how), at, at, at))
            self._ledger.stage(Event("staff.signed-in", now, person.id, {"how": str(how)}))
        return SignedIn(token, session, person)

    def find(self, token: str, proof_text: str, *, method: str, address: str, now: datetime) -> Session:
        """Return the session of a token that comes with its proof, and note that it was seen.

        :raises RefusedError: ``session``: unknown, over, without proof, with another key's, or with a proof used before.
        """
        refused = RefusedError("session", "this session is over", remedy="Sign in again.")
        hashed = _hashed(token)
        session = self._rows.session(hashed)
        if session is None:
            raise refused
        try:
            proof = verify_proof(proof_text, method=method, address=address, now=now, token=token)
        except RefusedError:
            raise refused from None
        if not hmac.compare_digest(proof.thumbprint, session.thumbprint):
            raise refused
        why = over(session, now)
        if why is not None:
            self.end_where(lambda other: other.id == session.id, why, now)
            raise refused
        with self._rows.engine.transaction(durable=False):
            self.spend(proof, now)
            self._rows.engine.execute(sql.SEEN, (now.isoformat(), hashed))
        return session

    def spend(self, proof: Proof, now: datetime) -> None:
        """Use a proof up.

        :raises RefusedError: ``session`` if it was used before.
        """
        if not self._once.spend("dpop", f"{proof.thumbprint}/{proof.jti}".encode(), now=now, until=proof.until):
            raise RefusedError("session", "this session is over", remedy="Sign in again.")

    def freshen(self, session: Session, now: datetime) -> None:
        """Note that the person of a session showed their passkey again."""
        for hashed, other in self._rows.sessions():
            if other.id == session.id:
                self._rows.engine.execute(sql.FRESHENED, (now.isoformat(), hashed))

    def end(self, session: Session, why: Over, now: datetime) -> None:
        """End a session."""
        self.end_where(lambda other: other.id == session.id, why, now)

    def end_where(
        self, chosen: Callable[[Session], bool], why: Over, now: datetime, *, by: ActorId | None = None
    ) -> int:
        """End the sessions that ``chosen`` picks, each with its entry in the ledger; return how many."""
        ended = 0
        with self._rows.engine.transaction():
            for hashed, session in self._rows.sessions():
                if chosen(session) and self._rows.engine.execute(sql.DROP_SESSION, (hashed,)):
                    ended += 1
                    facts = {"why": str(why), "person": session.person}
                    self._ledger.stage(Event("staff.signed-out", now, by or session.person, facts))
        return ended

    def sweep(self, now: datetime) -> int:
        """End what is over by itself, for whoever never asked again; return how many."""
        ended = 0
        for why in (Over.TOO_LONG, Over.IDLE):
            ended += self.end_where(lambda session, why=why: over(session, now) is why, why, now)  # type: ignore[misc]
        return ended

    def running(self) -> tuple[Session, ...]:
        """Return every session."""
        return tuple(session for _, session in self._rows.sessions())


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
