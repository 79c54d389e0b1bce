"""Identifiers that cross rooms, each a type of its own, and how a new one is made."""

from __future__ import annotations

import base64
from typing import NewType

from gestand.kernel.entropy import Entropy

SubjectId = NewType("SubjectId", str)  # sub_...  a data subject (natural person) or party in the register
ItemId = NewType("ItemId", str)  # itm_...  one personal datum in the vault
DossierId = NewType("DossierId", str)  # dos_...  question, quote, agreement, job, invoice, complaint
RequestId = NewType("RequestId", str)  # req_...  a request by a data subject
BreachId = NewType("BreachId", str)  # bre_...  a data breach, an incident, or a rehearsal of one
DeviceId = NewType("DeviceId", str)  # dev_...  a customer's device in hand
MessageId = NewType("MessageId", str)  # msg_...  one message in the archive
ActorId = NewType("ActorId", str)  # who acts: "owner", "system", a staff name; never a data subject's name
CategoryId = NewType("CategoryId", str)  # policy: a data category
FieldPath = NewType("FieldPath", str)  # policy: "category.field"
PurposeId = NewType("PurposeId", str)  # policy
ShelfId = NewType("ShelfId", str)  # policy: retention class
RecipientId = NewType("RecipientId", str)  # policy
ClauseId = NewType("ClauseId", str)  # C1 ... ; ids are the organisation's own
ControlId = NewType("ControlId", str)  # evidence: a registered check
VersionId = NewType("VersionId", str)  # a published version of the statement, by its date: 2018-05-25

SYSTEM = ActorId("system")


def new_id(prefix: str, entropy: Entropy) -> str:
    """Return ``prefix_`` and 16 characters of lower-case base32 (80 random bits)."""
    return f"{prefix}_{base64.b32encode(entropy(10)).decode('ascii').lower()}"
