"""The text of attachments: PDF, DOCX, XLSX, ODT, plain text, CSV, calendar. For the child that reads mail.

What a file is, is seen from its first bytes and its name. Nothing is unpacked beyond a limit, no entity is resolved (tags
are stripped by a linear pattern, no XML is parsed), no link followed. What cannot be read gives no text.
"""

from __future__ import annotations

import html
import io
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any, Final

TEXT_LIMIT: Final = 2_000_000
"""Characters taken of one attachment."""
MEMBER_LIMIT: Final = 16 * 1024 * 1024
MEMBERS: Final = 200
PAGES: Final = 500
_PLAIN: Final = (".txt", ".csv", ".ics", ".md", ".log", ".vcf", ".tsv", ".json", ".xml", ".eml")
_OFFICE: Final = ("word/document.xml", "word/header", "word/footer", "word/footnotes", "xl/sharedstrings.xml", "xl/worksheets/",
                  "content.xml", "ppt/slides/")  # fmt: skip


def text_of_attachment(name: str, kind: str, content: bytes) -> str:
    """Return the text of an attachment, at most ``TEXT_LIMIT`` characters; empty if it has none that can be read."""
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if kind.startswith("text/html") or name.lower().endswith((".html", ".htm")):
        return text_of_html(decoded(content, "utf-8"))
    if kind.startswith("text/") or name.lower().endswith(_PLAIN):
        return decoded(content[: 4 * TEXT_LIMIT], "utf-8")[:TEXT_LIMIT]
    return ""


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


def text_of_html(markup: str) -> str:
    """Return the text of HTML, without scripts and styles."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(markup[: 2 * TEXT_LIMIT])
    tree.strip_tags(["script", "style", "head", "template", "noscript"], recursive=True)
    root = tree.body or tree.root
    return "" if root is None else root.text(separator=" ")[:TEXT_LIMIT]


def _pdf(content: bytes) -> str:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)  # type: ignore[no-untyped-call]
    except pypdfium2.PdfiumError:
        return ""
    told: list[str] = []
    left = TEXT_LIMIT
    try:
        for number in range(min(len(document), PAGES)):
            page = document[number]
            words = page.get_textpage()
            told.append(words.get_text_bounded()[:left])
            left -= len(told[-1])
            words.close()
            page.close()
            if left <= 0:
                break
    except pypdfium2.PdfiumError:
        pass  # what was read of it so far counts
    finally:
        document.close()  # type: ignore[no-untyped-call]
    return "\n".join(told).replace("\ufffe", "").replace("\u0002", "")


def _office(content: bytes) -> str:
    told: list[str] = []
    left = TEXT_LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist()[:5000] if one.filename.lower().startswith(_OFFICE)]
            for member in members[:MEMBERS]:
                with archive.open(member) as opened:
                    markup = opened.read(MEMBER_LIMIT)
                text = _strip(markup, sheet="worksheets/" in member.filename)[:left]
                told.append(text)
                left -= len(text)
                if left <= 0:
                    break
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        pass  # damaged, with a password, or packed in a way nobody uses: no text, or what was read so far
    return "\n".join(told)


def _strip(markup: bytes, *, sheet: bool) -> str:
    """Return the text between the tags of an office document; a paragraph, cell or tab ends a word, another tag does not."""
    shared, breaks, tags = _patterns()
    if sheet:
        markup = shared.sub(b" ", markup)  # numbers of shared strings, which stand in a file of their own
    text = tags.sub(b"", breaks.sub(b"\n", markup))
    return html.unescape(text.decode("utf-8", "replace"))


@cache
def _patterns() -> tuple[Any, Any, Any]:
    import re2

    compiled: Callable[..., Any] = re2.compile

    return (
        compiled(rb'<c [^>]*t="s"[^>]*>(?:<f[^>]*>[^<]*</f>)?<v>[^<]*</v>'),
        compiled(rb"<(?:/w:p|w:tab|w:br|/si|/row|/c|/v|/text:p|/text:h|text:tab|text:s|text:line-break|/a:p)\b[^>]*>"),
        compiled(rb"<[^>]*>"),
    )
