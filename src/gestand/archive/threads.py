"""Conversations by Message-ID and References (RFC 5322, 3.6.4), and the lines of a list."""

from __future__ import annotations

from typing import Final

from gestand.archive.contents import raws_of, read_again
from gestand.archive.indexing import catch_up
from gestand.archive.model import Headline, Kept, OpenedMessage
from gestand.archive.ways.typed import NOWHERE
from gestand.archive.words import ID, REFERS, token
from gestand.archive.workroom import Workroom
from gestand.reading.mail import Address, Mail

LONGEST: Final = 500


def thread_of(room: Workroom, opened: OpenedMessage, mail: Mail) -> tuple[Kept, ...]:
    """Return the messages that this one refers to, that refer to it, or that refer to what it refers to."""
    return _talk(room, opened.kept, mail)


def _talk(room: Workroom, kept: Kept, mail: Mail) -> tuple[Kept, ...]:
    catch_up(room)
    names = [name for name in (mail.message_id, *mail.references) if name]
    tokens = [token(room.index_key, kind, name) for name in names for kind in (ID, REFERS)]
    numbers = room.index.by_tokens(tokens) | {kept.number}
    return tuple(one for one, _ in room.store.kept(sorted(numbers)[:LONGEST]))


def conversation(room: Workroom, kept: Kept, thing: bytes) -> tuple[Kept, ...]:
    """Return the messages of a message's conversation, itself included; nothing of what they say leaves."""
    keys = room.lockers.open_many([thing])
    if thing not in keys:
        return ()
    [mail] = read_again(room, [kept], raws_of(room, [(kept, thing)], keys))
    return _talk(room, kept, mail)


def elsewhere(room: Workroom, kept: Kept, thing: bytes) -> tuple[Kept, ...]:
    """Return what else of a message's conversation is of another class, and was not put there by a person."""
    return tuple(
        one for one in conversation(room, kept, thing) if one.purpose != kept.purpose and one.corrected_by is None
    )


def headline(opened: OpenedMessage, mail: Mail) -> Headline:
    """Return the line of a list; of a message that could not be read, its envelope."""
    first = opened.ways[0]
    return Headline(
        kept=opened.kept,
        subject=one_line(mail.subject),
        sender=_shown(mail.sender) or first.envelope_from,
        recipients=_shown(mail.recipients) or ", ".join(first.envelope_to),
        sent=one_line(mail.sent),
        attachments=len(mail.attachments),
    )


def one_line(text: str) -> str:
    """Return text on one line, without control and direction marks that could make it look otherwise."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def _named(one: Address) -> str:
    if one.name and one.address == NOWHERE:
        return one.name
    return f"{one.name} <{one.address}>" if one.name else one.address


def _shown(people: tuple[Address, ...]) -> str:
    told = [_named(one) for one in people[:5]]
    return one_line(", ".join(told) + (f" (+{len(people) - 5})" if len(people) > 5 else ""))
