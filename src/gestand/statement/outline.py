"""Parsed Markdown as plain text: headings underlined, list items with a bullet or number, links spelled out."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from gestand.statement.markup import shown


def outline(tokens: Sequence[Token]) -> str:
    """Return the text of a parsed document, ending with a line end."""
    page = _Page()
    before = tokens[0] if tokens else None
    for token in tokens:
        page.take(token, before or token)
        before = token
    return "".join(page.written).strip("\n") + "\n"


class _Page:
    """Grows token by token; ``margins`` holds for each open list item what its first line begins with."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.numbers: list[int | None] = []  # for each open list the number of its next item; None: bullets
        self.margins: list[str] = []
        self.fresh = False  # the next paragraph is the first of its item
        self.row: list[str] = []

    def take(self, token: Token, before: Token) -> None:
        step = getattr(self, f"_{token.type}", None)
        if token.type == "inline":
            self._inline(token, before)
        elif step is not None:
            step(token)

    def _inline(self, token: Token, before: Token) -> None:
        words = _words(token.children or ())
        if before.type in {"th_open", "td_open"}:
            self.row.append(words)
        elif before.type == "heading_open":
            self.block(f"{words}\n{('=' if before.tag == 'h1' else '-') * len(words)}", tight=False)
        else:
            self.block(words, tight=before.hidden)

    def block(self, words: str, *, tight: bool) -> None:
        margin = "".join(" " * len(mark) for mark in self.margins)
        first = "".join(" " * len(mark) for mark in self.margins[:-1]) + self.margins[-1] if self.fresh else margin
        self.fresh = False
        self.written.append(first + words.replace("\n", "\n" + margin) + ("\n" if tight else "\n\n"))

    def _bullet_list_open(self, _: Token) -> None:
        self.numbers.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self.numbers.append(int(str(token.attrs.get("start", 1))))

    def _list_item_open(self, _: Token) -> None:
        number = self.numbers[-1]
        self.margins.append("• " if number is None else f"{number}. ")
        if number is not None:
            self.numbers[-1] = number + 1
        self.fresh = True

    def _list_item_close(self, _: Token) -> None:
        self.margins.pop()
        self.fresh = False

    def _bullet_list_close(self, _: Token) -> None:
        self.numbers.pop()
        if not self.numbers and self.written and not self.written[-1].endswith("\n\n"):
            self.written.append("\n")

    _ordered_list_close = _bullet_list_close

    def _tr_open(self, _: Token) -> None:
        self.row = []

    def _tr_close(self, _: Token) -> None:
        self.block(" | ".join(self.row), tight=True)

    def _table_close(self, _: Token) -> None:
        self.written.append("\n")

    def _fence(self, token: Token) -> None:
        self.block(token.content.rstrip("\n"), tight=False)

    _code_block = _fence

    def _hr(self, _: Token) -> None:
        self.block("-" * 20, tight=False)


def _words(children: Sequence[Token]) -> str:
    words: list[str] = []
    goals: list[tuple[str, int]] = []
    for token in children:
        if token.type == "link_open":
            goals.append((str(token.attrs.get("href", "")), len(words)))
        elif token.type == "link_close":
            goal, start = goals.pop()
            if "".join(words[start:]) not in {goal, goal.removeprefix("mailto:")}:
                words.append(f" <{goal}>")
        else:
            words.append(shown(token))
    return "".join(words)
