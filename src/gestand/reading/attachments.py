"""The text of documents: PDF, DOCX, XLSX, ODT, RTF, Outlook messages, plain text, CSV, calendar. For the child that reads what others made.

What a file is, is seen from its first bytes and its name. Nothing is unpacked beyond a limit, no entity is resolved (tags
are stripped by a linear pattern, no XML is parsed), no link followed. What cannot be read gives no text, and says so.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from gestand.reading.marks import spaced, text_between, too_deep, without_marks
from gestand.reading.outlook import is_outlook, opened_outlook
from gestand.reading.rich import text_of_rich
from gestand.reading.zipfaults import ZIP_FAULTS

TEXT_LIMIT: Final = 2_000_000
"""Characters taken of one attachment."""
STRINGS_LIMIT: Final = 200_000
"""Texts of a workbook that its cells name by number; more are not read."""
MEMBER_LIMIT: Final = 16 * 1024 * 1024
MEMBERS: Final = 200
PAGES: Final = 500
PLAIN: Final = (
    ".txt", ".csv", ".ics", ".md", ".log", ".vcf", ".tsv", ".json", ".xml", ".xaf", ".ini", ".toml", ".yaml", ".yml",
)  # fmt: skip
"""File names of what is text as it stands."""
_OFFICE: Final = ("word/document.xml", "word/header", "word/footer", "word/footnotes", "word/comments", "xl/worksheets/",
                  "content.xml", "ppt/slides/", "ppt/notesslides/")  # fmt: skip
_SHARED: Final = "xl/sharedstrings.xml"


class Text(NamedTuple):
    """What was read of a document; ``whole``: all of it was, so that what is not in the text is not in the document."""

    text: str
    whole: bool


NOTHING: Final = Text("", whole=False)


def read_document(name: str, kind: str, content: bytes, *, limit: int = TEXT_LIMIT) -> Text:
    """Return the text of a document, at most ``limit`` characters. ``kind``: its declared media type, if any."""
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf(content, limit)
    if content.startswith(b"PK\x03\x04"):
        return _office(content, limit)
    if is_outlook(content):
        return _letter(content, limit)
    text = _written(name.lower(), kind, content, limit)
    return NOTHING if text is None else Text(text[:limit], whole=len(text) <= limit)


def _letter(content: bytes, limit: int) -> Text:
    """Return the words of a .msg, without what hangs on it in its turn."""
    tree = opened_outlook(content, len(content))
    told = [value for heads in (tree.heads, *tree.inner) for name in heads for value in heads[name]]
    for part in tree.parts:
        if part.shown:
            text = decoded(part.content, part.charset)
            told.append(text_of_html(text, limit=limit + 1) if part.kind == "text/html" else text)
    words = "\n".join(told)
    return Text(words[:limit], whole=tree.sound and all(part.shown for part in tree.parts) and len(words) <= limit)


def _written(low: str, kind: str, content: bytes, limit: int) -> str | None:
    """Return the text of what was written as text, a little more than the limit of it; None for any other kind."""
    if content.startswith(b"{\\rtf"):
        return text_of_rich(content)
    if kind.startswith("text/html") or low.endswith((".html", ".htm")):
        return text_of_html(decoded(content, "utf-8"), limit=limit + 1)
    if kind.startswith("text/") or low.endswith((*PLAIN, ".eml")):
        return decoded(content[: 4 * limit + 4], "utf-8")
    return None if content.strip() else ""


def decoded(content: bytes, charset: str) -> str:
    """Return bytes as text: as declared, else UTF-8, else Windows-1252; never an error."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) and len(content) % 2 == 0:
        charset = "utf-16"
    for one in (charset, "utf-8", "cp1252"):
        try:
            return content.decode(one)
        except (UnicodeDecodeError, LookupError, ValueError, TypeError):
            continue
    return content.decode("latin-1")


def text_of_html(markup: str, *, limit: int = TEXT_LIMIT) -> str:
    """Return the text of HTML, without scripts and styles; an address that a link names and its words do not, beside it."""
    from selectolax.lexbor import LexborHTMLParser

    markup = markup[: 2 * limit]
    if too_deep(markup):
        return " ".join(html.unescape(without_marks(spaced(markup))).split())[:limit]
    tree = LexborHTMLParser(markup)
    tree.strip_tags(["script", "style", "head", "template", "noscript"], recursive=True)
    root = tree.body or tree.root
    if root is None:
        return ""
    text = root.text(separator=" ")
    if "mailto:" in markup or "tel:" in markup:
        named = [node.attributes.get("href") or "" for node in tree.css("a[href^='mailto:'], a[href^='tel:']")]
        hidden = [address for one in named if (address := one.partition(":")[2].partition("?")[0]) not in text]
        text = " ".join([text, *dict.fromkeys(hidden)])
    return text[:limit]


def _pdf(content: bytes, limit: int) -> Text:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)  # type: ignore[no-untyped-call]
    except pypdfium2.PdfiumError:
        return NOTHING
    told: list[str] = []
    left = limit
    whole = len(document) <= PAGES
    try:
        for number in range(min(len(document), PAGES)):
            page = document[number]
            words = page.get_textpage()
            text = words.get_text_bounded()
            whole = whole and len(text) <= left and any(letter.isalnum() for letter in text)  # else a picture of a page
            told.append(text[:left])
            left -= len(told[-1])
            words.close()
            page.close()
            if left <= 0:
                break
    except pypdfium2.PdfiumError:
        whole = False  # what was read of it so far counts
    finally:
        document.close()  # type: ignore[no-untyped-call]
    return Text("\n".join(told).replace("\ufffe", "").replace("\u0002", ""), whole)


def _office(content: bytes, limit: int) -> Text:
    told: list[str] = []
    left, whole = limit, True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            there = archive.infolist()
            members = [one for one in there[:5000] if one.filename.lower().startswith(_OFFICE)]
            whole = len(members) <= MEMBERS and len(there) <= 5000 and bool(members)
            shared = _shared_strings(archive, there)
            whole = whole and len(shared) < STRINGS_LIMIT
            if shared and not any("worksheets/" in one.filename.lower() for one in members):
                told, whole = ["\n".join(shared)[:left]], False  # a damaged workbook: its words, without their rows
                left -= len(told[0])
            for member in members[:MEMBERS]:
                markup = _unpacked(archive, member)
                whole = whole and member.file_size <= MEMBER_LIMIT
                parts = _rows(markup, shared) if "worksheets/" in member.filename.lower() else iter([_strip(markup)])
                for text in parts:
                    whole = whole and len(text) <= left
                    told.append(text[:left])
                    left -= len(told[-1])
                    if left <= 0:
                        break
    except ZIP_FAULTS:
        whole = False  # damaged, with a password, or packed in a way nobody uses: no text, or what was read so far
    return Text("\n".join(told), whole)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as opened:
        return opened.read(MEMBER_LIMIT)


def _shared_strings(archive: zipfile.ZipFile, there: list[zipfile.ZipInfo]) -> list[str]:
    """Return the texts that the cells of a workbook name by their number."""
    for member in there[:5000]:
        if member.filename.lower() == _SHARED:
            found = islice(_patterns().entry.finditer(_unpacked(archive, member)), STRINGS_LIMIT)
            return [" ".join(_strip(one.group()).split()) for one in found]
    return []


def _rows(markup: bytes, shared: list[str]) -> Iterator[str]:
    """Yield the rows of a sheet, each cell with its words: what stands in one row is of one thing."""
    patterns = _patterns()
    for row in markup.split(b"</row>"):
        cells = []
        for found in patterns.cell.finditer(row):
            numbered = patterns.numbered.search(found.group(0))
            if numbered is None:
                cells.append(" ".join(_strip(found.group(0)).split()))
            elif int(numbered.group(1)) < len(shared):
                cells.append(shared[int(numbered.group(1))])
        filled = [cell for cell in cells if cell]
        if filled:
            yield "; ".join(filled)


def _strip(markup: bytes) -> str:
    """Return the text between the tags of an office document; a paragraph, cell or tab ends a word, another tag does not."""
    return html.unescape(text_between(markup).decode("utf-8", "replace"))


class _Patterns(NamedTuple):
    entry: Any
    cell: Any
    numbered: Any


@cache
def _patterns() -> _Patterns:
    import re2

    compiled: Callable[..., Any] = re2.compile

    return _Patterns(
        compiled(rb"(?s)<si>.*?</si>|<si/>"),
        compiled(rb"(?s)<c[ >].*?</c>"),
        compiled(rb'^<c [^>]*t="s"[^>]*>(?:<f[^>]*>[^<]*</f>)?<v>(\d{1,9})</v>'),
    )
