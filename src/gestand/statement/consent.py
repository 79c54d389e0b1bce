"""By which digest the words stand in the ledger that somebody agreed to (Article 7(1) GDPR). Pure."""

from __future__ import annotations

import hashlib

from gestand.kernel.canonical import canonical
from gestand.statement.policy import Text


def words_digest(text: Text) -> str:
    """Return the digest of the words in which consent was asked, in both languages."""
    return hashlib.sha256(canonical({"nl": text.nl, "en": text.en})).hexdigest()
