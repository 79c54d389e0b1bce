"""The outbox, used by a breach: a mail to who has an address, a letter on the pile to print to who has none."""

from __future__ import annotations

from datetime import datetime

from gestand.breach.letters import Letter
from gestand.breach.notices import Delivered
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ShelfId
from gestand.post import letters
from gestand.post.model import Letter as Printed
from gestand.post.model import Mail, MailKind, State
from gestand.post.service import Post
from gestand.vault.model import Statements

_ARRIVED = frozenset({State.SENT, State.POSTED})
_NEVER = frozenset({State.FAILED, State.BOUNCED, State.WITHHELD, State.CANCELLED})


class PostSends:
    """Fills ``ports.Sends`` with the outbox."""

    def __init__(self, post: Post, statements: Statements, clock: Clock) -> None:
        self._post = post
        self._statements = statements
        self._clock = clock

    @property
    def mails(self) -> bool:
        """Say whether the settings name a server to mail through."""
        return self._post.reachable

    def mail(self, letter: Letter, *, reference: str, shelf: ShelfId) -> str:
        """Queue a letter as a mail."""
        return self._post.send(
            Mail(letter.email, letter.title, letter.body, kind=MailKind.NOTICE, reference=reference,
                 subject_id=letter.subject, shelf=shelf)
        )  # fmt: skip

    def pile(self, letter: Letter, *, reference: str, shelf: ShelfId, language: str) -> str:
        """Put a letter on the pile to print, as an accessible PDF with the lines of its addressee."""
        body = "\n\n".join(_headed(part) for part in letter.body.split("\n\n"))
        written = letters.Letter(letter.title, body, language, local_date(self._clock()), letter.address)
        pdf = letters.typeset(written, self._statements.in_force().policy.controller)
        return self._post.print_letter(Printed(pdf, reference, letter.subject, shelf))

    def delivered(self, message: str) -> tuple[Delivered, datetime | None]:
        """Return what came of a message, and when; one whose proof of sending is gone was settled long ago."""
        try:
            found = self._post.one(message)
        except UsageError:
            return Delivered.YES, None
        if found.state in _ARRIVED:
            return Delivered.YES, found.settled_at
        return (Delivered.NO if found.state in _NEVER else Delivered.WAITING), found.settled_at

    def came_back(self, reference: str) -> frozenset[str]:
        """Return the messages under a reference that came back."""
        return frozenset(one.message_id for one in self._post.all(state=State.BOUNCED, reference=reference))


def _headed(part: str) -> str:
    """Return a paragraph with its first line as a heading, where it is one."""
    first, line, rest = part.partition("\n")
    return f"# {first}\n\n{rest}" if line and first.endswith("?") else part
