"""How people stop: one click from their mail program, the page behind the link, or a mail that says so.

A GET changes nothing, for programs follow links on their own; a POST does (RFC 8058 3.2). What is said is the same for a
token that is none, so that nobody can learn from it who is known.
"""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.ledger.model import Event, Fact
from gestand.outreach import words
from gestand.outreach.desk import Desk
from gestand.outreach.model import Unsubscribed
from gestand.outreach.tokens import asks_to_stop, hash_of, token_in
from gestand.reading.mailfaults import MAIL_FAULTS
from gestand.statement.policy import FieldKind, Text

PERSON = ActorId("data-subject")
"""Who acts when someone unsubscribes."""
LARGEST = 1_000_000  # bytes of a mail that are looked at


class Unsubscribing:
    """Carries out what someone asks by a token, or by mail."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self) -> Unsubscribed:
        """Return what the page says before the button is pressed: the same for every token."""
        return self._said(words.ASKED)

    def unsubscribe(self, token: str, *, everything: bool = False) -> Unsubscribed:
        """Stop what the token is for (``everything``: all marketing), at once; say it is done, also for a token that is none."""
        found = self._desk.store.token(hash_of(token))
        if found is not None:
            subject, purpose = found
            self._object(subject, self._marketing() if everything else (purpose,), "link")
        return self._said(words.DONE)

    def by_mail(self, raw: bytes) -> bool:
        """Carry out a mail that asks to unsubscribe, and say whether it was one.

        With a token in its subject it is about that; without, about all marketing to whoever has the address it came from.
        Who sends that in another's name can only make us send less.
        """
        try:
            subject_line, first, address = _said(message_from_bytes(raw[:LARGEST]))
        except MAIL_FAULTS:  # it comes from anybody, and one that cannot be read asks for nothing
            return False
        if not (asks_to_stop(subject_line) or asks_to_stop(first)):
            return False
        token = token_in(subject_line) or token_in(first)
        found = self._desk.store.token(hash_of(token)) if token else None
        if found is not None:
            self._object(found[0], (found[1],), "mail")
            return True
        for subject in self._desk.vault.find(FieldKind.EMAIL, address) if address else ():
            self._object(subject, self._marketing(), "mail")
        return True

    def works(self, subject: str, purpose: str, digest: bytes) -> bool:
        """Say whether the token that a person's messages carry leads to them and that purpose. For proof."""
        token = self._desk.tokens.token(SubjectId(subject), PurposeId(purpose))
        return hash_of(token) == digest and self._desk.store.token(digest) == (subject, purpose)

    def _object(self, subject: SubjectId, purposes: tuple[PurposeId, ...], by: str) -> None:
        policy = self._desk.statements.in_force().policy
        standing = tuple(name for name in purposes if name in policy.purposes)
        if not standing or not self._desk.vault.exists(subject):
            return
        if set(standing) <= set(self._desk.vault.objections(subject)):
            return  # pressed twice
        self._desk.objections.object_to(subject, standing, actor=PERSON, reason="Article 21(2), unsubscribed")
        with self._desk.engine.transaction():
            facts: dict[str, Fact] = {"purposes": tuple(map(str, standing)), "by": by}
            self._desk.ledger.stage(
                Event("outreach.unsubscribed", self._desk.clock(), PERSON, facts, self._desk.vault.reference(subject))
            )

    def _marketing(self) -> tuple[PurposeId, ...]:
        purposes = self._desk.statements.in_force().policy.purposes
        return tuple(PurposeId(name) for name, purpose in purposes.items() if purpose.marketing)

    def _said(self, text: Text) -> Unsubscribed:
        return Unsubscribed(self._desk.statements.in_force().policy.controller.name, text)


def _said(message: Message) -> tuple[str, str, str]:
    """Return the subject of a mail, the first line that someone wrote, and the address it came from."""
    sender = parseaddr(str(message.get("From", "")))[1]
    return str(message.get("Subject", "")), _first_line(message), sender


def _first_line(message: Message) -> str:
    """Return the first line that someone wrote; what is quoted or encoded beyond plain text is not looked at."""
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                lines = body.decode("utf-8", "replace").splitlines()
                return next((line for line in lines if line.strip()), "")
    return ""
