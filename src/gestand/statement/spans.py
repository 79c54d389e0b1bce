"""Where the clauses stand: ``[sentence]{#C3 kept-by="control-a control-b" awaits="control-c"}`` in a text.

A small scanner of our own beside the Markdown parser: that one passes over a broken mark in silence, this one names it
with its line. It also serves texts in plain layout, whose clauses may run across blank lines.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from gestand.kernel.errors import Problem
from gestand.statement.lines import Lines

Layout = Literal["markdown", "plain"]

_ATTRIBUTE = re.compile(
    r'\s*(?:#(?P<id>[^\s{}"=]*)|(?P<key>[^\s{}"=#.]+)\s*=\s*(?:"(?P<quoted>[^"{}]*)"|(?P<bare>[^\s{}"]+)))'
)
_LOOSE = re.compile(r"\{\s*#[A-Za-z]|\{[^{}\n]*\b(?:kept-by|awaits)\s*=")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_MARKDOWN_SIGN = re.compile(r"\\.|[\[\]]", re.DOTALL)
_PLAIN_SIGN = re.compile(r"[\[\]]")
_KEYS = ("kept-by", "awaits")


@dataclass(frozen=True, slots=True)
class Span:
    """A marked sentence. ``start`` and ``end`` enclose sentence and marks, ``inner_end`` is where the sentence ends.

    The sentence itself is ``source[start + 1 : inner_end]``; ``line`` counts from 1.
    """

    id: str
    kept_by: tuple[str, ...]
    awaits: tuple[str, ...]
    start: int
    inner_end: int
    end: int
    line: int


@lru_cache(maxsize=16)
def find_spans(source: str, *, layout: Layout, file: str) -> tuple[tuple[Span, ...], tuple[Problem, ...]]:
    """Return the clauses of ``source`` in order, and every mark that is broken."""
    scan = _Scan(source, layout, file)
    scan.run()
    return tuple(sorted(scan.spans, key=lambda span: span.start)), tuple(scan.problems)


class _Scan:
    def __init__(self, source: str, layout: Layout, file: str) -> None:
        self.source = source
        self.escapes = layout == "markdown"
        self.file = file
        self.spans: list[Span] = []
        self.problems: list[Problem] = []
        self.taken: set[int] = set()  # where marks begin that were read, for the search of loose ones
        self.lines = Lines(source)

    def run(self) -> None:
        opened: list[int] = []
        past = 0  # up to here the marks of a clause were read
        for sign in (_MARKDOWN_SIGN if self.escapes else _PLAIN_SIGN).finditer(self.source):
            at = sign.start()
            if at < past or sign[0].startswith("\\"):
                continue
            if sign[0] == "[":
                opened.append(at)
            elif opened:
                past = self.close(opened.pop(), at)
        if self.escapes:
            for start in opened:
                self.complain(
                    start,
                    "span-unclosed",
                    "this '[' is never closed",
                    "Close it with ']', or write '\\[' for a bracket.",
                )
        self.loose()
        self.repeated()

    def close(self, start: int, at: int) -> int:
        """Read what follows the closing bracket at ``at``; return where to go on."""
        after = at + 1
        if not self.source.startswith("{", after) or self.source.startswith("{{", after):
            return after
        end = self.source.find("}", after)
        if end < 0 or any(sign in self.source[after + 1 : end] for sign in ("{", "[", "\n\n")):
            self.taken.add(after)
            self.complain(after, "span-unclosed", "the marks of this clause are never closed", "Close them with '}'.")
            return after + 1
        self.taken.add(after)
        marks = self.attributes(after + 1, end)
        if marks is None:
            return end + 1
        clause, kept_by, awaits = marks
        self.spans.append(Span(clause, kept_by, awaits, start, at, end + 1, self.lines.at(start)))
        return end + 1

    def attributes(self, start: int, end: int) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
        clause = ""
        values: dict[str, tuple[str, ...]] = {}
        at = start
        while self.source[at:end].strip():
            match = _ATTRIBUTE.match(self.source, at, end)
            if match is None:
                word = self.source[at:end].split()[0]
                self.complain(
                    at, "span-marks", f"'{word}' is no mark of a clause", 'Write {#C3 kept-by="control-a control-b"}.'
                )
                return None
            at = match.end()
            if match["key"] is None:
                if not _ID.fullmatch(match["id"]) or clause:
                    self.complain(
                        at,
                        "clause-id",
                        f"'#{match['id']}' is no clause id here",
                        "One id a clause: a letter, then letters and digits.",
                    )
                    return None
                clause = match["id"]
            elif match["key"] in _KEYS:
                value = match["quoted"] if match["quoted"] is not None else match["bare"]
                values[match["key"]] = tuple(dict.fromkeys(value.split()))
            else:
                near = difflib.get_close_matches(match["key"], _KEYS, n=1)
                advice = f"Did you mean '{near[0]}'?" if near else f"Known are {' and '.join(_KEYS)}."
                self.complain(at, "span-attribute", f"a clause has no attribute '{match['key']}'", advice)
        if not clause:
            self.complain(start, "clause-id", "the marks name no clause id", "Write {#C3 ...}.")
            return None
        return clause, values.get("kept-by", ()), values.get("awaits", ())

    def loose(self) -> None:
        for match in _LOOSE.finditer(self.source):
            if match.start() not in self.taken:
                self.complain(
                    match.start(),
                    "span-unopened",
                    "marks of a clause that follow no closed '[sentence]'",
                    "Put the sentence between '[' and ']' right before the '{'.",
                )

    def repeated(self) -> None:
        first: dict[str, Span] = {}
        open_until = -1
        for span in sorted(self.spans, key=lambda span: span.start):
            if span.start < open_until:
                self.complain(
                    span.start,
                    "span-nested",
                    f"clause {span.id} stands inside another clause",
                    "Close the one before the next begins.",
                )
            open_until = max(open_until, span.end)
            known = first.setdefault(span.id, span)
            if known is not span:
                self.complain(
                    span.start,
                    "clause-twice",
                    f"clause {span.id} stands here for the second time; the first is on line {known.line}",
                    "Give each sentence an id of its own.",
                )

    def complain(self, at: int, code: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, self.lines.at(at), code, message, remedy))


def without_marks(source: str, spans: tuple[Span, ...]) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Return ``source`` without the marks of its clauses, and for each clause its place there: start, end, id."""
    pieces: list[str] = []
    places: list[tuple[int, int, str]] = []
    length = at = 0
    for span in spans:
        before, sentence = source[at : span.start], source[span.start + 1 : span.inner_end]
        pieces += [before, sentence]
        places.append((length + len(before), length + len(before) + len(sentence), span.id))
        length += len(before) + len(sentence)
        at = span.end
    pieces.append(source[at:])
    return "".join(pieces), tuple(places)
