"""The eleven-test of the citizen service number (BSN), and what makes a number that passes it a BSN.

Nine in a hundred random numbers of nine digits pass the test, mobile telephone numbers without their first zero too. So
a number is taken for a BSN only with a name or a context that says so, together with the test. A BSN may be processed
only where an act provides for it (UAVG 46(1)).
"""

from __future__ import annotations

import re

_NAMED = re.compile(
    r"^(?:bsn|burgerservice(?:nummer|nr)|sofi(?:nummer|nr)?|citizenservicenumber)(?:nummer|nr|number)?$"
)
_NOT_LETTER = re.compile(r"[^a-z]")
_HINTS = ("bsn", "burger", "sofi", "citizen")
_SPOKEN = re.compile(
    r"(?<![a-z])(?:bsn|burger\s?service\s?(?:nummer|nr)|sofi[\s-]?(?:nummer|nr)?|citizen\s+service\s+number)(?![a-z])"
    r"[^0-9\n]{0,24}([0-9](?:[ .-]?[0-9]){7,8})(?![0-9])"
)


def passes_eleven_test(digits: str) -> bool:
    """Say whether eight or nine ``digits`` pass: 9a+8b+7c+6d+5e+4f+3g+2h-i is a multiple of eleven, and not zero."""
    if len(digits) not in {8, 9} or not (digits.isascii() and digits.isdigit()):
        return False
    a, b, c, d, e, f, g, h, i = map(int, digits.zfill(9))
    total = 9 * a + 8 * b + 7 * c + 6 * d + 5 * e + 4 * f + 3 * g + 2 * h - i
    return total % 11 == 0 and int(digits) != 0


def names_bsn(name: str) -> bool:
    """Say whether the name of a column or field is one for a BSN (``BSN``, ``burgerservicenummer``, ``sofi-nr``)."""
    return _NAMED.fullmatch(_NOT_LETTER.sub("", name.casefold())) is not None


def is_bsn(name: str, value: str) -> bool:
    """Say whether ``value`` under the column or field ``name`` is a BSN: the name says so and the test passes."""
    return names_bsn(name) and passes_eleven_test(re.sub(r"[ .-]", "", value.strip()))


def holds_bsn(text: str) -> bool:
    """Say whether free ``text`` holds a BSN: a number that passes the test, close behind a word that announces one."""
    low = text.casefold()
    if not any(hint in low for hint in _HINTS):
        return False
    return any(passes_eleven_test(re.sub(r"[ .-]", "", found[1])) for found in _SPOKEN.finditer(low))
