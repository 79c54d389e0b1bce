"""What changed in the policy between two versions, key by key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from gestand.law.periods import CountsFrom, Period, keeping
from gestand.statement.model import Change, Kind, Statement
from gestand.statement.policy import Purpose, Recipient, Shelf
from gestand.statement.rules_law import EEA

_OPPOSITE: Mapping[Kind, Kind] = {"enlarging": "narrowing", "narrowing": "enlarging", "neutral": "neutral"}
_LEAP_CYCLE = tuple(date(2021, 1, 1) + timedelta(days=day) for day in range(1461))


@cache
def longer(old: Period, old_from: CountsFrom, new: Period, new_from: CountsFrom) -> Kind:
    """Say whether ``new`` keeps something longer than ``old``: for the event on any one day of a leap cycle.

    One day later on one date is enlarging; earlier on some and later on none is narrowing; else neutral.
    """
    try:
        steps = [(keeping(day, new, new_from).until - keeping(day, old, old_from).until).days for day in _LEAP_CYCLE]
    except OverflowError:  # beyond the year 9999
        steps = [new.rough_days() - old.rough_days()]
    if max(steps) > 0:
        return "enlarging"
    return "narrowing" if min(steps) < 0 else "neutral"


def policy_changes(old: Statement, new: Statement) -> Iterator[Change]:
    """Yield every difference in meaning between the two policies."""
    differ = _Difference(old, new)
    yield from differ.controller()
    yield from differ.categories()
    yield from differ.purposes()
    yield from differ.shelves()
    yield from differ.recipients()
    yield from differ.duties()


def _above(name: str) -> Iterator[str]:
    """Yield a name and all above it: ``shelf.mail.period``, ``shelf.mail``, ``shelf``."""
    while name:
        yield name
        name = name.rpartition(".")[0]


class _Difference:
    def __init__(self, old: Statement, new: Statement) -> None:
        self.before = old.policy
        self.after = new.policy
        spoken = {c.id: c.names for statement in (old, new) for c in statement.texts[0].clauses}
        self.order = {clause: place for place, clause in enumerate(spoken)}
        self.speaking: dict[str, set[str]] = {}  # a name, or what stands above it: the clauses that speak it
        for clause, names in spoken.items():
            for name in names:
                for above in _above(name):
                    self.speaking.setdefault(above, set()).add(clause)

    def clauses(self, *names: str) -> tuple[str, ...]:
        """Return the clauses that speak a value of one of ``names`` (``shelf.mail`` stands for all below it)."""
        found = set().union(*(self.speaking.get(name, ()) for name in names))
        return tuple(sorted(found, key=self.order.__getitem__))

    def named(
        self, noun: str, old: Collection[str], new: Collection[str], more: Kind = "enlarging"
    ) -> Iterator[Change]:
        """Yield the nouns that were added and removed, each with the clauses that speak of it or list them all."""
        plural = {"category": "categories"}.get(noun, noun + "s")
        for name in dict.fromkeys((*new, *old)):
            clauses = self.clauses(f"{noun}.{name}", plural)
            yield from self.listed(noun, [name] if name in old else [], [name] if name in new else [], clauses, more)

    def listed(
        self, what: str, old: Collection[str], new: Collection[str], clauses: tuple[str, ...], more: Kind = "enlarging"
    ) -> Iterator[Change]:
        """Yield what was added to and removed from a list; ``more`` is the kind of an addition."""
        less = _OPPOSITE[more]
        for name in new:
            if name not in old:
                yield Change(more, f"{what} added", "", name, clauses)
        for name in old:
            if name not in new:
                yield Change(less, f"{what} removed", name, "", clauses)

    def value(self, what: str, old: Any, new: Any, kind: Kind, clauses: tuple[str, ...]) -> Iterator[Change]:
        if old != new:
            yield Change(kind, what, _said(old), _said(new), clauses)

    def both(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
        return ((name, old[name], new[name]) for name in new if name in old)

    def controller(self) -> Iterator[Change]:
        old, new = self.before.controller, self.after.controller
        yield from self.value("controller", old.name, new.name, "enlarging", self.clauses("controller"))
        yield from self.value("controller: website", old.website, new.website, "neutral", self.clauses("controller"))
        took, takes = ([f"{c.kind} {c.value}" for c in side.contacts if c.rights] for side in (old, new))
        yield from self.listed("contact for requests", took, takes, self.clauses("contact"), "narrowing")

    def categories(self) -> Iterator[Change]:
        old, new = self.before.categories, self.after.categories
        yield from self.named("category", old, new)
        for name, was, now in self.both(old, new):
            clauses = self.clauses(f"category.{name}", "categories")
            yield from self.listed(f"category {name}: field", was.fields, now.fields, clauses)
            for mark in ("special", "criminal"):
                kind: Kind = "enlarging" if getattr(now, mark) else "narrowing"
                yield from self.value(f"category {name}: {mark}", getattr(was, mark), getattr(now, mark), kind, clauses)

    def purposes(self) -> Iterator[Change]:
        old, new = self.before.purposes, self.after.purposes
        yield from self.named("purpose", old, new)
        for name, was, now in self.both(old, new):
            yield from self.purpose(f"purpose {name}", was, now, self.clauses(f"purpose.{name}", "purposes"))

    def purpose(self, what: str, old: Purpose, new: Purpose, clauses: tuple[str, ...]) -> Iterator[Change]:
        yield from self.value(f"{what}: basis", old.basis.value, new.basis.value, "enlarging", clauses)
        yield from self.listed(f"{what}: field", old.needs, new.needs, clauses)
        yield from self.listed(f"{what}: recipient", old.recipients, new.recipients, clauses)
        yield from self.listed(f"{what}: subjects", old.subjects, new.subjects, clauses)
        marketing: Kind = "enlarging" if new.marketing else "narrowing"
        yield from self.value(f"{what}: marketing", old.marketing, new.marketing, marketing, clauses)
        means: Kind = "enlarging" if new.marketing else "neutral"
        yield from self.listed(f"{what}: channel", old.channels, new.channels, clauses, means)
        yield from self.value(f"{what}: exception", old.special_ground, new.special_ground, "enlarging", clauses)
        yield from self.value(f"{what}: ground", old.ground, new.ground, "neutral", clauses)
        yield from self.value(f"{what}: title", old.title.en, new.title.en, "neutral", clauses)
        asked, asks = (p.consent_text.en if p.consent_text else "" for p in (old, new))
        yield from self.value(f"{what}: consent text", asked, asks, "neutral", clauses)
        if old.shelf != new.shelf:
            was, now = self.before.shelves.get(old.shelf), self.after.shelves.get(new.shelf)
            kind: Kind = "enlarging"
            if was is not None and now is not None and (was.trigger, was.then) == (now.trigger, now.then):
                kind = longer(was.period, was.counts_from, now.period, now.counts_from)
            yield Change(kind, f"{what}: shelf", old.shelf, new.shelf, clauses)

    def shelves(self) -> Iterator[Change]:
        old, new = self.before.shelves, self.after.shelves
        yield from self.named("shelf", old, new, "neutral")  # what stands on it is told by the purposes
        for name, was, now in self.both(old, new):
            yield from self.shelf(f"shelf {name}", was, now, self.clauses(f"shelf.{name}"))

    def shelf(self, what: str, old: Shelf, new: Shelf, clauses: tuple[str, ...]) -> Iterator[Change]:
        kind = longer(old.period, old.counts_from, new.period, new.counts_from)
        before, after = (f"{s.period}{' from the end of the year' * (s.counts_from == 'year_end')}" for s in (old, new))
        yield from self.value(f"{what}: period", before, after, kind, clauses)
        yield from self.value(f"{what}: trigger", old.trigger.value, new.trigger.value, "enlarging", clauses)
        moved: Kind = "narrowing" if new.then is None else "enlarging"
        yield from self.value(f"{what}: then", old.then or "", new.then or "", moved, clauses)
        yield from self.value(f"{what}: ground", old.ground, new.ground, "neutral", clauses)

    def recipients(self) -> Iterator[Change]:
        old, new = self.before.recipients, self.after.recipients
        yield from self.named("recipient", old, new)
        for name, was, now in self.both(old, new):
            yield from self.recipient(f"recipient {name}", was, now, self.clauses(f"recipient.{name}", "recipients"))

    def recipient(self, what: str, old: Recipient, new: Recipient, clauses: tuple[str, ...]) -> Iterator[Change]:
        away: Kind = "enlarging"
        if new.country in EEA:
            away = "neutral" if old.country in EEA else "narrowing"
        yield from self.value(f"{what}: country", old.country, new.country, away, clauses)
        role: Kind = "narrowing" if new.role == "processor" else "enlarging"
        yield from self.value(f"{what}: role", old.role, new.role, role, clauses)
        yield from self.listed(f"{what}: field", old.needs, new.needs, clauses)
        yield from self.value(f"{what}: transfer", old.transfer, new.transfer, "neutral", clauses)
        yield from self.value(f"{what}: why", old.why.en, new.why.en, "neutral", clauses)

    def duties(self) -> Iterator[Change]:
        yield from self.listed("cookies: allowed", self.before.cookies.allow, self.after.cookies.allow, ())
        old, new = self.before.breach, self.after.breach
        for key in ("authority_within_hours", "subjects_within_hours"):
            was, now = getattr(old, key), getattr(new, key)
            kind: Kind = "enlarging" if now > was else "narrowing"
            yield from self.value(f"breach: {key.replace('_', ' ')}", was, now, kind, self.clauses("breach"))
        services_old, services_new = self.before.services, self.after.services
        yield from self.named("service", services_old, services_new, "neutral")
        for name, served, serves in self.both(services_old, services_new):
            yield from self.value(
                f"service {name}: role", served.role, serves.role, "enlarging", self.clauses(f"service.{name}")
            )
        held = dict(self.before.devices.fields()) if self.before.devices else {}
        holds = dict(self.after.devices.fields()) if self.after.devices else {}
        for key in holds or held:
            was, now = held.get(key, ""), holds.get(key, "")
            yield from self.value(f"devices: {key.replace('_', ' ')}", was, now, "neutral", ())
        asked, asks = self.before.rights.identity.en, self.after.rights.identity.en
        yield from self.value("rights: identity", asked, asks, "neutral", self.clauses("rights"))
        for name, had, has in self.both(self.before.roles, self.after.roles):
            yield from self.listed(f"role {name}: purpose", had.purposes, has.purposes, ())


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
