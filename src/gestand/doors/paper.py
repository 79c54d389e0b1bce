"""A text as a sheet of paper: PDF/UA-1 (ISO 14289-1), with the typesetter's own fonts; nothing is fetched.

Paragraphs are separated by an empty line. The first line of a paragraph that ends in a question mark, or stands alone and
is numbered, is its heading; lines that begin with a dash are a list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from gestand.kernel.errors import GestandError

_NUMBERED = re.compile(r"\d{1,2}\. ")
_LAYOUT = b"""
#let sheet = json(bytes(sys.inputs.sheet))
#set document(title: sheet.title, author: sheet.sender)
#set text(lang: sheet.language, size: 11pt)
#set page(paper: "a4", margin: 2.5cm)
#set par(leading: 0.7em, spacing: 1.2em)
#text(sheet.sender)
#for line in sheet.addressee [\\ #line]

#text(sheet.dated)

= #sheet.title

#for part in sheet.parts {
  if part.head != "" [== #part.head]
  if part.lines.len() > 0 { par(part.lines.map(line => text(line)).join(linebreak())) }
  if part.items.len() > 0 { list(..part.items) }
}
"""


def sheet(title: str, body: str, *, sender: str, language: str, dated: date, addressee: Sequence[str] = ()) -> bytes:
    """Return the text as a PDF. Whatever is in it is text, never markup.

    :raises GestandError: ``sheet-not-set`` if the typesetter refuses it.
    """
    import typst

    document = {
        "title": title,
        "sender": sender,
        "language": language,
        "dated": dated.isoformat(),
        "addressee": list(addressee),
        "parts": [_part(block.splitlines()) for block in body.strip().split("\n\n")],
    }
    at = int(datetime(dated.year, dated.month, dated.day, tzinfo=UTC).timestamp())
    try:
        made = typst.compile(
            _LAYOUT,
            format="pdf",
            sys_inputs={"sheet": json.dumps(document, ensure_ascii=False)},
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            timestamp=at,
        )
    except typst.TypstError as fault:
        raise GestandError(
            "sheet-not-set", f"it cannot be made into a PDF: {fault}", remedy="Use the text without --pdf."
        ) from None
    assert isinstance(made, bytes)
    return made


def _part(lines: list[str]) -> dict[str, object]:
    plain = [line.strip() for line in lines]
    headed = len(plain) > 1 and (plain[0].endswith("?") or _NUMBERED.match(plain[0]) is not None)
    rest = plain[1:] if headed else plain
    return {
        "head": plain[0] if headed else "",
        "lines": [line for line in rest if not line.startswith("- ")],
        "items": [line[2:] for line in rest if line.startswith("- ")],
    }
