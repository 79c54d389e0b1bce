"""Codes, pure: how they look, how they are known again, how long they hold.

A link carries 256 random bits, of which the SHA-256 is kept. A code to be typed has four signs to find it by and twelve
(60 bits) that are kept as Argon2id (RFC 9106); after five wrong ones it opens nothing any more. The signs are those of
Crockford's base32: no I, L, O or U, and what is read as one of those is taken for what it looks like.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gestand.kernel.entropy import Entropy

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LINK_SIZE = 32
FINDS, SECRET = 4, 12
TRIES = 5
FOLLOWS = timedelta(days=180)
"""How long a code follows a request: the longest term of Article 12(3) is three months, and the answer is read after it."""
FETCHES = timedelta(days=7)
GRACE = timedelta(minutes=15)
"""After an answer was fetched its code opens the page for so long: a mail scanner or a double click took nothing away."""
LONGEST = 200
_LINK = re.compile(r"[A-Za-z0-9_-]{43}")
_LOOKS_LIKE = str.maketrans("ILOU", "110V")
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzLg$OiK2BlAGQwZWd0x+ZvaW8/NhcFDOTTbYF2ZcX2hbYqo"
"""A hash that no code has (of twelve noughts): what an unknown code is compared with, so that it costs the same."""


def new_link(entropy: Entropy) -> str:
    """Return a fresh code for a link: 43 signs of base64url."""
    return base64.urlsafe_b64encode(entropy(LINK_SIZE)).decode("ascii").rstrip("=")


def new_typed(entropy: Entropy) -> str:
    """Return a fresh code to be typed, in groups of four."""
    signs = "".join(
        SIGNS[byte % 32] for byte in entropy(FINDS + SECRET)
    )  # 256 is a multiple of 32: no sign is likelier
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def is_link(text: str) -> bool:
    """Say whether a text has the shape of a link's code."""
    return _LINK.fullmatch(text.strip()) is not None


def signs_of(text: str) -> str:
    """Return what was typed as the sixteen signs of a code; empty if it cannot be one."""
    if len(text) > LONGEST:
        return ""
    found = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_LOOKS_LIKE)
    return found if len(found) == FINDS + SECRET and all(sign in SIGNS for sign in found) else ""


def mark_of_link(text: str) -> str:
    """Return by what the code of a link is found."""
    return hashlib.sha256(b"link\x00" + text.strip().encode("ascii", "replace")).hexdigest()


def mark_of_typed(signs: str) -> str:
    """Return by what a typed code is found: its first four signs."""
    return hashlib.sha256(b"typed\x00" + signs[:FINDS].encode("ascii", "replace")).hexdigest()


def hashed(signs: str, entropy: Entropy) -> str:
    """Return the Argon2id hash of a typed code's secret signs."""
    return _HASHER.hash(signs[FINDS:], salt=entropy(16))


def same(kept: str, signs: str) -> bool:
    """Say whether typed signs belong to a hash; without a hash the same work is done for nothing."""
    try:
        _HASHER.verify(kept or _NOBODYS, signs[FINDS:] or "-")
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)
