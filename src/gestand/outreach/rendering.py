"""From Markdown to a message: values put in as text, nothing fetched from afar, a working way to stop in each. Pure.

Pictures from elsewhere and tracking pixels tell who opened a mail, when and where: that is reading out someone's device
(Tw 11.7a) and following them. They are refused in the template, and once more in every message as it is rendered.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from gestand.kernel.errors import RefusedError

PLACE = re.compile(r"\{\{\s*([a-z][a-z0-9.-]*)\s*\}\}")
SCHEMES = ("https://", "http://", "mailto:", "tel:")
_FETCHING = "img, picture, script, iframe, object, embed, video, audio, source, link, base, form, input, svg, math, style, meta[http-equiv]"
_ATTRIBUTES = ("src", "srcset", "background", "poster", "data", "action", "ping", "style")
_MARK, _END = "\ue000", "\ue001"
_MARKED = re.compile(rf"{_MARK}([a-z][a-z0-9.-]*){_END}")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_PAGE = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
{body}
<hr>
{foot}
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Foot:
    """The end of every message: who sends it, why, and how to stop. ``link``: empty where there is no page for it."""

    firm: str
    place: str
    because: str
    stop: str
    stop_word: str
    link: str
    by_mail: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in both forms."""

    text: str
    html: str


def check_template(template: str, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the placeholders of a template.

    :raises RefusedError: ``template-field`` for a field that the purpose does not need; ``template-picture``;
        ``template-link`` for a link that differs by person; ``template-empty``.
    """
    named = tuple(dict.fromkeys(PLACE.findall(template)))
    if not template.strip():
        raise RefusedError("template-empty", "the message says nothing", remedy="Write it in Markdown.")
    strange = [name for name in named if name not in allowed]
    if strange:
        raise RefusedError(
            "template-field",
            f"the purpose does not need {', '.join(strange)} (Article 5(1)(c))",
            where="template",
            remedy="It may use: " + ", ".join(sorted(allowed)) + ".",
        )
    for token in _tokens(template):
        if token.type == "image":
            raise RefusedError(
                "template-picture",
                "a picture would be fetched when someone reads it, and tell that they did",
                where="template",
                remedy="Leave it out, or describe it; a link to a page with pictures is fine.",
            )
        target = str(token.attrGet("href") or "")
        if token.type == "link_open" and ("%EE%80%80" in target or _MARK in target):
            raise RefusedError(
                "template-link",
                "a link that differs by person follows who clicks",
                where="template",
                remedy="Use the same link for everyone.",
            )
        if token.type == "link_open" and not target.startswith(SCHEMES):
            raise RefusedError(
                "template-link", f"'{target[:60]}' leads nowhere", where="template", remedy="Write it with https://."
            )
    return named


def render(template: str, values: Mapping[str, str], *, title: str, language: str, foot: Foot) -> Rendered:
    """Return the message with its values and its foot.

    :raises RefusedError: ``message-remote`` if something in it would be fetched from afar.
    """
    marked = PLACE.sub(lambda found: f"{_MARK}{found[1]}{_END}", template)
    body = _MARKED.sub(lambda found: html.escape(_line(values[found[1]])), _MARKDOWN.render(marked))
    plain = PLACE.sub(lambda found: _line(values[found[1]]), template).strip()
    made = Rendered(
        f"{plain}\n\n-- \n{_foot_text(foot)}\n",
        _PAGE.format(language=language, title=html.escape(title), body=body.strip(), foot=_foot_html(foot)),
    )
    check_rendered(made.html)
    return made


def check_rendered(page: str) -> None:
    """Refuse a message in which something would be fetched or run when it is opened.

    :raises RefusedError: ``message-remote``.
    """
    tree = LexborHTMLParser(page)
    found = next((node.tag for node in tree.css(_FETCHING)), "")
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name in _ATTRIBUTES or name.startswith("on"):
                found = found or f"{node.tag} {name}"
            elif name == "href" and not (value or "").lower().startswith(SCHEMES):
                found = found or f"{node.tag} href"
    if found:
        raise RefusedError(
            "message-remote",
            f"the message holds <{found}>: it would be fetched or run when someone opens it",
            where="message",
            remedy="Take it out. No picture from elsewhere and no pixel goes into a message.",
        )


def _tokens(template: str) -> list[Token]:
    marked = PLACE.sub(lambda found: f"{_MARK}{found[1]}{_END}", template)
    return [inner for token in _MARKDOWN.parse(marked) for inner in (token.children or [token])]


def _line(value: str) -> str:
    return " ".join(value.split())


def _foot_text(foot: Foot) -> str:
    ways = [f"{foot.stop} {foot.link}"] if foot.link else []
    return "\n".join((f"{foot.firm}, {foot.place}", foot.because, *ways, foot.by_mail))


def _foot_html(foot: Foot) -> str:
    lines = [f"<p>{html.escape(foot.firm)}, {html.escape(foot.place)}<br>{html.escape(foot.because)}</p>"]
    if foot.link:
        link = f'<a href="{html.escape(foot.link)}">{html.escape(foot.stop_word)}</a>'
        lines.append(f"<p>{html.escape(foot.stop)} {link}</p>")
    if foot.by_mail:
        lines.append(f"<p>{html.escape(foot.by_mail)}</p>")
    return "\n".join(lines)
