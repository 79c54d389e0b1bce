"""A new address is confirmed at the old one first: a code goes there, and only who gives it back lets the change take effect.

Nothing of the new address is told at the old one: who lives or reads there now learns nothing. Whether the code came by mail
or on paper, it works for fourteen days and five tries. Is the old address dead, a person who is sure by more lets it through.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gestand.kernel.crypto import NONCE_SIZE, Sealer
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, SubjectId, new_id
from gestand.ledger.model import Event
from gestand.post.message import address_of
from gestand.post.model import Letter, Mail, MailKind
from gestand.post.service import Post
from gestand.rights import case_store as sql
from gestand.rights import identity
from gestand.rights.choices import Choices
from gestand.rights.desk import Desk
from gestand.rights.model import IdentityLevel
from gestand.rights.rectifying import Rectified, rectify
from gestand.rights.sending import BETWEEN, LANGUAGES, STREET, Sent, Way
from gestand.statement.policy import FieldKind

LASTS: Final = timedelta(days=14)
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Move:
    """A change of address that waits for the old one: its number, of which item, how the code left, until when it works."""

    id: str
    item: ItemId
    sent: Sent
    until: datetime


class Moving:
    """Changes of address. ``key``: 32 bytes from the root key, for the new address while it waits."""

    def __init__(self, desk: Desk, choices: Choices, post: Post, *, key: bytes) -> None:
        self._desk = desk
        self._choices = choices
        self._post = post
        self._sealer = Sealer(key)

    def ask(self, item: ItemId, value: str, *, actor: ActorId, reason: str, language: str = "nl") -> Move:
        """Ask the old address to confirm a new one; an earlier question about the same item is void.

        :raises UsageError: ``item-unknown``, ``value-unsound``, ``reason``, ``move-kind`` for what is no address.
        :raises RefusedError: ``move-nowhere`` if no letter or mail reaches the old address from here.
        """
        holding = self._desk.vault.item(item)
        self._choices.sound(item, value, reason)
        field = self._desk.statements.in_force().policy.field(holding.field) if holding is not None else None
        if holding is None or field is None or field.kind not in {FieldKind.EMAIL, FieldKind.STREET}:
            raise UsageError(
                "move-kind", "only an e-mail or street address moves", where=item,
                remedy="Correct it with 'gestand subject rectify'.",
            )  # fmt: skip
        code, number, now = identity.new_code(self._desk.entropy), new_id("mov", self._desk.entropy), self._desk.clock()
        sealed = self._sealer.seal(value.strip().encode(), _bound(number), self._desk.entropy(NONCE_SIZE))
        hashed = identity.hashed(code, self._desk.entropy)
        with self._desk.engine.transaction():
            self._desk.engine.execute(sql.DROP_MOVES, (item,))
            self._desk.engine.execute(sql.ADD_MOVE, (number, item, sealed, hashed, now.isoformat(), reason))
            sent = self._send(holding.subject, item, field.kind, number, code, actor, language)
            facts = {"move": number}
            self._desk.ledger.stage(
                Event("contact.move-asked", now, actor, facts, self._desk.vault.reference(holding.subject))
            )
        return Move(number, item, sent, now + LASTS)

    def confirm(self, move: str, code: str, *, actor: ActorId) -> Rectified:
        """Let a change take effect that the old address confirmed.

        :raises RefusedError: ``move-code``: wrong, old, used, tried too often or none at all, all alike after the same work.
        """
        rows = self._desk.engine.execute(sql.MOVE, (move,))
        item, sealed, hashed, made, reason, tries = rows[0] if rows else ("", b"", identity.NONE, "", "", TRIES)
        right = identity.same(str(hashed), "".join(code.split()))
        alive = bool(made) and int(str(tries)) < TRIES and self._desk.clock() < _until(str(made))
        if not (right and alive and self._desk.vault.item(ItemId(str(item))) is not None):
            self._desk.engine.execute(sql.TRIED_MOVE, (move,))
            raise RefusedError(
                "move-code",
                "this code confirms nothing: it is wrong, too old, used, or was tried too often",
                remedy="Ask once more with 'gestand subject move'.",
            )
        assert isinstance(sealed, bytes)
        value = self._sealer.open(sealed, _bound(move), move).decode()
        done = rectify(
            self._desk, self._choices, ItemId(str(item)), value, actor=actor, reason=str(reason),
            sure=IdentityLevel.CONTACT_POINT,
        )  # fmt: skip
        with self._desk.engine.transaction():
            self._desk.engine.execute(sql.DROP_MOVES, (str(item),))
            self._desk.ledger.stage(Event("contact.moved", self._desk.clock(), actor, {"move": move}))
        return done

    def _send(  # noqa: PLR0917 - what a letter to an old address is made of
        self, subject: SubjectId, item: ItemId, kind: FieldKind, number: str, code: str, actor: ActorId, language: str
    ) -> Sent:
        policy = self._desk.statements.in_force().policy
        kinds = {h.item: f.kind for h in self._desk.vault.holdings(subject) if (f := policy.field(h.field)) is not None}
        beside = [one for one, its in kinds.items() if kind is FieldKind.STREET and its in {*STREET, FieldKind.NAME}]
        opening = self._desk.vault.open(
            subject, PurposeId(policy.rights.purpose), actor=actor, reason=f"to the old address, {number}",
            items=[item, *(one for one in beside if one != item and kinds[one] is not FieldKind.STREET)],
        )  # fmt: skip
        found = {kinds[one.holding.item]: one.value for one in opening.items}
        values = {"code": f"{code[:4]} {code[4:]}", "number": number}
        if kind is FieldKind.EMAIL:
            if not self._post.reachable or not _takes_mail(found.get(kind, "")):
                raise RefusedError(
                    "move-nowhere", "no mail reaches the old address from here", where=item,
                    remedy="Be sure by a second fact or in person: 'gestand subject rectify ... --sure second-fact'.",
                )  # fmt: skip
            written = [self._post.letter_text("move", each, values) for each in LANGUAGES]
            mail = Mail(
                to=found[kind], subject=" / ".join(one.subject for one in written),
                text=BETWEEN.join(one.text for one in written), kind=MailKind.CODE, reference=number, subject_id=subject,
            )  # fmt: skip
            return Sent(Way.MAIL, self._post.send(mail))
        town = f"{found.get(FieldKind.POSTCODE, '')}  {found.get(FieldKind.TOWN, '')}".strip()
        lines = [line for line in (found.get(FieldKind.NAME, ""), found.get(kind, ""), town) if line]
        pdf = self._post.letter("move", language, values, to=lines)
        return Sent(Way.PAPER, self._post.print_letter(Letter(pdf, number, subject)))


def _takes_mail(address: str) -> bool:
    try:
        address_of(address)
    except RefusedError:
        return False
    return True


def _until(made: str) -> datetime:
    return datetime.fromisoformat(made) + LASTS


def _bound(move: str) -> bytes:
    return f"gestand/rights/move/1\0{move}".encode()
