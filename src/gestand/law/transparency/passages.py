"""A statement cut into passages: headings, sentences, list items and table rows, each with what it hangs under.

A sentence is judged with its context: an item of a list with the line that leads into the list, a row of a table with
the head of the table, both with their headings. Plain text, Markdown and text taken from HTML or PDF all end here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from gestand.law.transparency.lines import lines
from gestand.law.transparency.topics import Topic, topic_of

SENTENCE_LIMIT = 1200  # a longer run without a full stop is cut: patterns stay quick on any text
NEIGHBOURS = 2

_STOP = re.compile(r"[.!?]['\")\]]?\s+(?=['\"(\[]?[A-Z0-9À-Þ•])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:bijv|bv|o\.a|d\.w\.z|m\.b\.t|t\.a\.v|t\.b\.v|i\.v\.m|art|nr|tel|incl|excl|resp|enz|etc|dhr|mw|mr|dr|st|"
    r"e\.g|i\.e|no|inc|ltd|co|vs|zgn|jo|max|min|ca|a\.u\.b|b\.v|n\.v|v\.o\.f|u\.s|p\.o)|\b[A-Z])$",
    re.IGNORECASE,
)
_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "\u00ad": None}
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, sentence, list item or table row. ``text`` is normalised for reading by rules, ``raw`` is as written."""

    number: int
    raw: str
    text: str
    kind: str  # heading | sentence | item | row
    heading: str
    lead: str
    section: int
    block: int
    topic: Topic

    @property
    def scope(self) -> str:
        """Return the passage with its heading and the line that leads into it."""
        return f"{self.heading} | {self.lead} | {self.text}"


@dataclass(slots=True)
class _Place:
    """Where the reader is while walking through the lines."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    lead: str = ""
    section: int = 0
    block: int = 0
    head: str = ""

    def nearest(self) -> list[str]:
        """Return the headings above, without the title of the whole text where there are others."""
        return [words for _, words in (self.headings[1:] if len(self.headings) > 1 else self.headings)]


def normalise(text: str) -> str:
    """Return ``text`` with straight quotes, plain hyphens, NFKC letters and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())


def split(text: str) -> tuple[Passage, ...]:
    """Return the passages of a statement in the order of the text."""
    found: list[Passage] = []
    place = _Place()
    for line in lines(text):
        if line.kind == "blank":
            place.block += 1
            continue
        if line.kind == "heading":
            place.headings = [h for h in place.headings if h[0] < line.level] + [(line.level, normalise(line.text))]
            place.section, place.block, place.lead = place.section + 1, place.block + 1, ""
            _add(found, place, line.text, "heading")
        elif line.kind == "head":
            place.head = normalise(line.text)
        elif line.kind == "row":
            place.lead = place.head or place.lead
            _add_all(found, place, _limited(line.text), "row")
        elif line.kind == "item":
            _add_all(found, place, sentences(line.text), "item")
        else:
            place.block += 1
            place.lead = place.head = ""
            for sentence in sentences(line.text):
                _add(found, place, sentence, "sentence")
                place.lead = normalise(sentence) if sentence.rstrip().endswith(":") else ""
            if found and not place.lead:
                place.lead = found[-1].text if found[-1].text.endswith(":") else ""
    return tuple(found)


def sentences(text: str) -> list[str]:
    """Cut a paragraph into sentences; abbreviations do not end one, and no sentence is longer than the limit."""
    cut: list[str] = []
    start = 0
    for stop in _STOP.finditer(text):
        if text[stop.start()] == "." and _ABBREVIATION.search(text[max(0, stop.start() - 12) : stop.start()]):
            continue
        cut.append(text[start : stop.end()].strip())
        start = stop.end()
    cut.append(text[start:].strip())
    return [part for whole in cut for part in _limited(whole)]


def _limited(text: str) -> list[str]:
    return [text[at : at + SENTENCE_LIMIT] for at in range(0, len(text), SENTENCE_LIMIT)]


def around(passages: tuple[Passage, ...], passage: Passage, reach: int = NEIGHBOURS) -> str:
    """Return the passage with its neighbours in the same section, at most ``reach`` on each side."""
    low, high = max(0, passage.number - reach), passage.number + reach + 1
    return " ".join(p.text for p in passages[low:high] if p.section == passage.section)


def _add_all(found: list[Passage], place: _Place, raws: list[str], kind: str) -> None:
    for raw in raws:
        _add(found, place, raw, kind)


def _add(found: list[Passage], place: _Place, raw: str, kind: str) -> None:
    text = normalise(raw)
    headings = place.nearest()
    found.append(
        Passage(
            number=len(found),
            raw=" ".join(raw.split()),
            text=text,
            kind=kind,
            heading=" / ".join(headings),
            lead=place.lead,
            section=place.section,
            block=place.block,
            topic=topic_of(text, headings, (found[-1].text, found[-1].topic) if found else None),
        )
    )
