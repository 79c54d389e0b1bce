"""The letters: their words in plain Dutch (B1) and English, and how one becomes an accessible PDF.

Words stand in ``templates/letters.<language>.toml``; values are put in as text, never as markup. The PDF is tagged and
checked by the typesetter against PDF/UA-1 (ISO 14289-1), with the typesetter's own fonts; nothing is fetched.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

from gestand.kernel.errors import GestandError, UsageError
from gestand.post.salutation import closing, opening
from gestand.statement.policy import Controller

LANGUAGES = ("nl", "en")
FRAME = "frame"
_PLACE = re.compile(r"\{([a-z_]+)\}")
_TERM = re.compile(r" {2,}(\S[^:\n]{0,80}): +(\S.*)")
_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in words. ``addressee`` are the lines of whom it goes to; none for a letter that is handed over."""

    subject: str
    body: str
    language: str
    dated: date
    addressee: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The letter as the text of a mail: its body, without marks of headings."""
        return re.sub(r"(?m)^##? ", "", self.body).strip() + "\n"


def templates() -> tuple[str, ...]:
    """Return the names of all letters there are."""
    return tuple(name for name in _words("nl") if name != FRAME)


def placeholders(template: str, language: str) -> frozenset[str]:
    """Return the values that a letter asks for, those that post fills in itself left out."""
    words = _template(template, language)
    return frozenset(_PLACE.findall(words["subject"] + words["body"])) - {"rights", "contact"}


def write_letter(  # noqa: PLR0917 - what a letter is made of
    template: str,
    language: str,
    values: Mapping[str, str],
    controller: Controller,
    dated: date,
    addressee: Sequence[str] = (),
    name: str = "",
) -> Letter:
    """Return the letter ``template`` in ``language`` with its values filled in. ``name``: of whom it goes to, if that is known.

    :raises UsageError: ``letter-unknown``, ``letter-language``; ``letter-values`` if one is lacking or has no place.
    """
    words = _template(template, language)
    asked, given = placeholders(template, language), set(values)
    if asked != given:
        lacking, extra = sorted(asked - given), sorted(given - asked)
        faults = [f"lacking: {', '.join(lacking)}"] * bool(lacking) + [f"without a place: {', '.join(extra)}"] * bool(
            extra
        )
        raise UsageError(
            "letter-values",
            f"the letter '{template}' cannot be written; {'; '.join(faults)}",
            where=f"letters.{language}.toml",
            remedy="Give exactly these values: " + (", ".join(sorted(asked)) or "none") + ".",
        )
    contact = "; ".join(one.value for one in controller.contacts if one.rights)
    known = {**values, "contact": contact}
    known["rights"] = _filled(_words(language)[FRAME]["rights"], known)
    said = _filled(words["body"].strip("\n"), known).strip("\n")
    body = f"{opening(name, language)}\n\n{said}\n\n{closing(controller.name, language)}"
    return Letter(_filled(words["subject"], known), body, language, dated, tuple(addressee))


def typeset(letter: Letter, controller: Controller) -> bytes:
    """Return the letter as PDF/UA-1.

    :raises GestandError: ``letter-not-set`` if the typesetter refuses it.
    """
    import typst

    contacts = [contact.value for contact in controller.contacts]
    document = {
        "subject": letter.subject,
        "sender": controller.name,
        "language": letter.language,
        "letterhead": [controller.name, *contacts],
        "addressee": list(letter.addressee),
        "dated": spoken(letter.dated, letter.language),
        "parts": parts_of(letter.body),
    }
    layout = (resources.files("gestand.post") / "templates" / "letter.typ").read_bytes()
    at = datetime(letter.dated.year, letter.dated.month, letter.dated.day, tzinfo=UTC)
    try:
        made = typst.compile(
            layout,
            format="pdf",
            sys_inputs={"letter": json.dumps(document, ensure_ascii=False)},
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as fault:
        raise GestandError(
            "letter-not-set",
            f"the letter cannot be made into a PDF: {fault}",
            remedy="Send its text as a mail, and report this with the kind of letter.",
        ) from None
    assert isinstance(made, bytes)
    return made


def parts_of(body: str) -> list[dict[str, Any]]:
    """Return the body as headings, paragraphs, lists and terms (``  name: value``, set in by two spaces or more)."""
    parts: list[dict[str, Any]] = []
    for line in body.splitlines():
        if not line.strip():
            parts.append({"kind": "gap"})
        elif line.startswith("# "):
            parts.append({"kind": "heading", "text": line[2:].strip()})
        elif line.startswith("## "):
            parts.append({"kind": "subheading", "text": line[3:].strip()})
        elif line.lstrip().startswith("- "):
            _into_list(parts, "list", line.lstrip()[2:].strip())
        elif term := _TERM.fullmatch(line.rstrip()):
            _into_list(parts, "terms", [term[1], term[2]])
        elif parts and parts[-1]["kind"] == "text":
            parts[-1]["text"] += "\n" + line.strip()
        else:
            parts.append({"kind": "text", "text": line.strip()})
    return [part for part in parts if part["kind"] != "gap"]


def spoken(on: date, language: str) -> str:
    """Return a date in words: ``7 december 2026``."""
    return f"{on.day} {_MONTHS[language][on.month - 1]} {on.year}"


def _into_list(parts: list[dict[str, Any]], kind: str, item: Any) -> None:
    if not parts or parts[-1]["kind"] != kind:
        parts.append({"kind": kind, "items": []})
    parts[-1]["items"].append(item)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, once: what a value says is not read again."""
    return _PLACE.sub(lambda found: values[found[1]].strip("\n"), text)


def _template(template: str, language: str) -> Mapping[str, str]:
    if language not in LANGUAGES:
        raise UsageError("letter-language", f"no letters are written in '{language}'", remedy="Ask for nl or en.")
    words = _words(language)
    if template not in words or template == FRAME:
        raise UsageError(
            "letter-unknown", f"there is no letter '{template}'", remedy="There are: " + ", ".join(templates()) + "."
        )
    return words[template]


@cache
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    file = resources.files("gestand.post") / "templates" / f"letters.{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))
