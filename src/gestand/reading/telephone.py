"""Telephone numbers into E.164 (ITU-T): ordinary Dutch notations by pattern, all others by ``phonenumbers``."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from gestand.reading.outcome import Outcome, Unsound

_PUNCTUATION = str.maketrans("", "", " -().\u00a0\u2010\u2011\u2013")
_BAD = Unsound(
    "phone", "is no telephone number that exists; write it as 06-12345678, 010-1234567 or +32 2 555 12 12, one a cell"
)
_EXTENSION = Unsound("phone-extension", "has an extension; leave it out, or keep it in a note")


def check_telephone(value: str) -> Outcome:
    """Return the number as ``+31612345678``. A number without country code is Dutch."""
    text = value.replace("(0)", "").translate(_PUNCTUATION) if "(0)" in value else value.translate(_PUNCTUATION)
    found = _dutch().fullmatch(text)
    return "+31" + found[1] if found else _parsed(value)


@cache
def _dutch() -> re.Pattern[str]:
    """Return the pattern of Dutch fixed and mobile numbers, from the numbering plan that ``phonenumbers`` carries."""
    from phonenumbers import PhoneMetadata

    plan: Any = PhoneMetadata.metadata_for_region("NL")
    fixed, mobile = plan.fixed_line.national_number_pattern, plan.mobile.national_number_pattern
    return re.compile(rf"(?:\+31|0031|0)(?=[0-9]{{9}}$)((?:{fixed})|(?:{mobile}))", re.VERBOSE | re.ASCII)


def _parsed(value: str) -> Outcome:
    import phonenumbers

    if len(value) > 40:
        return _BAD
    try:
        number = phonenumbers.parse(value, "NL")
    except phonenumbers.NumberParseException:
        return _BAD
    if not phonenumbers.is_valid_number(number):
        return _BAD
    if number.extension:
        return _EXTENSION
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
