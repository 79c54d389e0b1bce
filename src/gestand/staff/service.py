"""Verbs of staff: make a link, enrol, sign in and out, roles, revoke, approve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, PurposeId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.staff import entering, passkeys, passwords
from gestand.staff import store as sql
from gestand.staff.approvals import Approvals
from gestand.staff.dpop import Proof
from gestand.staff.model import (
    CHALLENGE_LASTS,
    Act,
    Approval,
    Enrolled,
    How,
    Link,
    Over,
    Passkey,
    Person,
    Session,
    SignedIn,
)
from gestand.staff.passkeys import CHALLENGE_SIZE, NewKey, Site
from gestand.staff.passwords import NewPassword
from gestand.staff.rules import check_roles, purposes_of, widest
from gestand.staff.sessions import Sessions
from gestand.staff.store import StaffStore
from gestand.statement.policy import Policy
from gestand.storage.engine import Engine
from gestand.storage.once import Once

KEEPER_NEEDED = "one person who lets others in must stay"


class Staff:
    """Who may act in one organisation."""

    def __init__(
        self, engine: Engine, root_key: bytes, ledger: Ledger, clock: Clock, entropy: Entropy, *, waiting: timedelta
    ) -> None:
        self._rows = StaffStore(engine, root_key, entropy)
        self._once = Once(engine)
        self._ledger = ledger
        self._clock = clock
        self._entropy = entropy
        self._entry = entering.Entry(self._rows, ledger, entropy)
        self.sessions = Sessions(self._rows, self._once, ledger, entropy)
        self.approvals = Approvals(self._rows, ledger, entropy, waiting)

    # People

    def people(self) -> tuple[Person, ...]:
        """Return everybody who may act, and who did until their name is forgotten."""
        return self._rows.people()

    def active(self) -> tuple[Person, ...]:
        """Return everybody who may act now."""
        return tuple(person for person in self._rows.people() if person.active)

    def keepers(self) -> tuple[Person, ...]:
        """Return who lets others in."""
        return tuple(person for person in self.active() if person.keeper)

    def person(self, person_id: str) -> Person:
        """Return somebody.

        :raises UsageError: ``staff-unknown``.
        """
        found = self._rows.person(person_id)
        if found is None:
            raise UsageError(
                "staff-unknown", f"nobody has the id '{person_id}'", remedy="List them: gestand staff list."
            )
        return found

    def passkeys_of(self, person: Person) -> tuple[Passkey, ...]:
        """Return the passkeys of somebody, oldest first."""
        return self._rows.passkeys(person.id)

    def set_roles(
        self, person_id: str, roles: Sequence[str], *, keeper: bool, policy: Policy, actor: ActorId
    ) -> Person:
        """Change the roles of somebody; what runs in their sessions follows at once.

        :raises UsageError: ``staff-unknown``, ``role-unknown``.
        :raises RefusedError: ``last-keeper``.
        """
        person = self._there(person_id)
        check_roles(policy, roles)
        if person.keeper and not keeper:
            self._another_keeper(person)
        with self._rows.engine.transaction():
            self._rows.engine.execute(sql.SET_ROLES, (" ".join(roles), int(keeper), person.id))
            facts: dict[str, Fact] = {"person": person.id, "roles": " ".join(roles), "keeper": keeper}
            self._ledger.stage(Event("staff.roles", self._clock(), actor, facts))
        return self.person(person_id)

    def revoke(self, person_id: str, *, actor: ActorId) -> int:
        """Let somebody act no more, and end their sessions; return how many those were.

        :raises UsageError: ``staff-unknown``. :raises RefusedError: ``last-keeper``.
        """
        person = self._there(person_id)
        if person.keeper:
            self._another_keeper(person)
        now = self._clock()
        with self._rows.engine.transaction():
            entering.revoke(self._entry, person, by=actor, now=now)
            return self.sessions.end_where(lambda one: one.person == person.id, Over.REVOKED, now, by=actor)

    def end_all(self, *, actor: ActorId, but_own: bool = False) -> int:
        """End every session of everybody: the kill switch. ``but_own``: those of ``actor`` go on. Return how many ended."""
        return self.sessions.end_where(
            lambda one: not (but_own and one.person == actor), Over.ALL_ENDED, self._clock(), by=actor
        )

    def may(self, person: Person, policy: Policy) -> tuple[PurposeId, ...]:
        """Return the purposes that somebody may act for."""
        return purposes_of(policy, person.roles) if person.active else ()

    def left_before(self, day: date) -> Iterator[tuple[ActorId, date]]:
        """Yield who acts no more since before a date, and since when."""
        for person in self.people():
            if person.revoked is not None and local_date(person.revoked) < day:
                yield person.id, local_date(person.revoked)

    def forget(self, persons: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Remove the names of people who left; return how many are still there."""
        with self._rows.engine.transaction():
            for person in persons:
                self._rows.engine.execute(sql.FORGET, (person,))
                self._ledger.stage(Event("staff.forgotten", self._clock(), actor, {"person": person, "ground": ground}))
        return sum(self._rows.person(person) is not None for person in persons)

    # Coming in

    def first_link(self, policy: Policy) -> str | None:
        """Return the code of a link for the first person, with the widest role; None where somebody is there already."""
        if self.keepers():
            return None
        return self._link(widest(policy), keeper=True, person=None, asks_code=False, by=ActorId("owner"))

    def invite(self, roles: Sequence[str], *, keeper: bool, policy: Policy, actor: ActorId) -> str:
        """Return the code of a link for a new person.

        :raises UsageError: ``role-unknown``.
        """
        check_roles(policy, roles)
        return self._link(roles, keeper=keeper, person=None, asks_code=False, by=actor)

    def readmit(self, person_id: str, *, actor: ActorId, asks_code: bool) -> str:
        """Return the code of a link with which somebody who lost their keys makes a new one.

        :raises UsageError: ``staff-unknown``.
        """
        person = self._there(person_id)
        return self._link(person.roles, keeper=person.keeper, person=person.id, asks_code=asks_code, by=actor)

    def _link(self, roles: Sequence[str], *, keeper: bool, person: ActorId | None, asks_code: bool, by: ActorId) -> str:
        return entering.make_link(
            self._entry, roles=roles, keeper=keeper, person=person, asks_code=asks_code, by=by, now=self._clock()
        )

    def link(self, code: str, printed: str = "") -> Link:
        """Return the link of a code.

        :raises RefusedError: ``link``.
        """
        return entering.link_of(self._entry, code, printed, self._clock())

    def ask_new_key(self, site: Site, link: Link, name: str) -> tuple[str, bytes, ActorId]:
        """Return the options of a passkey for whoever holds a link, its challenge, and the id it is made for."""
        person = link.person or entering.new_person(self._entropy)
        known = self.person(person) if link.person else None
        challenge = self._entropy(CHALLENGE_SIZE)
        shown = known.name if known else entering.checked_name(name)
        return passkeys.ask_new(site, person, shown, challenge, self._rows.passkeys(person)), challenge, person

    def enrol(  # noqa: PLR0917 - what a browser brings back
        self, site: Site, code: str, printed: str, name: str, answer: str, challenge: bytes, fresh: ActorId, label: str
    ) -> Enrolled:
        """Let somebody in with the passkey that their browser made.

        :raises RefusedError: ``link``, ``passkey``, ``name``, ``challenge``.
        """
        link = self.link(code, printed)
        self._spend(challenge)
        key = passkeys.verify_new(site, answer, challenge)
        return self._enrolled(code, link, fresh, name, key, label)

    def enrol_password(self, code: str, printed: str, name: str, wanted: NewPassword) -> Enrolled:
        """Let somebody in who cannot use a passkey.

        :raises RefusedError: ``link``, ``name``. :raises UsageError: what ``passwords.check_new`` refuses.
        """
        link = self.link(code, printed)
        passwords.check_new(wanted, self._clock())
        return self._enrolled(code, link, entering.new_person(self._entropy), name, wanted, "")

    def _enrolled(  # noqa: PLR0917 - what came in
        self, code: str, link: Link, fresh: ActorId, name: str, key: NewKey | NewPassword, label: str
    ) -> Enrolled:
        now = self._clock()
        with self._rows.engine.transaction():
            entered = entering.enrol(self._entry, code, link, fresh=fresh, name=name, key=key, label=label, now=now)
            if link.person is not None:  # whoever sits in an old session may be why they came in anew
                self.sessions.end_where(lambda one: one.person == link.person, Over.REPLACED, now)
        return entered

    def ask_another_key(self, site: Site, person: Person) -> tuple[str, bytes]:
        """Return the options of another passkey of somebody who is signed in, and its challenge."""
        challenge = self._entropy(CHALLENGE_SIZE)
        return passkeys.ask_new(site, person.id, person.name, challenge, self._rows.passkeys(person.id)), challenge

    def add_key(self, site: Site, person: Person, answer: str, challenge: bytes, label: str) -> None:
        """Keep another passkey of somebody.

        :raises RefusedError: ``passkey``, ``challenge``.
        """
        self._spend(challenge)
        key = passkeys.verify_new(site, answer, challenge)
        with self._rows.engine.transaction():
            entering.add_key(self._entry, person.id, key, label, self._clock())

    def drop_key(self, person: Person, key: str) -> None:
        """Remove a passkey of somebody.

        :raises RefusedError: ``last-key`` if it is the only one.
        """
        if person.passkeys + person.password <= 1:
            raise RefusedError("last-key", "this is your only key", remedy="Add another one first.")
        with self._rows.engine.transaction():
            self._rows.engine.execute(sql.DROP_PASSKEY, (key, person.id))
            facts: dict[str, Fact] = {"person": person.id, "key": key}
            self._ledger.stage(Event("staff.key-removed", self._clock(), person.id, facts))

    def new_printed(self, person: Person) -> str:
        """Return a fresh code to print; the earlier one is void."""
        with self._rows.engine.transaction():
            self._ledger.stage(Event("staff.code-printed", self._clock(), person.id, {"person": person.id}))
            return entering.new_printed(self._entry, person.id)

    # Signing in

    def ask_key(self, site: Site) -> tuple[str, bytes]:
        """Return the options with which a browser shows a passkey, and their challenge."""
        challenge = self._entropy(CHALLENGE_SIZE)
        return passkeys.ask_known(site, challenge), challenge

    def sign_in(self, site: Site, answer: str, challenge: bytes, proof: Proof) -> SignedIn:
        """Begin a session for whoever showed a passkey.

        :raises RefusedError: ``passkey``, ``challenge``.
        """
        person = self._shown(site, answer, challenge)
        return self.begin(person, proof, How.PASSKEY)

    def sign_in_password(self, login: str, password: str, code: str, proof: Proof) -> SignedIn:
        """Begin a session for whoever knows a password and has its app.

        :raises RefusedError: ``sign-in``.
        """
        person = self.person(passwords.verify(self._rows, login, password, code, now=self._clock()))
        return self.begin(person, proof, How.PASSWORD)

    def begin(self, person: Person, proof: Proof, how: How) -> SignedIn:
        """Begin a session for somebody who proved who they are."""
        now = self._clock()
        self.sessions.sweep(now)
        self.approvals.sweep(now)
        return self.sessions.begin(person, proof, how, now)

    def freshen(self, site: Site, session: Session, answer: str, challenge: bytes) -> None:
        """Note that whoever is in a session showed their passkey again.

        :raises RefusedError: ``passkey`` if it is another's, ``challenge``.
        """
        if self._shown(site, answer, challenge).id != session.person:
            raise RefusedError("passkey", "this passkey is somebody else's", remedy="Use your own.")
        self.sessions.freshen(session, self._clock())

    def freshen_password(self, session: Session, login: str, password: str, code: str) -> None:
        """Note that whoever is in a session gave password and code again.

        :raises RefusedError: ``sign-in``.
        """
        if passwords.verify(self._rows, login, password, code, now=self._clock()) != session.person:
            raise RefusedError("sign-in", "name, password or code is not right", remedy="Use your own.")
        self.sessions.freshen(session, self._clock())

    def sign_out(self, session: Session) -> None:
        """End a session at the word of whoever is in it."""
        self.sessions.end(session, Over.SIGNED_OUT, self._clock())

    def session(self, token: str, proof: str, *, method: str, address: str) -> tuple[Session, Person]:
        """Return the session of a token that comes with its proof, and whose it is.

        :raises RefusedError: ``session``.
        """
        session = self.sessions.find(token, proof, method=method, address=address, now=self._clock())
        person = self._rows.person(session.person)
        if person is None or not person.active:
            raise RefusedError("session", "this session is over", remedy="Sign in again.")
        return session, person

    # Second looks

    def ask_approval(self, act: Act, digest: str, *, actor: ActorId) -> Approval:
        """Ask for a second look at an act."""
        return self.approvals.ask(act, digest, actor=actor, now=self._clock())

    def give_approval(self, approval_id: str, *, giver: Person) -> Approval:
        """Give an approval: at once where another asked, after the waiting time where the same person did.

        :raises UsageError: ``approval-unknown``. :raises RefusedError: ``approval-own``, ``not-keeper``.
        """
        return self.approvals.give(approval_id, giver=giver, keepers=self.keepers(), now=self._clock())

    # Steps

    def _shown(self, site: Site, answer: str, challenge: bytes) -> Person:
        passkey = self._rows.passkey(passkeys.key_of(answer))
        if passkey is None:
            raise RefusedError(
                "passkey", "this passkey does not open the office", remedy="Try again, or use another one."
            )
        self._spend(challenge)
        count = passkeys.verify_known(site, answer, challenge, passkey)
        person = self.person(passkey.person)
        self._rows.keep_passkey(replace(passkey, used=self._clock(), sign_count=count), new=False)
        return person

    def _spend(self, challenge: bytes) -> None:
        now = self._clock()
        if not self._once.spend("challenge", challenge, now=now, until=now + CHALLENGE_LASTS):
            raise RefusedError("challenge", "this was answered before", remedy="Begin again.")

    def _there(self, person_id: str) -> Person:
        person = self.person(person_id)
        if not person.active:
            raise UsageError("staff-unknown", f"{person_id} acts no more", remedy="Invite them anew.")
        return person

    def _another_keeper(self, person: Person) -> None:
        if not any(other.id != person.id for other in self.keepers()):
            raise RefusedError("last-keeper", KEEPER_NEEDED, remedy="Make somebody else a keeper first.")
