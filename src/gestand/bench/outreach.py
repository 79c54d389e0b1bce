"""How fast everyone is judged for a campaign: 100,000 addressees by consent, objection, custom and the list of marks.

Two people in three consented, one in ten objected, one in ten is a customer with a dossier, one in fifty is suppressed.
The audience is judged as before every sending: nobody's data are opened for it.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from gestand.bench import customers
from gestand.bench.report import Result, document
from gestand.kernel.canonical import canonical
from gestand.kernel.clock import system_clock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, ShelfId, SubjectId
from gestand.ledger.service import open_ledger
from gestand.outreach.model import CampaignKind, Via, Why
from gestand.outreach.service import Outreach
from gestand.outreach.store import OutreachStore
from gestand.outreach.suppression import EVERYTHING, Suppression
from gestand.post.service import Post
from gestand.register.model import DossierKind, Involved
from gestand.register.service import Register
from gestand.statement.model import PublishedVersion, Statement
from gestand.statement.policy import FieldKind, Policy
from gestand.storage.engine import Engine
from gestand.storage.sqlite import open_sqlite
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.service import Vault, data_key, open_vault

REACH = 10.0  # seconds for 100,000
_OWNER = ActorId("owner")
_NEWSLETTER, _SERVICE = PurposeId("newsletter"), PurposeId("service")
_SHELF = ShelfId("customer")
_TEXT = {"nl": "Ja, stuur mij de nieuwsbrief.", "en": "Yes, send me the newsletter."}
_AT_ONCE = 5_000


class _Versions:
    """A statement with one version."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def in_force(self) -> Statement:
        return self._statement

    def version(self, version: str, /) -> Statement | None:
        return self._statement if version == self._statement.version else None

    def history(self) -> tuple[PublishedVersion, ...]:
        return (PublishedVersion(self._statement.version, "", date(2026, 1, 1), "2026-01-01T00:00:00+00:00"),)


class _Choices:
    """Objections straight to the vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def object_to(self, subject: SubjectId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str) -> None:
        self._vault.object_to(subject, purposes, actor=actor, reason=reason)


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Run the benchmark and return the machine form (docs/formats.md); ``quick``: at most 5,000 people, one round."""
    return document(measure(size=min(size, 5_000) if quick else size, rounds=1 if quick else 5))


def measure(*, size: int, rounds: int) -> list[Result]:
    """Judge ``size`` invented people ``rounds`` times; the median, in seconds.

    :raises DamagedError: ``bench-judged`` if a judgement differs from what was made.
    """
    statement = _statement()
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as folder:
        place, key = Path(folder), system_entropy(32)
        engine = open_sqlite(place / "data.db", data_key(key), create=True)
        ledger = open_ledger(
            place / "ledger", engine, clock=system_clock, entropy=system_entropy, remembered=place / "remembered",
            origin="example.nl/bench",
        )  # fmt: skip
        versions = _Versions(statement)
        vault = open_vault(place, engine, ledger, versions, root_key=key, clock=system_clock, entropy=system_entropy)
        try:
            register = Register(engine, vault, ledger, versions, system_clock, system_entropy)
            suppression = Suppression(OutreachStore(engine), engine, vault, versions, system_clock)
            post = Post(
                engine, vault, ledger, versions, root_key=key, clock=system_clock, entropy=system_entropy,
                lock=place / "outbox.lock",
            )  # fmt: skip
            outreach = Outreach(
                engine=engine, vault=vault, ledger=ledger, register=register, statements=versions, post=post,
                suppression=suppression, objections=_Choices(vault), root_key=key, clock=system_clock,
                entropy=system_entropy,
            )  # fmt: skip
            expected = _fill(engine, vault, register, size)
            campaign = outreach.new(
                CampaignKind.NEWSLETTER, Via.MAIL, _NEWSLETTER, title="Nieuws", template="Hallo.", actor=_OWNER
            )
            taken = []
            for _ in range(rounds):
                start = time.perf_counter()
                audience = outreach.audience(campaign.id)
                taken.append(time.perf_counter() - start)
                found = {why: n for ok in (True, False) for why, n in audience.counts(allowed=ok).items()}
                if found != expected:
                    raise DamagedError("bench-judged", f"judged {found}, made {expected}")
        finally:
            vault.close()
            ledger.close()
            engine.close()
    seconds = round(median(taken), 3)
    reach = round(REACH * size / 100_000, 3)
    return [
        Result("judging everyone for a campaign", size, seconds, "s", reach=reach, holds=seconds <= reach),
        Result("people judged", size, round(size / seconds), "people/s"),
    ]


def _fill(engine: Engine, vault: Vault, register: Register, size: int) -> dict[Why, int]:
    """Put people in, and return how they must be judged."""
    digest = hashlib.sha256(canonical(_TEXT)).hexdigest()
    expected: dict[Why, int] = {}
    store = OutreachStore(engine)
    for first in range(0, size, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, size))
        people = vault.add([_person(n) for n in numbers], actor=_OWNER, reason="bench")
        with engine.transaction():
            for n, person in zip(numbers, people, strict=True):
                if n % 10 == 0:
                    vault.object_to(person, [_NEWSLETTER], actor=_OWNER, reason="bench")
                if n % 50 == 1:
                    mark = vault.bare_mark(FieldKind.EMAIL, customers.row(n)[6])
                    assert mark is not None
                    store.suppress([mark], [EVERYTHING], system_clock())
                if n % 3 and n % 50 != 1:
                    vault.consent(person, _NEWSLETTER, text_digest=digest, channel="web", actor=_OWNER)
                if n % 10 == 3:
                    register.open_dossier(DossierKind.INVOICE, _SERVICE, [Involved(person, "customer")], actor=_OWNER)
                why = (
                    Why.OBJECTED if n % 10 == 0
                    else Why.SUPPRESSED if n % 50 == 1
                    else Why.CONSENT if n % 3
                    else Why.NO_CONSENT
                )  # fmt: skip
                expected[why] = expected.get(why, 0) + 1
    return expected


def _person(number: int) -> NewSubject:
    row = customers.row(number)
    return NewSubject(
        tuple(
            NewItem(FieldPath(f"contact.{name}"), value, _SHELF, "bench", purposes=(_NEWSLETTER,))
            for name, value in (("name", row[0]), ("email", row[6]))
        )
    )


def _statement() -> Statement:
    made = customers.statement()
    plain = made.policy.model_dump(mode="json")
    plain["purposes"]["newsletter"] = {
        **plain["purposes"]["service"],
        "basis": "consent",
        "marketing": True,
        "channels": ["email"],
        "consent_text": _TEXT,
        "needs": {path: {"nl": "meting", "en": "meting"} for path in ("contact.name", "contact.email")},
    }
    return Statement(made.version, Policy.model_validate(plain), made.texts, made.digest, made.folder)
