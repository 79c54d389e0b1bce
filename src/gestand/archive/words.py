"""What of a message goes into the index: words by column, and blind tokens of people and of threads. Deterministic.

The index holds no text: to take a message out of it, the same words are made from the message once more. Whatever changes
them raises ``VERSION``, and an index of another version is built anew.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from gestand.archive.model import Way
from gestand.reading import mail as reading
from gestand.reading.mail import Mail

VERSION: Final = 1000 + reading.VERSION
COLUMNS: Final = ("subject", "sender", "recipients", "body", "names", "attached")
FROM: Final = "from"
TO: Final = "to"
ID: Final = "message-id"
REFERS: Final = "refers"


class Entry(NamedTuple):
    """A message as it stands in the index: its number and day, its words in the order of ``COLUMNS``, its tokens."""

    number: int
    day: int
    words: tuple[str, str, str, str, str, str]
    tokens: frozenset[int]


def entry_of(number: int, day: int, mail: Mail, ways: Sequence[Way], key: bytes) -> Entry:
    """Return what goes into the index. Of the ways only the first counts for words; all count for tokens."""
    first = ways[0]
    words = (
        mail.subject,
        " ".join([first.envelope_from, *(f"{one.name} {one.address}" for one in mail.sender)]),
        " ".join([*first.envelope_to, *(f"{one.name} {one.address}" for one in mail.recipients)]),
        mail.body,
        " ".join(one.name for one in mail.attachments),
        mail.attached,
    )
    return Entry(number, day, words, frozenset(_tokens(mail, ways, key)))


def _tokens(mail: Mail, ways: Sequence[Way], key: bytes) -> Iterator[int]:
    for one in mail.sender:
        yield token(key, FROM, one.address)
    for one in mail.recipients:
        yield token(key, TO, one.address)
    for found in mail.found:
        yield token(key, found.kind, found.normal)
    if mail.message_id:
        yield token(key, ID, mail.message_id)
    for reference in mail.references:
        yield token(key, REFERS, reference)
    for way in ways:
        yield from envelope_tokens(way, key)


def envelope_tokens(way: Way, key: bytes) -> Iterator[int]:
    """Yield the tokens of an envelope."""
    if way.envelope_from:
        yield token(key, FROM, way.envelope_from.casefold())
    for address in way.envelope_to:
        yield token(key, TO, address.casefold())


def token(key: bytes, kind: str, value: str) -> int:
    """Return a blind token: the first 64 bits of HMAC-SHA256 over kind and value, as SQLite keeps a number."""
    digest = hmac.digest(key, f"{kind}\x00{value}".encode("utf-8", "surrogatepass"), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)


def split(text: str) -> list[str]:
    """Return the words of a text as the index splits them."""
    found, start = [], -1
    for at, letter in enumerate(text):
        inside = letter.isalnum() or unicodedata.category(letter) in {"Mn", "Mc"}
        if inside and start < 0:
            start = at
        elif not inside and start >= 0:
            found.append(text[start:at])
            start = -1
    if start >= 0:
        found.append(text[start:])
    return found


def folded(words: Iterable[str]) -> list[str]:
    """Return words without case and accents, as the index compares them."""
    return [
        word.casefold()
        if word.isascii()
        else "".join(c for c in unicodedata.normalize("NFKD", word).casefold() if unicodedata.category(c) != "Mn")
        for word in words
    ]


def holds_phrase(text: str, phrase: Sequence[str]) -> bool:
    """Say whether words stand side by side in a text."""
    joined = " " + " ".join(folded(split(text))) + " "
    return " " + " ".join(folded(phrase)) + " " in joined
