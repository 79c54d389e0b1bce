"""A checkpoint as one line that can be printed, read out and typed back: the poor man's witness.

    GESTAND-1 <size> <13 groups of 4 letters and digits> <4 letters and digits to check it>

The groups are the root in base 32 without look-alikes (Crockford); the last group is over all before it.
"""

from __future__ import annotations

from hashlib import sha256

from gestand.kernel.errors import UsageError
from gestand.ledger.model import Head

FIRST = "GESTAND-1"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
GROUPS = 13
WIDTH = 4


def printed(head: Head) -> str:
    """Return the line for a head."""
    number = int.from_bytes(head.root, "big")
    digits = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(GROUPS * WIDTH)))
    groups = [digits[start : start + WIDTH] for start in range(0, len(digits), WIDTH)]
    return f"{FIRST} {head.size} {' '.join(groups)} {_check(head.size, digits)}"


def read_printed(line: str) -> Head:
    """Return the head that a printed line tells, whatever the case and spaces.

    :raises UsageError: ``printed-line`` if it was typed wrong.
    """
    words = line.upper().split()
    size = words[1] if len(words) > 2 and words[0] == FIRST and words[1].isdigit() else ""
    digits = "".join(words[2:]).translate(LOOKS) if size else ""
    if len(digits) != (GROUPS + 1) * WIDTH or not set(digits) <= set(ALPHABET):
        raise _wrong("it is not complete")
    body, check = digits[: GROUPS * WIDTH], digits[GROUPS * WIDTH :]
    if _check(int(size), body) != check:
        raise _wrong("a letter or digit is another than was printed")
    number = 0
    for sign in body:
        number = number << 5 | ALPHABET.index(sign)
    if number >> 256:
        raise _wrong("it tells no root")
    return Head(int(size), number.to_bytes(32, "big"))


def _check(size: int, digits: str) -> str:
    found = int.from_bytes(sha256(f"{FIRST} {size} {digits}".encode()).digest()[:4], "big")
    return "".join(ALPHABET[(found >> (5 * place)) & 31] for place in reversed(range(WIDTH)))


def _wrong(why: str) -> UsageError:
    return UsageError("printed-line", f"this is no printed checkpoint: {why}", remedy="Type it again from the paper.")
