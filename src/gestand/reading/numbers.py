"""Numbers that authorities and banks give out: IBAN, KvK, VAT (btw-id), and the firm's own customer number."""

from __future__ import annotations

import re
from functools import lru_cache

from gestand.reading.eleven import passes_eleven_test
from gestand.reading.outcome import Outcome, Unsound

_GAPS = str.maketrans("", "", " .-\u00a0\t")
_IBAN_NL = re.compile(r"NL[0-9]{2}[A-Z]{4}[0-9]{10}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_VAT_NL = re.compile(r"NL([0-9]{9})B([0-9]{2})", re.ASCII)
_VAT_EU = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}", re.ASCII)
_CUSTOMER = re.compile(r"(?=.*[0-9])[A-Z0-9](?:[A-Z0-9 ./_-]{0,38}[A-Z0-9])?", re.ASCII)
_VALUES = {ord(c): str(i) for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}
_RSIN = ("8", "00")


@lru_cache(maxsize=256)
def _digits(letters: str) -> str:
    """Return letters as ISO 7064 reads them: A is 10, Z is 35. Banks have few codes."""
    return letters.translate(_VALUES)


def check_iban(value: str) -> Outcome:
    """Return an IBAN without spaces (ISO 13616): country, length and check digits right."""
    text = value.translate(_GAPS).upper()
    if _IBAN_NL.fullmatch(text):
        sound = int(_digits(text[4:8]) + text[8:] + "2321" + text[2:4]) % 97 == 1  # N is 23, L is 21
        return text if sound else Unsound("iban", "is no IBAN: its check digits are wrong; a digit was mistyped")
    if not _IBAN.fullmatch(text):
        return Unsound("iban", "is no IBAN; a Dutch one is NL, 2 digits, 4 letters, 10 digits")
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        return str(iban.validate(text, check_country=False))
    except ValidationError:
        return Unsound("iban", "is no IBAN: its length, form or check digits are not those of its country")


def check_coc(value: str) -> Outcome:
    """Return a KvK number: eight digits; it has no check digit."""
    text = value.translate(_GAPS).upper().removeprefix("KVK")
    if not (text.isascii() and text.isdigit()):
        return Unsound("coc", "is no KvK number: eight digits")
    if len(text) == 12:
        return Unsound("coc", "has twelve digits: that is a branch number (vestigingsnummer); the KvK number has eight")
    if len(text) != 8 or int(text) == 0:
        return Unsound(
            "coc", f"is no KvK number: eight digits, not {len(text)}" if int(text or "0") else "is only zeros"
        )
    return text


def check_vat(value: str, *, refuse_bsn: bool = True) -> Outcome:
    """Return a VAT number without spaces: a Dutch btw-id, or that of another member state by its own rules.

    A Dutch number of before 2020 is nine digits that pass the eleven-test, B and two digits. For a legal person the
    nine are its RSIN; for a sole trader they are the BSN, which nobody but the tax authority may ask for (UAVG 46). Such
    a number is refused and the btw-id in use since 1 January 2020 asked for. That an RSIN begins with 8 or 00 is what
    published numbers show, not a rule found in a statute; where that is wrong a firm is asked for its number once more.
    """
    text = value.translate(_GAPS).upper()
    found = _VAT_NL.fullmatch(text if text[:2].isalpha() else "NL" + text)
    if found:
        return _dutch_vat(found, refuse_bsn=refuse_bsn)
    if text.startswith("NL") or not _VAT_EU.fullmatch(text):
        return Unsound("vat", "is no VAT number; a Dutch btw-id is NL, 9 digits, B, 2 digits")
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError

    try:
        return str(vat.validate(text))
    except ValidationError:
        return Unsound("vat", "is no VAT number of a member state: its form or check digit is wrong")


def _dutch_vat(found: re.Match[str], *, refuse_bsn: bool) -> Outcome:
    nine, two = found[1], found[2]
    present = int(f"2321{nine}11{two}") % 97 == 1  # NL, the digits, B, the check digits; ISO 7064
    if present and two != "01":
        return found[0]
    older = passes_eleven_test(nine)
    if not older and not present:
        return Unsound("vat", "is no Dutch btw-id: its check digits are wrong; a digit was mistyped")
    if older and not nine.startswith(_RSIN) and refuse_bsn:
        return Unsound(
            "vat-holds-bsn",
            "is a sole trader's VAT number of before 2020, which contains the BSN (UAVG 46); ask for the present btw-id",
        )
    return found[0]


def check_customer_number(value: str) -> Outcome:
    """Return a customer number in upper case: letters, digits and ``. / _ -``, at least one digit, at most 40."""
    text = " ".join(value.upper().split())
    if _CUSTOMER.fullmatch(text):
        return text
    return Unsound("customer-number", "is no customer number: letters, digits and . / _ - with a digit, at most 40")
