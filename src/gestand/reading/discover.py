"""Identifiers of persons in free text: e-mail, telephone, IBAN, BSN, Dutch postcode, IP address, btw-id.

text -> one pass of RE2 (linear in its length, whatever the text) for candidates -> the edges and the words around each ->
the validator of its kind -> place and normal form. A BSN is nine digits that pass the eleven-test and are not announced
as something else; four small numbers with points behind a word for "version" are no IP address.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from gestand.reading.eleven import passes_eleven_test
from gestand.reading.numbers import check_iban, check_vat
from gestand.reading.telephone import check_telephone
from gestand.statement.policy import FieldKind


class Spotted(NamedTuple):
    """An identifier in a text: its kind, where it stands (characters), and its normal form."""

    kind: FieldKind
    start: int
    end: int
    normal: str


_GAP: Final = r"[ ]{0,2}[-./]?[ ]{0,2}"
_NINE: Final = rf"[1-9](?:{_GAP}\d){{8}}"
_PATTERNS: Final = (
    r"[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}\.[A-Za-z]{2,24}",  # 1 e-mail
    r"\b(?:[Nn][Ll]\d\d[ .-]?[A-Za-z]{4}[ .-]?\d{4}[ .-]?\d{4}[ .-]?\d\d|[A-Z]{2}\d\d(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?)\b",  # 2 IBAN
    r"\bNL[ .]?\d{3}\.?\d{3}\.?\d{3}\.?B\.?\d\d\b",  # 3 btw-id
    (
        rf"(?:\+31|\b0031){_GAP}(?:\(0\)[ -]?)?{_NINE}\b"
        rf"|\(0\d\){_GAP}\d(?:{_GAP}\d){{7}}\b|\(0\d\d\){_GAP}\d(?:{_GAP}\d){{6}}\b|\(0\d\d\d\){_GAP}\d(?:{_GAP}\d){{5}}\b"
        rf"|\b0{_NINE}\b"
    ),  # 4 Dutch telephone
    r"\+[1-9]\d{0,2}(?:[ ]?[-./(]?[ ]?\d\)?){6,13}\b",  # 5 other telephone
    r"\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b|\b(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}\b",  # 6 IPv6
    r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",  # 7 IPv4
    r"\b(?:\d{9}|\d{3}[ .-]\d{3}[ .-]\d{3}|\d{4}\.\d\d\.\d{3})\b",  # 8 BSN
    r"\b[1-9]\d{3}[ ]{0,2}[A-Za-z]{2}\b",  # 9 postcode
)
_EMAIL, _IBAN, _VAT, _DUTCH, _ABROAD, _IP6, _IP4, _BSN, _POSTCODE = range(1, 10)
_VERSION: Final = re.compile(
    r"(?:versie|version|release|firmware|build|driver|paragraaf|artikel|hoofdstuk|section|v|ver|§|par)\.?:?\s*$",
    re.IGNORECASE,
)
_OTHER_NUMBER: Final = re.compile(
    r"(?:artikel|art|order|ordernummer|factuur|factuurnummer|offerte|klantnummer|kenmerk|ref|referentie|serienummer|zaaknummer|"
    r"kvk|kvk-nummer|rekening|bestelnummer|bestelling|ticket|invoice|product|polis|polisnummer|dossier|tracking|id|rsin)"
    r"(?:\s?(?:nummer|nr|no|number))?\.?\s*(?:is|:|=|#)?\s*$",
    re.IGNORECASE,
)
_POSTCODE_BEFORE: Final = re.compile(r"(?:postcode:?\s*|,\s*)$", re.IGNORECASE)
_TOWN_BEHIND: Final = re.compile(r"\s+[A-Z]|\s*$|\s*[.;,|\n]")
_WORDS: Final = frozenset(
    [
        "km",
        "kg",
        "mm",
        "cm",
        "ml",
        "mb",
        "gb",
        "tb",
        "kb",
        "kw",
        "wh",
        "mw",
        "hz",
        "st",
        "pk",
        "uu",
        "en",
        "op",
        "is",
        "in",
        "de",
        "te",
        "je",
        "we",
        "ze",
        "of",
        "om",
        "al",
        "er",
        "na",
        "nu",
        "zo",
        "ik",
        "hij",
        "was",
        "per",
        "bij",
        "aan",
        "me",
        "at",
        "by",
        "on",
        "to",
        "an",
        "as",
        "it",
        "or",
        "us",
        "am",
        "pm",
        "no",
        "so",
        "up",
        "if",
        "be",
        "do",
        "go",
        "he",
        "ha",
        "ex",
        "ca",
    ]
)
_NEVER_ISSUED: Final = frozenset({"SA", "SD", "SS"})
_WINDOW: Final = 28
PATTERN_MEMORY: Final = 32 * 1024 * 1024
"""Bytes for the states of the candidates: long runs of letters and digits (keys, signatures) need many."""


def discover(text: str) -> list[Spotted]:
    """Return the identifiers in a text, in their order; none overlaps another."""
    if not text.isascii():
        text = (
            text.replace("\u00a0", " ")
            .replace("\u2013", "-")
            .replace("\u2011", "-")
            .replace("\u2010", "-")
            .replace("\u202f", " ")
        )
        folded = text.encode("ascii", "replace")  # a byte for each character, so that places stay the same
    else:
        folded = text.encode("ascii")
    return list(_judged(text, folded))


def _judged(text: str, folded: bytes) -> Iterator[Spotted]:
    for found in _candidates().finditer(folded):
        group = found.lastindex
        kind, judge = _JUDGES[group - 1]
        start, end = found.span()
        normal = judge(text, start, end)
        if normal:
            yield Spotted(kind, start, end, normal)


@cache
def _candidates() -> Any:
    import re2

    compiled: Callable[..., Any] = re2.compile

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_nl = False
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False  # it says nothing but that it went on the slow way
    return compiled(b"|".join(b"(" + pattern.encode() + b")" for pattern in _PATTERNS), options)


def _email(text: str, start: int, end: int) -> str:
    if start and (text[start - 1].isalnum() or text[start - 1] == "@"):
        return ""
    value = text[start:end].casefold()
    return "" if ".." in value else value.replace(".@", "@")


def _iban(text: str, start: int, end: int) -> str:
    return _checked_iban(text[start:end])


@lru_cache(maxsize=4096)
def _checked_iban(value: str) -> str:
    checked = check_iban(value)
    return checked if isinstance(checked, str) else ""


def _vat(text: str, start: int, end: int) -> str:
    checked = check_vat(text[start:end], refuse_bsn=False)
    return checked if isinstance(checked, str) else ""


_DIGITS: Final = dict.fromkeys(map(ord, " -./()+"))


def _dutch_telephone(text: str, start: int, end: int) -> str:
    if start and (text[start - 1].isalnum() or (text[start - 1] in ".,-/+" and text[start - 2 : start - 1].isdigit())):
        return ""
    digits = text[start:end].replace("(0)", "").translate(_DIGITS)
    national = digits[-9:]
    return "+31" + national if _in_plan(national) and len(digits) in {10, 11, 13} else ""


@lru_cache(maxsize=8192)
def _in_plan(national: str) -> bool:
    return isinstance(check_telephone("0" + national), str)


def _telephone_abroad(text: str, start: int, end: int) -> str:
    if start and text[start - 1].isalnum():
        return ""
    checked = check_telephone(text[start:end])
    return checked if isinstance(checked, str) else ""


def _ip6(text: str, start: int, end: int) -> str:
    if (start and text[start - 1] == ":") or text[end : end + 1] == ":":
        return ""
    try:
        return str(ipaddress.IPv6Address(text[start:end]))
    except ValueError:
        return ""


def _ip4(text: str, start: int, end: int) -> str:
    if (start and text[start - 1] in ".-") or (text[end : end + 1] in {".", "-"} and text[end + 1 : end + 2].isalnum()):
        return ""
    value = text[start:end]
    parts = value.split(".")
    if any(int(part) > 255 or (len(part) > 1 and part[0] == "0") for part in parts):
        return ""
    return "" if _VERSION.search(text[max(0, start - _WINDOW) : start]) else value


def _bsn(text: str, start: int, end: int) -> str:
    before = text[start - 1] if start else " "
    if before in ".,-/+€$" or (text[end : end + 1] in {".", ",", "-", "/"} and text[end + 1 : end + 2].isdigit()):
        return ""
    if before == " " and text[start - 2 : start - 1].isdigit() and " " in text[start:end]:
        return ""
    digits = text[start:end]
    if len(digits) > 9:
        digits = digits.replace(" ", "").replace(".", "").replace("-", "")
    if not passes_eleven_test(digits):
        return ""
    return "" if _OTHER_NUMBER.search(text[max(0, start - _WINDOW) : start]) else digits


def _postcode(text: str, start: int, end: int) -> str:
    letters = text[end - 2 : end]
    if letters.upper() in _NEVER_ISSUED or (start and text[start - 1] in ".,-/+€$#"):
        return ""
    if not letters.isupper():
        if letters[0].isupper() or letters[1].isupper():  # "1234 De", the beginning of a word or name
            return ""
        if letters in _WORDS and not _POSTCODE_BEFORE.search(text[max(0, start - _WINDOW) : start]):
            behind = text[end : end + 3]
            if not _TOWN_BEHIND.match(behind):
                return ""
    return text[start : start + 4] + letters.upper()


Judge = Callable[[str, int, int], str]
_JUDGES: Final[tuple[tuple[FieldKind, Judge], ...]] = (
    (FieldKind.EMAIL, _email),
    (FieldKind.IBAN, _iban),
    (FieldKind.VAT, _vat),
    (FieldKind.PHONE, _dutch_telephone),
    (FieldKind.PHONE, _telephone_abroad),
    (FieldKind.IP, _ip6),
    (FieldKind.IP, _ip4),
    (FieldKind.BSN, _bsn),
    (FieldKind.POSTCODE, _postcode),
)
