"""What a data subject receives of a message: others blacked out (Article 15(4)), and a person has confirmed these very words.

The program proposes; it cannot know who an unnamed neighbour is. So a proposal is given out only with a confirmation over its
digest, which goes into the ledger.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from gestand.reading.discover import discover
from gestand.reading.mail import Mail

BLACK: Final = "█████"
_SHORTEST_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class Redaction:
    """A proposal: the text with others blacked out, how many places that were, and the digest that a person confirms."""

    text: str
    places: int
    digest: str


def propose(mail: Mail, own: Collection[str], names: Collection[str] = ()) -> Redaction:
    """Black out the identifiers in a message that are not the person's ``own``, and the names of other correspondents.

    ``own``: normal forms of what identifies the person; ``names``: how they are called.
    """
    text = "\n".join(
        [
            f"Van: {_people(mail.sender)}",
            f"Aan: {_people(mail.recipients)}",
            f"Op: {mail.sent}",
            f"Onderwerp: {mail.subject}",
            "",
            mail.body,
        ]
    )
    spans = [(one.start, one.end) for one in discover(text) if one.normal not in own]
    mine = {name.casefold() for name in names}
    for person in {*mail.sender, *mail.recipients}:
        if person.address in own or person.name.casefold() in mine:
            continue
        for name in {person.name, *person.name.split()}:
            if (
                len(name) >= _SHORTEST_NAME
                and name.casefold() not in mine
                and not any(name.casefold() in one for one in mine)
            ):
                found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
                spans += [match.span() for match in found]
    told, last, places = [], 0, 0
    for start, end in sorted(spans):
        if end <= last:
            continue
        told += [text[last : max(start, last)], BLACK] if start >= last else []
        places += start >= last
        last = end
    told.append(text[last:])
    shown = "".join(told)
    return Redaction(shown, places, hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest())


def _people(people: Collection[object]) -> str:
    return ", ".join(f"{one[0]} <{one[1]}>" if one[0] else str(one[1]) for one in people if isinstance(one, tuple))
