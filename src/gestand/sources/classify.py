"""What a column most likely holds, by its name and by what a sample of it looks like under the validators. Pure.

A guess for a person to review. It may ask once too often; what is personal and not declared must not slip through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gestand.reading.addresses import check_email, check_ip, check_postcode
from gestand.reading.eleven import passes_eleven_test
from gestand.reading.numbers import check_iban, check_vat
from gestand.reading.telephone import check_telephone
from gestand.statement.policy import FieldKind

SAMPLE = 200
"""Rows of a table that are looked at."""
_TEXT_LENGTH = 40
_EMAIL_IN = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE_IN = re.compile(r"(?<!\d)(?:\+31|0031|0)[ -]?(?:\(0\))?[1-9](?:[ -]?\d){8}(?!\d)")
_IBAN_IN = re.compile(r"\b[A-Z]{2}\d{2}[ ]?[A-Z]{4}(?:[ ]?\d){10}\b")
_NAME_LIKE = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[ ,]+(?:[^\W\d_][\w'’.-]*)){1,5}")
_STREET = re.compile(
    r"[^\W\d_][\w .'’-]{0,60}(?:straat|laan|weg|plein|dijk|kade|hof|pad|singel|gracht|steeg|dreef|markt) \d{1,5} ?[-\w]{0,6}",
    re.IGNORECASE,
)
"""A street as most in the Netherlands are called, and a number."""
_PERSONAL_TABLE = re.compile(
    r"customer|client|klant|person|persoon|contact|user|gebruiker|member|lid|leden|employee|medewerker|account|subscriber|lead|relatie|debtor|debiteur",
    re.IGNORECASE,
)
_NAMED: tuple[tuple[FieldKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (FieldKind.EMAIL, r"e_?-?mail|(^|_)mail($|_|adres|addr)"),
        (FieldKind.IBAN, r"iban|rekening_?(nr|nummer|no)|bank_?account|account_?number"),
        (FieldKind.BSN, r"(^|_)bsn($|_)|burgerservice|sofi_?n|citizen_?service|national_?id"),
        (FieldKind.IP, r"(^|_)ip($|_|v4|v6|addr)|remote_?addr|ip_?adres"),
        (FieldKind.PHONE, r"phone|telefo|(^|_)tel($|_|nr)|mobile|mobiel|(^|_)gsm($|_)|(^|_)fax($|_)"),
        (FieldKind.POSTCODE, r"post_?code|zip_?code|(^|_)zip($|_)|postal"),
        (FieldKind.VAT, r"(^|_)vat_?(id|nr|no|number)|btw_?(id|nr|nummer)|tax_?id"),
        (FieldKind.COC, r"(^|_)kvk|(^|_)coc($|_)|chamber_?of"),
        (FieldKind.CUSTOMER_NUMBER, r"(customer|client|klant|debiteur|relatie|member)_?(no|nr|num|number|nummer|code)$"),
        (FieldKind.DATE, r"birth|geboorte|(^|_)dob($|_)"),
        (FieldKind.STREET, r"street|straat|(?<!mac)(?<!mac_)adres|(?<!mac)(?<!mac_)address(?!.*(ip|mac|mail|id$|type$))"),
        (FieldKind.TOWN, r"(^|_)city($|_)|(^|_)town($|_)|woonplaats|(^|_)plaats($|_)"),
        (FieldKind.NAME, r"(first|last|sur|full|family|given|display|contact|nick|user|recipient|billing|holder|card)_?name|voornaam|achternaam|tussenvoegsel|naam_?op|(^|_)naam$|(^|_)author$|(^|_)name_on|(^|_)login$|nicename"),
        (FieldKind.TEXT, r"(^|_)(note|notes|comment|comments|remark|remarks|opmerking|opmerkingen|message|bericht|body|memo|feedback|question|vraag|toelichting)($|_)"),
    )
)  # fmt: skip
_VALID: tuple[tuple[FieldKind, float, Callable[[str], bool]], ...] = (
    (FieldKind.EMAIL, 0.5, lambda text: "@" in text and isinstance(check_email(text), str)),
    (FieldKind.IBAN, 0.5, lambda text: text[:2].isalpha() and isinstance(check_iban(text), str)),
    (FieldKind.IP, 0.8, lambda text: isinstance(check_ip(text), str)),
    (FieldKind.PHONE, 0.6, lambda text: text.lstrip("(")[:1] in {"0", "+"} and isinstance(check_telephone(text), str)),
    (FieldKind.STREET, 0.5, lambda text: _STREET.fullmatch(text) is not None),
    (FieldKind.POSTCODE, 0.8, lambda text: isinstance(check_postcode(text), str)),
    (FieldKind.VAT, 0.8, lambda text: text[:2].isalpha() and isinstance(check_vat(text, refuse_bsn=False), str)),
)
_ABOUT = re.compile(
    r"(^|_)(id|nr|type|kind|soort|date|datum|gmt|at|count|aantal|status|parent|approved|karma)$", re.IGNORECASE
)
"""How the name of a column ends that says something about a text, and is none."""
_BSN_SHARE, _BSN_FEWEST = 0.98, 10
"""One random number of eleven passes the eleven-test: that nearly all of many do is no chance."""
_NAME_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column most likely holds, and why that was thought. ``free_text``: persons are spoken of in it."""

    kind: FieldKind
    why: str
    free_text: bool = False
    by_content: bool = False


def guess_column(table: str, column: str, samples: Sequence[str]) -> Guess | None:
    """Return what a column most likely holds; None where nothing personal shows."""
    filled = [text.strip() for text in samples if text and text.strip()]
    return _by_content(table, filled) or _by_name(table, column, filled)


def _by_content(table: str, filled: Sequence[str]) -> Guess | None:
    if not filled:
        return None
    for kind, enough, valid in _VALID:
        share = sum(valid(text) for text in filled) / len(filled)
        if share >= enough:
            return Guess(kind, f"{share:.0%} of {len(filled)} values are valid as {kind}", by_content=True)
    nine = [text for text in filled if text.isdigit() and len(text) in {8, 9}]
    if len(nine) >= _BSN_FEWEST and len(nine) == len(filled):
        share = sum(passes_eleven_test(text.zfill(9)) for text in nine) / len(nine)
        if share >= _BSN_SHARE:
            return Guess(FieldKind.BSN, f"{share:.0%} of {len(nine)} values pass the eleven-test", by_content=True)
    if holds_identifiers(filled):
        return Guess(
            FieldKind.TEXT, "texts in it hold addresses or numbers of persons", free_text=True, by_content=True
        )
    named = sum(_NAME_LIKE.fullmatch(text) is not None and text[:1].isupper() for text in filled) / len(filled)
    if named >= _NAME_SHARE and _PERSONAL_TABLE.search(table) and len(set(filled)) > len(filled) / 2:
        return Guess(FieldKind.NAME, f"{named:.0%} of {len(filled)} values look like names", by_content=True)
    return None


def holds_identifiers(texts: Sequence[str]) -> bool:
    """Say whether any of these texts holds an e-mail address, a telephone number or an account."""
    return any(_EMAIL_IN.search(t) or _PHONE_IN.search(t) or _IBAN_IN.search(t.upper()) for t in texts)


def _by_name(table: str, column: str, filled: Sequence[str]) -> Guess | None:
    for kind, pattern in _NAMED:
        if kind is FieldKind.TEXT and (_ABOUT.search(column) or (filled and not any(" " in text for text in filled))):
            continue  # what kind of message, of which, when: no words of anybody
        if pattern.search(column):
            return Guess(kind, f"its name says {kind}", free_text=kind is FieldKind.TEXT)
    if column.lower() in {"name", "title"} and _PERSONAL_TABLE.search(table):
        return Guess(FieldKind.NAME, "a name, in a table of persons")
    long = [text for text in filled if len(text) > _TEXT_LENGTH and " " in text]
    if filled and len(long) > len(filled) / 3:
        return Guess(FieldKind.TEXT, "free text", free_text=True)
    return None
