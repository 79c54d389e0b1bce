"""Letters about a request leave through the outbox: by mail where there is an address and a server, on paper else.

Where who asked is reached is read from what is held of them, for the purpose of rights. Before an erasure it is laid aside,
sealed, until the letter is queued: what the letter tells is that the address is gone too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from gestand.kernel.crypto import NONCE_SIZE, Sealer
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, SubjectId
from gestand.post.message import address_of
from gestand.post.model import Letter, Mail, MailKind
from gestand.post.service import Post
from gestand.rights import case_store as sql
from gestand.rights.model import Channel, SubjectRequest
from gestand.rights.records import subjects_of
from gestand.statement.policy import FieldKind
from gestand.storage.engine import Engine
from gestand.vault.model import Holding, Statements
from gestand.vault.service import Vault

LANGUAGES: Final = ("nl", "en")
BETWEEN: Final = "\n--------\n\n"
"""Between the languages of one mail."""
STREET: Final = (FieldKind.STREET, FieldKind.POSTCODE, FieldKind.TOWN)
REACHES: Final = frozenset({FieldKind.EMAIL, FieldKind.NAME, *STREET})

Values = Callable[[str], Mapping[str, str]]
"""Returns what a letter says in a language, for each place of its template."""


class Way(StrEnum):
    """How a letter leaves."""

    MAIL = "mail"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where who asked is reached: an e-mail address, the lines of an address on paper; either may be empty, and so may their name."""

    email: str = ""
    lines: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that waits to leave: how, its number in the outbox, and who is greeted in it."""

    way: Way
    message: str
    name: str = field(default="", repr=False)


class Sending:
    """Puts the letters about requests into the outbox. ``key``: 32 bytes from the root key, for what is laid aside."""

    def __init__(
        self, engine: Engine, vault: Vault, statements: Statements, post: Post, entropy: Entropy, *, key: bytes
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._statements = statements
        self._post = post
        self._entropy = entropy
        self._sealer = Sealer(key)

    def send(
        self,
        request: SubjectRequest,
        template: str,
        values: Values,
        *,
        actor: ActorId,
        language: str = "nl",
        paper: bool = False,
    ) -> Sent:
        """Queue a letter to who asked and say how it leaves; it is durable then.

        A mail is in both languages, a letter on paper in ``language``. ``paper``: on paper also where mail could go.

        :raises UsageError: ``letter-unknown``, ``letter-language``, ``letter-values``.
        """
        reach = self.reach(request, actor=actor)
        there = request.subject if self._vault.exists(request.subject) else None
        name = reach.name if request.identity is not None else ""  # before that nobody learns that a name is held
        if self._by_mail(request, reach) and not paper:
            written = [self._post.letter_text(template, each, values(each), name=name) for each in LANGUAGES]
            mail = Mail(
                to=reach.email,
                subject=" / ".join(one.subject for one in written),
                text=BETWEEN.join(one.text for one in written),
                kind=MailKind.ANSWER,
                reference=request.id,
                subject_id=there,
                letter=template,
            )
            return Sent(Way.MAIL, self._post.send(mail), name)
        pdf = self._post.letter(template, language, values(language), to=reach.lines, name=name)
        return Sent(Way.PAPER, self._post.print_letter(Letter(pdf, request.id, there, letter=template)), name)

    def reach(self, request: SubjectRequest, *, actor: ActorId) -> Reach:
        """Return where who asked is reached: what was laid aside, else what is held of them; opening that is in the ledger."""
        rows = self._engine.execute(sql.REACH, (request.id,))
        if rows:
            sealed = rows[0][0]
            assert isinstance(sealed, bytes)
            kept = json.loads(self._sealer.open(sealed, _bound(request), request.id))
            return Reach(kept["email"], tuple(kept["lines"]), kept.get("name", ""))
        email: str = ""
        lines: tuple[str, ...] = ()
        name: str = ""
        for subject in subjects_of(request)[::-1]:  # first where the request itself came from
            found = self._held(subject, request, actor)
            email = email or found.email
            lines = lines or found.lines
            name = name or found.name
        return Reach(email, lines, name)

    def laid_aside(self, request: SubjectRequest) -> bool:
        """Say whether it was laid aside: what needs it has begun."""
        return bool(self._engine.execute(sql.REACH, (request.id,)))

    def lay_aside(self, request: SubjectRequest, *, actor: ActorId) -> None:
        """Lay aside, sealed, where who asked is reached; done before, it stays as it is. See ``put_away``."""
        reach = self.reach(request, actor=actor)
        content = json.dumps({"email": reach.email, "lines": reach.lines, "name": reach.name}).encode()
        sealed = self._sealer.seal(content, _bound(request), self._entropy(NONCE_SIZE))
        with self._engine.transaction():
            if not self._engine.execute(sql.REACH, (request.id,)):
                self._engine.execute(sql.ADD_REACH, (request.id, sealed))

    def put_away(self, request: SubjectRequest) -> None:
        """Destroy what was laid aside."""
        self._engine.execute(sql.DROP_REACH, (request.id,))

    def _by_mail(self, request: SubjectRequest, reach: Reach) -> bool:
        if not reach.email or not self._post.reachable:
            return False
        if request.channel is Channel.POST and reach.lines:  # who writes a letter gets one
            return False
        try:
            address_of(reach.email)
        except RefusedError:  # no server takes it
            return False
        return True

    def _held(self, subject: SubjectId, request: SubjectRequest, actor: ActorId) -> Reach:
        holdings = self._vault.holdings(subject) if self._vault.exists(subject) else ()
        wanted = list(self._first_of_each(holdings))
        if not wanted:
            return Reach()
        purpose = PurposeId(self._statements.in_force().policy.rights.purpose)
        opening = self._vault.open(subject, purpose, actor=actor, reason=f"letter about {request.id}", items=wanted)
        found: dict[FieldKind, str] = {}
        for item in opening.items:
            kind = self._kind(item.holding)
            if kind is not None:
                found[kind] = item.value
        street, postcode, town = (found.get(kind, "") for kind in STREET)
        lines = tuple(line for line in (street, f"{postcode}  {town}".strip()) if line) if street else ()
        name = found.get(FieldKind.NAME, "")
        return Reach(found.get(FieldKind.EMAIL, ""), (name, *lines) if name and lines else lines, name)

    def _first_of_each(self, holdings: Sequence[Holding]) -> Iterator[ItemId]:
        """Yield of each kind the item that is held longest: of two addresses the one that is surely theirs."""
        seen: set[FieldKind] = set()
        for holding in sorted(holdings, key=lambda one: one.collected_at):
            kind = self._kind(holding)
            if kind is not None and kind in REACHES and kind not in seen:
                seen.add(kind)
                yield holding.item

    def _kind(self, holding: Holding) -> FieldKind | None:
        field = self._statements.in_force().policy.field(holding.field)
        return field.kind if field is not None else None


def _bound(request: SubjectRequest) -> bytes:
    return f"gestand/rights/reach/1\0{request.id}".encode()
