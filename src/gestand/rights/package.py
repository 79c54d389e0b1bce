"""What a person gets as the answer to a request: something to read, a letter, and the same for machines.

Of an access request ``answer.html`` and ``answer.pdf`` are for people, in both languages, ``answer.json`` and ``answer.csv``
for programs; of portability the files that other programs read; of an erasure the letter. With ``receipt.tlog-proof``
anybody sees offline that this answer stands in the ledger, by its digest.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from html import escape

from gestand.ledger.service import Ledger
from gestand.post.service import Post
from gestand.rights.access_letter import access_letter
from gestand.rights.answer import to_json
from gestand.rights.letterhead import body_of, greeted, tells
from gestand.rights.model import AccessAnswer
from gestand.rights.portable import PortableCopy, harmless
from gestand.statement.policy import Text

LANGUAGES = ("nl", "en")
RECEIPT = "receipt.tlog-proof"
_STEP = 256

Typeset = Callable[[str, str], bytes]
"""Makes a letter of a language and its body into a PDF."""


def files_of(answer: AccessAnswer, typeset: Typeset) -> Mapping[str, bytes]:
    """Return the files of an answer by name, the receipt left out: that comes when the answer stands in the ledger."""
    letters = {said: greeted(access_letter(answer, said), answer.name, answer.controller, said) for said in LANGUAGES}
    return {
        "answer.json": (json.dumps(to_json(answer), ensure_ascii=False, indent=2) + "\n").encode(),
        "answer.csv": to_csv(answer).encode(),
        "answer.html": to_html(answer.controller, letters).encode(),
        **{f"answer.{language}.txt": text.encode() for language, text in letters.items()},
        **{f"answer.{language}.pdf": typeset(language, access_letter(answer, language)) for language in LANGUAGES},
    }


class Packages:
    """Makes the packages of answers, with letters as PDF, and their receipts from the ledger."""

    def __init__(self, post: Post, ledger: Ledger) -> None:
        self._post = post
        self._ledger = ledger

    def of_access(self, answer: AccessAnswer) -> Mapping[str, bytes]:
        """Return the files of an answer, its receipt left out."""
        return files_of(
            answer, lambda said, text: self._post.letter("access", said, {"body": body_of(text)}, name=answer.name)
        )

    def of_copy(self, copy: PortableCopy) -> Mapping[str, bytes]:
        """Return the files to take along with the letter beside them, the receipt left out."""
        files = {name: text.encode() for name, text in copy.files.items() if text}
        for said in LANGUAGES:
            values = {"files": self.named(copy, said)}
            files[f"letter.{said}.txt"] = self._post.letter_text(
                "portability", said, values, name=copy.name
            ).text.encode()
            files[f"letter.{said}.pdf"] = self._post.letter("portability", said, values, name=copy.name)
        return files

    def of_letters(self, template: str, letters: Mapping[str, str], name: str, sender: str) -> Mapping[str, bytes]:
        """Return letters by language, yet without a greeting, as text and as PDF; ``name``: who is greeted. The receipt is left out."""
        files = {f"letter.{said}.txt": greeted(text, name, sender, said).encode() for said, text in letters.items()}
        for said, text in letters.items():
            files[f"letter.{said}.pdf"] = self._post.letter(template, said, {"body": body_of(text)}, name=name)
        return files

    def named(self, copy: PortableCopy, language: str) -> str:
        """Return the files of a portable copy as a list, each with what it is."""
        return "\n".join(f"- {name}: {FILES[name].into(language)}" for name, text in copy.files.items() if text)

    def receipt(self, request: str) -> Mapping[str, bytes]:
        """Return the receipt of an answer that stands in the ledger, by its name; empty before it does."""
        proof = proof_of(self._ledger, request)
        return {RECEIPT: proof} if proof else {}


FILES = {
    "data.json": Text(nl="alles, voor andere programma's (JSON)", en="everything, for other programs (JSON)"),
    "data.csv": Text(nl="alles als tabel (CSV)", en="everything as a table (CSV)"),
    "contact.vcf": Text(
        nl="uw contactgegevens, voor een adresboek (vCard)", en="your contact data, for an address book (vCard)"
    ),
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
        "p{margin:.2rem 0}.in{margin-left:1.5rem}h2{margin-top:2rem}h3{font-size:1.05rem;margin:1.2rem 0 .2rem}</style></head><body><main>",
    ]
    for language, text in letters.items():
        parts.append(f'<section lang="{language}">')
        parts += _paragraphs(text)
        parts.append("</section><hr>")
    return "\n".join([*parts[:-1], "</section></main></body></html>"]) + "\n"


def _paragraphs(text: str) -> Iterator[str]:
    shown = [line for line in text.splitlines() if line.strip()]
    for number, (line, after) in enumerate(zip(shown, [*shown[1:], ""], strict=True)):
        if number == 1:
            yield f"<h1>{escape(line.strip())}</h1>"
        elif line.rstrip().endswith(":") and not line.startswith(" "):
            yield f"<h2>{escape(line.strip())}</h2>"
        elif tells(line, after):
            yield f"<h3>{escape(line)}</h3>"
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
