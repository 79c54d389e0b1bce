"""Generated mail with varied text: Dutch-looking words by Zipf's law, people, threads, identifiers, plain and HTML.

Nothing of it is anybody's: words are put together out of syllables, people are numbers at example.nl. The same number gives
the same mail, with a Message-ID of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

PEOPLE: Final = 5_000
_STRIDE: Final = 1_873  # has no factor in common with PEOPLE
WORDS: Final = 30_000
STREAM: Final = 400_000
_SYLLABLES: Final = [
    "aan",
    "be",
    "de",
    "ge",
    "het",
    "in",
    "kan",
    "lo",
    "ma",
    "na",
    "op",
    "pen",
    "ri",
    "staf",
    "ter",
    "uit",
    "ver",
    "wa",
    "zo",
    "ij",
    "bloem",
    "daar",
    "eer",
    "fiets",
    "groen",
    "hof",
    "jaar",
    "kleur",
    "licht",
    "moes",
    "noord",
    "oost",
    "plaat",
    "rond",
    "schrijf",
    "trap",
    "vuur",
    "weg",
    "ster",
    "dam",
    "lijk",
    "heid",
    "ing",
    "en",
    "er",
    "es",
    "el",
]
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SIGNS: Final = (
    "Bel mij op 06-{phone}.\r\n",
    "Graag overmaken op {iban}.\r\n",
    "Mijn postcode is {number} XK.\r\n",
    "Mail ook naar klant{person}@example.nl.\r\n",
    "",
    "",
    "",
)


class Numbers:
    """Numbers that look random and are the same each time (a linear congruential generator, Knuth's MMIX)."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * 2862933555777941757 + 3037000493) & (2**64 - 1)

    def below(self, limit: int) -> int:
        """Return the next number, from 0 up to ``limit``."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return (self._state >> 33) * limit >> 31


@cache
def vocabulary() -> tuple[str, ...]:
    """Return the words, most frequent first."""
    numbers, found = Numbers(1), dict[str, None]()
    while len(found) < WORDS:
        found["".join(_SYLLABLES[numbers.below(len(_SYLLABLES))] for _ in range(1 + numbers.below(4)))] = None
    return tuple(found)


@cache
def stream() -> tuple[str, ...]:
    """Return running words, by Zipf's law."""
    numbers, words = Numbers(2), vocabulary()
    return tuple(words[int(WORDS ** (numbers.below(1_000_000) / 1_000_000)) - 1] for _ in range(STREAM))


def sender(number: int) -> int:
    """Return who sent mail ``number``: everybody in turn, in no order that a store could profit from."""
    return number * _STRIDE % PEOPLE


def mail(number: int) -> bytes:
    """Return mail ``number``."""
    numbers, words = Numbers(number + 10), stream()
    person, answer = sender(number), number > 10 and numbers.below(3) == 0
    lines: list[str] = []
    for _ in range(5 + numbers.below(60)):
        at, length = numbers.below(STREAM - 24), 6 + numbers.below(12)
        lines.append(" ".join(words[at : at + length]).capitalize() + ".")
        if numbers.below(5) == 0:
            lines.append("")
    sign = _SIGNS[numbers.below(len(_SIGNS))].format(
        phone=f"{10_000_000 + numbers.below(79_999_999)}",
        iban="NL91 ABNA 0417 1643 00",
        number=1000 + number % 9000,
        person=person,
    )
    text = "\r\n".join(lines) + "\r\n" + sign + f"Kenmerk {number}x{numbers.below(10**9)}\r\n"
    subject = " ".join(words[number % (STREAM - 9) : number % (STREAM - 9) + 4])
    day, month = 1 + numbers.below(28), _MONTHS[numbers.below(12)]
    head = (
        f"Return-Path: <klant{person}@example.nl>\r\n"
        f"Received: from mail.example.nl (mail.example.nl [192.0.2.{number % 250}])\r\n\tby mx.example.org; {day} {month} 2026 10:00:00 +0100\r\n"
        f"From: Klant {words[person]} <klant{person}@example.nl>\r\nTo: Firma <info@example.org>\r\nSubject: {subject}\r\n"
        f"Date: {day} {month} 2026 10:00:00 +0100\r\nMessage-ID: <{number}.{numbers.below(10**9)}@example.nl>\r\n"
    )
    if answer:
        head += f"References: <{number - 1}@example.nl>\r\nIn-Reply-To: <{number - 1}@example.nl>\r\n"
    if numbers.below(4):
        return (head + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text).encode()
    marked = "<html><body>" + "".join(f"<p>{line}</p>" for line in text.split("\r\n")) + "</body></html>\r\n"
    return (
        head + 'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="grens"\r\n\r\n'
        "--grens\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "--grens\r\n"
        "Content-Type: text/html; charset=utf-8\r\n\r\n" + marked + "--grens--\r\n"
    ).encode()


def mails(count: int) -> Iterator[bytes]:
    """Yield so many mails."""
    return map(mail, range(count))
