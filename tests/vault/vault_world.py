"""An invented firm, its cast, and a vault to break: real SQLite files, a ledger in memory that keeps the same promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from engines import open_store
from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import Entropy, SeededEntropy
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, ShelfId
from gestand.ledger.events import EVENTS
from gestand.ledger.model import Entry, Event
from gestand.statement.model import Clause, Statement, StatementText
from gestand.statement.policy import Policy
from gestand.storage.engine import Engine
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.residue import WITHIN
from gestand.vault.service import Vault, data_key, open_vault

ROOT = bytes(range(32))
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWNER = ActorId("owner")

EMAIL = FieldPath("contact.email")
NAME = FieldPath("contact.name")
PHONE = FieldPath("contact.phone")
NOTE = FieldPath("work.note")
INVOICE = FieldPath("money.invoice")
SUPPORT = PurposeId("support")
OFFERS = PurposeId("offers")
NEWS = PurposeId("newsletter")
BOOKS = PurposeId("administration")
RIGHTS = PurposeId("rights")
MAIL, BOOK, JOB = ShelfId("mail"), ShelfId("books"), ShelfId("job")


def both(text: str) -> dict[str, str]:
    return {"nl": text, "en": text}


def purpose(basis: str, shelf: str, *needs: str, **more: object) -> dict[str, object]:
    return {
        "title": both("doel"),
        "basis": basis,
        "ground": "Article 6(1) GDPR",
        "shelf": shelf,
        "needs": {field: both("nodig") for field in needs},
        **more,
    }


def shelf(trigger: str, period: str) -> dict[str, object]:
    return {"title": both("plank"), "trigger": trigger, "period": period, "ground": "policy", "why": both("omdat")}


def a_policy(version: str = "2026-01-01", **changes: object) -> Policy:
    document: dict[str, object] = {
        "format": 1,
        "version": version,
        "languages": ("nl",),
        "controller": {
            "name": "Voorbeeld",
            "legal_form": both("eenmanszaak"),
            "website": "https://example.nl",
            "contacts": ({"kind": "email", "value": "privacy@example.nl"},),
        },
        "categories": {
            "contact": {
                "title": both("contact"),
                "fields": {
                    "email": {"title": both("e-mail"), "kind": "email", "identifies": True},
                    "name": {"title": both("naam"), "kind": "name", "identifies": True},
                    "phone": {"title": both("telefoon"), "kind": "phone", "identifies": True},
                },
            },
            "work": {"title": both("werk"), "fields": {"note": {"title": both("notitie")}}},
            "money": {"title": both("geld"), "fields": {"invoice": {"title": both("factuur")}}},
            "idle": {"title": both("ongebruikt"), "fields": {"shoe": {"title": both("schoenmaat")}}},
        },
        "purposes": {
            "support": purpose("contract", "job", EMAIL, NAME, PHONE, NOTE),
            "offers": purpose("legitimate_interests", "mail", EMAIL, NAME, marketing=True),
            "newsletter": purpose("consent", "mail", EMAIL),
            "administration": purpose("legal_obligation", "books", NAME, INVOICE),
            "rights": purpose("legal_obligation", "mail", "*"),
        },
        "shelves": {
            "mail": shelf("collected", "6 months"),
            "books": shelf("invoice-issued", "7 years"),
            "job": shelf("job-closed", "2 years"),
        },
        "rights": {"purpose": "rights", "shelf": "mail", "identity": both("een mail")},
        "breach": {"authority": "AP", "authority_within_hours": 72, "subjects_within_hours": 72},
        **changes,
    }
    return Policy.model_validate(document)


def a_statement(policy: Policy | None = None) -> Statement:
    policy = policy or a_policy()
    clauses = (
        Clause("C1", "Wij gebruiken uw gegevens alleen waarvoor u ze gaf.", ("openings-purpose-bound",), (), 1),
        Clause("C2", "Wat over is, is weg.", ("retention-within-period", "erasure-real"), (), 2),
        Clause("C3", "Beperkt is beperkt.", ("restriction-honoured",), (), 3),
    )
    text = StatementText("nl", "statement.nl.md", "", clauses)
    return Statement(policy.version, policy, (text,), policy.version, "memory")


class Versions:
    """Published versions in memory; the last is in force."""

    def __init__(self, *statements: Statement) -> None:
        self.all = list(statements) or [a_statement()]

    def in_force(self) -> Statement:
        return self.all[-1]

    def version(self, version: str, /) -> Statement | None:
        return next((s for s in self.all if s.version == version), None)


class Memory:
    """A ledger in memory: staged events come in when the transaction commits; it can be told to fail."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._events: list[Event] = []
        self._beforehand: list[Callable[[], None]] = []
        self.full = False

    @property
    def events(self) -> list[Event]:
        for action in self._beforehand:
            action()
        return self._events

    def beforehand(self, action: Callable[[], None]) -> None:
        self._beforehand.append(action)

    def record(self, event: Event) -> Callable[[], int]:
        self._check(event)
        if self.full:
            raise GestandError("store-full", "the disk is full")
        self._events.append(event)
        index = len(self._events) - 1
        return lambda: index

    def stage(self, *events: Event) -> None:
        for event in events:
            self._check(event)
        assert self._engine.in_transaction()
        self._engine.after_commit(lambda: self._events.extend(events))

    def entries(self) -> Iterator[Entry]:
        return (Entry(index, b"", event) for index, event in enumerate(self.events))

    def names(self) -> list[str]:
        return [event.name for event in self.events]

    @staticmethod
    def _check(event: Event) -> None:
        assert set(event.facts) <= set(EVENTS[event.name]), event


class World:
    """A folder with a vault that can be closed and opened again."""

    def __init__(
        self,
        folder: Path,
        *,
        versions: Versions | None = None,
        entropy: Entropy | None = None,
        failpoint: Callable[[str], None] = lambda _: None,
        plain: bool = False,
        within: float | None = None,
    ) -> None:
        self.folder = folder
        self.clock = SettableClock(START)
        self.versions = versions or Versions()
        self.entropy = entropy or SeededEntropy("world")
        self.failpoint = failpoint
        self.plain = plain
        self.within = (0 if plain else WITHIN) if within is None else within
        self.open()

    def open(self) -> Vault:
        self.engine = open_store(self.folder / "data.db", b"" if self.plain else data_key(ROOT))
        self.ledger = Memory(self.engine)
        self.vault = open_vault(
            self.folder,
            self.engine,
            self.ledger,
            self.versions,
            root_key=ROOT,
            clock=self.clock,
            entropy=self.entropy,
            failpoint=lambda step: self.failpoint(step),  # noqa: PLW0108 - a test may change it later
            residue_within=self.within,
            keys=lambda path, key: open_store(path, b"" if self.plain else key),
        )
        self.vault.resume()
        return self.vault

    def close(self) -> None:
        self.vault.close()
        self.engine.close()

    def again(self) -> Vault:
        self.close()
        return self.open()


def anna(**changes: object) -> NewSubject:
    """Anna de Vries: three ways to find her and a note, on two shelves."""
    return NewSubject(
        (
            NewItem(NAME, "Anna de Vries", JOB, "customer"),
            NewItem(EMAIL, "Anna@Example.nl", JOB, "customer", due=date(2028, 5, 1)),
            NewItem(PHONE, "06 12345678", JOB, "customer", due=date(2028, 7, 1)),
            NewItem(NOTE, "De laptop van Anna valt uit", JOB, "customer", due=date(2027, 5, 1)),
            NewItem(INVOICE, "Factuur 2026-17: 85 euro", BOOK, "own", due=date(2034, 1, 1)),
        ),
        **changes,  # type: ignore[arg-type]
    )


def bram() -> NewSubject:
    """Bram Jansen: one address, without a date yet."""
    return NewSubject((NewItem(EMAIL, "bram@example.org", MAIL, "customer"),))
