"""What the verbs of outreach work with, handed round as one value."""

from __future__ import annotations

from dataclasses import dataclass

from gestand.kernel.clock import Clock
from gestand.ledger.service import Ledger
from gestand.outreach.model import Objecting, Objections, Versions
from gestand.outreach.store import OutreachStore
from gestand.outreach.suppression import Suppression
from gestand.outreach.tokens import Tokens
from gestand.post.service import Post
from gestand.register.service import Register
from gestand.storage.engine import Engine
from gestand.vault.service import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """Rows, people, ledger, statement, outbox, the list of those passed over, time, who objected and waits."""

    store: OutreachStore
    engine: Engine
    vault: Vault
    ledger: Ledger
    register: Register
    statements: Versions
    post: Post
    suppression: Suppression
    objections: Objections
    tokens: Tokens
    clock: Clock
    objecting: Objecting
