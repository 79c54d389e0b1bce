"""Answering a query: sets of numbers from the index; phrases are checked on the text, which does not leave the room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from gestand.archive.index import Index
from gestand.archive.people import Whoever
from gestand.archive.query import FIELDS, Query, Term
from gestand.archive.words import COLUMNS, FROM, TO, Entry, folded, holds_phrase, token
from gestand.statement.policy import FieldKind
from gestand.vault.place import day_number

CHECKED: Final = 64
STEM_HEAD: Final = 3
LANGUAGES: Final = ("dutch", "english")

Texts = Callable[[Sequence[int]], list[Entry]]
"""Called with numbers, returns their words as they are in the index, read again from the messages."""
Who = Callable[[str], Whoever]
"""Called with a person as the query names them, returns what identifies them and how their names are written."""


def numbers_of(query: Query, index: Index, key: bytes, *, texts: Texts, who: Who, stems: bool = False) -> Iterator[int]:
    """Yield the numbers of the messages that a query finds, newest first."""
    within: set[int] | None = None
    named: list[_Named] = []
    for person in query.people:
        meant = who(person)
        found = person_numbers(meant.identifiers, index, key)
        if meant.names:
            named.append(_Named(frozenset(found), meant.names))
            found |= set(index.match(" OR ".join(_all_of(name) for name in meant.names)))
        within = found if within is None else within & found
    if query.first is not None and query.last is not None:
        days = index.between(day_number(query.first) or 0, day_number(query.last) or 0)
        within = days if within is None else within & days
    for term in query.terms:
        if term.address:
            found = index.by_tokens([token(key, FROM if term.field == "from" else TO, term.address)])
            within = _narrowed(within, found, index, negative=term.negative)
    positive = [term for term in query.terms if not term.negative and not term.address]
    negative = [term for term in query.terms if term.negative and not term.address]
    if positive:
        expression = " AND ".join(_expression(term, index, stems=stems) for term in positive)
        simple = [term for term in negative if not term.phrase]
        for term in simple:
            expression = f"({expression}) NOT {_expression(term, index, stems=stems)}"
        candidates: Iterator[int] = index.match(expression)
    else:
        simple = [term for term in negative if not term.phrase]
        without = {number for term in simple for number in index.match(_expression(term, index, stems=stems))}
        whole = sorted(within, reverse=True) if within is not None else index.all()
        candidates = (number for number in whole if number not in without)
    if within is not None:
        kept = within
        candidates = (number for number in candidates if number in kept)
    phrases = [term for term in query.terms if term.phrase and not term.address]
    yield from _checked(candidates, phrases, named, texts) if phrases or named else candidates


def person_numbers(identifiers: Sequence[tuple[FieldKind, str]], index: Index, key: bytes) -> set[int]:
    """Return the messages in which any of a person's identifiers stands: as sender, recipient, or in the text."""
    tokens: list[int] = []
    for kind, normal in identifiers:
        tokens.append(token(key, kind.value, normal))
        if kind is FieldKind.EMAIL:
            tokens += [token(key, FROM, normal), token(key, TO, normal)]
    return index.by_tokens(tokens)


def _narrowed(within: set[int] | None, found: set[int], index: Index, *, negative: bool) -> set[int]:
    if negative:
        return (set(index.all()) if within is None else within) - found
    return found if within is None else within & found


def _expression(term: Term, index: Index, *, stems: bool) -> str:
    """Return a term as FTS5 reads it. Every word is quoted: nothing of it can be an operator."""
    told: list[str] = []
    for at, word in enumerate(term.words):
        last = at == len(term.words) - 1
        if term.prefix and last:
            told.append(f'"{word}" *')
        elif stems and not term.phrase:
            alike = _alike(word, index)
            told.append("(" + " OR ".join(f'"{one}"' for one in alike) + ")" if len(alike) > 1 else f'"{word}"')
        else:
            told.append(f'"{word}"')
    if not term.field:  # every column: FTS5 need not look which
        return "(" + " AND ".join(told) + ")"
    columns = " ".join(FIELDS[term.field])
    return "(" + " AND ".join(f"{{{columns}}} : {one}" for one in told) + ")"


def _alike(word: str, index: Index) -> list[str]:
    """Return the words of the index with the same Dutch or English stem."""
    (plain,) = folded([word])
    stems = {(language, _stemmer(language).stemWord(plain)) for language in LANGUAGES}
    head = plain[: max(STEM_HEAD, min(len(stem) for _, stem in stems) - 1)]
    found = [
        term for term in index.terms(head) if any(_stemmer(language).stemWord(term) == stem for language, stem in stems)
    ]
    return list(dict.fromkeys([plain, *found]))


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)


class _Named(NamedTuple):
    """A person with names: where they stand for sure, and how the names are written that must stand in the others."""

    sure: frozenset[int]
    names: tuple[tuple[str, ...], ...]

    def fits(self, entry: Entry) -> bool:
        return entry.number in self.sure or any(holds_phrase(text, name) for text in entry.words for name in self.names)


def _all_of(name: Sequence[str]) -> str:
    return "(" + " AND ".join(f'"{word}"' for word in name) + ")"


def _checked(
    candidates: Iterator[int], phrases: Sequence[Term], named: Sequence[_Named], texts: Texts
) -> Iterator[int]:
    """Yield those in which each phrase stands, or, if it must not, does not, and each person who has a name."""
    while batch := list(islice(candidates, CHECKED)):
        doubtful = [number for number in batch if phrases or any(number not in one.sure for one in named)]
        entries = {entry.number: entry for entry in texts(doubtful)} if doubtful else {}
        unread = set(batch) - set(doubtful)
        yield from (
            number
            for number in batch
            if number in unread or (number in entries and _fits(entries[number], phrases, named))
        )


def _fits(entry: Entry, phrases: Sequence[Term], named: Sequence[_Named]) -> bool:
    columns = dict(zip(COLUMNS, entry.words, strict=True))
    return all(one.fits(entry) for one in named) and all(
        any(holds_phrase(columns[name], term.words) for name in FIELDS[term.field]) is not term.negative
        for term in phrases
    )
