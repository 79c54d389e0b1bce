"""The statement of the benchmark: 25 purposes with a shelf, recipient and role each, and the rows in which versions stand.

A purpose's period, recipient and role are the policy's, not the record's: to change them is to write one row, a version,
and every read from then on is judged by it. What ``gestand statement publish`` does besides (compiling the text, keeping
the copy of the files) belongs to the words, not to the store, and is not in this figure.
"""

from __future__ import annotations

from typing import Any, Final

from gestand.bench.gdpr.records import ACCESS, CATEGORIES, OBJECTIONS, PURPOSES, SHARED, Terms, first_terms
from gestand.kernel.clock import Clock
from gestand.kernel.ids import ActorId
from gestand.law.periods import Period, Unit
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.statement.model import Statement
from gestand.statement.policy import Policy
from gestand.storage.engine import Engine, Value

_SCHEMA = (
    """
    CREATE TABLE bench_terms (
        number INTEGER PRIMARY KEY, purpose INTEGER NOT NULL, ttl INTEGER NOT NULL, acl INTEGER NOT NULL,
        shr INTEGER NOT NULL
    )
    """,
)
_LAST = "SELECT max(number) FROM bench_terms"
_SINCE = "SELECT number, purpose, ttl, acl, shr FROM bench_terms WHERE number > ? ORDER BY number"
_ADD = "INSERT INTO bench_terms VALUES (?, ?, ?, ?, ?)"
_TEXT: Final = {"nl": "meetlat", "en": "benchmark"}


class Promises:
    """The versions of the statement: what ``vault.model.Statements`` asks, and ``promise`` to change a purpose's terms."""

    def __init__(self, engine: Engine, ledger: Ledger, clock: Clock, actor: ActorId) -> None:
        engine.migrate("bench.terms", _SCHEMA)
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._actor = actor
        self._versions: dict[str, Statement] = {}
        self._last = 0
        self._now = _statement(0, _policy())
        self._versions[self._now.version] = self._now
        self._catch_up()

    def in_force(self) -> Statement:
        """Return the version in force; looks whether there is a newer row."""
        if self._engine.execute(_LAST)[0][0] not in {None, self._last}:
            self._catch_up()
        return self._now

    def version(self, version: str, /) -> Statement | None:
        """Return a version by its id."""
        return self._versions.get(version)

    def terms(self, purpose: int) -> Terms:
        """Return the terms of a purpose as the version in force has them."""
        policy = self.in_force().policy
        found = policy.purposes[f"p{purpose}"]
        months = policy.shelves[found.shelf].period.count
        (role,) = [name for name, role in policy.roles.items() if f"p{purpose}" in role.purposes]
        return Terms(months, int(role[3:]), int(found.recipients[0][3:]))

    def promise(self, purpose: int, field: str, value: int) -> None:
        """Change one term of a purpose: a new version, durable on return, in the ledger."""
        terms = self.terms(purpose)._replace(**{field: value})
        with self._engine.transaction():
            number = self._last + 1
            self._engine.execute(_ADD, (number, purpose, *terms))
            facts: dict[str, Fact] = {
                "version": f"v{number}",
                "digest": "",
                "in_force_from": "",
                "enlarging": 0,
                "narrowing": 0,
            }
            self._ledger.stage(Event("statement.published", self._clock(), self._actor, facts))
        self._catch_up()

    def _catch_up(self) -> None:
        for number, purpose, *terms in self._engine.execute(_SINCE, (self._last,)):
            assert isinstance(number, int)
            assert isinstance(purpose, int)
            self._last = number
            self._now = _statement(number, _changed(self._now.policy, purpose, Terms(*map(_whole, terms))))
            self._versions[self._now.version] = self._now


def _statement(number: int, policy: Policy) -> Statement:
    return Statement(f"v{number}", policy, (), "", "bench")


def _changed(policy: Policy, purpose: int, terms: Terms) -> Policy:
    """Return the policy with other terms for one purpose; what is not changed is shared with the version before."""
    name, shelf = f"p{purpose}", f"s{purpose}"
    wanted = policy.purposes[name].model_copy(update={"recipients": (f"shr{terms.shr}",)})
    kept = policy.shelves[shelf].model_copy(update={"period": Period(terms.ttl, Unit.MONTHS)})
    roles = {
        role: found
        if (name in found.purposes) == (role == f"acl{terms.acl}")
        else found.model_copy(update={"purposes": _without(found.purposes, name, add=role == f"acl{terms.acl}")})
        for role, found in policy.roles.items()
    }
    return policy.model_copy(
        update={
            "purposes": {**policy.purposes, name: wanted},
            "shelves": {**policy.shelves, shelf: kept},
            "roles": roles,
        }
    )


def _without(purposes: tuple[str, ...], name: str, *, add: bool) -> tuple[str, ...]:
    left = tuple(purpose for purpose in purposes if purpose != name)
    return (*left, name) if add else left


def _whole(value: Value) -> int:
    assert isinstance(value, int)
    return value


def _policy() -> Policy:
    """Return the policy at the start."""
    fields = [f"cat{category}.datum" for category in range(CATEGORIES)]
    terms = [first_terms(purpose) for purpose in range(PURPOSES)]
    document: dict[str, Any] = {
        "format": 1,
        "version": "2026-01-01",
        "languages": ("nl",),
        "controller": {
            "name": "Meetlat",
            "legal_form": _TEXT,
            "website": "https://example.nl",
            "contacts": ({"kind": "email", "value": "privacy@example.nl"},),
        },
        "categories": {f"cat{c}": {"title": _TEXT, "fields": {"datum": {"title": _TEXT}}} for c in range(CATEGORIES)},
        "purposes": {
            **{f"p{p}": _purpose("contract", f"s{p}", fields, f"shr{terms[p].shr}") for p in range(PURPOSES)},
            **{f"o{o}": _purpose("legitimate_interests", "s0", fields[:1]) for o in range(OBJECTIONS)},
            "d1": _purpose("legitimate_interests", "s0", fields[:1]),
            "rights": _purpose("legal_obligation", "s0", ["*"]),
        },
        "shelves": {f"s{p}": _shelf(terms[p].ttl) for p in range(PURPOSES)},
        "recipients": {f"shr{s}": _recipient() for s in range(SHARED)},
        "roles": {
            f"acl{a}": {"title": _TEXT, "purposes": tuple(f"p{p}" for p in range(PURPOSES) if terms[p].acl == a)}
            for a in range(ACCESS)
        },
        "rights": {"purpose": "rights", "shelf": "s0", "identity": _TEXT},
        "breach": {"authority": "AP", "authority_within_hours": 72, "subjects_within_hours": 72},
    }
    return Policy.model_validate(document)


def _purpose(basis: str, shelf: str, needs: list[str], *recipients: str) -> dict[str, Any]:
    return {
        "title": _TEXT,
        "basis": basis,
        "ground": "Article 6(1) GDPR",
        "shelf": shelf,
        "needs": dict.fromkeys(needs, _TEXT),
        "recipients": recipients,
    }


def _shelf(months: int) -> dict[str, Any]:
    period = f"{months} months"
    return {"title": _TEXT, "trigger": "agreement-ended", "period": period, "ground": "policy", "why": _TEXT}


def _recipient() -> dict[str, Any]:
    return {"title": _TEXT, "role": "processor", "why": _TEXT, "country": "NL"}
