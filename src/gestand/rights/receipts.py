"""Receipts: whoever asks hears at once that it came in, and by when the answer is there (Article 12(3), as a service).

The same for people who are known and who are not; never to automatic or list mail, one to an address in an hour (RFC 3834);
and nothing in it was written by who asked, so that nobody can have us send their words to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable

from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError
from gestand.post.letters import spoken
from gestand.post.model import Mail, MailKind
from gestand.post.service import Post
from gestand.reading.kinds import guess_kind
from gestand.rights.model import Right, SubjectRequest
from gestand.rights.sending import Values
from gestand.rights.words import ASKED
from gestand.statement.policy import FieldKind


class Receipts:
    """Sends receipts through post; says nothing where no server is set up to send through."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def send(self, request: SubjectRequest, contact: str, *, answering: Iterable[tuple[str, str]] = ()) -> str:
        """Queue the receipt of a request and return its Message-ID; empty if none goes out.

        By mail where it came from an address. What came by letter gets it on paper: ``Letters.receipt``.
        """
        if guess_kind(contact) is not FieldKind.EMAIL or not self._post.reachable:
            return ""
        texts = [
            self._post.letter_text(_template(request), language, _values(request, language))
            for language in ("nl", "en")
        ]
        mail = Mail(
            to=contact.strip(),
            subject=f"{texts[0].subject} / {texts[1].subject}",
            text=f"{texts[0].text}\n--------\n\n{texts[1].text}",
            kind=MailKind.RECEIPT,
            reference=request.id,
        )
        try:
            return self._post.receipt(mail, tuple(answering))
        except RefusedError:  # an address that no server takes: the request counts all the same
            return ""

    @staticmethod
    def words(request: SubjectRequest) -> tuple[str, Values]:
        """Return the template of a request's receipt and its values by language."""
        return _template(request), lambda language: _values(request, language)


def _template(request: SubjectRequest) -> str:
    return "receipt-question" if request.right is Right.QUESTION else "receipt"


def _values(request: SubjectRequest, language: str) -> dict[str, str]:
    values = {
        "received": spoken(local_date(request.received_at), language),
        "due": spoken(local_date(request.conservative), language),
        "request": request.id,
    }
    return values if request.right is Right.QUESTION else {**values, "asked": ASKED[request.right].into(language)}
