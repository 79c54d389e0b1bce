"""The statement for readers: HTML with the clauses as anchors, and plain text. In the language of the text.

Nothing in the source becomes HTML by itself: raw HTML is shown as its characters, images are not loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from gestand.statement.markup import parsed, parser, shown
from gestand.statement.model import StatementText
from gestand.statement.outline import outline
from gestand.statement.spans import find_spans, without_marks

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def render_html(text: StatementText) -> str:
    """Return the text as an HTML fragment: one ``article`` with its language, each clause a ``span`` with its id.

    A page around it adds title, head and navigation.
    """
    body = _plain_html(text) if text.layout == "plain" else _markdown_html(text)
    return f'<article class="statement" lang="{text.language}">\n{body}</article>\n'


def render_text(text: StatementText) -> str:
    """Return the text for a terminal or a plain mail; a text in plain layout byte for byte as it is."""
    if text.layout == "plain":
        return plain_source(text)
    return outline(parsed(text.source))


def plain_source(text: StatementText) -> str:
    """Return the source without the marks of its clauses. In plain layout that is the text itself, byte for byte."""
    spans, _ = find_spans(text.source, layout=text.layout, file=text.file)
    return without_marks(text.source, spans)[0]


def words_of(text: StatementText) -> str:
    """Return all words of the text as a reader sees them, white space folded: to search in."""
    if text.layout == "plain":
        return " ".join(plain_source(text).split())
    inline = [token for token in parsed(text.source) if token.type == "inline"]
    return " ".join(" ".join("".join(map(shown, token.children or ())) for token in inline).split())


def _markdown_html(text: StatementText) -> str:
    markdown = parser()
    tokens = markdown.parse(text.source)
    for block in tokens:
        for token in block.children or ():
            if token.type == "span_open":
                token.attrs = {"class": "clause", "id": str(token.attrs.get("id", ""))}
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _plain_html(text: StatementText) -> str:
    """Return paragraphs with their line breaks; a clause over several paragraphs is a span in each, the id on the first."""
    spans, _ = find_spans(text.source, layout="plain", file=text.file)
    body, places = without_marks(text.source, spans)
    told: set[str] = set()
    paragraphs = []
    for start, end in _paragraphs(body):
        pieces = []
        at = start
        for first, last, clause in places:
            low, high = max(first, at), min(last, end)
            if low >= high:
                continue
            name = "" if clause in told else f' id="{clause}"'
            told.add(clause)
            pieces.append(_broken(body[at:low]) + f'<span class="clause"{name}>{_broken(body[low:high])}</span>')
            at = high
        paragraphs.append(f"<p>{''.join(pieces)}{_broken(body[at:end])}</p>\n")
    return "".join(paragraphs)


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    start = len(body) - len(body.lstrip())
    for gap in _BLANK_LINE.finditer(body):
        if gap.start() > start:
            yield start, gap.start()
        start = max(start, gap.end())
    end = len(body.rstrip())
    if end > start:
        yield start, end


def _broken(words: str) -> str:
    return escape(words.replace("\r\n", "\n"), quote=True).replace("\n", "<br />\n")
