"""The verbs of the portal: receive a request from the web, give a code, enter one, follow, add, ask beside, fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId, PurposeId, RequestId, ShelfId, SubjectId, new_id
from gestand.law.terms import rights_request_due
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.publication.service import Publication
from gestand.rights.filing import RequestFiles, field_for
from gestand.rights.model import Channel, IdentityLevel, Right, State, SubjectRequest
from gestand.rights.parcels import packed
from gestand.rights.portal import rules
from gestand.rights.portal.model import Code, Entered, Given, Level, Look, Package, Standing
from gestand.rights.portal.store import CodeStore
from gestand.rights.service import Requests
from gestand.rights.showing import refuse_unshown
from gestand.rights.store import RequestStore
from gestand.statement.policy import Text
from gestand.storage.engine import Engine
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.service import Vault

LONGEST_WORDS = 4000
SURE = frozenset({IdentityLevel.SECOND_FACT, IdentityLevel.IN_PERSON})
"""How sure a person must be of who asks before an answer can be fetched by a code."""
NOBODY = Text(nl="het programma zelf", en="the program itself")
SOMEONE = Text(nl="een medewerker", en="a member of staff")

RoleOf = Callable[[ActorId], Text]
"""Says in what role somebody acts, never who it is."""


class Portal:
    """Requests as who asked follows them. Every refusal of a code is the same refusal."""

    def __init__(  # noqa: PLR0917 - the services, in the order system builds them
        self,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        statements: Publication,
        requests: Requests,
        clock: Clock,
        entropy: Entropy,
        *,
        role_of: RoleOf = lambda actor: NOBODY if actor == SYSTEM else SOMEONE,
    ) -> None:
        self._engine = engine
        self._codes = CodeStore(engine)
        self._rows = RequestStore(engine)
        self._files = RequestFiles(vault, statements)
        self._vault = vault
        self._ledger = ledger
        self._statements = statements
        self._requests = requests
        self._clock = clock
        self._entropy = entropy
        self._role_of = role_of

    # What comes in

    def receive(self, right: Right, *, contact: str, words: str = "") -> tuple[SubjectRequest, Given]:
        """Take in a request from the web and return it with a code that follows it. Nothing is disclosed by either.

        :raises UsageError: ``request-contact``, ``request-words``.
        """
        _short(contact)
        with self._engine.transaction():
            request = self._requests.receive(right, contact=contact, channel=Channel.WEB, actor=SYSTEM)
            self._write(request, words)
            return request, self._give(request, Level.FOLLOW)

    def add(self, request_id: str, words: str) -> None:
        """Add a message to a request that is open; it is sealed in the request's own file.

        :raises UsageError: ``request-words`` if it is empty or too long. :raises RefusedError: ``request-closed``.
        """
        request = self._open(request_id)
        if not words.strip():
            raise UsageError("request-words", "there is no message", remedy="Write one.")
        with self._engine.transaction():
            self._write(request, words)

    def ask_beside(self, request_id: str, right: Right, words: str = "") -> SubjectRequest:
        """Take in another request by who follows ``request_id``: to correct, to object, whatever right; identity stays to be judged."""
        first = self._requests.one(request_id)
        now = self._clock()
        deadline = rights_request_due(now)
        assert deadline.expected is not None
        assert deadline.conservative is not None
        with self._engine.transaction():
            filed = first.filed_under
            if not self._vault.exists(filed):
                raise RefusedError("request-closed", "the file of this request has left", remedy="Send a new request.")
            self._files.reopen(filed, SYSTEM)
            request = SubjectRequest(
                id=RequestId(new_id("req", self._entropy)), right=right, subject=filed, filed_under=filed,
                channel=Channel.WEB, received_at=now, due=deadline.expected, conservative=deadline.conservative,
                state=State.RECEIVED, identity=None, confirmed_at=None, extended_because="", ground="", closed_at=None,
                outcome="", matches=first.matches,
            )  # fmt: skip
            self._rows.insert(request)
            facts: dict[str, str | int] = {
                "request": request.id, "right": str(right), "channel": str(Channel.WEB),
                "due": request.due.isoformat(), "conservative": request.conservative.isoformat(),
            }  # fmt: skip
            self._ledger.stage(Event("request.received", now, SYSTEM, facts, self._vault.reference(filed)))
            self._write(request, words)
            self._codes.set_beside(first.id, request.id)
        return request

    # Codes

    def give(self, request_id: str, level: Level, *, actor: ActorId) -> Given:
        """Give a code for a request. One that fetches the answer takes a person, and an identity that was judged well.

        :raises UsageError: ``request-unknown``, ``request-right``. :raises RefusedError: ``identity-not-judged``, ``request-closed``,
            ``representation-not-shown``.
        """
        request = self._requests.one(request_id)
        if level is Level.FETCH:
            request = self._open(request_id)
            if request.right not in {Right.ACCESS, Right.PORTABILITY}:
                raise UsageError(
                    "request-right", f"what was asked is {request.right}: there is nothing to fetch", where=request.id,
                    remedy="Give a code without --fetch.",
                )  # fmt: skip
            if actor == SYSTEM or request.identity not in SURE:
                raise RefusedError(
                    "identity-not-judged",
                    "an answer is fetched only after a person was sure by a second fact, or saw who asks",
                    where=request.id,
                    remedy=f"Run 'gestand request verify {request.id} --level second-fact' once you are sure.",
                )
            refuse_unshown(self._engine, request)
        with self._engine.transaction():
            given = self._give(request, level)
            self._ledger.stage(
                Event("request.code", self._clock(), actor, {"request": request.id, "level": str(level)})
            )
        return given

    def enter(self, text: str) -> Entered:
        """Return what a code opens. Nothing is used up by it.

        :raises RefusedError: ``portal-code``: wrong, truncated, foreign, over or worn out, all alike.
        """
        signs = "" if rules.is_link(text) else rules.signs_of(text)
        mark = rules.mark_of_typed(signs) if signs else rules.mark_of_link(text)
        code = self._codes.one(mark)
        fits = rules.same(code.hashed if code is not None else "", signs)  # the same work for a code that is none
        if code is None or (code.hashed == "") is bool(signs):
            raise refused_code()
        if signs and not fits:
            self._codes.tried(mark)
            raise refused_code()
        return self._entered(code)

    def again(self, mark: str) -> Entered:
        """Return what a code that was entered before opens now.

        :raises RefusedError: ``portal-code``, as ``enter``.
        """
        code = self._codes.one(mark)
        if code is None:
            raise refused_code()
        return self._entered(code)

    def _entered(self, code: Code) -> Entered:
        if self._clock() > code.until or code.tries < 1 or self._rows.one(code.request) is None:
            raise refused_code()
        return Entered(code.request, code.level, code.mark)

    # What is shown

    def standing(self, entered: Entered) -> Standing:
        """Return how the request stands, and those made beside it."""
        beside = [self._rows.one(one) for one in self._codes.beside(entered.request)]
        return Standing(self._requests.one(entered.request), tuple(one for one in beside if one is not None))

    def openings(self, entered: Entered) -> tuple[Look, ...]:
        """Return when, in which role and for which purpose data of who asks were opened.

        :raises RefusedError: ``portal-level`` for a code that only follows.
        """
        request = self._fetching(entered)
        if not self._vault.exists(request.subject):
            return ()
        reference = self._vault.reference(request.subject)
        counted: Counter[tuple[date, Text, str]] = Counter()
        for entry in self._ledger.of_subject(reference):
            event = entry.event
            if event.name == "data.opened":
                items = event.facts.get("items")
                role = self._role_of(event.actor)
                key = (local_date(event.at), role, str(event.facts.get("purpose")))
                counted[key] += items if isinstance(items, int) else 0
        titles = self._purposes()
        looks = [Look(on, role, titles.get(purpose) or Text(nl=purpose, en=purpose), n)
                 for (on, role, purpose), n in counted.items()]  # fmt: skip
        return tuple(sorted(looks, key=lambda look: (look.on, look.purpose.nl, look.role.nl)))

    def fetch(self, entered: Entered) -> Package:
        """Make the answer, close the request, and return it: once. The code shows the page for a quarter of an hour more.

        :raises RefusedError: ``portal-level``, ``request-closed``, ``identity-not-judged``, ``representation-not-shown``.
        """
        request = self._fetching(entered)
        if request.identity not in SURE:
            raise RefusedError(
                "identity-not-judged", "nothing is handed over before a person is sure", where=request.id
            )
        packages = self._requests.letters.packages
        made: dict[str, bytes] = {}
        if request.right is Right.ACCESS:
            self._requests.answer(
                request.id, actor=SYSTEM, deliver=lambda answer: made.update(packages.of_access(answer))
            )
        else:
            self._requests.port(request.id, actor=SYSTEM, deliver=lambda copy: made.update(packages.of_copy(copy)))
        with self._engine.transaction():
            self._codes.shorten(request.id, Level.FETCH, self._clock() + rules.GRACE)
        return Package(f"{request.id}.zip", packed({**made, **packages.receipt(request.id)}))

    # Inside

    def _open(self, request_id: str) -> SubjectRequest:
        request = self._requests.one(request_id)
        if not request.open:
            raise RefusedError(
                "request-closed", f"the request is {request.state}", where=request.id, remedy="Open a new one."
            )
        return request

    def _fetching(self, entered: Entered) -> SubjectRequest:
        if entered.level is not Level.FETCH:
            raise RefusedError("portal-level", "this code shows how the request stands, and no more")
        request = self._requests.one(entered.request)
        refuse_unshown(self._engine, request)
        return request

    def _purposes(self) -> Mapping[str, Text]:
        found: dict[str, Text] = {}
        versions = [self._statements.version(one.version) for one in self._statements.history()]
        for statement in (self._statements.in_force(), *versions):
            if statement is not None:
                for name, purpose in statement.policy.purposes.items():
                    found.setdefault(name, purpose.title)
        return found

    def _give(self, request: SubjectRequest, level: Level) -> Given:
        until = self._clock() + (rules.FETCHES if level is Level.FETCH else rules.FOLLOWS)
        link = rules.new_link(self._entropy)
        typed = rules.new_typed(self._entropy)
        while self._codes.one(rules.mark_of_typed(rules.signs_of(typed))) is not None:
            typed = rules.new_typed(self._entropy)
        signs = rules.signs_of(typed)
        self._codes.insert(Code(rules.mark_of_link(link), request.id, level, until, "", rules.TRIES))
        hashed = rules.hashed(signs, self._entropy)
        self._codes.insert(Code(rules.mark_of_typed(signs), request.id, level, until, hashed, rules.TRIES))
        return Given(request.id, level, link, typed, until)

    def _write(self, request: SubjectRequest, words: str) -> None:
        text = words.strip()
        if not text:
            return
        if len(text) > LONGEST_WORDS:
            raise UsageError(
                "request-words", f"a message has at most {LONGEST_WORDS} signs", remedy="Send the rest as a letter."
            )
        policy = self._statements.in_force().policy
        item = NewItem(
            field=field_for(policy, None), value=text, shelf=ShelfId(policy.rights.shelf), source="request",
            purposes=(PurposeId(policy.rights.purpose),),
        )  # fmt: skip
        subject: SubjectId = request.filed_under
        self._vault.add([NewSubject((item,), id=subject)], actor=SYSTEM, reason="the words of a request")
        self._ledger.stage(Event("request.noted", self._clock(), SYSTEM, {"request": request.id}))


def refused_code() -> RefusedError:
    """Return the one answer to every code that opens nothing."""
    return RefusedError(
        "portal-code",
        "this code opens nothing, or not any more",
        remedy="Check it, or ask for a new one by mail or post.",
    )


def _short(contact: str) -> None:
    if len(contact) > 320:  # RFC 5321: 64 + 1 + 255
        raise UsageError("request-contact", "that is longer than any address", remedy="Give a shorter one.")
