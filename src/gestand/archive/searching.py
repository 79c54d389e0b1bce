"""Answering a query: sets of numbers from the index; phrases are checked on the text, which does not leave the room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from gestand.archive.index import Index
from gestand.archive.query import FIELDS, Query, Term
from gestand.archive.words import COLUMNS, FROM, TO, Entry, folded, holds_phrase, token
from gestand.statement.policy import FieldKind
from gestand.vault.place import day_number

CHECKED: Final = 64
STEM_HEAD: Final = 3
LANGUAGES: Final = ("dutch", "english")

Texts = Callable[[Sequence[int]], list[Entry]]
"""Called with numbers, returns their words as they are in the index, read again from the messages."""
Aliases = Callable[[str], Sequence[tuple[FieldKind, str]]]
"""Called with a person as the query names them, returns what identifies them: kind and normal form."""


def numbers_of(
    query: Query, index: Index, key: bytes, *, texts: Texts, aliases: Aliases, stems: bool = False
) -> Iterator[int]:
    """Yield the numbers of the messages that a query finds, newest first."""
    within: set[int] | None = None
    for person in query.people:
        found = person_numbers(aliases(person), index, key)
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
    yield from _checked(candidates, phrases, texts) if phrases else candidates


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


def _checked(candidates: Iterator[int], phrases: Sequence[Term], texts: Texts) -> Iterator[int]:
    """Yield those in which each phrase stands, or, if it must not, does not."""
    batch: list[int] = []
    for number in candidates:
        batch.append(number)
        if len(batch) == CHECKED:
            yield from _fitting(batch, phrases, texts)
            batch = []
    yield from _fitting(batch, phrases, texts)


def _fitting(batch: Sequence[int], phrases: Sequence[Term], texts: Texts) -> Iterator[int]:
    for entry in texts(batch) if batch else ():
        columns = dict(zip(COLUMNS, entry.words, strict=True))
        if all(
            any(holds_phrase(columns[name], term.words) for name in FIELDS[term.field]) is not term.negative
            for term in phrases
        ):
            yield entry.number
