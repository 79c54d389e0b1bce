"""What a loose value most likely is: for a search field, where nobody says what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable

from gestand.reading.addresses import check_email, check_ip, check_postcode
from gestand.reading.numbers import check_customer_number, check_iban, check_vat
from gestand.reading.telephone import check_telephone
from gestand.statement.policy import FieldKind

_DIALLED = re.compile(r"\+?[0-9(][0-9 ().\u2010-\u2013-]{6,24}")
_WORDS = re.compile(r"[^\W\d_][^\d@]*")


def guess_kind(value: str) -> FieldKind | None:
    """Return the kind that ``value`` has by its form, or None.

    In this order: e-mail, IBAN, VAT number, Dutch postcode, IP address, telephone (as it is dialled: a 0, a + or
    punctuation), customer number (a code with a digit in it), name (words without digits). A bare number is a customer
    number, never a BSN: the eleven-test alone proves nothing.
    """
    text = value.strip()
    if "@" in text:
        return FieldKind.EMAIL if isinstance(check_email(text), str) else None
    return next((kind for kind, fits in _FORMS if fits(text)), None)


def _dialled(text: str) -> bool:
    return _DIALLED.fullmatch(text) is not None and text[0] in "+0(" and isinstance(check_telephone(text), str)


_FORMS: tuple[tuple[FieldKind, Callable[[str], bool]], ...] = (
    (FieldKind.IBAN, lambda text: isinstance(check_iban(text), str)),
    (FieldKind.VAT, lambda text: text[:2].isalpha() and isinstance(check_vat(text, refuse_bsn=False), str)),
    (FieldKind.POSTCODE, lambda text: isinstance(check_postcode(text), str)),
    (FieldKind.IP, lambda text: isinstance(check_ip(text), str)),
    (FieldKind.PHONE, _dialled),
    (FieldKind.CUSTOMER_NUMBER, lambda text: isinstance(check_customer_number(text), str) and " " not in text),
    (FieldKind.NAME, lambda text: _WORDS.fullmatch(text) is not None),
)
