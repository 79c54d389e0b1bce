"""Blind tokens: in the index by which data are found, and with the items they are of.

An item keeps its blocks in one piece, as ``sealing.looked_up`` reads them: its exact token, and what a name has beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import cast

from gestand.storage.engine import Engine, Value
from gestand.vault.rows import padded
from gestand.vault.sealing import looked_up

FORM = 2
"""How tokens are made. 0: exact ones alone; 1: with the likeness of names, IP addresses by their number; 2: domains by their A-labels."""

_PAGE = 500
_FIND = """
    SELECT DISTINCT token, subject FROM vault_token WHERE token IN ({})
    AND EXISTS (SELECT 1 FROM vault_subject WHERE vault_subject.subject = vault_token.subject)
"""
_FIND_PLACES = """
    SELECT vault_token.subject, vault_token.item, vault_item.token FROM vault_token
    JOIN vault_item ON vault_item.subject = vault_token.subject AND vault_item.item = vault_token.item
    WHERE vault_token.token IN ({})
    AND EXISTS (SELECT 1 FROM vault_subject WHERE vault_subject.subject = vault_token.subject) LIMIT ?
"""
_TOGETHER = 250  # tokens looked up by one statement
_PUT_TOKEN = "INSERT INTO vault_token VALUES (?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S105 - a blind token is no password
_DELETE_TOKEN = "DELETE FROM vault_token WHERE token = ? AND subject = ? AND item = ?"  # noqa: S105
_DELETE_ALL_TOKENS = "DELETE FROM vault_token"
_TOKENS_TOGETHER = 100
_COUNT_TOKENS = f"""
    SELECT count(*) FROM vault_token
    WHERE (token, subject, item) IN (VALUES {", ".join(["(?, ?, ?)"] * _TOKENS_TOGETHER)})
"""  # noqa: S608 - placeholders only
_TOKEN_PAGE = """
    SELECT subject, item, token FROM vault_item
    WHERE token IS NOT NULL AND (subject, item) > (?, ?) ORDER BY subject, item LIMIT ?
"""  # noqa: S105
_SET_TOKEN = "UPDATE vault_item SET token = ? WHERE subject = ? AND item = ?"  # noqa: S105
_TOKENS_EPOCH = "SELECT epoch FROM vault_tokens_epoch"
_SET_TOKENS_EPOCH = """
    INSERT INTO vault_tokens_epoch (one, epoch, form) VALUES (1, ?, ?)
    ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch
"""
_TOKENS_FORM = "SELECT form FROM vault_tokens_epoch"
_SET_TOKENS_FORM = "UPDATE vault_tokens_epoch SET form = ?"


class TokenRows:
    """The index of blind tokens, and the tokens that each item keeps. Judges nothing."""

    _epoch_begun = False

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def find_many(self, tokens: Sequence[bytes]) -> dict[bytes, list[bytes]]:
        """Return for each token that any item has the subjects of those items."""
        found: dict[bytes, list[bytes]] = {}
        for at in range(0, len(tokens), _TOGETHER):
            asked = tokens[at : at + _TOGETHER]
            asked = [*asked, *[asked[0]] * (_TOGETHER - len(asked))] if len(tokens) > 1 else asked
            sql = _FIND.format(", ".join("?" * len(asked)))
            for token, subject in self.engine.execute(sql, asked):
                found.setdefault(cast("bytes", token), []).append(cast("bytes", subject))
        return found

    def put_tokens(self, rows: Iterable[tuple[bytes, bytes, int]]) -> None:
        """Put items in the index: (tokens, subject, number)."""
        self.engine.many(_PUT_TOKEN, sorted(_each(rows)))

    def delete_tokens(self, rows: Iterable[tuple[bytes, bytes, int]]) -> None:
        """Take items out of the index: (tokens, subject, number)."""
        gone = list(_each(rows))
        if gone:
            self.engine.many(_DELETE_TOKEN, gone)

    def count_tokens(self, rows: Iterable[tuple[bytes, bytes, int]]) -> int:
        """Return how many tokens of items still stand in the index: (tokens, subject, number)."""
        places, found = list(_each(rows)), 0
        for at in range(0, len(places), _TOKENS_TOGETHER):
            asked = padded(places[at : at + _TOKENS_TOGETHER], _TOKENS_TOGETHER)
            found += cast("int", self.engine.execute(_COUNT_TOKENS, list(chain.from_iterable(asked)))[0][0])
        return found

    def places_of(self, tokens: Sequence[bytes], most: int) -> list[tuple[bytes, int, bytes]]:
        """Return subject, number and tokens of at most so many items that stand in the index under one of these."""
        found: dict[tuple[bytes, int], bytes] = {}
        for at in range(0, len(tokens), _TOGETHER):
            asked = tokens[at : at + _TOGETHER]
            sql = _FIND_PLACES.format(", ".join("?" * len(asked)))
            rows = cast("list[tuple[bytes, int, bytes]]", self.engine.execute(sql, (*asked, most)))
            found |= {(subject, number): kept for subject, number, kept in rows}
        return [(*place, kept) for place, kept in list(found.items())[:most]]

    def token_pages(self) -> Iterator[list[tuple[bytes, int, bytes]]]:
        """Yield the tokens of all items as pages of (subject, number, token); a page may be changed once it is read."""
        after: tuple[Value, Value] = (b"", -1)
        while page := self.engine.execute(_TOKEN_PAGE, (*after, _PAGE * 10)):
            after = (page[-1][0], page[-1][1])
            yield cast("list[tuple[bytes, int, bytes]]", page)

    def delete_all_tokens(self) -> None:
        """Delete every token; items keep theirs until ``set_tokens``."""
        self.engine.execute(_DELETE_ALL_TOKENS)

    def set_tokens(self, rows: Sequence[tuple[bytes | None, bytes, int]]) -> None:
        """Write the tokens of items, in their rows and in the index: (token, subject, number)."""
        self.engine.many(_SET_TOKEN, rows)
        self.put_tokens((tokens, subject, number) for tokens, subject, number in rows if tokens)

    def tokens_epoch(self) -> int | None:
        """Return the epoch under whose key the tokens stand, None before the first."""
        found = self.engine.execute(_TOKENS_EPOCH)
        return cast("int", found[0][0]) if found else None

    def begin_tokens_epoch(self, epoch: int) -> None:
        """Note the epoch of the first tokens, if there were none before; from then on there is always one."""
        if self._epoch_begun:
            return
        if self.tokens_epoch() is None:
            self.set_tokens_epoch(epoch)
        self.engine.after_commit(self._note_begun)  # what was only read may be undone with the open transaction

    def _note_begun(self) -> None:
        self._epoch_begun = True

    def set_tokens_epoch(self, epoch: int) -> None:
        """Note the epoch under whose key the tokens stand."""
        self.engine.execute(_SET_TOKENS_EPOCH, (epoch, FORM))

    def tokens_are_old(self) -> bool:
        """Say whether there are tokens that were made in an earlier form than those of today."""
        found = self.engine.execute(_TOKENS_FORM)
        return bool(found) and cast("int", found[0][0]) < FORM

    def note_form(self) -> None:
        """Note that every token stands in the form of today."""
        self.engine.execute(_SET_TOKENS_FORM, (FORM,))


def _each(rows: Iterable[tuple[bytes, bytes, int]]) -> Iterator[tuple[bytes, bytes, int]]:
    for tokens, subject, number in rows:
        for token in looked_up(tokens):
            yield token, subject, number
