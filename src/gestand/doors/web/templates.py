"""One Jinja environment for every door: autoescape on, nothing undefined, two languages side by side.

In a template ``{{ t("Doelen", "Purposes") }}`` says a text in the language of the page; ``{{ text | said }}`` does so with a
``Text`` of the policy; ``{{ day(on) }}`` and ``{{ moment(at) }}`` write dates as people read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup

from gestand.doors.dutch.telling import cited_in, words_in
from gestand.doors.web.pictures import shortened
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.law.dutch import in_dutch
from gestand.statement.policy import Text

SHARED = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
           "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip
SHORT_MONTHS = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def environment(*folders: Path) -> Environment:
    """Return the environment of a door: its own folders first, then what all doors share."""
    made = Environment(
        loader=FileSystemLoader([str(folder) for folder in (*folders, SHARED)]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(t=_t, day=_day, moment=_moment)
    made.filters.update(said=_said, short=shortened, by_law=_by_law, plainly=_plainly, cited=_cited)
    return made


FONTS = {file.name: file.read_bytes() for file in sorted((STATIC / "fonts").glob("*.woff2"))}
"""The fonts that every door serves beside its style sheet, by name: no page asks another host for one."""


def in_words(on: date, language: str) -> str:
    """Return a date as people read it: 1 december 2026, or 1 December 2026."""
    return f"{on.day} {MONTHS[language][on.month - 1]} {on.year}"


def style(*sheets: Path) -> bytes:
    """Return a style sheet: the tokens that all doors share, then a door's own sheets."""
    return b"\n".join(sheet.read_bytes() for sheet in (STATIC / "tokens.css", *sheets))


@pass_context
def _t(context: Context, nl: str, en: str) -> str:
    return nl if context["language"] == "nl" else en


@pass_context
def _said(context: Context, text: Text) -> str:
    return text.into(str(context["language"]))


@pass_context
def _by_law(context: Context, sentence: str) -> str:
    return in_dutch(sentence) if context["language"] == "nl" else sentence


@pass_context
def _plainly(context: Context, sentence: str, code: str = "") -> str:
    return words_in(code, sentence, str(context["language"]))


@pass_context
def _cited(context: Context, places: str) -> str:
    return cited_in(places, str(context["language"]))


@pass_context
def _day(context: Context, on: date | None, never: str = "–") -> str | Markup:
    if on is None:
        return never
    if isinstance(on, datetime):  # a moment just after midnight here is on the day before in UTC
        on = local_date(on)
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), in_words(on, str(context["language"])))


@pass_context
def _moment(context: Context, at: datetime | None, never: str = "–") -> str | Markup:
    if at is None:
        return never
    local = at.astimezone(AMSTERDAM)
    said = f"{in_words(local.date(), str(context['language']))}, {local:%H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), said)


def listed(names: Sequence[str], language: str) -> str:
    """Return names as a sentence says them: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {'en' if language == 'nl' else 'and'} {names[-1]}"
