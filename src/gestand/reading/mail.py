"""What is read out of a message: who, when, about what, its words, its attachments, the identifiers in it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple


class Address(NamedTuple):
    """A mailbox as a header names it: display name (decoded, may be empty) and address in lower case."""

    name: str
    address: str


class Attached(NamedTuple):
    """An attachment: its name (decoded), kind as declared, and decoded size in bytes."""

    name: str
    kind: str
    size: int


class Found(NamedTuple):
    """An identifier found in a text: its kind (a ``FieldKind`` value) and normal form."""

    kind: str
    normal: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it was read.

    ``why`` is empty, or the code of what was wrong: with ``parsed`` something was left out (``mail-...-trimmed``), without
    it nothing of the content was read. ``attached`` is the text of the attachments; ``textless`` how many of them could
    not be read whole. ``head`` are the addresses in its own head, those of messages within it left out.
    """

    parsed: bool
    why: str = ""
    subject: str = ""
    sent: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    sender: tuple[Address, ...] = ()
    recipients: tuple[Address, ...] = ()
    body: str = ""
    attachments: tuple[Attached, ...] = ()
    attached: str = ""
    found: tuple[Found, ...] = ()
    head: tuple[str, ...] = ()
    textless: int = 0


VERSION: Final = 5
"""Raised with whatever changes the words read out of a message: an index of another version is built anew."""
KILLED: Final = "mail-read-killed"
"""Reading took too long or too much memory, and was ended."""


def unread(why: str) -> Mail:
    """Return a message of which nothing could be read."""
    return Mail(parsed=False, why=why)
