"""The nouns of post: a mail, where it stands in the outbox, what a delivery came to, and who composes and archives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gestand.kernel.ids import ShelfId, SubjectId


class MailKind(StrEnum):
    """What a mail is for. It decides how it marks itself (RFC 3834), and what its proof of sending is kept for."""

    ANSWER = "answer"  # a person's own words, or an answer to what someone asked
    RECEIPT = "receipt"  # sent by itself upon what someone sent: never to automatic or list mail
    NOTICE = "notice"  # a breach, a changed statement, a task: sent by the firm, unasked
    CODE = "code"  # a one-time code
    SERVICE = "service"  # belongs to an agreement, offers nothing
    NEWSLETTER = "newsletter"
    OFFER = "offer"
    TEST = "test"  # a trial of a campaign, to the firm itself
    PRINTED = "printed"  # a letter on paper


MARKETING = frozenset({MailKind.NEWSLETTER, MailKind.OFFER})


class State(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    IN_FLIGHT = "in-flight"  # the server may be taking it at this moment
    SENT = "sent"  # the server answered that it has it
    IN_DOUBT = "in-doubt"  # in flight when this program or the line died: only a person sends it again
    WAITING = "waiting"  # refused for now; tried again at ``retry_at``
    FAILED = "failed"  # refused for good, or for too long
    BOUNCED = "bounced"  # came back (RFC 3464)
    WITHHELD = "withheld"  # judged again just before sending, and not allowed
    CANCELLED = "cancelled"
    TO_PRINT = "to-print"
    POSTED = "posted"  # printed and posted on paper

    @property
    def settled(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self in _SETTLED


_SETTLED = frozenset({State.SENT, State.FAILED, State.BOUNCED, State.WITHHELD, State.CANCELLED, State.POSTED})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail. ``mime``: its media type, such as ``application/pdf``."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What is to be sent, to one address.

    ``reference``: what it belongs to (a request, a campaign, a breach), never a name. ``subject_id``: the person in the
    vault, where known. ``shelf``: how long its proof of sending stays; None: as long as a request file. ``letter``: which
    letter of ours it is, by its template, so that a refusal is told from a notice about the same request.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    kind: MailKind = MailKind.ANSWER
    reference: str = ""
    subject_id: SubjectId | None = None
    shelf: ShelfId | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """One message of many, composed when its turn comes: nothing of it is kept until then."""

    subject_id: SubjectId
    kind: MailKind
    reference: str
    shelf: ShelfId


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on paper: its PDF, to be printed and posted. ``letter``: which of ours it is, as in ``Mail``."""

    pdf: bytes
    reference: str = ""
    subject_id: SubjectId | None = None
    shelf: ShelfId | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row of the outbox. ``answer``: the server's last words, without addresses: the proof of sending.

    ``waits``: content is still there. ``posted_by``: who put a letter in the post, for those on paper.
    """

    message_id: str
    kind: MailKind
    state: State
    reference: str
    subject_id: SubjectId | None
    shelf: ShelfId
    queued_at: datetime
    settled_at: datetime | None
    retry_at: datetime | None
    tries: int
    answer: str
    posted_by: str
    waits: bool
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a composer says of a message that may not go after all, with the reason as a code."""

    why: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one run of the outbox came to: how many messages ended in each state, and why it stopped if it did."""

    counts: Mapping[State, int] = field(default_factory=dict)
    stopped: str = ""

    def count(self, state: State) -> int:
        """Return how many messages came to this state."""
        return self.counts.get(state, 0)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has the message; its answer is the proof of sending."""

    answer: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The server did not take it: for good (``permanent``) or for now."""

    answer: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class LineLost:
    """The connection died. ``content_sent``: after the content went out, so that nobody knows whether it was taken."""

    why: str
    content_sent: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report about one recipient (RFC 3464). ``status``: such as 5.1.1 (RFC 3463)."""

    message_id: str
    action: str
    status: str

    @property
    def permanent(self) -> bool:
        """Whether the address will never take mail, as far as that server says."""
        return self.action == "failed" and self.status.startswith("5")


class Composer(Protocol):
    """Who makes the messages of a bulk, one by one, just before each leaves."""

    def compose(self, outgoing: Outgoing) -> Mail | Withheld:
        """Return the mail, judged at this moment, or why it may not go."""
        ...


class Archive(Protocol):
    """Where a copy of what was sent is kept; the e-mail archive, where there is one."""

    def file_sent(self, content: bytes, *, sender: str, recipient: str, shelf: ShelfId, sent_at: datetime) -> None:
        """File a message as it left, with its envelope. Must not fail for one that was filed before."""
        ...


class Courier(Protocol):
    """Carries messages to a server, one after another, over one line."""

    def carry(self, recipient: str, content: bytes, envelope: str) -> Accepted | Rejected | LineLost:
        """Hand one message over; ``envelope`` comes back in delivery reports (RFC 3461 ENVID).

        :raises GestandError: if the server cannot be reached or does not let us in; then nothing was sent.
        """
        ...

    def close(self) -> None:
        """End the line."""
        ...
