"""A statement as people have it - plain text, Markdown, HTML or PDF - into text with its headings, lists and tables kept.

HTML and PDF become a plain kind of Markdown: ``#`` before a heading, ``-`` before an item, ``|`` between the cells of a
row. Scripts, menus and forms are left out. Whatever cannot be read as text is refused with what to do about it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BYTES_LIMIT = 8_000_000
PAGES_LIMIT = 200
_BINARY = (b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x7fELF", b"{\\rtf")
_LEFT_OUT = "script, style, noscript, template, nav, svg, form, iframe, head, button, select"
_HEADINGS = {
    "h1": "#",
    "h2": "##",
    "h3": "###",
    "h4": "####",
    "h5": "#####",
    "h6": "######",
    "summary": "####",
    "dt": "#####",
    "legend": "####",
}
_FIXED = {"li": ("\n- ", "\n"), "br": ("\n", ""), "tr": ("\n", "\n"), "footer": ("\n\n# Footer\n\n", "\n\n")}
_BLOCK_TAGS = "p div section article main aside header address blockquote pre figure figcaption ul ol dl dd table thead tbody tfoot details body html center fieldset"
_BLOCKS = frozenset(_BLOCK_TAGS.split())


def read_statement(path: Path) -> str:
    """Return the text of a statement file.

    :raises UsageError: ``statement-not-found``, ``statement-unreadable``, ``statement-empty``, ``statement-too-large``,
        ``statement-encoding``, ``statement-binary``, ``statement-pdf`` or ``statement-pdf-without-text``.
    """
    where = str(path)
    if path.is_dir():
        raise UsageError(
            "statement-unreadable", "this is a folder", where=where, remedy="Name the file that holds the statement."
        )
    try:
        size = path.stat().st_size
        if size > BYTES_LIMIT:
            raise UsageError(
                "statement-too-large",
                f"the file has {size} bytes; at most {BYTES_LIMIT} are read",
                where=where,
                remedy="Give only the statement: its text, or its page without images.",
            )
        content = path.read_bytes()
    except FileNotFoundError as missing:
        raise UsageError(
            "statement-not-found", "there is no such file", where=where, remedy="Check the name and the folder."
        ) from missing
    except OSError as refused:
        raise UsageError(
            "statement-unreadable",
            f"the file cannot be read: {refused.strerror}",
            where=where,
            remedy="Check that the file is yours to read.",
        ) from refused
    return text_of(content, where=where)


def text_of(content: bytes, *, where: str = "") -> str:
    """Return the text of a statement given as bytes; what kind it is, is seen from the bytes themselves.

    :raises UsageError: as :func:`read_statement`.
    """
    if len(content) > BYTES_LIMIT:
        raise UsageError(
            "statement-too-large",
            f"there are {len(content)} bytes; at most {BYTES_LIMIT} are read",
            where=where,
            remedy="Give only the statement.",
        )
    if not content.strip():
        raise UsageError(
            "statement-empty",
            "the file is empty",
            where=where,
            remedy="Give a file that holds the text of a privacy statement.",
        )
    if content[:1024].lstrip().startswith(b"%PDF-"):
        text = _from_pdf(content, where)
    else:
        text = _decoded(content, where)
        if _is_html(text):
            text = _from_html(text)
    if not text.strip():
        raise UsageError(
            "statement-empty",
            "no text was found in the file",
            where=where,
            remedy="Open the page and save the text of the statement itself.",
        )
    return text


def _decoded(content: bytes, where: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(content, "utf-16", where)
    if content.startswith(_BINARY) or b"\x00" in content[:65536]:
        raise UsageError(
            "statement-binary",
            "this is not a text, HTML or PDF file",
            where=where,
            remedy="Save the statement as plain text (UTF-8), HTML or PDF; from a word processor: 'save as PDF'.",
        )
    return _strict(content, "utf-8-sig", where)


def _strict(content: bytes, encoding: str, where: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise UsageError(
            "statement-encoding",
            f"line {line} is not {'UTF-8' if '8' in encoding else 'UTF-16'}",
            where=where,
            remedy="Save the file with the encoding UTF-8 and try again.",
        ) from fault


def _is_html(text: str) -> bool:
    start = text[:2000].lower()
    return (
        "<!doctype html" in start
        or "<html" in start
        or any(
            mark in start for mark in ("<body", "<main", "<article", "<h1", "<h2", "<p>", "<div", "<section", "<ul>")
        )
    )


def _from_html(text: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    for node in tree.css(_LEFT_OUT):
        if node.tag != "head":
            node.decompose()
    told: list[str] = []
    if tree.body is not None:
        _walk(tree.body, told)
    return "\n".join(_tidy("".join(told)))


def _tidy(text: str) -> list[str]:
    return [" ".join(line.split()) if "|" not in line else line.strip() for line in text.split("\n")]


def _walk(top: LexborNode, told: list[str]) -> None:
    """Write the text below a node; a stack, not recursion, so that no depth of tags overturns it."""
    stack: list[LexborNode | str] = [top]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            told.append(node)
            continue
        opening, closing = _marks(node)
        told.append(opening)
        if node.tag == "tr":
            told.append(_row(node))
        elif node.tag == "-text":
            told.append(" ".join((node.text_content or "").replace("\n", " ").split(" ")))
        else:
            stack.append(closing)
            stack.extend(reversed(list(node.iter(include_text=True))))
            continue
        told.append(closing)


def _marks(node: LexborNode) -> tuple[str, str]:
    """Return what is written before and after a node."""
    tag = node.tag or ""
    if tag in _HEADINGS:
        return f"\n\n{_HEADINGS[tag]} ", "\n\n"
    if tag in _FIXED:
        return _FIXED[tag]
    if tag == "a":
        address = node.attributes.get("href") or ""
        shown = address.removeprefix("mailto:").split("?")[0]
        return "", f" ({shown})" if address.startswith("mailto:") and shown not in node.text() else ""
    if (
        tag in {"strong", "b"}
        and node.parent is not None
        and node.parent.tag in {"p", "div"}
        and node.parent.text(strip=True) == node.text(strip=True)
    ):
        return "**", "**"
    return ("\n\n", "\n\n") if tag in _BLOCKS else ("", "")


def _row(row: LexborNode) -> str:
    cells = [child for child in row.iter() if child.tag in {"td", "th"}]
    line = "| " + " | ".join(" ".join(cell.text(separator=" ").split()).replace("|", "/") for cell in cells) + " |"
    if cells and all(cell.tag == "th" for cell in cells):
        line += "\n" + "|" + " --- |" * len(cells)
    return line


def _from_pdf(content: bytes, where: str) -> str:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)  # type: ignore[no-untyped-call]
    except pypdfium2.PdfiumError as fault:
        raise UsageError(
            "statement-pdf",
            "the PDF is damaged or has a password",
            where=where,
            remedy="Save it again as a PDF without a password, or give its text.",
        ) from fault
    try:
        if len(document) > PAGES_LIMIT:
            raise UsageError(
                "statement-too-large",
                f"the PDF has {len(document)} pages; at most {PAGES_LIMIT} are read",
                where=where,
                remedy="Give only the statement.",
            )
        pages = []
        for number in range(len(document)):
            page = document[number]
            words = page.get_textpage()
            pages.append(words.get_text_bounded().replace("\r\n", "\n").replace("\ufffe", "").replace("\u0002", ""))
            words.close()
            page.close()
    finally:
        document.close()  # type: ignore[no-untyped-call]
    text = "\n".join(pages)
    if not any(letter.isalpha() for letter in text):
        raise UsageError(
            "statement-pdf-without-text",
            "the PDF holds pictures of pages and no text",
            where=where,
            remedy="Save the statement as text, HTML or a PDF with text; a scan cannot be read.",
        )
    return text
