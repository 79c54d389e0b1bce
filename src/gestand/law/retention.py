"""Keep, erase, restrict: what the law makes of one record on one day, and of a request about it.

From facts to decision: the finder of its kind gives the ground and its term; a legal hold, a ground for restriction and the
precedence of grounds (legal hold > statutory minimum > statutory maximum > claims > restriction > policy) decide which
of them counts; the basis of that ground decides what a request can do (GDPR 17(3), 18, 21).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

from gestand.law import retention_grounds as grounds
from gestand.law.facts import Facts, MissingFactsError, shown
from gestand.law.periods import Period, Unit, add
from gestand.law.retention_grounds import Basis, Ground, Precedence
from gestand.law.retention_kinds import ANY_KIND, KINDS, KNOWN_FACTS
from gestand.law.retention_terms import Term
from gestand.law.retention_words import respond

Decision = Literal["keep", "erase", "keep_part", "restrict", "refuse_erasure"]
Trigger = Literal["sweep", "erasure_request", "restriction_request", "objection"]

REFUSING = {Basis.OBLIGATION, Basis.CLAIMS, Basis.CONTRACT, Basis.PROCESSOR}
POLICY_DEBATE = "No term stands in the law; this one is a policy, to be written down and justified."
MONTH = Period(1, Unit.MONTHS)
RESTRICTION_FACTS = ("accuracy_contested", "unlawful", "person_needs_for_claim", "objection_21_1")


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on a record from ``since`` until the day it is ``lifted``; None while it stands."""

    since: date
    reason: str
    lifted: date | None = None

    def in_force(self, on: date) -> bool:
        """Return whether the hold stands on ``on``; on the day it is lifted it does not."""
        return self.since <= on and (self.lifted is None or on < self.lifted)


@dataclass(frozen=True, slots=True)
class RetentionDecision:
    """What happens to a record. ``decision`` is None where a person must judge; ``missing`` says on what.

    ``until`` is the last day on which it is kept, ``erase_from`` the next; both None where the end is a condition
    (``open_ended``) or a request ends it now. ``scope`` is what of it is kept (or, if erased, what goes); ``restricted``:
    kept, but used for nothing but GDPR 18(2). ``respond_nl`` and ``respond_en`` answer the person.
    """

    kind: str
    decision: Decision | None
    until: date | None = None
    open_ended: bool = False
    ground: str = ""
    rule: Ground | None = None
    scope: str = ""
    restricted: bool = False
    why: str = ""
    debate: str = ""
    respond_nl: str = ""
    respond_en: str = ""
    flags: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def erase_from(self) -> date | None:
        """The first day on which the record must be gone."""
        return None if self.until is None else self.until + timedelta(days=1)

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles of the ground that decided."""
        return () if self.rule is None else self.rule.articles

    @property
    def needs_judgement(self) -> bool:
        """Whether a person must decide."""
        return self.decision is None


def decide(
    kind: str,
    facts: Mapping[str, Any],
    on: date,
    trigger: Trigger = "sweep",
    holds: Sequence[Hold] = (),
) -> RetentionDecision:
    """Decide on one record of ``kind`` with ``facts`` on the local date ``on``.

    Never raises on what the facts hold: an unknown kind or fact, a lacking or unreadable one gives a decision of None
    with ``missing``. A legal hold in force decides before the facts of the record are asked for.
    """
    row = KINDS.get(kind)
    if row is None:
        return RetentionDecision(kind, None, missing=(f"record_kind: '{shown(kind)}' is not known",))
    unknown = tuple(f"{shown(name)}: this fact is not known" for name in facts if name not in KNOWN_FACTS)
    if unknown:
        return RetentionDecision(kind, None, missing=unknown)
    if trigger not in get_args(Trigger):
        return RetentionDecision(kind, None, missing=(f"trigger: '{shown(trigger)}' is not known",))
    given = Facts(facts)
    unused = tuple(f"NOT_USED:{name}" for name in facts if name not in row.facts and name not in ANY_KIND)
    try:
        restriction = _restriction(given, on, trigger)
        if any(hold.in_force(on) for hold in (*holds, *_hold_of(given))):
            term = Term(grounds.HOLD, open_ended=True, why="a legal hold suspends erasure until it is lifted")
        else:
            term = row.find(given, on)
        return _weigh(kind, term, restriction, _Asked(given, on, trigger, unused))
    except MissingFactsError as error:
        return RetentionDecision(kind, None, missing=error.names, flags=unused)
    except OverflowError as error:
        return RetentionDecision(kind, None, missing=(str(error),), flags=unused)


@dataclass(frozen=True, slots=True)
class _Asked:
    facts: Facts
    on: date
    trigger: Trigger
    flags: tuple[str, ...]


def _hold_of(facts: Facts) -> tuple[Hold, ...]:
    since = facts.day("hold_from")
    return () if since is None else (Hold(since, facts.word("hold_reason"), facts.day("hold_lifted")),)


def _restriction(facts: Facts, on: date, trigger: Trigger) -> Term | None:
    """Return the restriction that the facts give ground for (GDPR 18(1)).

    Who asks for erasure does not want to wait for accuracy or an objection to be weighed.
    """
    if facts.yes("unlawful") and facts.yes("person_opposes_erasure"):
        return Term(
            grounds.OPPOSED_ERASURE, open_ended=True, why="unlawful, and the person wants it restricted instead"
        )
    if facts.yes("person_needs_for_claim"):
        return Term(grounds.PERSONS_CLAIM, open_ended=True, why="the person needs it for a claim")
    contested, objected = facts.day("accuracy_contested"), facts.day("objection_21_1")
    if trigger == "erasure_request":
        return None
    if contested is not None and contested <= on and not facts.yes("verified"):
        why = "until it is verified, a month as own target; tell the person before lifting it (18(3))"
        return Term(grounds.CONTESTED, add(contested, MONTH), why=why)
    if objected is not None and objected <= on <= add(objected, MONTH):
        return Term(
            grounds.OBJECTED, add(objected, MONTH), why="until the interests are weighed, a month as own target"
        )
    return None


def _alive(term: Term, on: date) -> bool:
    return not term.over and (term.open_ended or (term.until is not None and on <= term.until))


def _weigh(kind: str, term: Term, restriction: Term | None, asked: _Asked) -> RetentionDecision:
    """Choose between the record's own ground and its restriction, then answer the trigger."""
    alive = _alive(term, asked.on)
    restricted = None if restriction is None else _restricted(kind, term, restriction, asked, alive=alive)
    if restricted is not None:
        return restricted
    answering = {
        "sweep": _on_sweep,
        "erasure_request": _on_erasure,
        "restriction_request": _on_restriction,
        "objection": _on_objection,
    }
    return answering[asked.trigger](kind, term, asked, alive=alive)


def _restricted(kind: str, term: Term, restriction: Term, asked: _Asked, *, alive: bool) -> RetentionDecision | None:
    """Answer for a record with a ground for restriction; None where that ground changes nothing.

    A firmer ground says how long the record is kept; it is restricted for all that, and only stored (18(2)). What a
    statute wants destroyed no restriction saves.
    """
    if not alive and term.ground.precedence is Precedence.STATUTORY_MAXIMUM:
        return None
    if not alive or term.ground.precedence > Precedence.RESTRICTION:
        return _told(kind, "restrict", restriction, asked, restricted=True)
    if asked.trigger == "restriction_request":
        return _told(kind, "restrict", term, asked, ground=restriction.ground.keeps, restricted=True)
    if asked.trigger == "erasure_request":
        return None
    return _told(kind, _kept(term), term, asked, restricted=True)


def _kept(term: Term) -> Decision:
    return "keep_part" if term.strips == "always" else "keep"


def _on_sweep(kind: str, term: Term, asked: _Asked, *, alive: bool) -> RetentionDecision:
    return _told(kind, _kept(term) if alive else "erase", term, asked)


def _on_erasure(kind: str, term: Term, asked: _Asked, *, alive: bool) -> RetentionDecision:
    if not alive:
        return _told(kind, "erase", term, asked)
    if term.strips != "never":
        return _told(kind, "keep_part", term, asked)
    if term.ground.basis in REFUSING:
        return _told(kind, "refuse_erasure", term, asked)
    if term.ground.basis is Basis.NOT_PERSONAL:
        return _told(kind, "keep", term, asked)
    withdrawn = term.ground.basis is Basis.CONSENT
    return _told(kind, "erase", _ended_now(term), asked, ground="AVG 17(1)(b)" if withdrawn else "AVG 17(1)(a)")


def _on_restriction(kind: str, term: Term, asked: _Asked, *, alive: bool) -> RetentionDecision:
    """Answer a request for restriction for which the facts give no ground."""
    if not any(asked.facts.given.get(name) is not None for name in RESTRICTION_FACTS):
        lacking = "accuracy_contested, unlawful, person_needs_for_claim or objection_21_1: which ground of 18(1)"
        raise MissingFactsError(lacking)
    return _on_sweep(kind, term, asked, alive=alive)


def _on_objection(kind: str, term: Term, asked: _Asked, *, alive: bool) -> RetentionDecision:
    basis = term.ground.basis
    if not alive:
        return _told(kind, "erase", term, asked)
    if basis in {Basis.MARKETING, Basis.CONSENT}:
        ground = "AVG 21(3), 17(1)(c)" if basis is Basis.MARKETING else "AVG 7(3), 17(1)(b)"
        return _told(kind, "erase", _ended_now(term), asked, ground=ground)
    if basis is Basis.INTERESTS:
        why = "until the interests are weighed, a month as own target"
        return _told(kind, "restrict", Term(grounds.OBJECTED, add(asked.on, MONTH), why=why), asked, restricted=True)
    return _told(kind, _kept(term), term, asked)


def _ended_now(term: Term) -> Term:
    """Return a term that a request ends: it has no last day any more."""
    return replace(term, until=None, open_ended=False, why=f"ended by the request; otherwise {term.why}")


def _told(
    kind: str, decision: Decision, term: Term, asked: _Asked, *, ground: str = "", restricted: bool = False
) -> RetentionDecision:
    if decision == "erase" and term.until is not None and term.until > asked.on:
        term = _ended_now(term)
    if not ground:
        ground = {
            "keep": term.ground.keeps,
            "restrict": term.ground.keeps,
            "keep_part": term.ground.refuses or term.ground.keeps,
            "refuse_erasure": term.ground.refuses,
            "erase": "AVG 5(1)(e)" if term.until is not None else "AVG 17(1)(a)",
        }[decision]
    scope = term.part if decision != "erase" or term.over else ""
    letter = ("", "")
    if asked.trigger != "sweep":
        said = ", ".join(term.ground.articles) if decision == "keep" else ground
        letter = respond(decision, term.until, said, part=scope, basis=term.ground.basis)
    return RetentionDecision(
        kind=kind,
        decision=decision,
        until=term.until,
        open_ended=term.open_ended and decision != "erase",
        ground=ground,
        rule=term.ground,
        scope=scope,
        restricted=restricted,
        why=term.why,
        debate=term.debate or (POLICY_DEBATE if term.ground.status == "policy" else ""),
        respond_nl=letter[0],
        respond_en=letter[1],
        flags=asked.flags,
    )
