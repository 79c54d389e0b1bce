"""Markdown as a statement uses it: CommonMark with tables and clause spans; no raw HTML, no images, nothing that loads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin


@cache
def parser() -> MarkdownIt:
    """Return the parser of statements."""
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False, "linkify": False})
    markdown.enable("table").disable(["image", "html_inline", "html_block", "reference"])
    attrs_plugin(markdown, after=(), spans=True, allowed=("id",))
    return markdown


@lru_cache(maxsize=8)
def parsed(source: str) -> tuple[Token, ...]:
    """Return the tokens of a text. They are shared: whoever changes one parses for themselves."""
    return tuple(parser().parse(source))


def sentences(source: str) -> dict[str, str]:
    """Return the words of each clause as Markdown shows them: without marks, white space folded."""
    found: dict[str, str] = {}
    for block in parsed(source):
        for clause, words in _sentences(block.children or ()):
            found.setdefault(clause, " ".join(words.split()))
    return found


def _sentences(children: Sequence[Token]) -> Iterator[tuple[str, str]]:
    opened: list[tuple[str, list[str]]] = []
    for token in children:
        if token.type == "span_open":
            opened.append((str(token.attrs.get("id", "")), []))
        elif token.type == "span_close":
            clause, words = opened.pop()
            yield clause, "".join(words)
        else:
            for _, words in opened:
                words.append(shown(token))


def shown(token: Token) -> str:
    """Return the characters that an inline token shows."""
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    return token.content if token.type in {"text", "code_inline", "text_special"} else ""
