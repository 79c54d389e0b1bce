"""What a person gets as the answer to an access request: one page to read, a letter, and the same for machines. Pure.

``answer.html`` and ``answer.pdf`` are for people, in both languages; ``answer.json`` and ``answer.csv`` for programs; with
``receipt.tlog-proof`` anybody sees offline that this answer stands in the ledger, by the digest that ``answer.json`` names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from html import escape

from gestand.ledger.service import Ledger
from gestand.rights.answer import to_json
from gestand.rights.letters import access_letter
from gestand.rights.model import AccessAnswer
from gestand.rights.portable import harmless

LANGUAGES = ("nl", "en")
_STEP = 256

Typeset = Callable[[str, str], bytes]
"""Makes a letter of a language and its body into a PDF."""


def files_of(answer: AccessAnswer, typeset: Typeset) -> Mapping[str, bytes]:
    """Return the files of an answer by name, the receipt left out: that comes when the answer stands in the ledger."""
    letters = {language: access_letter(answer, language) for language in LANGUAGES}
    return {
        "answer.json": (json.dumps(to_json(answer), ensure_ascii=False, indent=2) + "\n").encode(),
        "answer.csv": to_csv(answer).encode(),
        "answer.html": to_html(answer.controller, letters).encode(),
        **{f"answer.{language}.txt": text.encode() for language, text in letters.items()},
        **{f"answer.{language}.pdf": typeset(language, text) for language, text in letters.items()},
    }


def to_csv(answer: AccessAnswer) -> str:
    """Return every datum as a line of CSV (RFC 4180); a value that a spreadsheet would run is told to be text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("field", "title", "value", "purposes", "source", "recipients", "collected_on", "erase_on"))
    for d in answer.data:
        purposes, recipients = ("; ".join(text.nl for text in texts) for texts in (d.purposes, d.recipients))
        row = (d.field, d.title.nl, d.value, purposes, d.source.nl, recipients)
        writer.writerow((*map(harmless, row), d.collected_on.isoformat(), d.erase_on.isoformat() if d.erase_on else ""))
    for copy in answer.copies:
        found = (f"{copy.system.nl}: {copy.place}", copy.title.nl, copy.value)
        writer.writerow((*map(harmless, found), "", "", "", "", ""))
    return out.getvalue()


def to_html(sender: str, letters: Mapping[str, str]) -> str:
    """Return letters as one page: no script, nothing fetched, readable on paper and by a screen reader."""
    parts = [
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Uw gegevens bij {escape(sender)}</title>",
        "<style>body{font:1.05rem/1.6 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}",
        "p{margin:.2rem 0}.in{margin-left:1.5rem}h2{margin-top:2rem}</style></head><body><main>",
    ]
    for language, text in letters.items():
        parts.append(f'<section lang="{language}">')
        parts += _paragraphs(text)
        parts.append("</section><hr>")
    return "\n".join([*parts[:-1], "</section></main></body></html>"]) + "\n"


def _paragraphs(text: str) -> Iterator[str]:
    shown = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(shown):
        if number == 1:
            yield f"<h1>{escape(line.strip())}</h1>"
        elif line.rstrip().endswith(":") and not line.startswith(" "):
            yield f"<h2>{escape(line.strip())}</h2>"
        else:
            yield f'<p class="in">{escape(line.strip())}</p>' if line.startswith(" ") else f"<p>{escape(line)}</p>"


def proof_of(ledger: Ledger, request: str) -> bytes:
    """Return the receipt of the entry that says that a request was answered; empty if there is none.

    Sought from the end: the entry was just made.
    """
    end = ledger.head().size - 1
    while end >= 0:
        start = max(0, end - _STEP + 1)
        for entry in reversed(list(ledger.entries(start, end))):
            if entry.event.name == "request.answered" and entry.event.facts.get("request") == request:
                return ledger.receipt(entry.index).to_text().encode()
        end = start - 1
    return b""
