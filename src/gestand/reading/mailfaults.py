"""What the standard library raises on a mail that is broken or hostile: one list, for whoever reads one in this process."""

from __future__ import annotations

from email.errors import MessageError
from typing import Final

MAIL_FAULTS: Final = (
    RecursionError,  # parts nested a thousand deep
    MessageError,
    ValueError,  # a moment, address or encoding that cannot be
    LookupError,  # a charset that nobody knows
    TypeError,  # a header with fewer words than it must have
    AttributeError,  # a part that is not of the kind its header says
)
